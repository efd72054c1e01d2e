package app

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ronde/casefile"
	"ronde/desk"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/mandate"
)

var ctx = context.Background()

// canaries are words of messages, posts, cases and hidden people that the
// story brings; none may be in clear in any file.
var canaries = []string{"couteau", "mes élèves", "garder un sac", "chez ma tante", "la tante est prévenue", "exemple_mairie", "vin chaud", "exemple_offre",
	"arrivage ce soir", "exemple_livreur", "Livraison à Valombre", "Recrutement d’un mineur", "Prix, zone et contact", "Conservé comme preuve", "Yann Keriel", "Iris Calmette"}

func must0(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t testing.TB, err error, kind errs.Kind, key string) {
	t.Helper()
	if got, _ := errs.Message(err); !errs.Is(err, kind) || got != key {
		t.Fatalf("got %v (%s), want %s %s", err, got, kind, key)
	}
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func demo(t testing.TB, c DemoConfig) *Demo {
	t.Helper()
	c.Logger = quiet()
	d, err := NewDemo(ctx, c)
	must0(t, err)
	t.Cleanup(d.Close)
	return d
}

// fits is the invariant after every story: the ledger proves itself, every
// accounted row and blob is as it was told, and no canary is in clear, neither
// in the data folder nor in backups or restored folders beside it.
func fits(t testing.TB, dir, database string) *ledger.Proof {
	t.Helper()
	p, err := Verify(ctx, filepath.Join(dir, "data"), database)
	must0(t, err)
	for _, problem := range p.Problems {
		t.Error(problem)
	}
	clear(t, dir, canaries)
	if database != "" {
		clearRows(t, database, canaries)
	}
	return p
}

// clear reports every file of a demo in which a text lies in clear; the list
// of sample people, which is printed, is not the program's.
func clear(t testing.TB, dir string, texts []string) {
	t.Helper()
	must0(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == demoPeople {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, text := range texts {
			if bytes.Contains(raw, []byte(text)) || strings.Contains(path, text) {
				t.Errorf("%q is in clear in %s", text, path)
			}
		}
		return err
	}))
}

// clearRows looks into every column of every row of a PostgreSQL database.
func clearRows(t testing.TB, database string, texts []string) {
	t.Helper()
	d, err := db.Open(ctx, database, db.System)
	must0(t, err)
	defer d.Close()
	must0(t, d.Read(ctx, func(tx *db.Tx) error {
		names, err := db.Collect(ctx, tx, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
		for _, name := range names {
			rows, err := db.Collect(ctx, tx, wholeRow, "SELECT * FROM "+name)
			if err != nil {
				return err
			}
			for _, text := range texts {
				if slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, text) }) {
					t.Errorf("%q is in clear in %s", text, name)
				}
			}
		}
		return err
	}))
}

func wholeRow(r *sql.Rows) (string, error) {
	cols, err := r.Columns()
	if err != nil {
		return "", err
	}
	values, ptrs := make([]any, len(cols)), make([]any, len(cols))
	for i := range values {
		ptrs[i] = &values[i]
	}
	err = r.Scan(ptrs...)
	var b strings.Builder
	for _, v := range values {
		if raw, ok := v.([]byte); ok {
			b.Write(raw)
		} else {
			fmt.Fprint(&b, v, "\n")
		}
	}
	return b.String(), err
}

// told plays the whole story into a folder and returns what was said.
func told(t testing.TB, d *Demo) string {
	t.Helper()
	var said strings.Builder
	if err := d.Play(ctx, func(format string, a ...any) { fmt.Fprintf(&said, format+"\n", a...) }); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return said.String()
}

// played is one folder in which the whole story was played, and more than a
// tile's worth of events. Tests that need one copy it.
var played = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp(scratch, "played-")
	if err != nil {
		return "", err
	}
	d, err := NewDemo(ctx, DemoConfig{Dir: dir, Logger: quiet()})
	if err != nil {
		return "", err
	}
	defer d.Close()
	if err := d.Play(ctx, func(string, ...any) {}); err != nil {
		return "", err
	}
	if err := goesOn(d); err != nil {
		return "", err
	}
	for range 300 {
		if _, err := d.Oversight.Audit(ctx, d.Sample.As("agnes"), ledger.Filter{Limit: 1}); err != nil {
			return "", err
		}
	}
	_, err = d.Ledger.Sequence(ctx)
	return dir, err
})

// goesOn is the next day of a story that was played: rows of kinds that were
// purged, and notes.
func goesOn(d *Demo) error {
	yann, noor, now := d.Sample.As("yann"), d.Sample.As("noor"), d.Now()
	next, err := d.Mandates.Draft(ctx, yann, mandate.Proposal{
		Text: mandate.Text{Purpose: "Trouver les offres codées du district, suite.", Act: "Arrêté VAL-2026-116 (exemple)", DPIA: "AIPD 2026-07 (exemple)",
			Necessity: "Les signalements continuent.", Proportionality: "Un analyste, un collage."},
		Sources:    []mandate.SourceIn{{Kind: mandate.Paste, Name: "Collage"}},
		Categories: []string{"drugs-offer"}, DailyVolume: 100, Starts: now, Ends: now + (30 * 24 * time.Hour).Microseconds()})
	if err != nil {
		return err
	}
	if err := d.Mandates.Approve(ctx, d.Sample.As("helene"), next); err != nil {
		return err
	}
	if r, err := d.Watch.Paste(ctx, yann, next, samplePaste); err != nil || r.Flagged != 1 {
		return fmt.Errorf("paste: %+v %w", r, err)
	}
	in, err := d.Desk.Inbox(ctx, noor, desk.Filter{})
	if err != nil {
		return err
	}
	if err := d.Desk.Take(ctx, noor, in.Rows[0].ID); err != nil {
		return err
	}
	if err := d.Desk.Note(ctx, noor, in.Rows[0].ID, "la tante est prévenue"); err != nil {
		return err
	}
	cases, err := d.Cases.List(ctx, d.Sample.As("iris"), "")
	if err != nil {
		return err
	}
	if err := d.Cases.Note(ctx, d.Sample.As("iris"), cases[0].ID, casefile.Fact, "exemple_livreur vu deux fois"); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		_, err := d.Mandates.Hold(ctx, tx, "case", cases[0].ID, "CPP art. 11", d.Sample.As("marc"))
		return err
	})
}

// copied is a copy of the played folder.
func copied(t testing.TB) string {
	t.Helper()
	from, err := played()
	must0(t, err)
	to := t.TempDir()
	must0(t, copyTree(from, to))
	return to
}

// scratch outlives a single test, not the tests.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ronde-app-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// binary is the real program, with the crash points in it.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "ronde")
	out, err := exec.Command("go", "build", "-tags", "story", "-o", path, "ronde/cmd/ronde").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func ronde(t testing.TB, env []string, args ...string) (said string, code int) {
	t.Helper()
	path, err := binary()
	must0(t, err)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), env...)
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

func postgres(t testing.TB) string { t.Helper(); return dbtest.PostgresAddress(t) }
