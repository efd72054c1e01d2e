package app

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ronde/internal/errs"
)

// folder is a data folder at rest, which an intruder changes.
type folder struct {
	t    *testing.T
	data string
	rows *sql.DB
}

func intrude(t *testing.T) *folder {
	t.Helper()
	data := filepath.Join(copied(t), "data")
	rows, err := sql.Open("sqlite", "file:"+filepath.Join(data, "ronde.db")+"?_pragma=ignore_check_constraints(1)")
	must0(t, err)
	t.Cleanup(func() { rows.Close() })
	return &folder{t, data, rows}
}

// problems are what `ronde verify` finds.
func (f *folder) problems() []string {
	f.t.Helper()
	p, err := Verify(ctx, f.data, "")
	must0(f.t, err)
	return p.Problems
}

// names fails unless the proof fails and every problem names one of the
// things: no innocent row is accused.
func (f *folder) names(what string, things ...string) {
	f.t.Helper()
	found := f.problems()
	if len(found) == 0 {
		f.t.Errorf("%s: nothing was found", what)
	}
	for _, p := range found {
		if !slices.ContainsFunc(things, func(s string) bool { return strings.Contains(p, s) }) {
			f.t.Errorf("%s: %q names none of %q", what, p, things)
		}
	}
}

func (f *folder) exec(query string, args ...any) {
	f.t.Helper()
	r, err := f.rows.Exec(query, args...)
	must0(f.t, err)
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		f.t.Fatalf("%s: %d rows, %v", query, n, err)
	}
}

// row is the first row of a table: its columns and values.
func (f *folder) row(table, where string) (cols []string, values []any) {
	f.t.Helper()
	r, err := f.rows.Query("SELECT * FROM " + table + " " + where + " LIMIT 1")
	must0(f.t, err)
	defer r.Close()
	cols, err = r.Columns()
	must0(f.t, err)
	if !r.Next() {
		return cols, nil
	}
	values = make([]any, len(cols))
	ptrs := make([]any, len(cols))
	for i := range values {
		ptrs[i] = &values[i]
	}
	must0(f.t, r.Scan(ptrs...))
	return cols, values
}

// changed is the value with one byte or bit of it changed.
func changed(v any) any {
	switch v := v.(type) {
	case int64:
		return v ^ 1
	case string:
		if v == "" {
			return "x"
		}
		return v[:len(v)-1] + string(rune(v[len(v)-1]^1))
	case []byte:
		c := slices.Clone(v)
		if len(c) > 0 {
			c[len(c)/2] ^= 1
		}
		return c
	case bool:
		return !v
	}
	return nil
}

func TestUntouchedFolderVerifies(t *testing.T) {
	f := intrude(t)
	if p := f.problems(); len(p) != 0 {
		t.Fatalf("%q", p)
	}
}

// notInTheStory are tables of which the story of the demo makes no row: what
// needs somebody to ring, a window that is off by default, a sample that is
// drawn after weeks, a date. The stories of e2e prove folders that hold them.
var notInTheStory = []string{"desk_contacts", "desk_calls", "desk_rings", "desk_addresses", "desk_looks", "patrol_codes"}

// One byte of any column of any kind of accounted row.
func TestChangedRowIsNamed(t *testing.T) {
	f := intrude(t)
	seen := 0
	for _, table := range accounted() {
		cols, values := f.row(table, "ORDER BY id")
		if values == nil {
			if t.Logf("the story makes no row of %s", table); !slices.Contains(notInTheStory, table) {
				t.Errorf("%s is not tried", table)
			}
			continue
		}
		seen++
		id := fmt.Sprint(values[slices.Index(cols, "id")])
		for i, col := range cols {
			if b, blob := values[i].([]byte); values[i] == nil || col == "id" || blob && len(b) == 0 { // the driver writes an empty blob as none
				continue
			}
			bad := changed(values[i])
			f.exec("UPDATE "+table+" SET "+col+" = $1 WHERE id = $2", bad, id)
			f.names(table+"."+col, id, "blob "+fmt.Sprint(bad)) // a row that names another blob names one that is not there
			f.exec("UPDATE "+table+" SET "+col+" = $1 WHERE id = $2", values[i], id)
		}
		other := id + "x"
		f.exec("UPDATE "+table+" SET id = $1 WHERE id = $2", other, id)
		f.names(table+".id", table+"/"+id)
		f.exec("UPDATE "+table+" SET id = $1 WHERE id = $2", id, other)
	}
	if seen < len(accounted())-len(notInTheStory) {
		t.Errorf("only %d of %d kinds of rows were tried", seen, len(accounted()))
	}
	if p := f.problems(); len(p) != 0 {
		t.Fatalf("put back, yet %q", p)
	}
}

func TestMissingRowIsNamed(t *testing.T) {
	for _, table := range []string{"casefile_cases", "evidence_exhibits", "oversight_certificates", "watch_purges", "people_accounts"} {
		f := intrude(t)
		cols, values := f.row(table, "ORDER BY id")
		id := fmt.Sprint(values[slices.Index(cols, "id")])
		f.exec("DELETE FROM "+table+" WHERE id = $1", id)
		f.names(table, table+"/"+id)
	}
}

