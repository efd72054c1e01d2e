package logbook

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
)

var (
	ctx   = context.Background()
	agnes = access.Actor{Person: "per_1", Handle: "P-7", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}
	bruno = access.Actor{Person: "per_2", Handle: "P-9", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}
	far   = access.Actor{Person: "per_3", Handle: "P-30", Unit: "uni_2", Roles: []access.Role{access.DutyLead}}
	root  = access.Actor{Person: "per_4", Handle: "R-1", Roles: []access.Role{access.Administrator}}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Fatalf("got %v, want %s", err, kind)
	}
}

// each opens a house on both engines; afterwards the ledger must prove itself.
func each(t *testing.T, story func(*testing.T, *Service, *dbtest.Clock)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		dir := t.TempDir()
		keys, err := seal.Open(filepath.Join(dir, "keys"), bytes.Repeat([]byte{7}, 32))
		must(t, err)
		blobs, err := blob.Open(filepath.Join(dir, "blobs"))
		must(t, err)
		book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
		must(t, err)
		story(t, New(d, keys, book), c)
		_, err = book.Sequence(ctx)
		must(t, err)
		proof, err := ledger.Prove(ctx, d, blobs, Accounted)
		must(t, err)
		for _, p := range proof.Problems {
			t.Error(p)
		}
	})
}

func visit(c *dbtest.Clock) In {
	return In{Place: "minecraft", Account: "AgenteNoor", At: c.Now() - int64(time.Hour/time.Microsecond), Minutes: 45, Talks: 6,
		Outcomes: map[string]int{"advice": 5, "warning": 1}, Note: "Serveur du collège des Lilas.", Nonce: "form-number-00000001"}
}

func all(c *dbtest.Clock) Filter {
	return Filter{From: 0, To: c.Now() + 1, Rows: MaxPage}
}

func TestAnEntryIsWrittenOnceReadByItsUnitAndCorrectedByItsWriter(t *testing.T) {
	each(t, func(t *testing.T, s *Service, c *dbtest.Clock) {
		in := visit(c)
		first, err := s.Write(ctx, agnes, in)
		must(t, err)
		again, err := s.Write(ctx, agnes, in)
		if err != nil || again != first {
			t.Fatalf("the form sent twice is %q and %q: %v", first, again, err)
		}
		list, err := s.List(ctx, bruno, all(c))
		if err != nil || len(list) != 1 || list[0].Note == "" || list[0].Mine || list[0].Edit || list[0].Outcomes["advice"] != 5 {
			t.Fatalf("%+v %v", list, err)
		}
		if list, err := s.List(ctx, far, all(c)); err != nil || len(list) != 0 {
			t.Fatalf("another unit reads it: %+v %v", list, err)
		}
		_, err = s.List(ctx, root, all(c))
		wants(t, err, errs.NotFound)
		in.Talks, in.Place = 9, "roblox"
		wants(t, s.Change(ctx, bruno, first, in), errs.Denied)
		must(t, s.Change(ctx, agnes, first, in))
		last, err := s.Last(ctx, agnes)
		if err != nil || last.Talks != 9 || last.Account != "AgenteNoor" {
			t.Fatalf("%+v %v", last, err)
		}
		must(t, s.db.Write(ctx, func(tx *db.Tx) error { _, err := s.HandIn(ctx, tx, agnes, first); return err }))
		e, err := s.Open(ctx, agnes, first)
		if err != nil || e.Handed != 1 {
			t.Fatalf("%+v %v", e, err)
		}
		sum := Sum([]Entry{e, {Place: "school", Talks: 20, Minutes: 50, Outcomes: map[string]int{"advice": 3}}})
		if sum.Talks != 29 || sum.Handed != 1 || sum.Outcomes["advice"] != 8 || sum.Places[0].Place != "school" {
			t.Fatalf("%+v", sum)
		}
		c.Move(8 * 24 * time.Hour)
		in.At = c.Now()
		wants(t, s.Change(ctx, agnes, first, in), errs.Conflict)
	})
}

func TestWordsEndAndNumbersStay(t *testing.T) {
	each(t, func(t *testing.T, s *Service, c *dbtest.Clock) {
		first, err := s.Write(ctx, agnes, visit(c))
		must(t, err)
		c.Move(181 * 24 * time.Hour)
		must(t, s.Retain(ctx))
		e, err := s.Open(ctx, agnes, first)
		if err != nil || e.Note != "" || e.Account != "" || e.Talks != 6 || s.keys.Has(first) {
			t.Fatalf("%+v %v", e, err)
		}
		must(t, s.db.Read(ctx, func(tx *db.Tx) error {
			left, err := selectEndings(ctx, tx)
			if len(left) != 0 {
				t.Errorf("%v", left)
			}
			return err
		}))
	})
}

func TestWhatAnEntryMayHold(t *testing.T) {
	d := dbtest.NewClock()
	for field, spoil := range map[string]func(*In){
		"place":          func(in *In) { in.Place = "moon" },
		"at":             func(in *In) { in.At = d.Now() + int64(time.Hour/time.Microsecond) },
		"minutes":        func(in *In) { in.Minutes = 0 },
		"talks":          func(in *In) { in.Talks = MaxTalks + 1 },
		"outcome-advice": func(in *In) { in.Outcomes["advice"] = -1 },
		"outcome-fame":   func(in *In) { in.Outcomes["fame"] = 1 },
		"note":           func(in *In) { in.Note = strings.Repeat("x", MaxNote+1) },
		"account":        func(in *In) { in.Account = "\xff" },
	} {
		in := visit(d)
		spoil(&in)
		if err := in.check(d.Now()); errs.FieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
