package people

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// inviteTerm is how long a one-time password works.
const inviteTerm = 7 * 24 * time.Hour

// What is missing after the password.
const (
	NeedsCode  = "totp"  // ConfirmTOTP
	NeedsEnrol = "enrol" // EnrolTOTP, then ConfirmEnrol
	signedIn   = "full"
)

// Step is a sign-in that has passed the password. Token is good for
// [stepTerm] and for the next step only.
type Step struct {
	Needs   string
	Token   string
	Expires int64 // microseconds UTC
}

// SignIn checks login and password. remote names where the try comes from; it
// is kept only as a keyed hash, for counting. A login that does not exist, a
// wrong password, a disabled account and an expired invitation are one answer
// (Denied "err.people.sign_in") after the same work; too many tries are Limit
// "err.people.throttled".
func (s *Service) SignIn(ctx context.Context, login, password, remote string) (Step, error) {
	login = foldLogin(login)
	if len(login) > 4*maxLogin {
		login = "" // nobody's
	}
	a, hash, err := s.tryLogin(ctx, login, remote)
	if err != nil {
		return Step{}, err
	}
	same, err := s.matches(ctx, password, hash)
	if err != nil {
		return Step{}, err
	}
	token := newToken()
	var out Step
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out = Step{Token: token, Expires: tx.Now + stepTerm.Microseconds()}
		stale := a.State == Invited && tx.Now > a.invited+inviteTerm.Microseconds()
		if !same || a.State == Disabled || stale {
			out = Step{}
			return s.failed(ctx, tx, a.Handle, "password")
		}
		out.Needs = NeedsCode
		if a.State == Invited {
			out.Needs = NeedsEnrol
		}
		return s.begin(ctx, tx, a, login, remote, out)
	})
	if err == nil && out.Needs == "" {
		err = errs.New(errs.Denied, "err.people.sign_in", "sign in: wrong login or password")
	}
	return out, err
}

// tryLogin counts the try and reads the account, if there is one.
func (s *Service) tryLogin(ctx context.Context, login, remote string) (a row, hash string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.charge(ctx, tx, s.bucket("login", login), maxLoginFailures); err != nil {
			return err
		}
		if err := s.charge(ctx, tx, s.bucket("remote", remote), maxRemoteFailures); err != nil {
			return err
		}
		a, err = selectByLogin(ctx, tx, s.loginKey(login))
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	})
	if err != nil || a.ID == "" {
		return row{}, "", err
	}
	text, err := s.keys.Open(a.ID, passwordPurpose, a.password)
	return a, string(text), err
}

func (s *Service) begin(ctx context.Context, tx *db.Tx, a row, login, remote string, out Step) error {
	if err := deleteBucket(ctx, tx, s.bucket("login", login)); err != nil {
		return err
	}
	if err := refundBucket(ctx, tx, s.bucket("remote", remote)); err != nil {
		return err
	}
	return insertSession(ctx, tx, sessionRow{id: tx.NewID("ses"), token: s.tokenKey(out.Token), account: a.ID,
		step: out.Needs, created: tx.Now, seen: tx.Now, expires: out.Expires})
}

// failed writes the try down: under the handle that it aimed at, never with
// what was typed.
func (s *Service) failed(ctx context.Context, tx *db.Tx, handle, what string) error {
	if handle == "" {
		handle = "unknown"
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "people.sign-in-failed", ID: "people", By: access.Actor{Handle: handle}, Detail: what})
}

// ConfirmTOTP finishes a sign-in with a code. A wrong code and one that was
// used before are one answer (Denied "err.people.code").
func (s *Service) ConfirmTOTP(ctx context.Context, token, code string) (Session, error) {
	full := newToken()
	var out Session
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = Session{}
		p, a, err := s.pending(ctx, tx, token, NeedsCode)
		if err != nil {
			return err
		}
		if err := s.charge(ctx, tx, s.bucket("code", a.ID), maxCodeFailures); err != nil {
			return err
		}
		secret, err := s.keys.Open(a.ID, totpPurpose, a.totp)
		if err != nil {
			return err
		}
		fresh, err := accept(ctx, tx, a.ID, string(secret), code)
		if err != nil {
			return err
		}
		if !fresh {
			return s.failed(ctx, tx, a.Handle, "code")
		}
		out, err = s.finish(ctx, tx, p, a, full)
		return err
	})
	if err == nil && out.Token == "" {
		err = wrongCode()
	}
	return out, err
}

func wrongCode() error {
	return errs.Field("code", "err.people.code", "sign in: wrong or used code")
}

// accept says whether the code is right and newer than the last one used.
func accept(ctx context.Context, tx *db.Tx, account, secret, code string) (bool, error) {
	n, ok := matchStep(secret, code, tx.Now)
	if !ok {
		return false, nil
	}
	fresh, err := advanceStep(ctx, tx, account, n)
	return fresh, errs.Wrap(err, "use code")
}

// finish turns a pending sign-in into a session.
func (s *Service) finish(ctx context.Context, tx *db.Tx, p sessionRow, a row, token string) (Session, error) {
	if err := deleteBucket(ctx, tx, s.bucket("code", a.ID)); err != nil {
		return Session{}, err
	}
	if _, err := deleteSession(ctx, tx, a.ID, p.id); err != nil {
		return Session{}, err
	}
	r := sessionRow{id: tx.NewID("ses"), token: s.tokenKey(token), account: a.ID, step: signedIn,
		created: tx.Now, seen: tx.Now, expires: tx.Now + sessionAbsolute.Microseconds()}
	if err := insertSession(ctx, tx, r); err != nil {
		return Session{}, err
	}
	err := s.book.Append(ctx, tx, ledger.Event{Verb: "people.sign-in", Table: "people_accounts", ID: a.ID, By: a.actor()})
	return s.session(r, a, token), err
}

// pending finds a sign-in that waits for this step.
func (s *Service) pending(ctx context.Context, tx *db.Tx, token, needs string) (sessionRow, row, error) {
	p, err := selectSession(ctx, tx, s.tokenKey(token))
	if errs.Is(err, errs.NotFound) || err == nil && (p.step != needs || p.expires <= tx.Now) {
		return p, row{}, errs.New(errs.Lapsed, "err.people.late", "sign in: not begun, or too long ago")
	}
	if err != nil {
		return p, row{}, err
	}
	a, err := selectAccount(ctx, tx, p.account)
	if err == nil && a.State == Disabled {
		err = errs.New(errs.Lapsed, "err.people.late", "sign in: account is disabled")
	}
	return p, a, err
}
