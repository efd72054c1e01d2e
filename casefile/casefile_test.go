package casefile_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ronde/access"
	"ronde/casefile"
	. "ronde/casefile/casefiletest"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/watch"
)

var ctx = context.Background()

// each tells a story on both engines; afterwards everything fits.
func each(t *testing.T, story func(t *testing.T, h *House)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := Open(t, d, c)
		story(t, h)
		h.Fits()
	})
}

func wants(t testing.TB, err error, kind errs.Kind, key string) {
	t.Helper()
	if got, _ := errs.Message(err); !errs.Is(err, kind) || got != key {
		t.Fatalf("got %v (%s), want %s %s", err, got, kind, key)
	}
}

func TestAlertBecomesACaseOnlyAfterTwoPeople(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		id := h.Alert(1)
		refused := func(when string) {
			t.Helper()
			for _, by := range []access.Actor{Iris, Paul} {
				if _, err := h.Cases.OpenFromAlert(ctx, by, id, Opening()); err == nil {
					t.Fatalf("%s: %s opened a case", when, by.Handle)
				}
			}
		}
		refused("raised")
		h.Must(h.Watch.Verdict(ctx, Yann, id, watch.VerdictOffer, "produit et arrivage"))
		refused("confirmed")
		h.Must(h.Watch.AskLeave(ctx, Yann, id, "case", "B2", "à transmettre"))
		refused("asked by one")
		asked, err := h.Watch.Open(ctx, Iris, id)
		h.Must(err)
		if err := h.Watch.ConfirmLeave(ctx, Yann, id, asked.Seen); err == nil {
			t.Fatal("one person let it out alone")
		}
		h.Must(h.Watch.ConfirmLeave(ctx, Iris, id, asked.Seen))
		if _, err := h.Cases.OpenFromAlert(ctx, Yann, id, Opening()); err == nil {
			t.Fatal("an analyst opened a case")
		}
		if keys, blobs := h.Files("exh"); keys+blobs != 0 {
			t.Fatalf("refusals left %d keys and %d blobs", keys, blobs)
		}
		if keys, _ := h.Files("cas"); keys != 0 {
			t.Fatalf("refusals left %d keys of cases", keys)
		}
		c := h.FromAlert(id)
		if c.State != casefile.Open || c.Number != "2026-0001" || c.Unit != Iris.Unit || c.Lead != "I-09" || c.Mandate != h.Mandate || c.Category != "drugs-offer" || c.ReviewAt != c.OpenedAt+90*24*time.Hour.Microseconds() {
			t.Fatalf("%+v", c)
		}
		v, err := h.Cases.Open(ctx, Iris, c.ID)
		h.Must(err)
		if v.Title != Opening().Title || v.Basis != Opening().Basis || len(v.Exhibits) != 1 || v.Exhibits[0].Permit != h.Mandate {
			t.Fatalf("%+v", v)
		}
		if len(v.Notes) != 1 || v.Notes[0].Text != "4x4 B2\nà transmettre" || v.Notes[0].Standing != casefile.Assessment || v.Notes[0].Author != Yann.Handle {
			t.Errorf("the grade did not come along: %+v", v.Notes)
		}
		x, of, custody, err := h.Cases.Exhibit(ctx, Iris, v.Exhibits[0].ID)
		h.Must(err)
		if of.ID != c.ID || !strings.Contains(string(x.Bytes), "kanaripost arrivage neige lot 1") || fmt.Sprintf("%x", sha256.Sum256(x.Bytes)) != x.SHA256 || len(custody) != 2 {
			t.Fatalf("%s %+v", x.Bytes, custody)
		}
		if got := h.Verbs("watch_alerts/" + id); got[len(got)-1] != "I-09 alert.take-in" {
			t.Errorf("the watch was told: %q", got)
		}
		if got := h.Verbs("casefile_cases/" + c.ID); !slices.Equal(got, []string{"I-09 case.create", "I-09 case.open"}) {
			t.Errorf("%q", got)
		}
	})
}

func TestAlertIsInOneCaseOnly(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		id := h.Left(1)
		const people = 8
		var all sync.WaitGroup
		var made [people]error
		for i := range people {
			all.Go(func() {
				_, made[i] = h.Cases.OpenFromAlert(ctx, Iris, id, Opening())
			})
		}
		all.Wait()
		won := 0
		for _, err := range made {
			switch {
			case err == nil:
				won++
			case !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.NotFound):
				t.Errorf("the loser was told: %v", err)
			}
		}
		cases, _ := h.Files("cas")
		keys, blobs := h.Files("exh")
		if won != 1 || cases != 1 || keys != 1 || blobs != 1 {
			t.Fatalf("%d cases won, %d case keys, %d exhibit keys, %d blobs: %v", won, cases, keys, blobs, made)
		}
	})
}

