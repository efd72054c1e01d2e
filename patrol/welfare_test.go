package patrol_test

import (
	"bytes"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/ledger"
	"ronde/patrol"
)

// How long somebody looked is theirs alone: no other person, role or ledger
// knows of it.
func TestLookingIsCountedForThePersonAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		before, err := h.book.ReadPage(ctx, ledger.Filter{})
		must(t, err)
		must(t, h.SetCalm(ctx, analyst, patrol.Calm{Blur: true, Grey: true}))
		for range 11 {
			must(t, h.Looked(ctx, analyst, time.Hour)) // somebody who went away: five minutes
			c.Move(5 * time.Minute)
		}
		w, err := h.Welfare(ctx, analyst)
		must(t, err)
		if !w.Blur || !w.Grey || w.Mute || w.Hour != 55*time.Minute || w.Today != 55*time.Minute || !w.Break() {
			t.Errorf("%+v", w)
		}
		after, err := h.book.ReadPage(ctx, ledger.Filter{})
		must(t, err)
		if len(after) != len(before) {
			t.Errorf("%d events tell of it", len(after)-len(before))
		}
		for _, by := range []access.Actor{lead, officer, {Person: "per_aud", Handle: "C-1", Roles: []access.Role{access.Auditor}}, {Person: "per_adm", Handle: "A-1", Roles: []access.Role{access.Administrator}}} {
			other, err := h.Welfare(ctx, by)
			if err != nil || other != (patrol.Welfare{}) {
				t.Errorf("%s reads %+v, %v", by.Handle, other, err)
			}
		}
		if _, err := h.Welfare(ctx, access.AsCitizen()); err == nil {
			t.Error("a citizen reads it")
		}
		// The row does not say whose it is, nor how long.
		var id string
		var sealed []byte
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, "SELECT id, sealed FROM patrol_welfare").Scan(&id, &sealed)
		}))
		if bytes.Contains([]byte(id), []byte(analyst.Person)) || bytes.Contains(sealed, []byte("seconds")) || bytes.Contains(sealed, []byte("2026")) {
			t.Errorf("%s %q", id, sealed)
		}
		// An hour without, and the break is over; a week, and it is forgotten.
		c.Move(time.Hour)
		if w, _ := h.Welfare(ctx, analyst); w.Break() || w.Hour != 0 || w.Week != 55*time.Minute {
			t.Errorf("%+v", w)
		}
		c.Move(8 * 24 * time.Hour)
		must(t, h.Looked(ctx, analyst, time.Minute))
		if w, _ := h.Welfare(ctx, analyst); w.Week != time.Minute || !w.Blur {
			t.Errorf("%+v", w)
		}
		must(t, h.ForgetLooked(ctx, analyst))
		if w, _ := h.Welfare(ctx, analyst); w.Week != 0 || w.Hour != 0 || !w.Grey {
			t.Errorf("%+v", w)
		}
	})
}
