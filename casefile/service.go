package casefile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"ronde/access"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/mandate"
	"ronde/people"
	"ronde/watch"
)

const (
	table       = "casefile_cases"
	notes       = "casefile_notes"
	purposeCase = "casefile_cases.sealed"
	purposeNote = "casefile_notes.sealed"
	maxList     = 100
)

// Service opens and keeps cases.
type Service struct {
	db       *db.DB
	keys     *seal.Ring
	book     *ledger.Ledger
	mandates *mandate.Service
	exhibits *evidence.Service
	desk     *desk.Service
	watch    *watch.Service
}

// New makes the service.
func New(d *db.DB, keys *seal.Ring, book *ledger.Ledger, m *mandate.Service, e *evidence.Service, k *desk.Service, w *watch.Service) *Service {
	return &Service{d, keys, book, m, e, k, w}
}

// View is a case opened by somebody who may.
type View struct {
	Case
	Words
	Notes    []Note
	Exhibits []evidence.View // without bytes
	Events   []ledger.Entry  // newest first
}

// begin makes a case that is not yet written, with its key.
func (s *Service) begin(by access.Actor, o Opening) (Case, error) {
	if err := o.check(); err != nil {
		return Case{}, err
	}
	c := Case{ID: id.New("cas", s.db.Now(), 0), State: Open, Unit: by.Unit, Lead: by.Handle}
	c.container = c.ID
	if err := s.keys.Create(c.container); err != nil {
		return c, err
	}
	text, err := json.Marshal(Words(o))
	if err == nil {
		c.sealed, err = s.keys.Seal(c.container, purposeCase, text)
	}
	if err != nil {
		return c, s.forsake(c, err)
	}
	return c, nil
}

// forsake destroys the key of a case that was begun and is not opened: a key
// without a lock would lie there for good.
func (s *Service) forsake(c Case, err error) error {
	return errors.Join(err, s.keys.Destroy(c.container, s.db.Now()))
}

// recordIn writes a new case and its first exhibit.
func (s *Service) recordIn(ctx context.Context, tx *db.Tx, by access.Actor, c *Case, first evidence.Prepared) error {
	_, err := bySource(ctx, tx, c.FromKind, c.FromID)
	if err == nil {
		return errs.New(errs.Conflict, "err.conflict", "open case: one was opened from it already")
	}
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	if c.Number, err = nextNumber(ctx, tx); err != nil {
		return err
	}
	c.OpenedAt, c.ReviewAt = tx.Now, tx.Now+(reviewDays*24*time.Hour).Microseconds()
	if err := insert(ctx, tx, *c); err != nil {
		return err
	}
	if err := setStanding(ctx, tx, c.ID, by.Handle, "member"); err != nil {
		return err
	}
	if err := count(ctx, tx, "case."+c.FromKind); err != nil {
		return err
	}
	if _, err := s.exhibits.RecordIn(ctx, tx, by, first, c.ID); err != nil {
		return err
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "case.create", Table: table, ID: c.ID, By: by, Permit: c.Mandate, Detail: c.Number + " from " + c.FromKind + " " + c.FromID})
}

// commit writes a case that was begun, or undoes what was prepared for it.
func (s *Service) commit(ctx context.Context, c *Case, all []evidence.Prepared, fn func(tx *db.Tx) error) error {
	err := s.db.Write(ctx, fn)
	if err == nil {
		crash.At(crash.CaseOpened)
		return nil
	}
	return s.forsake(*c, errors.Join(err, s.discard(ctx, all)))
}

// List returns the cases in the viewer's scope, newest first.
func (s *Service) List(ctx context.Context, by access.Actor, before string) (out []View, err error) {
	if err := people.Allow(by, "case.list", access.Resource{Kind: "case"}); err != nil {
		return nil, err
	}
	scope := access.ScopeOf(by, "case")
	unit := ""
	if slices.Contains(scope.Units, by.Unit) {
		unit = by.Unit
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listFor(ctx, tx, scope, unit, by.Handle, before, maxList)
		if err != nil {
			return err
		}
		out = out[:0]
		for _, c := range list {
			w, err := s.words(c)
			if err != nil {
				return err
			}
			out = append(out, View{Case: c, Words: w})
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "case.list", ID: "case", By: by, Detail: fmt.Sprintf("%d shown", len(out))})
	})
	return out, errs.Wrap(err, "list cases")
}

// Open returns one case and accounts for the look.
func (s *Service) Open(ctx context.Context, by access.Actor, caseID string) (v View, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.allowed(ctx, tx, by, "case.open", caseID)
		if err != nil {
			return err
		}
		if v, err = s.viewIn(ctx, tx, c); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "case.open", Table: table, ID: c.ID, By: by, Permit: c.Mandate})
	})
	return v, errs.Wrap(err, "open case")
}

