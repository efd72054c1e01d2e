package logbook

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/people"
)

// Accounted are the tables whose rows the ledger accounts for.
var Accounted = []string{table}

const (
	table      = "logbook_entries"
	purpose    = "logbook_entries.sealed"
	nonceLife  = 24 * time.Hour
	nonceLeast = 16 // bytes
	batch      = 100
)

// Service writes and shows the logbook.
type Service struct {
	db   *db.DB
	keys *seal.Ring
	book *ledger.Ledger
}

// New makes the service.
func New(d *db.DB, keys *seal.Ring, book *ledger.Ledger) *Service { return &Service{d, keys, book} }

// Write keeps an entry and returns its id. The same form sent twice is one.
func (s *Service) Write(ctx context.Context, by access.Actor, in In) (string, error) {
	e := Entry{ID: id.New("log", s.db.Now(), 0), Unit: by.Unit, Handle: by.Handle}
	if err := people.Allow(by, "logbook.write", e.resource(by)); err != nil {
		return "", err
	}
	if len(in.Nonce) < nonceLeast {
		return "", errs.New(errs.Invalid, "err.form.old", "write logbook: the form has no number")
	}
	if err := in.check(s.db.Now()); err != nil {
		return "", err
	}
	if err := s.keys.Create(e.ID); err != nil {
		return "", errs.Wrap(err, "write logbook")
	}
	nonce := s.keys.Hash("logbook_nonces.nonce", []byte(by.Handle+"\x00"+in.Nonce))
	before := ""
	err := s.fill(&e, in)
	if err == nil {
		err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if before, err = insertNonce(ctx, tx, nonce, e.ID); err != nil || before != "" {
				return errs.Wrap(err, "write logbook")
			}
			e.Made, e.Changed = tx.Now, tx.Now
			if err := insertEntry(ctx, tx, e); err != nil {
				return errs.Wrap(err, "write logbook")
			}
			return s.account(ctx, tx, by, "logbook.write", e)
		})
	}
	if err != nil || before != "" { // nothing was kept: the key has no lock
		if gone := s.keys.Destroy(e.ID, s.db.Now()); err == nil {
			err = gone
		}
		return before, err
	}
	return e.ID, nil
}

// fill puts what was typed into an entry, words sealed.
func (s *Service) fill(e *Entry, in In) error {
	e.Place, e.At, e.Minutes, e.Talks, e.Outcomes = in.Place, in.At, in.Minutes, in.Talks, in.Outcomes
	text, err := json.Marshal(words{strings.TrimSpace(in.Account), strings.TrimSpace(in.Note)})
	if err != nil {
		return errs.Wrap(err, "write logbook")
	}
	e.sealed, err = s.keys.Seal(e.ID, purpose, text)
	return errs.Wrap(err, "write logbook")
}

func (s *Service) account(ctx context.Context, tx *db.Tx, by access.Actor, verb string, e Entry) error {
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: e.ID, By: by, Detail: fmt.Sprintf("%s, %d conversations", e.Place, e.Talks)})
}

// Change corrects an entry: by who wrote it, within seven days.
func (s *Service) Change(ctx context.Context, by access.Actor, entryID string, in In) error {
	if err := in.check(s.db.Now()); err != nil {
		return err
	}
	return s.act(ctx, by, "logbook.change", entryID, func(tx *db.Tx, e *Entry) error {
		if !e.Edit {
			return errs.New(errs.Conflict, "err.logbook.late", "change logbook: too late", "days", int(editable/(24*time.Hour)))
		}
		return s.fill(e, in)
	})
}

// HandIn counts, in the transaction of the desk, that somebody met here goes on
// there. The desk's conversation is not named: the logbook knows nobody.
func (s *Service) HandIn(ctx context.Context, tx *db.Tx, by access.Actor, entryID string) (Entry, error) {
	e, err := s.load(ctx, tx, by, "logbook.hand", entryID)
	if err != nil {
		return e, err
	}
	e.Handed++
	if err := updateEntry(ctx, tx, e); err != nil {
		return e, errs.Wrap(err, "hand over from logbook")
	}
	return e, s.account(ctx, tx, by, "logbook.hand", e)
}

func (s *Service) act(ctx context.Context, by access.Actor, verb, entryID string, do func(*db.Tx, *Entry) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.load(ctx, tx, by, verb, entryID)
		if err != nil {
			return err
		}
		if err := do(tx, &e); err != nil {
			return err
		}
		if err := updateEntry(ctx, tx, e); err != nil {
			return errs.Wrap(err, verb)
		}
		return s.account(ctx, tx, by, verb, e)
	})
}