func TestConversationIsInOneCaseOnly(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		id := h.Writes("kanaritip On m’a proposé de garder un sac")
		var all sync.WaitGroup
		var made [6]error
		for i := range made {
			all.Go(func() { _, made[i] = h.Cases.OpenFromConversation(ctx, Maud, id, Opening()) })
		}
		all.Wait()
		won := 0
		for _, err := range made {
			if err == nil {
				won++
			} else if !errs.Is(err, errs.Conflict) {
				t.Errorf("the loser was told %s: %v", errs.KindOf(err), err)
			}
		}
		cases, _ := h.Files("cas")
		keys, blobs := h.Files("exh")
		if won != 1 || cases != 1 || keys != 1 || blobs != 1 {
			t.Fatalf("%d won, %d %d %d: %v", won, cases, keys, blobs, made)
		}
	})
}

// A case of another unit is answered exactly like one that does not exist.
func TestNeedToKnow(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		c := h.FromAlert(h.Left(1))
		v, err := h.Cases.Open(ctx, Iris, c.ID)
		h.Must(err)
		exhibit := v.Exhibits[0].ID
		acts := map[string]func(by access.Actor, caseID, exhibitID string) error{
			"open":    func(by access.Actor, id, _ string) error { _, err := h.Cases.Open(ctx, by, id); return err },
			"note":    func(by access.Actor, id, _ string) error { return h.Cases.Note(ctx, by, id, casefile.Fact, "vu") },
			"close":   func(by access.Actor, id, _ string) error { return h.Cases.Close(ctx, by, id, "no-action") },
			"exhibit": func(by access.Actor, _, id string) error { _, _, _, err := h.Cases.Exhibit(ctx, by, id); return err },
		}
		h.Must(h.Cases.Stand(ctx, c.ID, Igor.Handle, "denied"))
		none, noExhibit := strings.Replace(c.ID, "cas_0", "cas_1", 1), strings.Replace(exhibit, "exh_0", "exh_1", 1)
		for _, by := range []access.Actor{Ines, Noor, Maud, Yann, Ada, Igor} {
			for name, act := range acts {
				there, nowhere := act(by, c.ID, exhibit), act(by, none, noExhibit)
				if there == nil || nowhere == nil {
					t.Fatalf("%s may %s: %v %v", by.Handle, name, there, nowhere)
				}
				key1, args1 := errs.Message(there)
				key2, args2 := errs.Message(nowhere)
				if errs.KindOf(there) != errs.KindOf(nowhere) || key1 != key2 || len(args1) != len(args2) {
					t.Errorf("%s %s: %s %s where it is, %s %s where none is", by.Handle, name, errs.KindOf(there), key1, errs.KindOf(nowhere), key2)
				}
			}
			list, err := h.Cases.List(ctx, by, "")
			if len(list) != 0 || err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Denied) {
				t.Errorf("%s sees %d: %v", by.Handle, len(list), err)
			}
		}
		if list, err := h.Cases.List(ctx, Iris, ""); err != nil || len(list) != 1 || list[0].Title == "" {
			t.Errorf("its lead sees %+v: %v", list, err)
		}
		// Let in by name, somebody of another unit works on it; not on others.
		h.FromAlert(h.Left(2))
		h.Must(h.Cases.Stand(ctx, c.ID, Ines.Handle, "member"))
		if list, err := h.Cases.List(ctx, Ines, ""); err != nil || len(list) != 1 || list[0].ID != c.ID {
			t.Errorf("a member sees %+v: %v", list, err)
		}
		for name, act := range acts {
			if err := act(Ines, c.ID, exhibit); err != nil && name != "note" { // closed before, perhaps
				t.Errorf("a member may not %s: %v", name, err)
			}
		}
		// Denied wins over unit and name: "denied" is one row, the last word.
		h.Must(h.Cases.Stand(ctx, c.ID, Ines.Handle, "denied"))
		_, err = h.Cases.Open(ctx, Ines, c.ID)
		wants(t, err, errs.NotFound, "err.not_found")
		if list, err := h.Cases.List(ctx, Igor, ""); err != nil || len(list) != 1 {
			t.Errorf("a colleague denied one case sees %d of two: %v", len(list), err)
		}
	})
}

