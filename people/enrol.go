package people

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// EnrolTOTP gives a person who signed in with a one-time password a secret for
// their authenticator. Asked again in the same sign-in it gives the same one,
// so that reloading a page does not break what was scanned.
func (s *Service) EnrolTOTP(ctx context.Context, token string) (Enrolment, error) {
	fresh := newSecret()
	var secret, handle string
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, a, err := s.pending(ctx, tx, token, NeedsEnrol)
		if err != nil {
			return err
		}
		handle = a.Handle
		if p.sealed != nil {
			text, err := s.keys.Open(a.ID, totpPurpose, p.sealed)
			secret = string(text)
			return err
		}
		sealed, err := s.keys.Seal(a.ID, totpPurpose, []byte(fresh))
		if err != nil {
			return err
		}
		secret = fresh
		return updateSessionSealed(ctx, tx, p.id, sealed)
	})
	if err != nil {
		return Enrolment{}, errs.Wrap(err, "enrol")
	}
	return newEnrolment(secret, handle)
}

// ConfirmEnrol sets the person's own password and second factor, and signs
// them in. The one-time password is dead from then on.
func (s *Service) ConfirmEnrol(ctx context.Context, token, password, code string) (Session, error) {
	hash, err := s.newPassword(ctx, token, password)
	if err != nil {
		return Session{}, err
	}
	full := newToken()
	var out Session
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out = Session{}
		p, a, err := s.pending(ctx, tx, token, NeedsEnrol)
		if err != nil {
			return err
		}
		if err := s.charge(ctx, tx, s.bucket("code", a.ID), maxCodeFailures); err != nil {
			return err
		}
		if p.sealed == nil {
			return errs.New(errs.Invalid, "err.people.late", "enrol: no secret was shown")
		}
		secret, err := s.keys.Open(a.ID, totpPurpose, p.sealed)
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
		out, err = s.enrol(ctx, tx, p, a, hash, full)
		return err
	})
	if err == nil && out.Token == "" {
		err = wrongCode()
	}
	return out, err
}

// newPassword checks and hashes before the transaction: hashing is slow.
func (s *Service) newPassword(ctx context.Context, token, password string) (string, error) {
	var who Person
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		_, a, err := s.pending(ctx, tx, token, NeedsEnrol)
		if err != nil {
			return err
		}
		who, err = s.person(a)
		return err
	})
	if err != nil {
		return "", err
	}
	if err := checkPassword(password, who.Login); err != nil {
		return "", err
	}
	return s.hash(ctx, password)
}

func (s *Service) enrol(ctx context.Context, tx *db.Tx, p sessionRow, a row, hash, token string) (Session, error) {
	sealed, err := s.keys.Seal(a.ID, passwordPurpose, []byte(hash))
	if err != nil {
		return Session{}, err
	}
	a.password, a.totp, a.State = sealed, p.sealed, Active
	if err := updateSecrets(ctx, tx, a); err != nil {
		return Session{}, err
	}
	err = s.book.Append(ctx, tx, ledger.Event{Verb: "people.enrol", Table: "people_accounts", ID: a.ID, By: a.actor()})
	if err != nil {
		return Session{}, err
	}
	return s.finish(ctx, tx, p, a, token)
}

// SetPassword changes the password of the person who holds the session. All
// other sessions of theirs end.
func (s *Service) SetPassword(ctx context.Context, token, old, new string) error {
	held, a, err := s.live(ctx, token)
	if err != nil {
		return err
	}
	if err := Allow(a.actor(), "account.own", access.Resource{Kind: "account"}); err != nil {
		return err
	}
	who, err := s.person(a)
	if err != nil {
		return err
	}
	if err := checkPassword(new, who.Login); err != nil {
		return err
	}
	bucket := s.bucket("login", who.Login)
	err = s.db.Write(ctx, func(tx *db.Tx) error { return s.charge(ctx, tx, bucket, maxLoginFailures) })
	if err != nil {
		return err
	}
	hash, err := s.keys.Open(a.ID, passwordPurpose, a.password)
	if err != nil {
		return err
	}
	same, err := s.matches(ctx, old, string(hash))
	if err != nil {
		return err
	}
	if !same {
		return errs.Field("old", "err.people.old_password", "set password: old one is wrong")
	}
	fresh, err := s.hash(ctx, new)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.setPassword(ctx, tx, held.id, a.ID, fresh, bucket) })
}

func (s *Service) setPassword(ctx context.Context, tx *db.Tx, keep, account, hash string, bucket []byte) error {
	a, err := selectAccount(ctx, tx, account)
	if err != nil {
		return err
	}
	if a.password, err = s.keys.Seal(a.ID, passwordPurpose, []byte(hash)); err != nil {
		return err
	}
	if err := updateSecrets(ctx, tx, a); err != nil {
		return errs.Wrap(err, "set password")
	}
	if _, err := deleteSessions(ctx, tx, a.ID, keep); err != nil {
		return errs.Wrap(err, "set password")
	}
	if err := deleteBucket(ctx, tx, bucket); err != nil {
		return errs.Wrap(err, "set password")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "account.password", Table: "people_accounts", ID: a.ID, By: a.actor()})
}
