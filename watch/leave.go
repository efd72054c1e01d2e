package watch

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/people"
)

// checkLeave leaves an empty grade to the alert's own.
func checkLeave(to, grade, reason string) error {
	if !slices.Contains(Destinations, to) {
		return errs.Field("to", "err.alert.destination", "ask leave: unknown destination")
	}
	if grade != "" {
		if err := checkGrade(grade); err != nil {
			return err
		}
	}
	return checkReason(reason)
}

// grade takes a grade along, or keeps the one that the alert has.
func (a *Alert) grade(grade string) error {
	if grade != "" {
		a.Grade = grade
	}
	if a.Grade == "" {
		return errs.Field("grade", "err.alert.ungraded", "ask leave: the alert has no grade")
	}
	return nil
}

// AskLeave asks that a confirmed alert leave the watch, graded ("admiralty B2",
// or "B2" by 4x4; empty keeps the grade it has). A second person answers.
func (s *Service) AskLeave(ctx context.Context, by access.Actor, id, to, grade, reason string) error {
	if err := checkLeave(to, grade, reason); err != nil {
		return err
	}
	return s.changedBy(s.on(ctx, by, id, "alert.ask-leave", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if a.State != Open || !a.Verdict.Confirmed() {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.unconfirmed", "ask leave: the alert is not confirmed, or not in the watch")
		}
		if err := a.grade(grade); err != nil {
			return ledger.Event{}, err
		}
		a.State, a.To = Leaving, to
		return s.asked(ctx, tx, a, by, "", reason)
	}))
}

func (s *Service) asked(ctx context.Context, tx *db.Tx, a *Alert, by access.Actor, verb, reason string) (ledger.Event, error) {
	if by.Person == "" {
		return ledger.Event{}, errs.New(errs.Denied, "err.denied", "ask leave: only a person may")
	}
	a.Asker, a.askerKey = by.Handle, s.personKey(by)
	if err := s.addReason(a, func(r *Reasons) { r.Leave = reason }); err != nil {
		return ledger.Event{}, err
	}
	return ledger.Event{Verb: verb, Detail: a.To + " " + a.Grade, Reason: reason}, setAsked(ctx, tx, a)
}

// ConfirmLeave lets the alert out. Never the one who asked: in the policy, and
// in the row. What was read is the [View]'s Seen: whoever confirms agrees to
// what they read and not to what was put in its place meanwhile.
func (s *Service) ConfirmLeave(ctx context.Context, by access.Actor, id, seen string) error {
	return s.second(ctx, by, id, "", "", func(tx *db.Tx, a *Alert) error {
		if a.State != Leaving {
			return errs.New(errs.Conflict, "err.alert.state", "confirm leave: nobody asked for it")
		}
		now, err := s.seen(a)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(now), []byte(seen)) != 1 {
			return errs.New(errs.Conflict, "err.alert.moved", "confirm leave: what was read is not what is asked")
		}
		a.State = Left
		return s.count(ctx, tx, "leave."+a.To, 1)
	})
}

// RefuseLeave keeps the alert in the watch, with a reason.
func (s *Service) RefuseLeave(ctx context.Context, by access.Actor, id, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.second(ctx, by, id, "alert.refuse-leave", reason, func(_ *db.Tx, a *Alert) error {
		if a.State != Leaving {
			return errs.New(errs.Conflict, "err.alert.state", "refuse leave: nobody asked for it")
		}
		a.State = Open
		return nil
	})
}