func (s *Service) viewIn(ctx context.Context, tx *db.Tx, c Case) (v View, err error) {
	v.Case = c
	if v.Words, err = s.words(c); err != nil {
		return v, err
	}
	if v.Notes, err = notesOf(ctx, tx, c.ID); err != nil {
		return v, err
	}
	for i, n := range v.Notes {
		if n.sealed == nil {
			continue
		}
		text, err := s.keys.Open(n.container, purposeNote, n.sealed)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return v, err
		}
		v.Notes[i].Text = string(text)
	}
	if v.Exhibits, err = s.exhibits.ListIn(ctx, tx, c.ID); err != nil {
		return v, err
	}
	v.Events, err = s.book.Page(ctx, tx, ledger.Filter{Object: table + "/" + c.ID, Limit: 50})
	return v, err
}

// Exhibit opens one exhibit of a case the viewer may open.
func (s *Service) Exhibit(ctx context.Context, by access.Actor, exhibitID string) (v evidence.View, c Case, custody []ledger.Entry, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.exhibits.FindIn(ctx, tx, exhibitID)
		if err != nil {
			return err
		}
		if c, err = s.allowed(ctx, tx, by, "case.open", e.Case); err != nil {
			return err
		}
		if v, err = s.exhibits.OpenIn(ctx, tx, by, exhibitID); err != nil {
			return err
		}
		if v.Kind == evidence.KindFile || v.Kind == evidence.KindGuarded {
			v.Bytes = nil // read by Original alone
		}
		custody, err = s.book.Page(ctx, tx, ledger.Filter{Object: "evidence_exhibits/" + exhibitID})
		return err
	})
	return v, c, custody, errs.Wrap(err, "open exhibit")
}

// Note adds a fact or an assessment. Nothing written is ever changed.
func (s *Service) Note(ctx context.Context, by access.Actor, caseID, stands, words string) error {
	if stands != Fact && stands != Assessment {
		return errs.Field("standing", "err.required", "add note: neither fact nor assessment")
	}
	if err := text("text", words, MaxText); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.allowed(ctx, tx, by, "case.note", caseID)
		if err != nil {
			return err
		}
		if c.State != Open {
			return errs.New(errs.Conflict, "err.case.closed", "add note: the case is closed")
		}
		return s.noteIn(ctx, tx, by, c, Note{Author: by.Handle, Standing: stands}, words)
	})
	return errs.Wrap(err, "add note")
}

func (s *Service) noteIn(ctx context.Context, tx *db.Tx, by access.Actor, c Case, n Note, words string) (err error) {
	n.ID, n.At, n.container = tx.NewID("not"), tx.Now, c.container
	if n.sealed, err = s.keys.Seal(n.container, purposeNote, []byte(words)); err != nil {
		return err
	}
	if err := insertNote(ctx, tx, c.ID, n); err != nil {
		return err
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "case.note", Table: notes, ID: n.ID, By: by, Permit: c.Mandate, Detail: "case " + c.ID + ", " + n.Standing})
}

// Close ends a case with an outcome.
func (s *Service) Close(ctx context.Context, by access.Actor, caseID, outcome string) error {
	if !slices.Contains(Outcomes, outcome) {
		return errs.Field("outcome", "err.required", "close case: unknown outcome")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.allowed(ctx, tx, by, "case.close", caseID)
		if err != nil {
			return err
		}
		if c.State != Open {
			return errs.New(errs.Conflict, "err.case.closed", "close case: it is closed")
		}
		if err := closeCase(ctx, tx, c.ID, outcome); err != nil {
			return err
		}
		if err := count(ctx, tx, "case-outcome."+outcome); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "case.close", Table: table, ID: c.ID, By: by, Permit: c.Mandate, Detail: outcome})
	})
	return errs.Wrap(err, "close case")
}

// allowed finds a case and asks the rules; a case not yours is like none.
func (s *Service) allowed(ctx context.Context, tx *db.Tx, by access.Actor, verb, caseID string) (Case, error) {
	c, err := byID(ctx, tx, caseID)
	if err != nil {
		return c, err
	}
	stands, err := standing(ctx, tx, c.ID, by.Handle)
	if err != nil {
		return c, err
	}
	return c, people.Allow(by, verb, c.resource(by, stands == "member", stands == "denied"))
}

func (s *Service) words(c Case) (w Words, err error) {
	if c.State == Erased || c.sealed == nil {
		return w, nil
	}
	text, err := s.keys.Open(c.container, purposeCase, c.sealed)
	if errs.Is(err, errs.NotFound) {
		return w, nil // erased before this copy was restored
	}
	if err == nil {
		err = json.Unmarshal(text, &w)
	}
	return w, errs.Wrap(err, "open case "+c.ID)
}

// Counts are the public counters between two days, inclusive.
func (s *Service) Counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	m, err := counts(ctx, tx, from, to)
	return m, errs.Wrap(err, "count cases")
}
