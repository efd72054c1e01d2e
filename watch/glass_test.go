package watch

import (
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
)

var (
	auditor = access.Actor{Person: "per_u", Handle: "A-03", Roles: []access.Role{access.Auditor}}
	menace  = "menace de mort contre un enfant, ce soir"
)

func TestBreakGlass(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		for reason, key := range map[string]string{"": "err.required", "urgent": "err.too_short"} {
			err := w.BreakGlass(ctx, analyst, a.ID, "case", "A1", reason)
			if got, _ := errs.Message(err); errs.FieldOf(err) != "reason" || got != key {
				t.Fatalf("%q: %v", reason, err)
			}
		}
		w.mustRefuse("an investigator breaks it", w.BreakGlass(ctx, sleuth, a.ID, "case", "A1", menace))
		must(t, w.BreakGlass(ctx, analyst, a.ID, "case", "A1", menace))
		due, err := w.List(ctx, lead, Filter{Review: true})
		must(t, err)
		if len(due) != 1 || !due[0].Glass || due[0].ReviewBy <= c.Now() || due[0].ReviewBy > c.Now()+day+1_000_000 {
			t.Fatalf("%+v", due)
		}
		for name, by := range map[string]access.Actor{"the lead": lead, "an auditor": auditor} {
			list, err := w.Glasses(ctx, by)
			must(t, err)
			if len(list) != 1 || list[0].Reason != menace || list[0].By != analyst.Handle || list[0].Own || list[0].Overdue(c.Now()) {
				t.Fatalf("%s reads %+v", name, list)
			}
		}
		_, err = w.Glasses(ctx, second)
		w.mustRefuse("an analyst lists them", err)
		w.mustRefuse("the auditor opens the post", func() error { _, err := w.Open(ctx, auditor, a.ID); return err }())
		breaker := analyst
		breaker.Roles = append(breaker.Roles, access.DutyLead)
		own, err := w.Glasses(ctx, breaker)
		must(t, err)
		if len(own) != 1 || !own[0].Own {
			t.Fatalf("who broke it reads %+v", own)
		}
		w.mustRefuse("its breaker reviews it", w.ReviewGlass(ctx, breaker, a.ID, "justifié"))
		w.mustRefuse("another analyst reviews it", w.ReviewGlass(ctx, second, a.ID, "justifié"))
		c.Move(25 * time.Hour)
		list, err := w.Glasses(ctx, auditor)
		must(t, err)
		if !list[0].Overdue(c.Now()) {
			t.Error("a day later nobody is reminded")
		}
		must(t, w.ReviewGlass(ctx, auditor, a.ID, "justifié par la menace"))
		if due, err = w.List(ctx, lead, Filter{Review: true}); err != nil || len(due) != 0 {
			t.Fatalf("%+v %v", due, err)
		}
		list, err = w.Glasses(ctx, lead)
		must(t, err)
		if list[0].Overdue(c.Now()) || list[0].Reviewer != auditor.Handle || list[0].Review != "justifié par la menace" {
			t.Errorf("%+v", list[0])
		}
		if err := w.ReviewGlass(ctx, lead, a.ID, "encore"); !errs.Is(err, errs.Conflict) {
			t.Errorf("reviewed twice: %v", err)
		}
		w.accounted()
	})
}

// A glass broken at the end of an alert's time leaves the time to review it.
func TestGlassOutlivesTheAlertsTerm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		c.Move(13*24*time.Hour + 23*time.Hour)
		must(t, w.BreakGlass(ctx, analyst, a.ID, "case", "A1", menace))
		c.Move(20 * time.Hour)
		_, err := w.PurgeLapsed(ctx)
		must(t, err)
		must(t, w.ReviewGlass(ctx, lead, a.ID, "justifié"))
	})
}