func TestNotesKeepFactsAndAssessmentsApart(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		c := h.FromConversation(h.Writes("kanaritip un sac"))
		h.Must(h.Cases.Note(ctx, Maud, c.ID, casefile.Fact, "kanarifact Le sac a été vu"))
		h.Clock.Move(time.Second)
		h.Must(h.Cases.Note(ctx, Maud, c.ID, casefile.Assessment, "kanariguess Probablement un test"))
		for _, bad := range []struct{ standing, text, field, key string }{
			{"", "x", "standing", "err.required"}, {"rumour", "x", "standing", "err.required"}, {casefile.Fact, "", "text", "err.required"},
			{casefile.Fact, "\xff", "text", "err.text.invalid"}, {casefile.Fact, strings.Repeat("é", casefile.MaxText+1), "text", "err.too_long"},
		} {
			err := h.Cases.Note(ctx, Maud, c.ID, bad.standing, bad.text)
			wants(t, err, errs.Invalid, bad.key)
			if errs.FieldOf(err) != bad.field {
				t.Errorf("field %q", errs.FieldOf(err))
			}
		}
		v, err := h.Cases.Open(ctx, Maud, c.ID)
		h.Must(err)
		if len(v.Notes) != 2 || v.Notes[0].Standing != casefile.Fact || v.Notes[0].Text != "kanarifact Le sac a été vu" || v.Notes[1].Standing != casefile.Assessment || v.Notes[1].Author != "P-01" {
			t.Fatalf("%+v", v.Notes)
		}
		if err := h.Cases.Close(ctx, Maud, c.ID, "arrested"); errs.FieldOf(err) != "outcome" {
			t.Fatalf("an outcome of its own: %v", err)
		}
		h.Must(h.Cases.Close(ctx, Maud, c.ID, "child-welfare"))
		wants(t, h.Cases.Note(ctx, Maud, c.ID, casefile.Fact, "trop tard"), errs.Conflict, "err.case.closed")
		wants(t, h.Cases.Close(ctx, Maud, c.ID, "no-action"), errs.Conflict, "err.case.closed")
		v, err = h.Cases.Open(ctx, Maud, c.ID)
		h.Must(err)
		if len(v.Notes) != 2 || v.State != casefile.Closed || v.Outcome != "child-welfare" || v.ClosedAt == 0 {
			t.Errorf("%+v", v.Case)
		}
		var m map[string]int64
		h.Must(h.DB.Read(ctx, func(tx *db.Tx) (err error) { m, err = h.Cases.Counts(ctx, tx, "2026-01-01", "2026-12-31"); return err }))
		if m["case.conversation"] != 1 || m["case-outcome.child-welfare"] != 1 || len(m) != 2 {
			t.Errorf("counts %v", m)
		}
	})
}

func TestOpeningIsChecked(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		id := h.Writes("kanaritip")
		for field, o := range map[string]casefile.Opening{"title": {Title: "  ", Basis: "x"}, "basis": {Title: "x"}} {
			_, err := h.Cases.OpenFromConversation(ctx, Maud, id, o)
			if wants(t, err, errs.Invalid, "err.required"); errs.FieldOf(err) != field {
				t.Errorf("field %q", errs.FieldOf(err))
			}
		}
		_, err := h.Cases.OpenFromConversation(ctx, Maud, id, casefile.Opening{Title: strings.Repeat("x", casefile.MaxTitle+1), Basis: "x"})
		wants(t, err, errs.Invalid, "err.too_long")
		if keys, _ := h.Files("cas"); keys != 0 {
			t.Errorf("%d keys of cases that were not opened", keys)
		}
	})
}

// What a case took stays as it was sealed, whatever becomes of the source.
func TestSourceGoesTheCaseStays(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		talk := h.Writes("kanaritip On m’a proposé de garder un sac")
		fromTalk, fromAlert := h.FromConversation(talk), h.FromAlert(h.Left(1))
		h.Erases(talk)
		h.Clock.Move(40 * 24 * time.Hour) // the mandate has lapsed, the alert is purged
		_, err := h.Watch.PurgeLapsed(ctx)
		h.Must(err)
		for by, c := range map[*access.Actor]casefile.Case{&Maud: fromTalk, &Iris: fromAlert} {
			v, err := h.Cases.Open(ctx, *by, c.ID)
			h.Must(err)
			x, _, _, err := h.Cases.Exhibit(ctx, *by, v.Exhibits[0].ID)
			h.Must(err)
			if !strings.Contains(string(x.Bytes), "kanari") {
				t.Errorf("%s: %q", c.FromKind, x.Bytes)
			}
		}
		_, err = h.Cases.OpenFromConversation(ctx, Maud, talk, Opening())
		wants(t, err, errs.NotFound, "err.erased")
		_, err = h.Cases.OpenFromAlert(ctx, Iris, fromAlert.FromID, Opening())
		if err == nil {
			t.Error("a purged alert opened a case")
		}
	})
}

// The mandate ends between the alert's leave and the case: nothing is sealed.
func TestLapsedMandateSealsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		id := h.Left(1)
		h.Must(h.Mandates.Suspend(ctx, Helene, h.Mandate, "à revoir"))
		_, err := h.Cases.OpenFromAlert(ctx, Iris, id, Opening())
		wants(t, err, errs.Lapsed, "err.mandate.suspended")
		cases, blobs := h.Files("cas")
		if keys, _ := h.Files("exh"); cases+keys+blobs != 0 {
			t.Errorf("%d %d %d", cases, keys, blobs)
		}
		h.Must(h.Mandates.Resume(ctx, Helene, h.Mandate, "revu"))
		h.FromAlert(id)
	})
}

