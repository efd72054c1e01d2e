package people

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// How long things last. They are checked at the act.
const (
	stepTerm        = 10 * time.Minute // between password and code; enrolling takes a while
	sessionIdle     = 30 * time.Minute // without a request
	sessionAbsolute = 10 * time.Hour   // one shift
	seenGrain       = time.Minute      // how exactly the last use is kept
	tokenBytes      = 32
)

// Session is somebody who is signed in.
type Session struct {
	Token   string // secret; only its keyed hash is kept
	ID      string
	Actor   access.Actor
	Form    string // goes into every form of this session, against forged ones
	Created int64  // microseconds UTC
	Seen    int64  // to the minute
	Expires int64
}

func newToken() string {
	b := make([]byte, tokenBytes)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func (s *Service) tokenKey(token string) []byte {
	return s.keys.Hash("people.session", []byte(token))
}

func (s *Service) session(r sessionRow, a row, token string) Session {
	form := s.keys.Hash("people.form", []byte(token))
	return Session{Token: token, ID: r.id, Actor: a.actor(), Form: hex.EncodeToString(form[:16]), Created: r.created, Seen: r.seen, Expires: r.expires}
}

// Session finds who holds the token. It is Lapsed "err.people.session" when
// nobody does, or no longer.
func (s *Service) Session(ctx context.Context, token string) (Session, error) {
	r, a, err := s.live(ctx, token)
	if err != nil {
		return Session{}, err
	}
	return s.session(r, a, token), nil
}

// Actor is Session for those who need only that.
func (s *Service) Actor(ctx context.Context, token string) (access.Actor, error) {
	_, a, err := s.live(ctx, token)
	return a.actor(), err
}

// Look is Session without keeping it alive: for what a page asks by itself, so
// that a browser left open does not stay signed in.
func (s *Service) Look(ctx context.Context, token string) (Session, error) {
	r, a, _, err := s.found(ctx, token)
	if err != nil {
		return Session{}, err
	}
	return s.session(r, a, token), nil
}

func (s *Service) live(ctx context.Context, token string) (r sessionRow, a row, err error) {
	r, a, now, err := s.found(ctx, token)
	if err == nil && now >= r.seen+seenGrain.Microseconds() {
		err = s.db.Write(ctx, func(tx *db.Tx) error { return touchSession(ctx, tx, r.id, tx.Now) })
		return r, a, errs.Wrap(err, "keep session")
	}
	return r, a, err
}

// found reads a session that is neither over nor left alone for too long.
func (s *Service) found(ctx context.Context, token string) (r sessionRow, a row, now int64, err error) {
	if len(token) > 2*tokenBytes {
		return r, a, 0, lapsed()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		now = tx.Now
		if r, err = selectSession(ctx, tx, s.tokenKey(token)); err != nil {
			return err
		}
		a, err = selectAccount(ctx, tx, r.account)
		return err
	})
	switch {
	case errs.Is(err, errs.NotFound):
		return sessionRow{}, row{}, 0, lapsed()
	case err != nil:
		return sessionRow{}, row{}, 0, errs.Wrap(err, "read session")
	case r.step != signedIn, a.State != Active, now >= r.expires, now >= r.seen+sessionIdle.Microseconds():
		return sessionRow{}, row{}, 0, lapsed()
	}
	return r, a, now, nil
}

func lapsed() error {
	return errs.New(errs.Lapsed, "err.people.session", "read session: none, or ended")
}

// SignOut ends the session of the token. One that is over is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := selectSession(ctx, tx, s.tokenKey(token))
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return errs.Wrap(err, "sign out")
		}
		a, err := selectAccount(ctx, tx, r.account)
		if err != nil {
			return errs.Wrap(err, "sign out")
		}
		if _, err := deleteSession(ctx, tx, a.ID, r.id); err != nil {
			return errs.Wrap(err, "sign out")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.sign-out", Table: "people_accounts", ID: a.ID, By: a.actor()})
	})
}

// Sessions lists the person's own sessions, newest first, without tokens.
func (s *Service) Sessions(ctx context.Context, by access.Actor) (out []Session, err error) {
	if err := Allow(by, "account.own", access.Resource{Kind: "account"}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := selectSessions(ctx, tx, by.Person, tx.Now, tx.Now-sessionIdle.Microseconds())
		for _, r := range rows {
			out = append(out, Session{ID: r.id, Actor: by, Created: r.created, Seen: r.seen, Expires: r.expires})
		}
		return err
	})
	return out, errs.Wrap(err, "list sessions")
}

// EndSession ends one of the person's own sessions.
func (s *Service) EndSession(ctx context.Context, by access.Actor, session string) error {
	if err := Allow(by, "account.own", access.Resource{Kind: "account"}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := deleteSession(ctx, tx, by.Person, session)
		if err != nil {
			return errs.Wrap(err, "end session")
		}
		if n == 0 {
			return errs.New(errs.NotFound, "err.not_found", "end session: none of this person")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.sign-out", Table: "people_accounts", ID: by.Person, By: by})
	})
}

// KillSessions ends every session of a person; their next request is refused.
func (s *Service) KillSessions(ctx context.Context, by access.Actor, person string) (int, error) {
	var killed int64
	err := s.change(ctx, by, "people.kill-session", person, func(tx *db.Tx, a *row) (string, error) {
		var err error
		killed, err = deleteSessions(ctx, tx, a.ID, "")
		return fmt.Sprintf("%s: %d", a.Handle, killed), err
	})
	return int(killed), err
}
