package desk

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	"ronde/patrol"
)

var (
	ctx     = context.Background()
	agnes   = access.Actor{Person: "per_1", Handle: "P-7", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}
	bruno   = access.Actor{Person: "per_2", Handle: "P-9", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}
	lead    = access.Actor{Person: "per_3", Handle: "L-2", Unit: "uni_1", Roles: []access.Role{access.DutyLead}}
	far     = access.Actor{Person: "per_4", Handle: "P-30", Unit: "uni_2", Roles: []access.Role{access.PatrolOfficer}}
	analyst = access.Actor{Person: "per_5", Handle: "W-3", Unit: "uni_1", Roles: []access.Role{access.WatchAnalyst}}
	dpo     = access.Actor{Person: "per_6", Handle: "D-1", Roles: []access.Role{access.DataProtection}}
	root    = access.Actor{Person: "per_7", Handle: "R-1", Roles: []access.Role{access.Administrator}}
)

// house is the desk with everything real below it.
type house struct {
	*Service
	t     *testing.T
	dir   string
	blobs *blob.Store
	clock *dbtest.Clock
	forms int
	faces *patrol.Service
	more  []string // accounted tables of other rooms of the story
}

// publish puts somebody's card on the public pages.
func (h *house) publish(by access.Actor, name string) patrol.Officer {
	h.t.Helper()
	o, err := h.faces.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: name, Unit: "Patrouille", Languages: []string{"fr"}, Channels: []string{"portal"}, Holder: by.Handle})
	must(h.t, err)
	return o
}

func newHouse(t *testing.T, d *db.DB, c *dbtest.Clock) *house {
	t.Helper()
	dir := t.TempDir()
	keys, err := seal.Open(filepath.Join(dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
	must(t, err)
	faces := patrol.New(d, keys, blobs, book, time.UTC)
	h := &house{Service: New(d, keys, blobs, book, faces), t: t, dir: dir, blobs: blobs, clock: c, faces: faces}
	t.Cleanup(h.verify)
	return h
}

// each runs a story on both engines.
func each(t *testing.T, story func(*house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) { story(newHouse(t, d, c)) })
}

// verify is the invariant after every story: the ledger proves itself and every
// accounted row is as its last event says.
func (h *house) verify() {
	h.t.Helper()
	_, err := h.book.Sequence(ctx)
	must(h.t, err)
	proof, err := ledger.Prove(ctx, h.db, h.blobs, slices.Concat(Accounted, patrol.Accounted, h.more))
	must(h.t, err)
	for _, p := range proof.Problems {
		h.t.Error(p)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails unless err is of that kind.
func wants(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Fatalf("got %v, want an error of kind %s", err, kind)
	}
}

// letter is a first message with everything filled in.
func (h *house) letter(text string) Incoming {
	h.forms++
	return Incoming{Lang: "fr", Text: text, Identify: Anonymous, Nonce: fmt.Sprintf("form-number-%08d", h.forms)}
}

// writes sends a first message and returns its code.
func (h *house) writes(text string) string {
	h.t.Helper()
	r, err := h.Receive(ctx, h.letter(text))
	must(h.t, err)
	if len(r.Code) != 24 || r.Again {
		h.t.Fatalf("receipt %+v", r)
	}
	return r.Code
}

// idOf finds the conversation behind a code.
func (h *house) idOf(code string) string {
	h.t.Helper()
	id, err := h.FindByCode(ctx, "", code)
	must(h.t, err)
	return id
}

func (h *house) inboxOf(by access.Actor, show string) Inbox {
	h.t.Helper()
	in, err := h.Inbox(ctx, by, Filter{Show: show})
	must(h.t, err)
	return in
}

func (h *house) counts() map[string]int64 {
	h.t.Helper()
	var m map[string]int64
	must(h.t, h.db.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = h.Counts(ctx, tx, "2026-11-01", "2027-12-31")
		return err
	}))
	return m
}

// verbs tells what the book says, in the order of events.
func (h *house) verbs() string {
	h.t.Helper()
	page, err := h.book.ReadPage(ctx, ledger.Filter{})
	must(h.t, err)
	var out []string
	for _, e := range page {
		out = append([]string{e.Handle + " " + e.Verb}, out...)
	}
	return strings.Join(out, "; ")
}

// finds reports where a text lies in clear: in any column of any table, or in
// any file of the data folder.
func (h *house) finds(text string) []string {
	h.t.Helper()
	var where []string
	must(h.t, h.db.Read(ctx, func(tx *db.Tx) error {
		for _, table := range []string{"desk_conversations", "desk_messages", "desk_notes", "desk_nonces", "desk_marks", "desk_endings", "desk_counts", "desk_threads", "desk_lines", "desk_arrivals", "desk_outbox", "ledger_events"} {
			rows, err := db.Collect(ctx, tx, wholeRow, "SELECT * FROM "+table)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if strings.Contains(r, text) {
					where = append(where, table)
				}
			}
		}
		return nil
	}))
	dirs := []string{h.dir}
	if f := h.file(); f != "" {
		dirs = append(dirs, filepath.Dir(f))
	}
	for _, dir := range dirs {
		where = append(where, filesWith(h.t, dir, text)...)
	}
	return where
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
	if err := r.Scan(ptrs...); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, v := range values {
		if raw, ok := v.([]byte); ok {
			b.Write(raw)
			continue
		}
		fmt.Fprint(&b, v, "\n")
	}
	return b.String(), nil
}

// file is the SQLite file, or nothing on PostgreSQL, whose files are its own.
func (h *house) file() (path string) {
	if h.db.Postgres() {
		return ""
	}
	must(h.t, h.db.Read(ctx, func(tx *db.Tx) error {
		var n int
		var name string
		return tx.QueryRow(ctx, "PRAGMA database_list").Scan(&n, &name, &path)
	}))
	return path
}

func filesWith(t *testing.T, dir, text string) (names []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		if err == nil && (bytes.Contains(raw, []byte(text)) || strings.Contains(p, text)) {
			names = append(names, p)
		}
		return err
	}))
	return names
}

const minute, hour, day = time.Minute, time.Hour, 24 * time.Hour