// A failure after the bytes were sealed leaves no key, no blob and no row.
func TestFailureLeavesNothingBehind(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		first := h.FromConversation(h.Writes("kanaritip premier"))
		id := h.Writes("kanaritip second")
		census := func() string {
			cases, blobs := h.Files("cas")
			keys, _ := h.Files("exh")
			return fmt.Sprintf("%d case keys, %d exhibit keys, %d blobs", cases, keys, blobs)
		}
		before := census()
		// The number of the case is taken: the transaction fails at its last step but one.
		if n := h.Exec(ctx, "UPDATE casefile_cases SET opened_at = 0"); n != 1 {
			t.Fatal(n)
		}
		if _, err := h.Cases.OpenFromConversation(ctx, Maud, id, Opening()); err == nil {
			t.Fatal("two cases have one number")
		}
		h.Exec(ctx, "UPDATE casefile_cases SET opened_at = $1", first.OpenedAt)
		if after := census(); after != before {
			t.Errorf("left behind: %s, before %s", after, before)
		}
		// The blobs cannot be written at all.
		h.Must(os.Rename(filepath.Join(h.Dir, "blobs", "exhibit"), filepath.Join(h.Dir, "away")))
		h.Must(os.WriteFile(filepath.Join(h.Dir, "blobs", "exhibit"), nil, 0o600))
		_, err := h.Cases.OpenFromConversation(ctx, Maud, id, Opening())
		if err == nil {
			t.Fatal("a case without its exhibit")
		}
		h.Must(os.Remove(filepath.Join(h.Dir, "blobs", "exhibit")))
		h.Must(os.Rename(filepath.Join(h.Dir, "away"), filepath.Join(h.Dir, "blobs", "exhibit")))
		if after := census(); after != before {
			t.Errorf("left behind: %s, before %s", after, before)
		}
		// Whoever asked went away.
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := h.Cases.OpenFromConversation(gone, Maud, id, Opening()); err == nil {
			t.Error("opened for nobody")
		}
		if after := census(); after != before {
			t.Errorf("left behind: %s, before %s", after, before)
		}
		h.FromConversation(id)
	})
}

// A case that came of coded exploitation is as closed as the alert was: to
// colleagues of the unit it is as nothing, unless they are trained for it or
// work on it by name.
func TestCaseOfExploitationIsForSpecialisedStaff(t *testing.T) {
	each(t, func(t *testing.T, h *House) {
		id := h.Left(1)
		h.Must(h.DB.Write(ctx, func(tx *db.Tx) error { // the second of its categories
			_, err := tx.Exec(ctx, "UPDATE watch_alerts SET categories = 'drugs-offer,exploitation-coded' WHERE id = $1", id)
			return err
		}))
		if _, err := h.Cases.OpenFromAlert(ctx, Iris, id, Opening()); !errs.Is(err, errs.NotFound) {
			t.Fatalf("who is not trained took it in: %v", err)
		}
		trained := Iris
		trained.Roles = append([]access.Role{access.Specialised}, Iris.Roles...)
		c, err := h.Cases.OpenFromAlert(ctx, trained, id, Opening())
		h.Must(err)
		if c.Category != "exploitation-coded" || !c.Guarded() {
			t.Fatalf("%+v", c)
		}
		v, err := h.Cases.Open(ctx, trained, c.ID)
		h.Must(err)
		sees := func(by access.Actor) bool {
			list, err := h.Cases.List(ctx, by, "")
			h.Must(err)
			_, open := h.Cases.Open(ctx, by, c.ID)
			_, _, _, exhibit := h.Cases.Exhibit(ctx, by, v.Exhibits[0].ID)
			if (len(list) == 1) != (open == nil) || (open == nil) != (exhibit == nil) || open != nil && (!errs.Is(open, errs.NotFound) || !errs.Is(exhibit, errs.NotFound)) {
				t.Errorf("%s: %d listed, opened: %v, exhibit: %v", by.Handle, len(list), open, exhibit)
			}
			return open == nil
		}
		igor := Igor
		igor.Roles = append([]access.Role{access.Specialised}, Igor.Roles...)
		if sees(Igor) || !sees(igor) || !sees(trained) {
			t.Error("the unit sees it, or who is trained does not")
		}
		if err := h.Cases.Note(ctx, Igor, c.ID, casefile.Fact, "vu"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague notes: %v", err)
		}
		h.Must(h.Cases.Stand(ctx, c.ID, Igor.Handle, "member"))
		if !sees(Igor) {
			t.Error("who works on it by name does not see it")
		}
	})
}