// One byte of an event: who, what, when, on what, under which permit.
func TestChangedEventIsNamed(t *testing.T) {
	f := intrude(t)
	tried := 0
	for _, where := range []string{"WHERE sealed IS NOT NULL", "WHERE permit <> '' AND state IS NOT NULL", "WHERE verb = 'rights.decide'"} {
		cols, values := f.row("ledger_events", where+" ORDER BY leaf")
		id, leaf := fmt.Sprint(values[slices.Index(cols, "id")]), values[slices.Index(cols, "leaf")]
		for i, col := range cols {
			if values[i] == nil || col == "id" || col == "leaf" || col == "container" {
				continue // where the sealed part's key is: a wrong name opens nothing, and tells nothing false
			}
			tried++
			f.exec("UPDATE ledger_events SET "+col+" = $1 WHERE id = $2", changed(values[i]), id)
			found := f.problems()
			if !slices.ContainsFunc(found, func(p string) bool {
				return strings.Contains(p, fmt.Sprintf("leaf %d ", leaf)) || strings.Contains(p, id)
			}) {
				t.Errorf("%s of event %s (leaf %v): %q", col, id, leaf, found)
			}
			f.exec("UPDATE ledger_events SET "+col+" = $1 WHERE id = $2", values[i], id)
		}
		f.exec("UPDATE ledger_events SET id = $1 WHERE id = $2", id+"x", id)
		if found := f.problems(); len(found) == 0 {
			t.Errorf("the name of event %s", id)
		}
		f.exec("UPDATE ledger_events SET id = $1 WHERE id = $2", id, id+"x")
	}
	if p := f.problems(); len(p) != 0 || tried < 20 {
		t.Fatalf("%d columns tried, put back: %q", tried, p)
	}
	f.exec("DELETE FROM ledger_events WHERE leaf = 7")
	if found := f.problems(); !slices.ContainsFunc(found, func(p string) bool { return strings.Contains(p, "leaf 7 is missing") }) {
		t.Errorf("a missing event: %q", found)
	}
}

func TestChangedTreeIsNamed(t *testing.T) {
	f := intrude(t)
	for table, things := range map[string][]string{"ledger_head": {"head"}, "ledger_hashes": {"ledger leaf 0 does not fit"}, "ledger_checkpoints": {"checkpoint 0"}} {
		cols, values := f.row(table, "ORDER BY 1")
		for i, col := range cols {
			blob, ok := values[i].([]byte)
			if !ok {
				continue
			}
			for _, at := range []int{0, len(blob) / 2, len(blob) - 2} {
				bad := slices.Clone(blob)
				bad[at] ^= 1
				f.exec("UPDATE "+table+" SET "+col+" = $1 WHERE "+cols[0]+" = $2", bad, values[0])
				f.names(table, things...)
			}
			f.exec("UPDATE "+table+" SET "+col+" = $1 WHERE "+cols[0]+" = $2", blob, values[0])
		}
	}
	if p := f.problems(); len(p) != 0 {
		t.Fatalf("put back, yet %q", p)
	}
}

// One byte of each file that a proof rests on: tiles, exhibits, pictures
// of officers, the public key.
func TestChangedFileIsNamed(t *testing.T) {
	f := intrude(t)
	files := map[string]string{}
	for pattern, kind := range map[string]string{"exhibit/*": "exhibit/", "patrol/*": "patrol/", "ledger/tile/0/*": "tile", "ledger/vkey": "public key"} {
		found, err := filepath.Glob(filepath.Join(f.data, "blobs", filepath.FromSlash(pattern)))
		must0(t, err)
		if len(found) == 0 {
			t.Fatalf("the story makes no %s", pattern)
		}
		for _, path := range found {
			files[path] = kind
		}
	}
	for path, kind := range files {
		raw, err := os.ReadFile(path)
		must0(t, err)
		for _, at := range []int{0, len(raw) / 2, len(raw) - 1} {
			bad := slices.Clone(raw)
			bad[at] ^= 1
			must0(t, os.WriteFile(path, bad, 0o600))
			name := filepath.Base(path)
			if kind == "public key" {
				name = "checkpoint"
			}
			f.names(fmt.Sprintf("byte %d of %s", at, path), name, kind)
		}
		must0(t, os.WriteFile(path, raw[:len(raw)-1], 0o600))
		f.names("a byte less in "+path, filepath.Base(path), kind, "checkpoint")
		must0(t, os.Remove(path))
		f.names(path+" removed", filepath.Base(path))
		must0(t, os.WriteFile(path, raw, 0o600))
	}
	if p := f.problems(); len(p) != 0 {
		t.Fatalf("put back, yet %q", p)
	}
}

func TestVerifyWithoutAFolder(t *testing.T) {
	if _, err := Verify(ctx, filepath.Join(t.TempDir(), "none"), ""); err == nil {
		t.Fatal("nothing verified")
	}
	empty := t.TempDir()
	must0(t, os.WriteFile(filepath.Join(empty, "ronde.db"), []byte("not a database, but long enough to look like one of them"), 0o600))
	if _, err := Verify(ctx, empty, ""); err == nil || errs.Is(err, errs.NotFound) {
		t.Fatalf("a damaged database verified: %v", err)
	}
}