func (s *Service) load(ctx context.Context, tx *db.Tx, by access.Actor, verb, entryID string) (Entry, error) {
	if !id.Valid("log", entryID) {
		return Entry{}, errs.New(errs.NotFound, "err.not_found", verb+": no such entry")
	}
	e, err := selectEntry(ctx, tx, entryID)
	if err != nil {
		return e, db.One(err, verb)
	}
	if err := people.Allow(by, verb, e.resource(by)); err != nil {
		return e, err
	}
	return e, s.shown(&e, by, tx.Now)
}

// shown opens the words of an entry for who looks.
func (s *Service) shown(e *Entry, by access.Actor, now int64) error {
	e.Mine = e.Handle == by.Handle
	e.Edit = e.Mine && e.Emptied == 0 && e.Made > now-editable.Microseconds()
	if e.Emptied != 0 {
		return nil
	}
	text, err := s.keys.Open(e.ID, purpose, e.sealed)
	if err != nil {
		return err
	}
	var w words
	err = json.Unmarshal(text, &w)
	e.Account, e.Note = w.Account, w.Note
	return errs.Wrap(err, "open entry")
}

// Open shows one entry; it is recorded as an opened record.
func (s *Service) Open(ctx context.Context, by access.Actor, entryID string) (e Entry, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if e, err = s.load(ctx, tx, by, "logbook.open", entryID); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "logbook.open", Table: table, ID: e.ID, By: by})
	})
	return e, err
}

// Filter chooses entries. To is the first moment that is out.
type Filter struct {
	Place    string
	From, To int64 // microseconds UTC
	Rows     int   // at most MaxPage; for an export MaxExport
	Skip     int
}

// List shows the entries of a span, newest first. It is recorded as one list
// view.
func (s *Service) List(ctx context.Context, by access.Actor, f Filter) (out []Entry, err error) {
	if err := people.Allow(by, "logbook.list", access.Resource{Kind: "logbook"}); err != nil {
		return nil, err
	}
	f.Rows, f.Skip = max(1, min(f.Rows, MaxExport)), max(0, f.Skip)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = selectEntries(ctx, tx, access.ScopeOf(by, "logbook"), f); err != nil {
			return errs.Wrap(err, "list logbook")
		}
		for i := range out {
			if err := s.shown(&out[i], by, tx.Now); err != nil {
				return err
			}
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "logbook.list", ID: "logbook", By: by, Detail: fmt.Sprintf("%d entries", len(out))})
	})
	return out, err
}

// Last is the newest entry of who asks, to begin the next one with; its ID is
// empty when there is none.
func (s *Service) Last(ctx context.Context, by access.Actor) (e Entry, err error) {
	if err := people.Allow(by, "logbook.write", access.Resource{Kind: "logbook", Unit: by.Unit}); err != nil {
		return e, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		last, err := lastOf(ctx, tx, by.Handle)
		if err != nil || len(last) == 0 {
			return err
		}
		e = last[0]
		return s.shown(&e, by, tx.Now)
	})
	return e, errs.Wrap(err, "read last entry")
}

// Retain ends the words of entries whose term is over, and destroys their keys
// after the commit; the numbers stay. What a sudden end left is finished with
// the next step.
func (s *Service) Retain(ctx context.Context) error {
	machine := access.AsMachine("logbook")
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forgetNonces(ctx, tx, tx.Now-nonceLife.Microseconds()); err != nil {
			return err
		}
		old, err := selectOld(ctx, tx, tx.Now-wordsFor.Microseconds(), batch)
		if err != nil {
			return err
		}
		for _, e := range old {
			e.sealed, e.Emptied = nil, tx.Now
			if err := updateEntry(ctx, tx, e); err != nil {
				return err
			}
			if err := putEnding(ctx, tx, e.ID); err != nil {
				return err
			}
			if err := s.account(ctx, tx, machine, "logbook.purge", e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return errs.Wrap(err, "end words of the logbook")
	}
	return s.finish(ctx)
}

func (s *Service) finish(ctx context.Context) error {
	var dead []string
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		dead, err = selectEndings(ctx, tx)
		return err
	})
	for _, container := range dead {
		if err == nil {
			err = s.keys.Destroy(container, s.db.Now())
		}
		if err == nil {
			err = s.db.Write(ctx, func(tx *db.Tx) error { return deleteEnding(ctx, tx, container) })
		}
	}
	return errs.Wrap(err, "destroy keys of the logbook")
}
