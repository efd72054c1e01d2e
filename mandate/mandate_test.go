package mandate

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
)

var (
	ctx       = context.Background()
	analyst   = access.Actor{Person: "per_a", Handle: "W-17", Roles: []access.Role{access.WatchAnalyst}, Unit: "uni_watch"}
	authority = access.Actor{Person: "per_b", Handle: "M-02", Roles: []access.Role{access.MandateAuthority}, Unit: "uni_head"}
	officer   = access.Actor{Person: "per_c", Handle: "P-40", Roles: []access.Role{access.PatrolOfficer}, Unit: "uni_watch"}
	control   = access.Actor{Person: "per_d", Handle: "D-01", Roles: []access.Role{access.DataProtection}}
)

const hour = int64(time.Hour / time.Microsecond)

// start is the moment at which dbtest's clock stands.
var start = dbtest.NewClock().Now()

func proposal() Proposal {
	return Proposal{
		Text: Text{Purpose: "Offres codées de stupéfiants visant des mineurs", Act: "Décret 2026-001", DPIA: "AIPD-7",
			Necessity: "Aucun autre moyen moins intrusif", Proportionality: "Publications publiques seulement", Territory: "District nord"},
		Sources:    []SourceIn{{Feed, "Fil public", "http://feed.example/atom"}, {Stream, "Partenaire", ""}, {Paste, "Collage", ""}},
		Categories: []string{"drugs-offer", "crime-recruitment"}, Languages: []string{"fr", "en"},
		DailyVolume: 1000, Starts: start + hour, Ends: start + 30*24*hour,
	}
}

type world struct {
	*Service
	d     *db.DB
	clock *dbtest.Clock
	dir   string
}

func open(t testing.TB, d *db.DB, c *dbtest.Clock) *world {
	t.Helper()
	dir := t.TempDir()
	keys, err := seal.Open(filepath.Join(dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "test.example/ledger")
	must(t, err)
	law, err := LoadProfile("fr")
	must(t, err)
	return &world{New(d, keys, book, law), d, c, dir}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) draft(t testing.TB) (string, []Source) {
	t.Helper()
	man, err := w.Draft(ctx, analyst, proposal())
	must(t, err)
	m, err := w.Open(ctx, analyst, man)
	must(t, err)
	return man, m.Sources
}

func (w *world) approved(t testing.TB) (string, []Source) {
	t.Helper()
	man, sources := w.draft(t)
	must(t, w.Approve(ctx, authority, man))
	return man, sources
}

func TestStoryOfAMandate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		man, src := w.draft(t)
		if _, err := w.Permit(ctx, man, "read", src[0].ID); !errs.Is(err, errs.Lapsed) {
			t.Fatalf("a draft permitted reading: %v", err)
		}
		both := analyst
		both.Roles = append(both.Roles, access.MandateAuthority)
		if err := w.Approve(ctx, both, man); err == nil {
			t.Fatal("the drafter approved")
		}
		if err := w.Approve(ctx, officer, man); err == nil {
			t.Fatal("a patrol officer approved")
		}
		must(t, w.Approve(ctx, authority, man))
		if err := w.Approve(ctx, authority, man); !errs.Is(err, errs.Conflict) {
			t.Fatalf("approved twice: %v", err)
		}
		if _, err := w.Permit(ctx, man, "read", src[0].ID); !errs.Is(err, errs.Lapsed) {
			t.Fatalf("permitted before it begins: %v", err)
		}
		c.Move(time.Hour)
		p, err := w.Permit(ctx, man, "read", src[0].ID)
		must(t, err)
		must(t, w.check1(p))
		must(t, w.Suspend(ctx, control, man, "contrôle"))
		if err := w.check1(p); !errs.Is(err, errs.Lapsed) {
			t.Fatalf("a permit outlived the suspension: %v", err)
		}
		must(t, w.Resume(ctx, authority, man, "vérifié"))
		must(t, w.check1(p))
		if _, err := w.AddSource(ctx, analyst, man, SourceIn{Feed, "Autre", "http://other.example/"}); !errs.Is(err, errs.Conflict) {
			t.Fatalf("an approved mandate was widened: %v", err)
		}
		must(t, w.RemoveSource(ctx, analyst, src[0].ID))
		if err := w.check1(p); !errs.Is(err, errs.Lapsed) {
			t.Fatalf("a removed source is still read: %v", err)
		}
		c.Move(40 * 24 * time.Hour)
		m, err := w.Open(ctx, analyst, man)
		must(t, err)
		if m.State != Lapsed || m.Purpose != proposal().Purpose || len(m.Excluded) != 4 {
			t.Fatalf("read back: %+v", m)
		}
		if err := w.Resume(ctx, authority, man, "encore"); !errs.Is(err, errs.Lapsed) {
			t.Fatalf("a lapsed mandate resumed: %v", err)
		}
	})
}

func (w *world) check1(p Permit) error {
	return w.d.Read(ctx, func(tx *db.Tx) error { return w.Check(ctx, tx, p) })
}

