package desk

import (
	"context"
	"slices"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/people"
)

const (
	purposeReveal = "desk_reveals.sealed"
	revealLife    = 24 * time.Hour // an agreed opening is used within a day, or asked for anew
)

// Where an asked opening stands.
const (
	RevealAsked   = "asked"
	RevealAgreed  = "agreed"
	RevealRefused = "refused"
	RevealOpened  = "opened"
)

// Reveal is one asking to see a covered identity where it takes two.
type Reveal struct {
	ID           string // rev_…
	Conversation string
	Asker        string // service handle
	person       string
	At           int64 // microseconds UTC
	Second       string
	State        string // one of the above
	Decided      int64
	Reason       string // for who asked and for who may decide
	May          bool   // who looks may decide
	Ready        bool   // who looks asked, and may open now
	sealed       []byte
}

// takesTwo says whether opening an identity takes a second person here. Who
// gave their name for us to see needs no second person to be called by it.
func (s *Service) takesTwo(ctx context.Context, tx *db.Tx, c conversation) (bool, error) {
	if c.Identify == Named {
		return false, nil
	}
	set, err := s.settings(ctx, tx)
	return set.UnmaskTwo, err
}

// AskReveal asks a second person that a covered identity be opened.
func (s *Service) AskReveal(ctx context.Context, by access.Actor, conversationID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.unmask", conversationID, reason, func(tx *db.Tx, c *conversation) (string, error) {
		o, err := s.outside(*c)
		if err != nil {
			return "", err
		}
		if o.Name == "" && o.Contact == "" {
			return "", errs.New(errs.NotFound, "err.desk.nobody", "ask to unmask: nothing was given")
		}
		last, err := lastReveal(ctx, tx, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "ask to unmask")
		}
		if last.Asker == by.Handle && last.open(tx.Now) {
			return "", errs.New(errs.Conflict, "err.desk.reveal_asked", "ask to unmask: it is asked already")
		}
		r := Reveal{ID: tx.NewID("rev"), Conversation: c.ID, Asker: by.Handle, person: by.Person, At: tx.Now, State: RevealAsked}
		if r.sealed, err = s.seal(c.ID, purposeReveal, written{Text: reason}); err != nil {
			return "", err
		}
		if err := insertReveal(ctx, tx, r); err != nil {
			return "", errs.Wrap(err, "ask to unmask")
		}
		return "asked", s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.unmask", Table: tableReveals, ID: r.ID, By: by, Detail: "asked"})
	})
}

// open reports whether an asking still runs: it is decided and used within a day.
func (r Reveal) open(now int64) bool {
	return r.ID != "" && (r.State == RevealAsked || r.State == RevealAgreed) && now < r.At+revealLife.Microseconds()
}

// ConfirmReveal lets a lead who did not ask agree, or refuse.
func (s *Service) ConfirmReveal(ctx context.Context, by access.Actor, conversationID, revealID string, agree bool) error {
	return s.moveReveal(ctx, by, "conversation.confirm-unmask", conversationID, revealID, func(tx *db.Tx, c *conversation, r *Reveal) (string, error) {
		if r.State != RevealAsked {
			return "", errs.New(errs.Conflict, "err.desk.reveal_over", "confirm unmasking: it is decided or over")
		}
		r.Second, r.Decided, r.State = by.Handle, tx.Now, RevealRefused
		if agree {
			r.State = RevealAgreed
		}
		return r.State, nil
	})
}

// OpenReveal shows the identity, once, to who asked.
func (s *Service) OpenReveal(ctx context.Context, by access.Actor, conversationID, revealID string) (p Person, err error) {
	err = s.moveReveal(ctx, by, "conversation.unmask", conversationID, revealID, func(tx *db.Tx, c *conversation, r *Reveal) (string, error) {
		if r.State != RevealAgreed || r.person != by.Person {
			return "", errs.New(errs.Conflict, "err.desk.reveal_over", "open identity: nobody agreed, or it was opened")
		}
		// From now on an answer may call its reader by name: it is for them alone.
		if err := s.stepOut(ctx, tx, by, c); err != nil {
			return "", err
		}
		o, err := s.outside(*c)
		if err != nil {
			return "", err
		}
		p = Person{Name: Visible(o.Name), Contact: Visible(o.Contact)}
		r.State = RevealOpened
		return r.State, nil
	})
	return p, err
}

func (s *Service) moveReveal(ctx context.Context, by access.Actor, verb, conversationID, revealID string, do func(*db.Tx, *conversation, *Reveal) (string, error)) error {
	if !id.Valid("con", conversationID) {
		return errs.New(errs.NotFound, "err.not_found", verb+": no such conversation")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := selectConversation(ctx, tx, conversationID)
		if err != nil {
			return db.One(err, verb)
		}
		r, found, err := findReveal(ctx, tx, revealID)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		about := c.resource(by)
		if verb == "conversation.confirm-unmask" {
			about.Drafter = r.person
		}
		if err := people.Allow(by, verb, about); err != nil {
			return err
		}
		if !found || r.Conversation != c.ID || !r.open(tx.Now) || c.Erased != 0 {
			return errs.New(errs.Conflict, "err.desk.reveal_over", verb+": it is decided or over")
		}
		detail, err := do(tx, &c, &r)
		if err != nil {
			return err
		}
		if err := updateReveal(ctx, tx, r); err != nil {
			return errs.Wrap(err, verb)
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableReveals, ID: r.ID, By: by, Detail: detail}); err != nil {
			return err
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: verb, By: by, Detail: detail})
	})
}

// lastReveal is the last asking on a conversation, as by may see it.
func (s *Service) lastReveal(ctx context.Context, tx *db.Tx, by access.Actor, c conversation) (*Reveal, error) {
	r, err := lastReveal(ctx, tx, c.ID)
	if err != nil || r.ID == "" {
		return nil, err
	}
	return s.shownReveal(by, c, r, tx.Now)
}

func (s *Service) shownReveal(by access.Actor, c conversation, r Reveal, now int64) (*Reveal, error) {
	about := c.resource(by)
	about.Drafter = r.person
	r.May = r.State == RevealAsked && r.open(now) && access.Decide(by, "conversation.confirm-unmask", about).Allowed
	r.Ready = r.State == RevealAgreed && r.open(now) && r.person == by.Person
	if r.May || r.person == by.Person {
		var w written
		if err := s.open(c.ID, purposeReveal, r.sealed, &w); err != nil {
			return nil, err
		}
		r.Reason = Visible(w.Text)
	}
	return &r, nil
}

// Reveals lists what waits for by as the second person.
func (s *Service) Reveals(ctx context.Context, by access.Actor) (out []Reveal, err error) {
	if err := people.Allow(by, "conversation.confirm-unmask", access.Resource{Kind: "conversation", Unit: by.Unit}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		asked, err := selectAsked(ctx, tx, tx.Now-revealLife.Microseconds())
		if err != nil {
			return err
		}
		for _, r := range asked {
			c, err := selectConversation(ctx, tx, r.Conversation)
			if err != nil {
				return err
			}
			shown, err := s.shownReveal(by, c, r, tx.Now)
			if err != nil {
				return err
			}
			if shown.May {
				out = append(out, *shown)
			}
		}
		return nil
	})
	return out, errs.Wrap(err, "list unmaskings")
}

// sortMessages puts joined threads into the order of time.
func sortMessages(all []Message) {
	slices.SortStableFunc(all, func(a, b Message) int {
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
}
