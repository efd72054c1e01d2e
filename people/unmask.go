package people

import (
	"cmp"
	"context"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// unmaskTerm is how long a request, confirmed or not, stands.
const unmaskTerm = 24 * time.Hour

const unmaskPurpose = "people_unmask.reason"

// The states of an unmasking.
const (
	UnmaskAsked     = "asked"
	UnmaskConfirmed = "confirmed"
	UnmaskOpened    = "opened"
)

// Unmasking is a request to learn who stands behind a handle.
type Unmasking struct {
	ID        string
	Handle    string // whose
	Asker     string // handle of who asked
	Confirmer string // handle, or empty
	State     string
	Reason    string
	Asked     int64
	Expires   int64
}

// AskUnmask asks, with a reason, which person acts under a handle.
func (s *Service) AskUnmask(ctx context.Context, by access.Actor, handle, reason string) (string, error) {
	if err := Allow(by, "people.ask-unmask", access.Resource{Kind: "people"}); err != nil {
		return "", err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > maxReason {
		return "", errs.Field("reason", "err.people.reason", "ask unmask: no reason, or too long", "max", maxReason)
	}
	var id string
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := selectByHandle(ctx, tx, strings.TrimSpace(handle))
		if err != nil {
			return errs.Wrap(err, "ask unmask")
		}
		if !access.ScopeOf(by, "people").Sees(a.resource()) {
			return errs.New(errs.NotFound, "err.not_found", "ask unmask: "+by.Handle+" may not know of "+handle)
		}
		u := unmaskRow{id: tx.NewID("unm"), account: a.ID, asker: by.Person, state: UnmaskAsked, asked: tx.Now, expires: tx.Now + unmaskTerm.Microseconds()}
		if u.sealed, err = s.keys.Seal(a.ID, unmaskPurpose, []byte(reason)); err != nil {
			return err
		}
		if err := insertUnmask(ctx, tx, u); err != nil {
			return errs.Wrap(err, "ask unmask")
		}
		id = u.id
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.ask-unmask", Table: "people_unmask", ID: id, By: by, Detail: a.Handle, Reason: reason})
	})
	return id, err
}

// ConfirmUnmask is the second person's yes. It is refused to who asked.
func (s *Service) ConfirmUnmask(ctx context.Context, by access.Actor, id string) error {
	return s.moveUnmask(ctx, by, "people.confirm-unmask", id, UnmaskAsked, UnmaskConfirmed, func(u *unmaskRow, _ row) error {
		u.confirmer = by.Person
		return nil
	})
}

// OpenUnmask shows the person to who asked, once.
func (s *Service) OpenUnmask(ctx context.Context, by access.Actor, id string) (Person, error) {
	var p Person
	err := s.moveUnmask(ctx, by, "people.open-unmask", id, UnmaskConfirmed, UnmaskOpened, func(_ *unmaskRow, a row) error {
		var err error
		p, err = s.person(a)
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return p, nil
}

func (s *Service) moveUnmask(ctx context.Context, by access.Actor, verb, id, from, to string, do func(*unmaskRow, row) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		u, err := selectUnmask(ctx, tx, id)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return errs.Wrap(err, verb)
		}
		if refused := Allow(by, verb, access.Resource{Kind: "people", ID: cmp.Or(u.account, id), Drafter: u.asker, State: u.state}); refused != nil {
			return refused
		}
		switch {
		case err != nil:
			return err
		case tx.Now >= u.expires:
			return errs.New(errs.Lapsed, "err.people.unmask_lapsed", verb+": too late")
		case u.state != from:
			return errs.New(errs.Conflict, "err.people.unmask_state", verb+": is "+u.state)
		}
		a, err := selectAccount(ctx, tx, u.account)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		if err := do(&u, a); err != nil {
			return errs.Wrap(err, verb)
		}
		u.state = to
		if err := updateUnmask(ctx, tx, u); err != nil {
			return errs.Wrap(err, verb)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: "people_unmask", ID: u.id, By: by, Detail: a.Handle})
	})
}

// Unmaskings lists requests that stand: all to those who confirm, their own
// to those who ask. Reasons are shown; it is one event.
func (s *Service) Unmaskings(ctx context.Context, by access.Actor) (out []Unmasking, err error) {
	all := Allow(by, "people.list-unmask", access.Resource{Kind: "people"}) == nil
	if refused := Allow(by, "people.ask-unmask", access.Resource{Kind: "people"}); !all && refused != nil {
		return nil, refused
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := selectUnmasks(ctx, tx, tx.Now)
		if err != nil {
			return errs.Wrap(err, "list unmaskings")
		}
		out = nil
		for _, u := range rows {
			if !all && u.asker != by.Person {
				continue
			}
			v, err := s.unmasking(ctx, tx, u)
			if err != nil {
				return errs.Wrap(err, "list unmaskings")
			}
			out = append(out, v)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.list-unmask", ID: "people_unmask", By: by})
	})
	return out, err
}

func (s *Service) unmasking(ctx context.Context, tx *db.Tx, u unmaskRow) (Unmasking, error) {
	reason, err := s.keys.Open(u.account, unmaskPurpose, u.sealed)
	if err != nil {
		return Unmasking{}, err
	}
	v := Unmasking{ID: u.id, State: u.state, Reason: string(reason), Asked: u.asked, Expires: u.expires}
	for _, who := range []struct {
		person string
		handle *string
	}{{u.account, &v.Handle}, {u.asker, &v.Asker}, {u.confirmer, &v.Confirmer}} {
		if who.person == "" {
			continue
		}
		a, err := selectAccount(ctx, tx, who.person)
		if err != nil {
			return Unmasking{}, err
		}
		*who.handle = a.Handle
	}
	return v, nil
}