func TestEmptyPermitPermitsNothing(t *testing.T) {
	if err := (Permit{}).Check(start); !errs.Is(err, errs.Lapsed) {
		t.Fatalf("%v", err)
	}
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	if err := w.check1(Permit{}); !errs.Is(err, errs.Lapsed) {
		t.Fatalf("%v", err)
	}
}

// TestNoPathOutsideTheMandate walks at random through every verb and the
// clock, and after each step asks for a permit and tries the ones it holds.
// They work exactly when the mandate is approved and the time lies in it.
func TestNoPathOutsideTheMandate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		must(t, flag.Set("rapid.checks", "50"))
		rapid.Check(t, func(r *rapid.T) { w.walk(t, r) })
	})
}

func (w *world) walk(t *testing.T, r *rapid.T) {
	now := w.clock.Now()
	p := proposal()
	p.Starts, p.Ends = now+rapid.Int64Range(-2*hour, 3*hour).Draw(r, "starts"), now+rapid.Int64Range(4*hour, 20*hour).Draw(r, "ends")
	man, err := w.Draft(ctx, analyst, p)
	must(t, err)
	m, err := w.Open(ctx, analyst, man)
	must(t, err)
	src, state := m.Sources[1].ID, Draft
	var held []Permit
	for range rapid.IntRange(1, 8).Draw(r, "steps") {
		switch rapid.IntRange(0, 5).Draw(r, "verb") {
		case 0:
			if w.Approve(ctx, authority, man) == nil {
				state = Approved
			}
		case 1:
			if w.Refuse(ctx, authority, man, "non fondé") == nil {
				state = Refused
			}
		case 2:
			if w.Suspend(ctx, authority, man, "contrôle") == nil {
				state = Suspended
			}
		case 3:
			if w.Resume(ctx, authority, man, "vérifié") == nil {
				state = Approved
			}
		default:
			w.clock.Move(time.Duration(rapid.Int64Range(0, 5*hour).Draw(r, "wait")) * time.Microsecond)
		}
		now := w.clock.Now()
		live := state == Approved && now >= p.Starts && now < p.Ends
		got, err := w.Permit(ctx, man, "match", src)
		if (err == nil) != live {
			r.Fatalf("permit while %s at %d of [%d, %d): %v", state, now, p.Starts, p.Ends, err)
		}
		if err == nil {
			held = append(held, got)
		}
		for _, h := range held {
			if err := w.check1(h); (err == nil) != live {
				r.Fatalf("held permit while %s at %d of [%d, %d): %v", state, now, p.Starts, p.Ends, err)
			}
			if (h.Check(now) == nil) && (now < p.Starts || now >= p.Ends) {
				r.Fatalf("held permit outside its window")
			}
		}
	}
}

func TestSQLKeepsTheDrafterOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		man, _ := w.draft(t)
		err := d.Write(ctx, func(tx *db.Tx) error {
			n, err := decide(ctx, tx, man, Approved, "W-17", w.personKey(analyst))
			if n != 0 {
				t.Error("the row took its drafter as approver")
			}
			return err
		})
		must(t, err)
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE mandate_mandates SET decider_key = drafter_key WHERE id = $1", man)
			return err
		})
		if err == nil {
			t.Error("the table took its drafter as approver")
		}
	})
}

func TestVolumeIsBoundAndCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		man, src := w.approved(t)
		c.Move(time.Hour)
		p, err := w.Permit(ctx, man, "match", src[1].ID)
		must(t, err)
		take := func(n int) (granted int) {
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				var err error
				granted, err = w.Take(ctx, tx, p, n)
				return err
			}))
			return granted
		}
		for i, want := range []int{600, 400, 0} {
			if got := take(600); got != want {
				t.Fatalf("taking 600, time %d: granted %d, want %d", i, got, want)
			}
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return w.LeaveOut(ctx, tx, man, src[1].ID, 3) }))
		var all []Reading
		must(t, d.Read(ctx, func(tx *db.Tx) error { all, err = w.Readings(ctx, tx, man); return err }))
		if len(all) != 1 || all[0].Read != 1000 || all[0].NotRead != 803 || all[0].Day != "2026-11-23" {
			t.Fatalf("totals %+v", all)
		}
		c.Move(24 * time.Hour)
		if got := take(600); got != 600 {
			t.Fatalf("the next day granted %d", got)
		}
	})
}

