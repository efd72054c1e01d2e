package watch

import (
	"testing"

	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
)

func TestGradesAreOfASystem(t *testing.T) {
	for text, want := range map[string]bool{"A1": true, "X4": true, "D1": false, "B5": false, "admiralty F6": true, "admiralty X1": false, "admiralty B7": false,
		"4x4 B2": true, "B22": false, "": false, "b2": false, "gut feeling": false} {
		g, ok := ReadGrade(text)
		if ok != want {
			t.Errorf("%q: %v", text, ok)
		}
		if again, ok2 := ReadGrade(g.String()); ok && (!ok2 || again != g) {
			t.Errorf("%q becomes %q", text, g.String())
		}
	}
}

// The grade that an analyst sets goes along, and a second person who read
// another one reads again.
func TestWhoConfirmsConfirmsWhatTheyRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		must(t, w.Verdict(ctx, analyst, a.ID, VerdictOffer, "prix"))
		if err := w.AskLeave(ctx, analyst, a.ID, "case", "", "offre"); errs.FieldOf(err) != "grade" {
			t.Fatalf("ungraded: %v", err)
		}
		if err := w.SetGrade(ctx, analyst, a.ID, "admiralty Z1"); errs.FieldOf(err) != "grade" {
			t.Fatalf("no such grade: %v", err)
		}
		w.mustRefuse("an investigator grades", w.SetGrade(ctx, sleuth, a.ID, "admiralty B2"))
		must(t, w.SetGrade(ctx, analyst, a.ID, "admiralty B2"))
		must(t, w.AskLeave(ctx, analyst, a.ID, "case", "", "offre"))
		read := func() string {
			v, err := w.Open(ctx, sleuth, a.ID)
			must(t, err)
			return v.Seen
		}
		moved := func(what, seen string) {
			t.Helper()
			err := w.ConfirmLeave(ctx, sleuth, a.ID, seen)
			if key, _ := errs.Message(err); !errs.Is(err, errs.Conflict) || key != "err.alert.moved" {
				t.Errorf("%s: %v", what, err)
			}
		}
		first := read()
		moved("nothing was read", "")
		must(t, w.SetGrade(ctx, second, a.ID, "admiralty E5"))
		moved("the grade changed", first)
		again := read()
		must(t, w.MarkMinor(ctx, second, a.ID, true, "parle du collège"))
		moved("a mark was set", again)
		again = read()
		must(t, w.RefuseLeave(ctx, lead, a.ID, "préciser"))
		must(t, w.AskLeave(ctx, second, a.ID, "partner", "", "offre précisée"))
		moved("another asks for something else", again)
		again = read()
		repost := offer(1)
		repost.ID = "again"
		if r := w.judged(repost); r.Reposts != 1 {
			t.Fatalf("%+v", r)
		}
		must(t, w.ConfirmLeave(ctx, sleuth, a.ID, again))
		v, err := w.Open(ctx, sleuth, a.ID)
		must(t, err)
		if v.Grade != "admiralty E5" || v.To != "partner" || v.State != Left {
			t.Errorf("%+v", v.Alert)
		}
		if err := w.SetGrade(ctx, analyst, a.ID, "A1"); !errs.Is(err, errs.Conflict) {
			t.Errorf("graded after it left: %v", err)
		}
		w.accounted()
	})
}
