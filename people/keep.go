package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// change is one act of the administrator on an account: ask, do, account for.
func (s *Service) change(ctx context.Context, by access.Actor, verb, person string, do func(*db.Tx, *row) (string, error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := selectAccount(ctx, tx, person)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return errs.Wrap(err, verb)
		}
		about := a.resource()
		about.ID = person // a row even when there is none: the answer must be the same
		if refused := Allow(by, verb, about); refused != nil {
			return refused
		}
		if err != nil {
			return err
		}
		return s.act(ctx, tx, by, verb, &a, do)
	})
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by access.Actor, verb string, a *row, do func(*db.Tx, *row) (string, error)) error {
	detail, err := do(tx, a)
	if err != nil {
		return errs.Wrap(err, verb)
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: "people_accounts", ID: a.ID, By: by, Detail: detail})
}

// Roles gives a person other roles of the same regime. Work under another
// regime takes another account: a handle never changes sides (promise 6).
func (s *Service) Roles(ctx context.Context, by access.Actor, person string, roles []access.Role) error {
	return s.change(ctx, by, "people.role", person, func(tx *db.Tx, a *row) (string, error) {
		regime, err := s.place(ctx, tx, roles, a.Unit)
		if err != nil {
			return "", err
		}
		if regime != a.Regime {
			return "", errs.Field("roles", "err.people.regime", "change roles: from regime "+a.Regime+" to "+regime)
		}
		if a.actor().Has(access.Administrator) && !slices.Contains(roles, access.Administrator) {
			if err := another(ctx, tx, a.ID); err != nil {
				return "", err
			}
		}
		detail := fmt.Sprintf("%s: %s to %s", a.Handle, joinRoles(a.Account.Roles), joinRoles(roles))
		return detail, updateRoles(ctx, tx, a.ID, joinRoles(roles))
	})
}

// Disable closes an account: its sessions end and nobody signs in with it.
func (s *Service) Disable(ctx context.Context, by access.Actor, person string) error {
	return s.change(ctx, by, "people.disable", person, func(tx *db.Tx, a *row) (string, error) {
		if a.actor().Has(access.Administrator) {
			if err := another(ctx, tx, a.ID); err != nil {
				return "", err
			}
		}
		if _, err := deleteSessions(ctx, tx, a.ID, ""); err != nil {
			return "", err
		}
		return a.Handle, updateState(ctx, tx, a.ID, Disabled)
	})
}

// another wants an administrator besides this one to be left.
func another(ctx context.Context, tx *db.Tx, person string) error {
	n, err := countAdministrators(ctx, tx, person)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "err.people.last_administrator", "change account: the last administrator stays")
	}
	return err
}

// Reset gives a person who lost password or second factor a new one-time
// password. Their sessions end and the authenticator is forgotten.
func (s *Service) Reset(ctx context.Context, by access.Actor, person string) (Handover, error) {
	password := oneTime()
	hash, err := s.hash(ctx, password)
	if err != nil {
		return Handover{}, err
	}
	out := Handover{Password: password}
	err = s.change(ctx, by, "people.reset", person, func(tx *db.Tx, a *row) (string, error) {
		out.Account = a.Account
		return a.Handle, s.reset(ctx, tx, a, hash)
	})
	return out, err
}

func (s *Service) reset(ctx context.Context, tx *db.Tx, a *row, hash string) error {
	sealed, err := s.keys.Seal(a.ID, passwordPurpose, []byte(hash))
	if err != nil {
		return err
	}
	a.password, a.totp, a.State, a.invited = sealed, nil, Invited, tx.Now
	if err := updateSecrets(ctx, tx, *a); err != nil {
		return err
	}
	_, err = deleteSessions(ctx, tx, a.ID, "")
	return err
}

// FromConsole does one thing to the account of a login, from the machine
// itself: "kill" ends its sessions; "reset" gives an administrator, and
// nobody else, a new one-time password, for when the last one lost theirs.
func (s *Service) FromConsole(ctx context.Context, verb, login string) (Handover, error) {
	out := Handover{}
	var hash string
	var err error
	if verb == "reset" {
		out.Password = oneTime()
		if hash, err = s.hash(ctx, out.Password); err != nil {
			return Handover{}, err
		}
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := selectByLogin(ctx, tx, s.loginKey(foldLogin(login)))
		if err != nil {
			return errs.Wrap(err, verb+" "+login)
		}
		out.Account = a.Account
		if verb == "kill" {
			return s.act(ctx, tx, console, "people.kill-session", &a, func(tx *db.Tx, a *row) (string, error) {
				n, err := deleteSessions(ctx, tx, a.ID, "")
				return fmt.Sprintf("%s: %d", a.Handle, n), err
			})
		}
		if !a.actor().Has(access.Administrator) {
			return errs.New(errs.Denied, "err.denied", "reset "+login+": only an administrator is reset from the machine; others by an administrator")
		}
		return s.act(ctx, tx, console, "people.reset", &a, func(tx *db.Tx, a *row) (string, error) { return a.Handle, s.reset(ctx, tx, a, hash) })
	})
	return out, err
}

// List gives the accounts that by may know of, by handle. It is one event.
func (s *Service) List(ctx context.Context, by access.Actor) (out []Account, err error) {
	if err := Allow(by, "people.list", access.Resource{Kind: "people"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = selectInScope(ctx, tx, access.ScopeOf(by, "people")); err != nil {
			return errs.Wrap(err, "list people")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.list", ID: "people", By: by, Detail: fmt.Sprint(len(out))})
	})
	return out, err
}

// CreateUnit adds a part of the organisation.
func (s *Service) CreateUnit(ctx context.Context, by access.Actor, name, regime string) (Unit, error) {
	if err := Allow(by, "people.unit", access.Resource{Kind: "people"}); err != nil {
		return Unit{}, err
	}
	name = strings.TrimSpace(name)
	if name == "" || !plain(name, maxName) {
		return Unit{}, errs.Field("name", "err.required", "create unit: no name, or not plain text")
	}
	if letters[regime] == "" {
		return Unit{}, errs.Field("regime", "err.people.regime", "create unit: unknown regime")
	}
	var u Unit
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		u = Unit{ID: tx.NewID("uni"), Name: name, Regime: regime, Created: tx.Now}
		if err := insertUnit(ctx, tx, u); err != nil {
			return errs.Wrap(err, "create unit")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.unit", Table: "people_units", ID: u.ID, By: by, Detail: regime})
	})
	return u, err
}

// Units lists the parts of the organisation by name. Which units work hidden
// is for the caller to keep from those who may not know.
func (s *Service) Units(ctx context.Context) (out []Unit, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectUnits(ctx, tx)
		return err
	})
	return out, errs.Wrap(err, "list units")
}
