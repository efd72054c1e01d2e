package people_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/people"
)

func TestSignInStory(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		if ada.Actor.Handle[:2] != "A-" || !ada.Actor.Has(access.Administrator) || ada.Form == "" {
			t.Fatalf("%+v", ada.Session)
		}
		unit := h.unit(ada.Actor, access.RegimePatrol)
		omar := h.hire(ada.Actor, "Omar", unit, access.PatrolOfficer)
		if omar.Actor.Handle[:2] != "P-" || omar.Actor.Unit != unit {
			t.Fatalf("%+v", omar.Actor)
		}
		_, err := h.SignIn(ctx, "omar", "not the password", "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		again := h.signIn(omar)
		got, err := h.Actor(ctx, again.Token)
		check(t, err)
		if got.Person != omar.Actor.Person || got.Handle != omar.Actor.Handle {
			t.Fatalf("%+v", got)
		}
		check(t, h.SignOut(ctx, again.Token))
		_, err = h.Actor(ctx, again.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		if _, err := h.Actor(ctx, omar.Token); err != nil {
			t.Fatalf("the other session ended too: %v", err)
		}
		said := strings.Join(h.verbs(), "\n")
		for _, w := range []string{"people.create machine:console " + ada.Actor.Handle, "people.sign-in " + omar.Actor.Handle,
			"people.sign-in-failed " + omar.Actor.Handle + " password", "people.sign-out " + omar.Actor.Handle} {
			if !strings.Contains(said, w) {
				t.Errorf("ledger does not say %q in\n%s", w, said)
			}
		}
	})
}

func TestOneTimePasswordWorksOnceAndForAWeek(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first, err := h.CreateFirst(ctx, people.NewAccount{Name: "Ada Fictive", Login: "ada"})
		check(t, err)
		ada := h.enrol("ada", first.Password)
		_, err = h.SignIn(ctx, "ada", first.Password, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		late, err := h.Create(ctx, ada.Actor, people.NewAccount{Name: "Eva Fictive", Login: "eva", Roles: []access.Role{access.Auditor}})
		check(t, err)
		h.clock.Move(7*24*time.Hour + time.Minute)
		_, err = h.SignIn(ctx, "eva", late.Password, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
	})
}

func TestThrottleByLogin(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		for _, login := range []string{"ada", "nobody"} { // existing or not, the answers are the same
			for i := range 5 {
				_, err := h.SignIn(ctx, login, "wrong", "10.0.0.9")
				if errs.KindOf(err) != errs.Denied {
					t.Fatalf("%s, try %d: %v", login, i, err)
				}
			}
			_, err := h.SignIn(ctx, login, good, "10.0.0.9")
			want(t, err, errs.Limit, "err.people.throttled")
			h.clock.Move(14 * time.Minute) // a try in the window does not make it longer
			_, err = h.SignIn(ctx, login, good, "10.0.0.9")
			want(t, err, errs.Limit, "err.people.throttled")
			h.clock.Move(2 * time.Minute)
		}
		h.signIn(ada)
	})
}

func TestThrottleByAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.first()
		for i := range 50 {
			if _, err := h.SignIn(ctx, "login"+string(rune('a'+i%26))+string(rune('a'+i/26)), "wrong", "10.0.0.9"); errs.KindOf(err) != errs.Denied {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		_, err := h.SignIn(ctx, "ada", good, "10.0.0.9")
		want(t, err, errs.Limit, "err.people.throttled")
		if _, err := h.SignIn(ctx, "ada", good, "10.0.0.1"); err != nil {
			t.Fatalf("another address: %v", err)
		}
	})
}

func TestUsedCodeIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		step, err := h.SignIn(ctx, "ada", good, "10.0.0.1")
		check(t, err)
		code := h.code(ada)
		_, err = h.ConfirmTOTP(ctx, step.Token, code)
		check(t, err)
		step, err = h.SignIn(ctx, "ada", good, "10.0.0.1")
		check(t, err)
		_, err = h.ConfirmTOTP(ctx, step.Token, code) // seen over a shoulder
		want(t, err, errs.Invalid, "err.people.code")
		for range 4 {
			_, err = h.ConfirmTOTP(ctx, step.Token, "000000")
			want(t, err, errs.Invalid, "err.people.code")
		}
		h.clock.Move(time.Minute)
		_, err = h.ConfirmTOTP(ctx, step.Token, h.code(ada))
		want(t, err, errs.Limit, "err.people.throttled")
		h.clock.Move(15 * time.Minute)
		_, err = h.ConfirmTOTP(ctx, step.Token, h.code(ada))
		want(t, err, errs.Lapsed, "err.people.late") // the password is asked again
	})
}

func TestPendingSignInIsNoSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.first()
		step, err := h.SignIn(ctx, "ada", good, "10.0.0.1")
		check(t, err)
		_, err = h.Actor(ctx, step.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.EnrolTOTP(ctx, step.Token)
		want(t, err, errs.Lapsed, "err.people.late") // else a thief with the password could bring their own phone
	})
}

// A login that does not exist costs the same hash as a wrong password. Without
// it the answer would come a hundred times faster.
func TestUnknownLoginSameWork(t *testing.T) {
	h := newHouseOn(t)
	h.first()
	measure := func(login string) time.Duration {
		var all []time.Duration
		for range 5 {
			begin := time.Now()
			_, err := h.SignIn(ctx, login, "wrong password here", "10.0.0.1")
			all = append(all, time.Since(begin))
			want(t, err, errs.Denied, "err.people.sign_in")
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	known, unknown := measure("ada"), measure("nobody")
	if unknown < known/3 || known < unknown/3 {
		t.Errorf("known login %v, unknown %v", known, unknown)
	}
}

func newHouseOn(t *testing.T) *house {
	c := dbtest.NewClock()
	return newHouse(t, dbtest.SQLite(t, c), c)
}
