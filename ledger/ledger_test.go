package ledger_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/ledger/verify"
)

var (
	ctx     = context.Background()
	auditor = access.Actor{Handle: "A-1", Roles: []access.Role{access.Auditor}}
	things  = []string{"jobs_things"}
)

type house struct {
	t     *testing.T
	db    *db.DB
	blobs *blob.Store
	dir   string
	book  *ledger.Ledger
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	master, _ := hex.DecodeString(strings.Repeat("07", 32))
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"), master)
	check(t, err)
	dir := filepath.Join(t.TempDir(), "blobs")
	blobs, err := blob.Open(dir)
	check(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
	check(t, err)
	h := &house{t, d, blobs, dir, book}
	h.exec("CREATE TABLE jobs_things (id TEXT PRIMARY KEY, word TEXT NOT NULL)")
	return h
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) exec(q string, args ...any) {
	h.t.Helper()
	check(h.t, h.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, q, args...)
		return err
	}))
}

// put changes a row and accounts for it.
func (h *house) put(id, word, reason string) {
	h.t.Helper()
	check(h.t, h.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO jobs_things (id, word) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET word = $2", id, word); err != nil {
			return err
		}
		return h.book.Append(ctx, tx, ledger.Event{Verb: "thing.put", Table: "jobs_things", ID: id, By: auditor, Reason: reason})
	}))
}

func (h *house) sequence() {
	h.t.Helper()
	_, err := h.book.Sequence(ctx)
	check(h.t, err)
}

func (h *house) prove() *ledger.Proof {
	h.t.Helper()
	p, err := ledger.Prove(ctx, h.db, h.blobs, things)
	check(h.t, err)
	return p
}

func (h *house) wantProblem(part string) {
	h.t.Helper()
	p := h.prove()
	if !strings.Contains(strings.Join(p.Problems, "\n"), part) {
		h.t.Fatalf("no problem names %q: %q", part, p.Problems)
	}
}

func fill(h *house, n int) {
	for i := range n {
		h.put(fmt.Sprintf("thi_%03d", i%50), fmt.Sprint(i), "because "+fmt.Sprint(i))
		if i%90 == 0 {
			h.sequence()
		}
	}
	h.sequence()
}

func TestAnHonestLedgerVerifies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		h := newHouse(t, d)
		fill(h, 600)
		h.put("thi_last", "not sequenced yet", "")
		p := h.prove()
		if len(p.Problems) > 0 || p.Leaves != 600 || p.Unsequenced != 1 || p.Rows != 51 || p.Tiles != 2 || p.Checkpoints == 0 {
			t.Fatalf("%+v", p)
		}
	})
}

func TestEveryChangeBehindTheBackIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		for name, c := range map[string]struct{ sql, problem string }{
			"row":        {"UPDATE jobs_things SET word = 'x' WHERE id = 'thi_007'", "row jobs_things/thi_007 was changed"},
			"row gone":   {"DELETE FROM jobs_things WHERE id = 'thi_007'", "row jobs_things/thi_007 is missing"},
			"row added":  {"INSERT INTO jobs_things (id, word) VALUES ('thi_new', 'x')", "row jobs_things/thi_new is accounted for by no event"},
			"event":      {"UPDATE ledger_events SET handle = 'A-2' WHERE leaf = 5", "ledger leaf 5 "},
			"event gone": {"DELETE FROM ledger_events WHERE leaf = 5", "ledger leaf 5 is missing"},
			"reason":     {"UPDATE ledger_events SET sealed = $1 WHERE leaf = 5", "sealed personal part was changed"},
			"blanked":    {"UPDATE ledger_events SET sealed = NULL WHERE leaf = 5", "has lost its personal part"},
			"hash":       {"UPDATE ledger_hashes SET hash = $1 WHERE position = 2", "ledger hash at level 1, number 0"},
			"head":       {"UPDATE ledger_head SET root = $1", "do not give the root"},
			"shortened":  {"UPDATE ledger_head SET size = 10", "ledger head says 10"},
			"checkpoint": {"UPDATE ledger_checkpoints SET note = $1", "checkpoint 0"},
		} {
			t.Run(name, func(t *testing.T) {
				fresh := dbtest.SQLite(t, dbtest.NewClock())
				if d.Postgres() {
					fresh = dbtest.Postgres(t, dbtest.NewClock())
				}
				h := newHouse(t, fresh)
				fill(h, 60)
				if p := h.prove(); len(p.Problems) > 0 {
					t.Fatalf("before: %q", p.Problems)
				}
				var args []any
				if strings.Contains(c.sql, "$1") {
					args = append(args, []byte("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"))
				}
				h.exec(c.sql, args...)
				h.wantProblem(c.problem)
			})
		}
	})
}

