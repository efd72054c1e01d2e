package app

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/desk"
	"ronde/internal/blob"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/oversight"
	"ronde/watch"
)

// rows are the names of all accounted rows and events of a folder at rest.
func rows(t testing.TB, dir string) (names []string) {
	t.Helper()
	d, err := db.OpenReadOnly(filepath.Join(dir, "data", "ronde.db"))
	must0(t, err)
	defer d.Close()
	must0(t, d.Read(ctx, func(tx *db.Tx) error {
		for _, table := range append(accounted(), "ledger_events") {
			if err := tx.EachState(ctx, table, func(id string, _ [32]byte) error {
				names = append(names, table+"/"+id)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	return names
}

// afterwards says for each crash point what must be true when the program has
// started again.
var afterwards = map[string]func(t *testing.T, d *Demo){
	crash.MessageKept: func(t *testing.T, d *Demo) {
		in, err := d.Desk.Inbox(ctx, d.Sample.As("noor"), desk.Filter{})
		must0(t, err)
		if len(in.Rows) != 1 {
			t.Errorf("%d messages, one was committed", len(in.Rows))
		}
	},
	crash.AlertKept: func(t *testing.T, d *Demo) {
		if n := alerts(t, d); n == 0 {
			t.Error("no alert, one was committed")
		}
		// The batch that was under way is read again, and raises nothing twice.
		_, err := d.Watch.FeedStep(ctx)
		must0(t, err)
	},
	crash.CursorMoved: func(t *testing.T, d *Demo) {
		if n := alerts(t, d); n == 0 {
			t.Error("no alert, though the cursor moved past some")
		}
	},
	crash.LedgerSequenced: func(t *testing.T, d *Demo) {
		p, err := Verify(ctx, d.cfg.Data, "")
		must0(t, err)
		if p.Unsequenced != 0 || p.Checkpoints == 0 {
			t.Errorf("no checkpoint after the start: %+v", p)
		}
	},
	crash.ExhibitSealed: func(t *testing.T, d *Demo) {
		names, err := d.blobs.List(ctx, "exhibit/")
		must0(t, err)
		if len(names) != 1 {
			t.Fatalf("blobs %q: one was written", names)
		}
		d.Move(11 * time.Minute)
		n, err := d.Evidence.Sweep(ctx)
		must0(t, err)
		if n != 1 || d.keys.Has(names[0][len("exhibit/"):]) {
			t.Errorf("%d swept", n)
		}
	},
	crash.CaseOpened: func(t *testing.T, d *Demo) {
		iris := d.Sample.As("iris")
		list, err := d.Cases.List(ctx, iris, "")
		must0(t, err)
		if len(list) != 1 {
			t.Fatalf("%d cases, one was committed", len(list))
		}
		v, err := d.Cases.Open(ctx, iris, list[0].ID)
		must0(t, err)
		x, _, _, err := d.Cases.Exhibit(ctx, iris, v.Exhibits[0].ID)
		must0(t, err)
		if len(x.Bytes) == 0 {
			t.Error("an empty exhibit")
		}
	},
	crash.KeyDestroyed:     erasedAfterwards,
	crash.PurgeCommitted:   erasedAfterwards,
	crash.DecisionRecorded: erasedAfterwards,
}

func alerts(t *testing.T, d *Demo) int {
	t.Helper()
	list, err := d.Watch.List(ctx, d.Sample.As("yann"), watch.Filter{})
	must0(t, err)
	return len(list)
}

// erasedAfterwards: the decision is done, the key is gone, the row says so,
// and nothing is left to do.
func erasedAfterwards(t *testing.T, d *Demo) {
	done, err := d.Oversight.List(ctx, d.Sample.As("david"), true)
	must0(t, err)
	if len(done) != 1 || done[0].Decision != oversight.Erase || done[0].State != oversight.Done || d.keys.Has(done[0].AboutID) {
		t.Errorf("%+v", done)
	}
	certs, err := d.Oversight.Certificates(ctx, d.Sample.As("agnes"))
	must0(t, err)
	if len(certs) != 1 || certs[0].Kind != "erasure" {
		t.Errorf("certificates %+v", certs)
	}
}

// The real program is killed at each named point of the story. It opens the
// folder again, loses nothing that was committed, finishes what was decided,
// and the folder verifies.
func TestDeathAtEveryPoint(t *testing.T) {
	if len(afterwards) != len(crash.Points) {
		t.Fatalf("%d points, %d stories", len(crash.Points), len(afterwards))
	}
	for _, point := range crash.Points {
		t.Run(point, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "demo")
			said, code := ronde(t, []string{"RONDE_CRASH=" + point}, "demo", "--once", "--data", dir)
			if code != 137 {
				t.Fatalf("ended with %d, not at the point:\n%s", code, said)
			}
			before := rows(t, dir)
			if said, code := ronde(t, nil, "verify", filepath.Join(dir, "data")); code != 0 {
				t.Fatalf("at rest after the crash: %d\n%s", code, said)
			}
			d := demo(t, DemoConfig{Dir: dir})
			afterwards[point](t, d)
			must0(t, d.Settle(ctx))
			d.Close()
			after := rows(t, dir)
			// A row may be gone by a decision: then an event says so, or the proof fails.
			for _, name := range before {
				if strings.HasPrefix(name, "ledger_events/") && !slices.Contains(after, name) {
					t.Errorf("%s was committed and is gone", name)
				}
			}
			if said, code := ronde(t, nil, "verify", filepath.Join(dir, "data")); code != 0 {
				t.Errorf("after it went on: %d\n%s", code, said)
			}
			if p := fits(t, dir, ""); p.Unsequenced != 0 {
				t.Errorf("%d events wait", p.Unsequenced)
			}
			noOrphans(t, filepath.Join(dir, "data"))
		})
	}
}

// noOrphans: every sealed blob has a row.
func noOrphans(t testing.TB, data string) {
	t.Helper()
	blobs, err := blob.Open(filepath.Join(data, "blobs"))
	must0(t, err)
	names, err := blobs.List(ctx, "exhibit/")
	must0(t, err)
	have := rows(t, filepath.Dir(data))
	for _, name := range names {
		if !slices.Contains(have, "evidence_exhibits/"+name[len("exhibit/"):]) {
			t.Errorf("blob %s has no row", name)
		}
	}
}
