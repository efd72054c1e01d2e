package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
	"ronde/internal/errs"
	"ronde/internal/id"
)

// Argon2id as OWASP advises for it; pinned, so that the work does not depend
// on the machine that happens to hash.
var work = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	MinPassword  = 12  // characters; no other rule makes a password better (NIST SP 800-63B)
	maxPassword  = 128 // characters
	inviteGroups = 4   // groups of a one-time password, 80 random bits
	hashers      = 2   // hashes at one time: 19 MiB each
)

// decoy is compared when there is no such account, so that the answer takes
// the same work. It is written down, because making it costs every start of
// the program 30 ms; a test holds it to the parameters of work.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$gcazm4TK9Sc3rWpL5DLNLQ$rZ6CsgMqCrosLURyYMBtGo75p9vhrLIO0AhoV+C/6cI"

// hash waits for its turn: hashing costs memory on purpose.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	if err := s.turn(ctx); err != nil {
		return "", err
	}
	defer func() { <-s.hashing }()
	h, err := argon2id.CreateHash(norm.NFC.String(password), &work)
	return h, errs.Wrap(err, "hash password")
}

// matches compares in constant time. An empty hash is the decoy's.
func (s *Service) matches(ctx context.Context, password, hash string) (bool, error) {
	if err := s.turn(ctx); err != nil {
		return false, err
	}
	defer func() { <-s.hashing }()
	known := hash != ""
	if !known {
		hash = decoy
	}
	if utf8.RuneCountInString(password) > maxPassword {
		password = "" // never a valid password; the work is the same
	}
	same, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	return same && known, errs.Wrap(err, "compare password")
}

func (s *Service) turn(ctx context.Context) error {
	select {
	case s.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errs.As(ctx.Err(), errs.Unavailable, "err.unavailable")
	}
}

// oneTime makes the password with which an account is handed over.
func oneTime() string { return id.Secret(inviteGroups) }

func checkPassword(password, login string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || n > maxPassword:
		return errs.Field("password", "err.people.password_long", "set password: too long", "max", maxPassword)
	case n < MinPassword:
		return errs.Field("password", "err.people.password_short", "set password: too short", "min", MinPassword)
	case login != "" && strings.Contains(strings.ToLower(password), login):
		return errs.Field("password", "err.people.password_login", "set password: holds the login")
	}
	return nil
}
