package rest

import (
	"strings"
	"sync"
	"unicode"

	"ronde/internal/errs"
)

// Secret is a credential that lies in a file and may be changed there while
// the program runs.
type Secret struct {
	read func() (string, error)

	mu    sync.Mutex // guards value, which several calls read and one renews
	value string
}

// NewSecret reads a credential for the first time; an empty one is an error.
func NewSecret(read func() (string, error)) (*Secret, error) {
	v, err := load(read)
	if err != nil {
		return nil, err
	}
	return &Secret{read: read, value: v}, nil
}

// Value is the credential as it was last read.
func (s *Secret) Value() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.value
}

// Renew reads it again and says whether it is another one than old. What
// cannot be read leaves the value as it was.
func (s *Secret) Renew(old string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value != old {
		return true
	}
	v, err := load(s.read)
	if err != nil || v == old {
		return false
	}
	s.value = v
	return true
}

func load(read func() (string, error)) (string, error) {
	v, err := read()
	if err != nil {
		return "", errs.Wrap(err, "read secret")
	}
	if v = strings.TrimSpace(v); v == "" || strings.ContainsFunc(v, unicode.IsControl) {
		return "", errs.New(errs.Invalid, "err.rest.secret", "read secret: empty, or more than one line")
	}
	return v, nil
}
