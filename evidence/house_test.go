package evidence

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/mandate"
)

var (
	ctx    = context.Background()
	iris   = access.Actor{Person: "per_iris", Handle: "I-09", Unit: "uni_i", Roles: []access.Role{access.Investigator}}
	yann   = access.Actor{Person: "per_yann", Handle: "W-17", Unit: "uni_w", Roles: []access.Role{access.WatchAnalyst}}
	helene = access.Actor{Person: "per_helene", Handle: "M-02", Roles: []access.Role{access.MandateAuthority}}
)

const month = 30 * 24 * time.Hour

// room is the evidence room with everything real below it.
type room struct {
	*Service
	t        *testing.T
	dir      string
	mandates *mandate.Service
	mandate  string
	clock    *dbtest.Clock
}

// each tells a story on both engines; afterwards the ledger proves itself and
// every row and blob.
func each(t *testing.T, story func(*room)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		r := open(t, d, c)
		story(r)
		for _, p := range r.proof().Problems {
			t.Error(p)
		}
	})
}

func open(t *testing.T, d *db.DB, c *dbtest.Clock) *room {
	t.Helper()
	dir := t.TempDir()
	keys, err := seal.Open(filepath.Join(dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
	must(t, err)
	law, err := mandate.LoadProfile("fr")
	must(t, err)
	r := &room{Service: New(d, keys, blobs, book), t: t, dir: dir, mandates: mandate.New(d, keys, book, law), clock: c}
	r.mandate, err = r.mandates.Draft(ctx, yann, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées visant des mineurs du district", Act: "Décret 1", DPIA: "AIPD 1",
			Necessity: "Aucun moyen moins intrusif", Proportionality: "Publications publiques seulement"},
		Sources:    []mandate.SourceIn{{Kind: mandate.Paste, Name: "Collage"}},
		Categories: []string{"drugs-offer"}, DailyVolume: 1000, Starts: c.Now(), Ends: c.Now() + month.Microseconds(),
	})
	must(t, err)
	must(t, r.mandates.Approve(ctx, helene, r.mandate))
	return r
}

func must(t testing.TB, err error) {
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

func (r *room) permit() mandate.Permit {
	r.t.Helper()
	p, err := r.mandates.Permit(ctx, r.mandate, "seal", "")
	must(r.t, err)
	return p
}

func post(text string) Original {
	return Original{Kind: KindPost, MediaType: "application/json", Source: "example https://place.example/kanarisource", CapturedAt: 5, Bytes: []byte(text)}
}

// prepare seals a post under the permit.
func (r *room) prepare(text string) Prepared {
	r.t.Helper()
	p, err := r.Prepare(ctx, r.permit(), iris, post(text))
	must(r.t, err)
	return p
}

// record makes it the next exhibit of a case.
func (r *room) record(p Prepared, caseID string) Exhibit {
	r.t.Helper()
	var e Exhibit
	must(r.t, r.db.Write(ctx, func(tx *db.Tx) (err error) {
		e, err = r.RecordIn(ctx, tx, iris, p, caseID)
		return err
	}))
	return e
}

func (r *room) look(exhibitID string) (v View, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		v, err = r.OpenIn(ctx, tx, iris, exhibitID)
		return err
	})
	return v, err
}

func (r *room) destroy(exhibitID string) {
	r.t.Helper()
	must(r.t, r.db.Write(ctx, func(tx *db.Tx) error {
		return r.DestroyIn(ctx, tx, access.AsMachine("oversight"), exhibitID, "LED art. 16(2)")
	}))
}

// proof is the whole one, blobs among it.
func (r *room) proof() *ledger.Proof {
	r.t.Helper()
	_, err := r.book.Sequence(ctx)
	must(r.t, err)
	p, err := ledger.Prove(ctx, r.db, r.blobs, append(slices.Clone(mandate.Accounted), Accounted...))
	must(r.t, err)
	must(r.t, r.db.Read(ctx, func(tx *db.Tx) error {
		return Refs(ctx, tx, func(name string, sum []byte) { p.Blob(ctx, r.blobs, name, sum) })
	}))
	return p
}

// verbs tells what the book says of an exhibit, oldest first.
func (r *room) verbs(exhibitID string) (out []string) {
	r.t.Helper()
	page, err := r.book.ReadPage(ctx, ledger.Filter{Object: table + "/" + exhibitID})
	must(r.t, err)
	for _, e := range page {
		out = append([]string{e.Verb}, out...)
	}
	return out
}

func (r *room) blobFile(exhibitID string) string {
	return filepath.Join(r.dir, "blobs", "exhibit", exhibitID)
}

// clear lists where a text lies in clear: files of keys, blobs and database,
// and every column of the room's tables and of the ledger.
func (r *room) clear(text string) (where []string) {
	r.t.Helper()
	dirs := []string{r.dir}
	if !r.db.Postgres() {
		must(r.t, r.db.Read(ctx, func(tx *db.Tx) error {
			var n int
			var name, path string
			err := tx.QueryRow(ctx, "PRAGMA database_list").Scan(&n, &name, &path)
			dirs = append(dirs, filepath.Dir(path))
			return err
		}))
	}
	for _, dir := range dirs {
		must(r.t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if bytes.Contains(raw, []byte(text)) {
				where = append(where, path)
			}
			return err
		}))
	}
	for _, table := range []string{"evidence_exhibits", "evidence_counts", "ledger_events"} {
		must(r.t, r.db.Read(ctx, func(tx *db.Tx) error {
			rows, err := db.Collect(ctx, tx, wholeRow, "SELECT * FROM "+table)
			for _, row := range rows {
				if bytes.Contains(row, []byte(text)) {
					where = append(where, table)
				}
			}
			return err
		}))
	}
	return where
}

func wholeRow(r *sql.Rows) ([]byte, error) {
	cols, err := r.Columns()
	if err != nil {
		return nil, err
	}
	values, ptrs := make([]any, len(cols)), make([]any, len(cols))
	for i := range values {
		ptrs[i] = &values[i]
	}
	err = r.Scan(ptrs...)
	var b []byte
	for _, v := range values {
		if raw, ok := v.([]byte); ok {
			b = append(b, raw...)
		} else {
			b = fmt.Append(b, v, "\n")
		}
	}
	return b, err
}
