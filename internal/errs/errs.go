// Package errs is the one error type that crosses a border between rooms.
//
// It owns the few kinds an error can have and the message key that people are
// shown instead of the cause. It promises that an unknown error counts as
// [Internal] and that the cause stays for the log. It does not translate,
// log, or decide a status code: the doors do.
package errs

import (
	"errors"
	"fmt"
)

// Kind says what the caller can do about an error.
type Kind int

// The kinds. NotFound is also the answer to those who may not know that a
// thing exists (design 6: a constant answer).
const (
	Internal    Kind = iota // ours: say sorry, keep a reference
	Invalid                 // the input is wrong: show what to change
	NotFound                // nothing there, or nothing you may know of
	Denied                  // you may know of it, but not do this
	Conflict                // somebody else was first, or the state moved on
	Lapsed                  // the mandate, session or permit has ended
	Limit                   // too much or too often
	Unavailable             // a part of the house does not answer now
)

var kindNames = [...]string{"internal", "invalid", "not found", "denied", "conflict", "lapsed", "limit", "unavailable"}

func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "internal"
	}
	return kindNames[k]
}

// Error carries a kind, a catalogue key for people ("err.mandate.lapsed"),
// name/value pairs for that message, and the cause for the log.
type Error struct {
	Kind  Kind
	Key   string
	Args  []any
	Field string // the form field that is wrong, if one is
	Err   error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Kind.String() + ": " + e.Key
	}
	return e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a kind. The text is for the log: lower case, verb and
// object ("approve mandate: drafter may not approve").
func New(kind Kind, key, text string, args ...any) error {
	return &Error{Kind: kind, Key: key, Args: args, Err: errors.New(text)}
}

// Field makes an Invalid error that belongs to one form field.
func Field(field, key, text string, args ...any) error {
	return &Error{Kind: Invalid, Key: key, Args: args, Field: field, Err: errors.New(text)}
}

// Wrap adds "verb object: " once at a border and keeps kind and key.
func Wrap(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// As gives err a kind and key, with err as its cause.
func As(err error, kind Kind, key string, args ...any) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: kind, Key: key, Args: args, Err: err}
}

// KindOf returns the kind of the outermost Error in the chain; Internal when
// there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Message returns the key and arguments that people are shown.
func Message(err error) (key string, args []any) {
	var e *Error
	if errors.As(err, &e) && e.Key != "" {
		return e.Key, e.Args
	}
	return "err.internal", nil
}

// FieldOf returns the form field the error belongs to, or "".
func FieldOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

// Is reports whether err is of that kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
