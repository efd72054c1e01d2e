package casefiletest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ronde/casefile"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/db"
	"ronde/ledger"
	"ronde/mandate"
	"ronde/watch"
)

// Proof is the whole proof: ledger, the rows of these rooms and of more
// tables, blobs.
func (h *House) Proof(more ...string) *ledger.Proof {
	h.T.Helper()
	_, err := h.Book.Sequence(ctx)
	h.Must(err)
	p, err := ledger.Prove(ctx, h.DB, h.Blobs, slices.Concat(mandate.Accounted, evidence.Accounted, desk.Accounted, watch.Accounted, casefile.Accounted, more))
	h.Must(err)
	h.Must(h.DB.Read(ctx, func(tx *db.Tx) error {
		return evidence.Refs(ctx, tx, func(name string, sum []byte) { p.Blob(ctx, h.Blobs, name, sum) })
	}))
	return p
}

// Fits fails the test unless everything fits and no canary is in clear.
func (h *House) Fits(more ...string) {
	h.T.Helper()
	for _, p := range h.Proof(more...).Problems {
		h.T.Error(p)
	}
	if where := h.Clear("kanari"); len(where) > 0 {
		h.T.Errorf("in clear in %q", where)
	}
}

// Files counts the keys of a kind of container and the blobs of exhibits.
func (h *House) Files(prefix string) (keys, blobs int) {
	h.T.Helper()
	found, err := filepath.Glob(filepath.Join(h.Dir, "keys", "containers", "*", prefix+"_*"))
	h.Must(err)
	names, err := h.Blobs.List(ctx, "exhibit/")
	h.Must(err)
	return len(found), len(names)
}

// Verbs are what the book says of an object, oldest first.
func (h *House) Verbs(object string) (out []string) {
	h.T.Helper()
	page, err := h.Book.ReadPage(ctx, ledger.Filter{Object: object})
	h.Must(err)
	for _, e := range page {
		out = append([]string{e.Handle + " " + e.Verb}, out...)
	}
	return out
}

// Clear lists where a text lies in clear: in a file of keys, blobs or an
// SQLite database, or in a row of any table.
func (h *House) Clear(text string) (where []string) {
	h.T.Helper()
	dirs, tables := []string{h.Dir}, h.tables()
	if !h.DB.Postgres() {
		h.Must(h.DB.Read(ctx, func(tx *db.Tx) error {
			var n int
			var name, path string
			err := tx.QueryRow(ctx, "PRAGMA database_list").Scan(&n, &name, &path)
			dirs = append(dirs, filepath.Dir(path))
			return err
		}))
	}
	for _, dir := range dirs {
		h.Must(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
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
	for _, table := range tables {
		h.Must(h.DB.Read(ctx, func(tx *db.Tx) error {
			rows, err := db.Collect(ctx, tx, wholeRow, "SELECT * FROM "+table)
			if slices.ContainsFunc(rows, func(row []byte) bool { return bytes.Contains(row, []byte(text)) }) {
				where = append(where, table)
			}
			return err
		}))
	}
	return where
}

func (h *House) tables() (names []string) {
	h.T.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if h.DB.Postgres() {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	h.Must(h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		names, err = db.Collect(ctx, tx, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }, query)
		return err
	}))
	return names
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

// Exec changes rows behind the program's back and returns how many.
func (h *House) Exec(ctx context.Context, query string, args ...any) (n int64) {
	h.T.Helper()
	h.Must(h.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, query, args...)
		return err
	}))
	return n
}
