package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"database/sql"

	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
)

var ctx = context.Background()

func insert(tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, "INSERT INTO ledger_head (id, size, root) VALUES ($1, $2, $3)", id, tx.Now, []byte{1, 2})
	return err
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "SELECT count(*) FROM ledger_head").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestManyWritersLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(ctx, func(tx *db.Tx) error { return insert(tx, "counter") })
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) error {
					var n int64
					if err := tx.QueryRow(ctx, "SELECT size FROM ledger_head WHERE id = $1", "counter").Scan(&n); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, "UPDATE ledger_head SET size = $1 WHERE id = $2", n+1, "counter")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var n, start int64
		d.Read(ctx, func(tx *db.Tx) error {
			start = tx.Now
			return tx.QueryRow(ctx, "SELECT size FROM ledger_head WHERE id = $1", "counter").Scan(&n)
		})
		if n < start+20 || n > start+40 {
			t.Fatalf("counter moved by %d, want 20", n-start)
		}
	})
}

func TestAFailedWriteLeavesItsNeighboursAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) error {
					if err := insert(tx, tx.NewID("row")); err != nil {
						return err
					}
					if i%2 == 0 {
						return boom
					}
					return nil
				})
				if (i%2 == 0) != errors.Is(err, boom) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 5 {
			t.Fatalf("%d rows, want 5", n)
		}
	})
}

func TestAPanicRollsBackAndReachesItsCaller(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("panic was swallowed")
				}
			}()
			d.Write(ctx, func(tx *db.Tx) error {
				insert(tx, "row_x")
				panic("bug")
			})
		}()
		if n := count(t, d); n != 0 {
			t.Fatalf("%d rows survived", n)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		if err := d.Read(ctx, func(tx *db.Tx) error { return insert(tx, "row_x") }); err == nil {
			t.Fatal("a read transaction wrote")
		}
	})
}

func TestStateChangesWithEveryColumn(t *testing.T) {
	states := map[string][32]byte{}
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var sum [32]byte
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO ledger_head (id, size, root) VALUES ('a', 7, $1)", []byte("r")); err != nil {
				return err
			}
			var err error
			sum, _, err = tx.State(ctx, "ledger_head", "a")
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "UPDATE ledger_head SET size = 8 WHERE id = 'a'"); err != nil {
				return err
			}
			changed, found, err := tx.State(ctx, "ledger_head", "a")
			if changed == sum || !found {
				t.Error("a changed row has the same state")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		states[t.Name()[strings.LastIndex(t.Name(), "/"):]] = sum
	})
	if states["/sqlite"] != states["/postgres"] {
		t.Fatal("the engines disagree about the state of one row")
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO db_migrations (version, name, at) VALUES (99999, 'future', 1)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(ctx); !errs.Is(err, errs.Conflict) {
			t.Fatalf("newer database: %v", err)
		}
	})
}

func TestTwoProgramsCannotOpenOneFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ronde.db")
	d, err := db.Open(ctx, path, db.System)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := db.Open(ctx, path, db.System); !errs.Is(err, errs.Conflict) {
		t.Fatalf("second open: %v", err)
	}
}

func TestAWriteInsideAWriteFailsInsteadOfHanging(t *testing.T) {
	d := dbtest.SQLite(t, dbtest.NewClock())
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	err := d.Write(ctx, func(tx *db.Tx) error {
		return d.Write(short, func(tx *db.Tx) error { return nil })
	})
	if !errs.Is(err, errs.Unavailable) {
		t.Fatalf("nested write: %v", err)
	}
}

// TestSchemaIsCurrent keeps schema.sql, which people read, equal to what the
// migrations make. RONDE_UPDATE=1 writes it anew.
func TestSchemaIsCurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	d, err := db.Open(ctx, path, db.System)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	d.Close()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	rows, err := raw.Query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	b.WriteString("-- The current schema, written by the schema test. Migrations lead to it.\n")
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n" + s + ";\n")
	}
	if os.Getenv("RONDE_UPDATE") != "" {
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("schema.sql")
	if err != nil || string(have) != b.String() {
		t.Fatalf("schema.sql is not what the migrations make (%v); run the test with RONDE_UPDATE=1", err)
	}
}