func TestAChangedTileIsNamed(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t, dbtest.NewClock()))
	fill(h, 300)
	path := filepath.Join(h.dir, "ledger/tile/0/000")
	b, err := os.ReadFile(path)
	check(t, err)
	b[100] ^= 1
	check(t, os.WriteFile(path, b, 0o600))
	h.wantProblem("tile ledger/tile/0/000 does not fit")
	check(t, os.Remove(path))
	h.wantProblem("tile ledger/tile/0/000 is missing")
}

func TestAReasonIsReadAndAccountedThenBlanked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		h := newHouse(t, d)
		h.put("thi_1", "w", "the caller's own words")
		h.sequence()
		page, err := h.book.ReadPage(ctx, ledger.Filter{Verb: "thing.put"})
		check(t, err)
		id := page[0].ID
		if text, err := h.book.Reason(ctx, auditor, id); err != nil || text != "the caller's own words" {
			t.Fatalf("%q %v", text, err)
		}
		check(t, d.Write(ctx, func(tx *db.Tx) error {
			return h.book.Blank(ctx, tx, auditor, id, "data-protection officer", "LED art. 16")
		}))
		if _, err := h.book.Reason(ctx, auditor, id); err == nil {
			t.Fatal("a blanked reason was read")
		}
		h.sequence()
		if p := h.prove(); len(p.Problems) > 0 {
			t.Fatalf("after blanking: %q", p.Problems)
		}
		if page, _ = h.book.ReadPage(ctx, ledger.Filter{}); len(page) != 3 {
			t.Fatalf("%d events, want put, open-reason, blank", len(page))
		}
	})
}

func TestARowInTheWrongStateIsNotAppended(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		h := newHouse(t, d)
		err := d.Write(ctx, func(tx *db.Tx) error {
			return h.book.Append(ctx, tx, ledger.Event{Verb: "thing.put", Table: "jobs_things", ID: "thi_none", By: auditor})
		})
		if err == nil {
			t.Fatal("accounted for a row that is not there")
		}
	})
}

// TestTreeAgreesWithTheReference compares our stdlib tree with x/mod's.
func TestTreeAgreesWithTheReference(t *testing.T) {
	var leaves []verify.Hash
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(ps []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ps))
		for i, p := range ps {
			out[i] = stored[p]
		}
		return out, nil
	})
	for n := int64(0); n < 600; n++ {
		record := verify.Event{ID: fmt.Sprint(n)}.Record()
		leaves = append(leaves, verify.LeafHash(record))
		hs, err := tlog.StoredHashes(n, record, reader)
		check(t, err)
		stored = append(stored, hs...)
		want, err := tlog.TreeHash(n+1, reader)
		check(t, err)
		if verify.Root(leaves) != verify.Hash(want) {
			t.Fatalf("roots differ at %d leaves", n+1)
		}
	}
}

// A restored folder holds a tile of leaves that the restored rows have lost.
func TestTilesBeyondTheCheckpointAreTrimmed(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t, dbtest.NewClock()))
	fill(h, 200)
	check(t, h.blobs.Put(ctx, "ledger/tile/0/000", []byte("a tile of another future")))
	check(t, h.book.Trim(ctx))
	fill(h, 100)
	if p := h.prove(); len(p.Problems) > 0 || p.Tiles != 1 {
		t.Fatalf("%+v", p)
	}
	check(t, h.book.Trim(ctx))
	if p := h.prove(); len(p.Problems) > 0 {
		t.Fatalf("trimmed what was signed: %q", p.Problems)
	}
}

// A transaction that began first may change a row last: the order of events
// is the order of changes.
func TestALaterBeginnerMayCommitFirst(t *testing.T) {
	d := dbtest.Postgres(t, dbtest.NewClock())
	h := newHouse(t, d)
	change := func(word string, before func()) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			before()
			if _, err := tx.Exec(ctx, "INSERT INTO jobs_things (id, word) VALUES ('thi_one', $1) ON CONFLICT (id) DO UPDATE SET word = $1", word); err != nil {
				return err
			}
			return h.book.Append(ctx, tx, ledger.Event{Verb: "thing.put", Table: "jobs_things", ID: "thi_one", By: auditor})
		})
	}
	var second sync.Once
	check(t, change("first to begin", func() {
		second.Do(func() { check(t, change("first to commit", func() {})) })
	}))
	h.sequence()
	if p := h.prove(); len(p.Problems) > 0 {
		t.Fatalf("%q", p.Problems)
	}
}