// seen stands for what the second person reads: the post, what was said of
// it, and what is asked. A repost changes nothing of that.
func (s *Service) seen(a *Alert) (string, error) {
	r, err := s.reasons(a)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, part := range []string{a.ID, string(a.textHash), string(a.State), string(a.Verdict), a.Decider, r.Verdict, strconv.FormatBool(a.Minor), r.Minor,
		a.To, a.Grade, a.Asker, r.Leave} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

func (s *Service) second(ctx context.Context, by access.Actor, id, verb, reason string, act func(*db.Tx, *Alert) error) error {
	return s.secondBy(ctx, by, id, "alert.confirm-leave", verb, reason, act)
}

// secondBy asks the rules for may, and writes verb into the ledger.
func (s *Service) secondBy(ctx context.Context, by access.Actor, id, may, verb, reason string, act func(*db.Tx, *Alert) error) error {
	return s.changedBy(s.on(ctx, by, id, may, func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if by.Person == "" {
			return ledger.Event{}, errs.New(errs.Denied, "err.denied", "confirm leave: only a person may")
		}
		if err := act(tx, a); err != nil {
			return ledger.Event{}, err
		}
		if reason != "" {
			if err := s.addReason(a, func(r *Reasons) { r.Review = reason }); err != nil {
				return ledger.Event{}, err
			}
		}
		a.Confirmer = by.Handle
		n, err := setConfirmed(ctx, tx, a, s.personKey(by))
		if err == nil && n == 0 {
			return ledger.Event{}, errs.New(errs.Denied, "err.alert.own_request", "confirm leave: the one who asked may not")
		}
		return ledger.Event{Verb: verb, Detail: a.To, Reason: reason}, err
	}))
}

// changedBy tells the open pages, once the change is committed.
func (s *Service) changedBy(err error) error {
	if err == nil {
		s.tell()
	}
	return err
}

// Out is an alert as a case takes it in.
type Out struct {
	Alert      string
	Mandate    string
	Source     string
	Category   string
	Guarded    string // the category for which it is for specialised staff only; or empty
	Categories []lexicon.CategoryScore
	Signals    []Signal
	Lexicon    string
	Grade      string
	Minor      bool
	RaisedAt   int64
	Asker      string // service handle
	Reason     string // what the asker wrote
	Post       channel.Post
	Bytes      []byte // the post as one line of JSON, to be sealed as an exhibit
}

// TakeIn hands an alert that has left for a case over to it, in the case's own
// transaction. Afterwards the watch keeps it 14 days more, and no other case
// can take it.
func (s *Service) TakeIn(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Out, error) {
	a, err := selectAlert(ctx, tx, id)
	if err != nil {
		return Out{}, db.One(err, "take in alert")
	}
	if err := people.Allow(by, "alert.open", s.resource(a, by)); err != nil {
		return Out{}, err
	}
	if a.State != Left || a.To != "case" {
		return Out{}, errs.New(errs.Conflict, "err.alert.not_left", "take in alert: it has not left the watch for a case")
	}
	out, err := s.out(a)
	if err != nil {
		return Out{}, err
	}
	if n, err := setTaken(ctx, tx, id, tx.Now+AlertFor); err != nil || n == 0 {
		return Out{}, errs.Wrap(err, "take in alert")
	}
	return out, s.book.Append(ctx, tx, ledger.Event{Verb: "alert.take-in", Table: table, ID: id, By: by, Permit: a.Mandate, Detail: a.Category})
}

func (s *Service) out(a *Alert) (Out, error) {
	c, err := s.content(a)
	if err != nil {
		return Out{}, err
	}
	r, err := s.reasons(a)
	if err != nil {
		return Out{}, err
	}
	line, err := json.Marshal(exhibit{c.Post.ID, c.Post.Text, c.Post.Lang, c.Post.Author, c.Post.Platform, c.Post.URL,
		time.UnixMicro(c.Post.At).UTC().Format(time.RFC3339Nano)})
	if err != nil {
		return Out{}, errs.Wrap(err, "take in alert")
	}
	return Out{Alert: a.ID, Mandate: a.Mandate, Source: a.Source, Category: a.Category, Guarded: a.guardedBy(), Categories: c.Categories, Signals: c.Signals, Lexicon: a.Lexicon,
		Grade: a.Grade, Minor: a.Minor, RaisedAt: a.RaisedAt, Asker: a.Asker, Reason: r.Leave, Post: c.Post, Bytes: line}, nil
}

// exhibit is the form of `ronde scan` input, so that the sealed bytes can be
// judged again by anybody.
type exhibit struct {
	ID       string `json:"id,omitempty"`
	Text     string `json:"text"`
	Lang     string `json:"lang,omitempty"`
	Author   string `json:"author,omitempty"`
	Platform string `json:"platform,omitempty"`
	URL      string `json:"url,omitempty"`
	At       string `json:"at"`
}
