package people_test

import (
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/errs"
)

func TestSessionEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		idle := h.signIn(ada)
		h.clock.Move(31 * time.Minute)
		_, err := h.Actor(ctx, idle.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		busy := h.signIn(ada)
		for range 29 { // a shift at work
			h.clock.Move(20 * time.Minute)
			if _, err := h.Actor(ctx, busy.Token); err != nil {
				t.Fatal(err)
			}
		}
		h.clock.Move(25 * time.Minute)
		_, err = h.Actor(ctx, busy.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		check(t, h.Sweep(ctx))
	})
}

func TestKilledSessionEndsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		h.signIn(eva)
		n, err := h.KillSessions(ctx, ada.Actor, eva.Actor.Person)
		check(t, err)
		if n != 2 {
			t.Fatalf("killed %d", n)
		}
		_, err = h.Actor(ctx, eva.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.KillSessions(ctx, eva.Actor, ada.Actor.Person)
		want(t, err, errs.Denied, "err.denied")
		eva.Session = h.signIn(eva)
		check(t, h.Disable(ctx, ada.Actor, eva.Actor.Person))
		_, err = h.Actor(ctx, eva.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.SignIn(ctx, "eva", good, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		want(t, h.Disable(ctx, ada.Actor, ada.Actor.Person), errs.Conflict, "err.people.last_administrator")
	})
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		other := h.signIn(ada)
		want(t, h.SetPassword(ctx, ada.Token, "wrong one entirely", "another long password"), errs.Invalid, "err.people.old_password")
		want(t, h.SetPassword(ctx, ada.Token, good, "short"), errs.Invalid, "err.people.password_short")
		want(t, h.SetPassword(ctx, ada.Token, good, "long but with Ada in it"), errs.Invalid, "err.people.password_login")
		check(t, h.SetPassword(ctx, ada.Token, good, "another long passphrase"))
		if _, err := h.Actor(ctx, ada.Token); err != nil {
			t.Fatal(err)
		}
		_, err := h.Actor(ctx, other.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.SignIn(ctx, "ada", good, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
	})
}

func TestResetForgetsThePhone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		again, err := h.Reset(ctx, ada.Actor, eva.Actor.Person)
		check(t, err)
		_, err = h.Actor(ctx, eva.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.SignIn(ctx, "eva", good, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		h.enrol("eva", again.Password)
		_, err = h.FromConsole(ctx, "reset", "eva")
		want(t, err, errs.Denied, "err.denied")
		lost, err := h.FromConsole(ctx, "reset", "ADA")
		check(t, err)
		h.enrol("ada", lost.Password)
		if _, err := h.FromConsole(ctx, "kill", "eva"); err != nil {
			t.Fatal(err)
		}
	})
}
