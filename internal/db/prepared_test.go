package db

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// A statement that comes again is prepared once, reads what is there now, and
// texts made at run time cannot fill the memory.
func TestStatementsArePreparedWhenTheyComeAgain(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "t.db"), System)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write := func(query string, args ...any) {
		t.Helper()
		if err := d.Write(ctx, func(tx *Tx) error {
			_, err := tx.Exec(ctx, query, args...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	write("CREATE TABLE t_rows (id INTEGER)")
	for n := range 5 {
		write("INSERT INTO t_rows (id) VALUES ($1)", n)
		var got int
		if err := d.Read(ctx, func(tx *Tx) error {
			return tx.QueryRow(ctx, "SELECT COUNT(*) FROM t_rows").Scan(&got)
		}); err != nil || got != n+1 {
			t.Fatalf("%d rows after %d, %v", got, n+1, err)
		}
	}
	d.Write(ctx, func(*Tx) error { return nil }) // after it, the writer has prepared
	for name, p := range map[string]*prepared{"reading": d.reading, "writing": d.writing} {
		p.mu.Lock()
		if len(p.known) != 1 || len(p.met) != 1 {
			t.Errorf("%s: %d prepared of %d met", name, len(p.known), len(p.met))
		}
		p.mu.Unlock()
	}
	for n := range 2 * maxStatements {
		write(fmt.Sprintf("DELETE FROM t_rows WHERE id = %d", n%(maxStatements+50)))
	}
	d.writing.mu.Lock()
	defer d.writing.mu.Unlock()
	if n := len(d.writing.met); n > maxStatements {
		t.Errorf("%d texts are remembered, at most %d may be", n, maxStatements)
	}
}
