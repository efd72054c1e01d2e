package watch

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/people"
)

// grades is the 4x4 system: how reliable the source (A, B, C, X), how sure the
// information (1 to 4) (D 4.43).
var grades = regexp.MustCompile(`^[ABCX][1-4]$`)

func checkLeave(to, grade, reason string) error {
	if !slices.Contains(Destinations, to) {
		return errs.Field("to", "err.alert.destination", "ask leave: unknown destination")
	}
	if !grades.MatchString(grade) {
		return errs.Field("grade", "err.alert.grade", "ask leave: the grade is not a letter A B C X and a digit 1 to 4")
	}
	return checkReason(reason)
}

// AskLeave asks that a confirmed alert leave the watch, graded by the 4x4
// system ("B2"). A second person answers.
func (s *Service) AskLeave(ctx context.Context, by access.Actor, id, to, grade, reason string) error {
	if err := checkLeave(to, grade, reason); err != nil {
		return err
	}
	return s.changedBy(s.on(ctx, by, id, "alert.ask-leave", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if a.State != Open || !a.Verdict.Confirmed() {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.unconfirmed", "ask leave: the alert is not confirmed, or not in the watch")
		}
		a.State, a.To, a.Grade = Leaving, to, grade
		return s.asked(ctx, tx, a, by, "", reason)
	}))
}

// BreakGlass lets an alert leave at once by one person alone, in danger to
// life. It is counted, and another person reviews it within 24 hours.
func (s *Service) BreakGlass(ctx context.Context, by access.Actor, id, to, grade, reason string) error {
	if err := checkLeave(to, grade, reason); err != nil {
		return err
	}
	return s.changedBy(s.on(ctx, by, id, "alert.ask-leave", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if a.State != Open && a.State != Leaving {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.state", "break glass: the alert is not in the watch")
		}
		a.State, a.To, a.Grade, a.Glass, a.ReviewBy = Left, to, grade, true, tx.Now+GlassFor
		if err := s.count(ctx, tx, "glass", 1); err != nil {
			return ledger.Event{}, err
		}
		return s.asked(ctx, tx, a, by, "alert.break-glass", reason)
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
// in the row.
func (s *Service) ConfirmLeave(ctx context.Context, by access.Actor, id string) error {
	return s.second(ctx, by, id, "", "", func(tx *db.Tx, a *Alert) error {
		if a.State != Leaving {
			return errs.New(errs.Conflict, "err.alert.state", "confirm leave: nobody asked for it")
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

// ReviewGlass is another person's look at a broken glass.
func (s *Service) ReviewGlass(ctx context.Context, by access.Actor, id, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.second(ctx, by, id, "alert.review-glass", reason, func(tx *db.Tx, a *Alert) error {
		if !a.Glass || a.ReviewedAt != 0 {
			return errs.New(errs.Conflict, "err.alert.state", "review glass: there is nothing to review")
		}
		a.ReviewedAt = tx.Now
		return nil
	})
}

func (s *Service) second(ctx context.Context, by access.Actor, id, verb, reason string, act func(*db.Tx, *Alert) error) error {
	return s.changedBy(s.on(ctx, by, id, "alert.confirm-leave", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
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
	Categories []lexicon.CategoryScore
	Signals    []Signal
	Lexicon    string
	Grade      string
	Minor      bool
	RaisedAt   int64
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
	return Out{Alert: a.ID, Mandate: a.Mandate, Source: a.Source, Category: a.Category, Categories: c.Categories, Signals: c.Signals, Lexicon: a.Lexicon,
		Grade: a.Grade, Minor: a.Minor, RaisedAt: a.RaisedAt, Reason: r.Leave, Post: c.Post, Bytes: line}, nil
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
