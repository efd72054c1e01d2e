package errs

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindSurvivesWrapping(t *testing.T) {
	err := Wrap(New(Lapsed, "err.mandate.lapsed", "check permit: mandate lapsed", "end", 5), "judge post")
	if got := KindOf(err); got != Lapsed {
		t.Fatalf("kind = %v", got)
	}
	if key, args := Message(err); key != "err.mandate.lapsed" || len(args) != 2 {
		t.Fatalf("message = %s %v", key, args)
	}
	if err.Error() != "judge post: check permit: mandate lapsed" {
		t.Fatalf("text = %q", err)
	}
}

func TestUnknownIsInternalAndSaysNothing(t *testing.T) {
	err := fmt.Errorf("open keys: %w", errors.New("secret path"))
	if KindOf(err) != Internal {
		t.Fatal("unknown error is not internal")
	}
	if key, _ := Message(err); key != "err.internal" {
		t.Fatalf("key = %s", key)
	}
}

func TestFieldIsKept(t *testing.T) {
	err := As(Field("end", "err.mandate.end", "end before start"), Invalid, "")
	if FieldOf(errors.Unwrap(err)) != "end" {
		t.Fatal("field lost")
	}
}

func TestNilStaysNil(t *testing.T) {
	if Wrap(nil, "x") != nil || As(nil, Limit, "k") != nil || Is(nil, Internal) {
		t.Fatal("nil became an error")
	}
}
