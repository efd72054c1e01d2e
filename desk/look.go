package desk

import (
	"context"
	"encoding/binary"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Samples of what was closed without action are looked at again by another
// officer: what a triage misses has consequences (D 2.62).

// The verdicts of a second look.
const (
	LookAgreed = "agreed" // nothing had to be done
	LookReopen = "reopen" // something has to be done: it waits again
	LookLearn  = "learn"  // nothing has to be done now, but it could have been answered better
)

// LookVerdicts lists them in the order in which they are offered.
var LookVerdicts = []string{LookAgreed, LookReopen, LookLearn}

// withoutAction are the outcomes of which samples are drawn.
var withoutAction = []string{NoAction, Spam}

const maxLooks = 50 // shown at once

// Look is one conversation drawn for a second look.
type Look struct {
	ID           string // loo_…
	Conversation string
	Closer       string // service handle
	person       string
	unit         string
	At           int64 // microseconds UTC
	Verdict      string
	Handle       string
	Looked       int64
}

// drawn says whether a conversation is looked at again: by a keyed hash of its
// name, so that the draw can be done over and nobody who closes can foresee it.
func (s *Service) drawn(conversationID string, percent int) bool {
	sum := s.keys.Hash("desk.look", []byte(conversationID))
	return int(binary.BigEndian.Uint32(sum)%100) < percent
}

// drawLook draws a conversation that is being closed, or does not.
func (s *Service) drawLook(ctx context.Context, tx *db.Tx, by access.Actor, c conversation, outcome string) error {
	if !slices.Contains(withoutAction, outcome) {
		return nil
	}
	set, err := s.settings(ctx, tx)
	if err != nil || !s.drawn(c.ID, set.Looks) {
		return errs.Wrap(err, "draw second look")
	}
	l := Look{ID: tx.NewID("loo"), Conversation: c.ID, Closer: by.Handle, person: by.Person, unit: c.Unit, At: tx.Now}
	if err := insertLook(ctx, tx, l); err != nil {
		return errs.Wrap(err, "draw second look")
	}
	if err := count(ctx, tx, "look.drawn"); err != nil {
		return errs.Wrap(err, "draw second look")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.look", Table: tableLooks, ID: l.ID, By: machine, Detail: "drawn"})
}

func (l Look) resource() access.Resource {
	return access.Resource{Kind: "conversation", ID: l.Conversation, Unit: l.unit, Drafter: l.person}
}

// Looks lists what waits for a second look by who asks: never one's own.
func (s *Service) Looks(ctx context.Context, by access.Actor) (out []Look, err error) {
	if err := people.Allow(by, "conversation.look", access.Resource{Kind: "conversation"}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := selectLooks(ctx, tx)
		for _, l := range all {
			if len(out) < maxLooks && access.Decide(by, "conversation.look", l.resource()).Allowed {
				out = append(out, l)
			}
		}
		return err
	})
	return out, errs.Wrap(err, "list second looks")
}

// LookAgain keeps the verdict of a second look. To reopen puts the conversation
// back among those that wait.
func (s *Service) LookAgain(ctx context.Context, by access.Actor, lookID, verdict string) error {
	if !slices.Contains(LookVerdicts, verdict) {
		return errs.Field("verdict", "err.desk.look_verdict", "look again: no such verdict")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		l, found, err := findLook(ctx, tx, lookID)
		if err != nil {
			return errs.Wrap(err, "look again")
		}
		if !found {
			l = Look{ID: lookID, Conversation: lookID}
		}
		if err := people.Allow(by, "conversation.look", l.resource()); err != nil {
			return err
		}
		if !found || l.Verdict != "" {
			return errs.New(errs.Conflict, "err.desk.look_over", "look again: it was looked at")
		}
		l.Verdict, l.Handle, l.Looked = verdict, by.Handle, tx.Now
		if err := updateLook(ctx, tx, l); err != nil {
			return errs.Wrap(err, "look again")
		}
		if err := count(ctx, tx, "look."+verdict); err != nil {
			return errs.Wrap(err, "look again")
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.look", Table: tableLooks, ID: l.ID, By: by, Detail: verdict}); err != nil {
			return err
		}
		if verdict != LookReopen {
			return nil
		}
		c, err := selectConversation(ctx, tx, l.Conversation)
		if err != nil || c.Erased != 0 || c.State != Closed {
			return errs.Wrap(err, "look again")
		}
		c.State, c.Closed, c.Outcome, c.Waiting, c.Holder = Added, 0, "", tx.Now, ""
		return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.look", By: by, Detail: "reopened"})
	})
}
