// Package dbtest gives tests real databases: a fresh SQLite file and a fresh
// PostgreSQL database, both migrated.
//
// It owns a private PostgreSQL cluster for the life of the test process
// (started once, on a free port of 127.0.0.1, ended with the process), unless
// RONDE_TEST_POSTGRES names one. It promises never to skip: a machine without
// PostgreSQL fails and says what to install. It mocks nothing.
package dbtest

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"ronde/internal/db"
)

// Clock is a test's time; it moves only when told.
type Clock struct{ at atomic.Int64 }

// NewClock starts at a fixed Monday morning.
func NewClock() *Clock {
	c := &Clock{}
	c.at.Store(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).UnixMicro())
	return c
}

// Now is a db.Clock.
func (c *Clock) Now() int64 { return c.at.Load() }

// Move moves the time forward.
func (c *Clock) Move(d time.Duration) { c.at.Add(d.Microseconds()) }

// Each runs fn on both engines, as subtests "sqlite" and "postgres".
func Each(t *testing.T, fn func(t *testing.T, d *db.DB, c *Clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		c := NewClock()
		fn(t, SQLite(t, c), c)
	})
	t.Run("postgres", func(t *testing.T) {
		c := NewClock()
		fn(t, Postgres(t, c), c)
	})
}

// SQLite returns a fresh migrated SQLite database.
func SQLite(t testing.TB, c *Clock) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "ronde.db"), c)
}

// Postgres returns a fresh migrated PostgreSQL database.
func Postgres(t testing.TB, c *Clock) *db.DB {
	t.Helper()
	return open(t, PostgresAddress(t), c)
}

var databases atomic.Int64

// PostgresAddress makes an empty database and returns its address.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	base, err := cluster()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v\n(install it: apt-get install postgresql)", err)
	}
	name := fmt.Sprintf("ronde_%d_%d", time.Now().UnixNano(), databases.Add(1))
	if err := create(base, name); err != nil {
		t.Fatalf("make database: %v", err)
	}
	t.Cleanup(func() { drop(base, name) })
	return base + "/" + name + "?sslmode=disable"
}

func open(t testing.TB, address string, c *Clock) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return d
}