func TestBadProposalsNameTheField(t *testing.T) {
	law, err := LoadProfile("fr")
	must(t, err)
	for field, change := range map[string]func(*Proposal){
		"purpose":         func(p *Proposal) { p.Purpose = "Suivre les manifestations du samedi en ville" },
		"act":             func(p *Proposal) { p.Act = " " },
		"dpia":            func(p *Proposal) { p.DPIA = "" },
		"necessity":       func(p *Proposal) { p.Necessity = "oui" },
		"proportionality": func(p *Proposal) { p.Proportionality = "\xff\xfe not text, but long enough" },
		"categories":      func(p *Proposal) { p.Categories = []string{"opinions"} },
		"languages":       func(p *Proposal) { p.Languages = []string{"tlh"} },
		"daily_volume":    func(p *Proposal) { p.DailyVolume = 0 },
		"sources":         func(p *Proposal) { p.Sources[0].Address = "file:///etc/passwd" },
		"basis":           func(p *Proposal) { p.Basis = "pseudonym-acquire" },
		"regime":          func(p *Proposal) { p.Regime = "gdpr" },
		"ends":            func(p *Proposal) { p.Ends = p.Starts + 93*day },
		"review":          func(p *Proposal) { p.Review = p.Ends + 1 },
	} {
		p := proposal()
		change(&p)
		if err := p.normal().check(law, start); errs.FieldOf(err) != field || !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %q (%v)", field, errs.FieldOf(err), err)
		}
	}
	must(t, proposal().normal().check(law, start))
}

func TestStreamKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		_, src := w.approved(t)
		if _, err := w.IssueKey(ctx, analyst, src[0].ID); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a feed got a key: %v", err)
		}
		old, err := w.IssueKey(ctx, analyst, src[1].ID)
		must(t, err)
		key, err := w.IssueKey(ctx, analyst, src[1].ID)
		must(t, err)
		if got, err := w.SourceByKey(ctx, key); err != nil || got.ID != src[1].ID || got.Name != "Partenaire" {
			t.Fatalf("%+v %v", got, err)
		}
		for _, k := range []string{old, "", "guess"} {
			if _, err := w.SourceByKey(ctx, k); !errs.Is(err, errs.Denied) {
				t.Errorf("key %q: %v", k, err)
			}
		}
		must(t, w.RemoveSource(ctx, analyst, src[1].ID))
		if _, err := w.SourceByKey(ctx, key); !errs.Is(err, errs.Denied) {
			t.Errorf("the key of a removed source: %v", err)
		}
	})
}

func TestRenewalIsANewDraft(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	man, _ := w.draft(t)
	if _, err := w.Renew(ctx, analyst, man, proposal()); !errs.Is(err, errs.Conflict) {
		t.Fatalf("a draft was renewed: %v", err)
	}
	must(t, w.Approve(ctx, authority, man))
	next, err := w.Renew(ctx, analyst, man, proposal())
	must(t, err)
	m, err := w.Open(ctx, authority, next)
	must(t, err)
	if m.State != Draft || m.RenewalOf != man {
		t.Fatalf("%+v", m)
	}
	list, err := w.List(ctx, authority)
	must(t, err)
	if len(list) != 2 {
		t.Fatalf("listed %d", len(list))
	}
	if _, err := w.List(ctx, officer); err == nil {
		t.Fatal("a patrol officer listed mandates")
	}
}

func TestHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		var hold string
		held := func() (on bool) {
			must(t, d.Read(ctx, func(tx *db.Tx) error {
				var err error
				on, err = w.Held(ctx, tx, "exhibit", "exh_1")
				return err
			}))
			return on
		}
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			hold, err = w.Hold(ctx, tx, "exhibit", "exh_1", "CPP art. 41-4", control)
			return err
		}))
		if !held() {
			t.Fatal("not held")
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return w.Lift(ctx, tx, hold, control) }))
		if held() {
			t.Fatal("still held")
		}
	})
}

func TestPersonalTextIsSealed(t *testing.T) {
	c := dbtest.NewClock()
	path := filepath.Join(t.TempDir(), "x.db")
	d, err := db.Open(ctx, path, c.Now)
	must(t, err)
	must(t, d.Migrate(ctx))
	w := open(t, d, c)
	w.approved(t)
	must(t, d.Close())
	raw, err := os.ReadFile(path)
	must(t, err)
	for _, word := range []string{"Offres codées", "feed.example", "per_a", "District nord"} {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("%q is in clear in the database", word)
		}
	}
}

// Whoever drafted reads why it was decided so, and why it was stopped.
func TestReasonsStandInTheMandate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		id, _ := w.draft(t)
		reads := func(decision, stopped string) {
			t.Helper()
			m, err := w.Open(ctx, analyst, id)
			must(t, err)
			if m.Decision != decision || m.Stopped != stopped || m.Purpose == "" {
				t.Errorf("%q %q", m.Decision, m.Stopped)
			}
		}
		reads("", "")
		must(t, w.ApproveFor(ctx, authority, id, "limité en lieu et en temps"))
		must(t, w.Suspend(ctx, authority, id, "contrôle des sources"))
		reads("limité en lieu et en temps", "contrôle des sources")
		must(t, w.Resume(ctx, authority, id, "sources revues"))
		reads("limité en lieu et en temps", "sources revues")
		if err := w.Suspend(ctx, authority, id, strings.Repeat("x", maxReason+1)); errs.FieldOf(err) != "reason" {
			t.Errorf("a reason without end: %v", err)
		}
	})
}
