package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/mandate"
)

func TestOriginalIsSealedAndComesBackAsItWas(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		text := "kanaritext ❄️ arrivage, 60€\x00\xff"
		p := r.prepare(text)
		if where := r.clear("kanari"); len(where) > 0 {
			t.Fatalf("before its row: in clear in %q", where)
		}
		first, second := r.record(p, "cas_one"), r.record(r.prepare("autre"), "cas_one")
		other := r.record(r.prepare("ailleurs"), "cas_two")
		if first.Label() != "E-1" || second.Label() != "E-2" || other.Label() != "E-1" {
			t.Errorf("numbers: %s %s %s", first.Label(), second.Label(), other.Label())
		}
		v, err := r.look(first.ID)
		must(t, err)
		sum := sha256.Sum256([]byte(text))
		if string(v.Bytes) != text || v.SHA256 != hex.EncodeToString(sum[:]) || v.Permit != r.mandate || v.SealedBy != "I-09" || v.Size != int64(len(text)) ||
			v.CapturedAt != 5 || !strings.Contains(v.Source, "kanarisource") || v.State != Sealed {
			t.Fatalf("%+v", v)
		}
		// The digest of a short text would confirm a guess at it.
		for _, secret := range []string{"kanari", v.SHA256, string(sum[:])} {
			if where := r.clear(secret); len(where) > 0 {
				t.Errorf("%q is in clear in %q", secret, where)
			}
		}
		if got := r.verbs(first.ID); !slices.Equal(got, []string{"exhibit.seal", "exhibit.open"}) {
			t.Errorf("custody: %q", got)
		}
		var m map[string]int64
		must(t, r.db.Read(ctx, func(tx *db.Tx) (err error) {
			m, err = r.Counts(ctx, tx, "2026-11-23", "2026-11-23")
			return err
		}))
		if m["exhibit.sealed"] != 3 {
			t.Errorf("counts %v", m)
		}
		if p := r.proof(); p.Blobs != 3 {
			t.Errorf("%d blobs proved", p.Blobs)
		}
	})
}

func TestChangedBytesAreRefusedAndNamed(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		e := r.record(r.prepare("texte d’origine"), "cas_one")
		raw, err := os.ReadFile(r.blobFile(e.ID))
		must(t, err)
		for _, at := range []int{0, len(raw) / 2, len(raw) - 1} {
			bad := slices.Clone(raw)
			bad[at] ^= 1
			must(t, os.WriteFile(r.blobFile(e.ID), bad, 0o600))
			if v, err := r.look(e.ID); err == nil || v.Bytes != nil {
				t.Errorf("byte %d: opened: %v", at, err)
			}
			if p := r.proof().Problems; len(p) != 1 || !strings.Contains(p[0], "exhibit/"+e.ID) {
				t.Errorf("byte %d: %q", at, p)
			}
		}
		must(t, os.Remove(r.blobFile(e.ID)))
		if p := r.proof().Problems; len(p) != 1 || !strings.Contains(p[0], "exhibit/"+e.ID) {
			t.Errorf("removed: %q", p)
		}
		must(t, os.WriteFile(r.blobFile(e.ID), raw, 0o600))
		_, err = r.look(e.ID)
		must(t, err)
		if got := r.verbs(e.ID); !slices.Equal(got, []string{"exhibit.seal", "exhibit.open"}) {
			t.Errorf("a refused look was written as one: %q", got)
		}
	})
}

// Bytes that were sealed rightly, under the right key, but are not those whose
// digest was recorded.
func TestOtherBytesUnderTheSameKeyAreRefused(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		e := r.record(r.prepare("le vrai"), "cas_one")
		forged, err := r.keys.Seal(e.ID, purposeBytes, []byte("le faux"))
		must(t, err)
		raw, err := os.ReadFile(r.blobFile(e.ID))
		must(t, err)
		must(t, os.WriteFile(r.blobFile(e.ID), forged, 0o600))
		_, err = r.look(e.ID)
		wants(t, err, errs.Internal, "err.exhibit.changed")
		must(t, os.WriteFile(r.blobFile(e.ID), raw, 0o600))
	})
}

func TestLapsedPermitSealsNothing(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		p := r.permit()
		r.clock.Move(month - time.Second)
		_, err := r.Prepare(ctx, p, iris, post("encore"))
		must(t, err)
		r.clock.Move(2 * time.Second)
		_, err = r.Prepare(ctx, p, iris, post("trop tard"))
		wants(t, err, errs.Lapsed, "err.mandate.lapsed")
		_, err = r.Prepare(ctx, mandate.Permit{}, iris, post("sans mandat"))
		wants(t, err, errs.Lapsed, "err.mandate.none")
		names, err := r.blobs.List(ctx, "exhibit/")
		must(t, err)
		if len(names) != 1 {
			t.Errorf("blobs %q", names)
		}
	})
}

func TestSizes(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		for _, n := range []int{0, MaxOriginal + 1} {
			_, err := r.PrepareReceived(ctx, iris, Original{Kind: KindMessage, Bytes: make([]byte, n)})
			wants(t, err, errs.Limit, "err.exhibit.size")
		}
		if left := r.leftovers(); left != 0 {
			t.Errorf("%d files left by what was refused", left)
		}
		e := r.record(r.prepare("x"), "cas_one")
		if v, err := r.look(e.ID); err != nil || string(v.Bytes) != "x" {
			t.Errorf("%q %v", v.Bytes, err)
		}
	})
}

// leftovers counts the exhibits' files: keys and blobs.
func (r *room) leftovers() int {
	r.t.Helper()
	names, err := r.blobs.List(ctx, "exhibit/")
	must(r.t, err)
	keys, err := filepath.Glob(filepath.Join(r.dir, "keys", "containers", "*", "exh_*"))
	must(r.t, err)
	return len(keys) + len(names)
}

func TestDiscardLeavesNothing(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		must(t, r.Discard(ctx, r.prepare("kanaritext")))
		if left := r.leftovers(); left != 0 {
			t.Fatalf("%d files are left", left)
		}
		p := r.prepare("encore")
		if r.leftovers() != 2 {
			t.Fatal("a prepared original is not one key and one blob")
		}
		must(t, r.Discard(ctx, p))
		must(t, r.Discard(ctx, p))
	})
}

// A blob that cannot be written (a full disk) leaves no key behind either.
func TestPrepareThatFailsLeavesNothing(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		r.record(r.prepare("un"), "cas_one")
		before := r.leftovers()
		// A file stands where the folder of blobs should be.
		must(t, os.Rename(r.dir+"/blobs/exhibit", r.dir+"/away"))
		must(t, os.WriteFile(r.dir+"/blobs/exhibit", nil, 0o600))
		if _, err := r.Prepare(ctx, r.permit(), iris, post("deux")); err == nil {
			t.Fatal("sealed without a place to write")
		}
		must(t, os.Remove(r.dir+"/blobs/exhibit"))
		must(t, os.Rename(r.dir+"/away", r.dir+"/blobs/exhibit"))
		if left := r.leftovers(); left != before {
			t.Errorf("%d files, there were %d", left, before)
		}
	})
}

func TestDestroyedIsUnreadableAndItsNumberStays(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		e := r.record(r.prepare("kanaritext"), "cas_one")
		r.destroy(e.ID)
		// Marked: no look opens it, though the program may die now.
		if v, err := r.look(e.ID); err != nil || v.Bytes != nil || v.SHA256 != "" || v.State != Destroyed || v.Number != 1 || v.SealedAt == 0 {
			t.Fatalf("%+v %v", v, err)
		}
		must(t, r.Finish(ctx, e.ID))
		must(t, r.Finish(ctx, e.ID))
		if r.keys.Has(e.ID) || r.leftovers() != 0 {
			t.Error("key or bytes are left")
		}
		r.destroy(e.ID) // twice is no error and no second event
		if got := r.verbs(e.ID); !slices.Equal(got, []string{"exhibit.seal", "exhibit.destroy", "exhibit.open"}) {
			t.Errorf("custody: %q", got)
		}
		err := r.db.Write(ctx, func(tx *db.Tx) error { return r.RestrictIn(ctx, tx, iris, e.ID, "LED art. 16(3)") })
		wants(t, err, errs.Conflict, "err.exhibit.destroyed")
		next := r.record(r.prepare("suivant"), "cas_one")
		if next.Number != 2 {
			t.Errorf("the number of a destroyed exhibit was given again: %d", next.Number)
		}
		var list []View
		must(t, r.db.Read(ctx, func(tx *db.Tx) (err error) { list, err = r.ListIn(ctx, tx, "cas_one"); return err }))
		if len(list) != 2 || list[0].Source != "" || list[1].Source == "" {
			t.Errorf("%+v", list)
		}
	})
}

// After a crash between the row and the key, and after one between the blob
// and the row: Sweep takes what is older than ten minutes and nothing else.
func TestSweepTakesWhatACrashLeft(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		kept := r.record(r.prepare("gardé"), "cas_one")
		half := r.record(r.prepare("kanarihalf"), "cas_one")
		r.destroy(half.ID)
		orphan := r.prepare("kanariorphan")
		sweep := func(want int) {
			t.Helper()
			n, err := r.Sweep(ctx)
			must(t, err)
			if n != want {
				t.Fatalf("swept %d, want %d", n, want)
			}
		}
		r.clock.Move(underWay - time.Second)
		young := r.prepare("en cours")
		sweep(0)
		if !r.keys.Has(orphan.e.ID) || !r.keys.Has(half.ID) {
			t.Fatal("taken while it may still be under way")
		}
		r.clock.Move(2 * time.Second)
		sweep(2)
		if r.keys.Has(orphan.e.ID) || r.keys.Has(half.ID) || !r.keys.Has(young.e.ID) || !r.keys.Has(kept.ID) {
			t.Error("the wrong keys are gone")
		}
		sweep(0)
		if v, err := r.look(kept.ID); err != nil || string(v.Bytes) != "gardé" {
			t.Errorf("%q %v", v.Bytes, err)
		}
		late := r.record(young, "cas_one")
		r.clock.Move(time.Hour)
		sweep(0)
		_, err := r.look(late.ID)
		must(t, err)
	})
}

func TestRestrictedIsKeptAndSaysSo(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		e := r.record(r.prepare("preuve"), "cas_one")
		must(t, r.db.Write(ctx, func(tx *db.Tx) error { return r.RestrictIn(ctx, tx, iris, e.ID, "LED art. 16(3)(b)") }))
		v, err := r.look(e.ID)
		must(t, err)
		if v.State != Restricted || string(v.Bytes) != "preuve" {
			t.Errorf("%+v", v)
		}
		if got := r.verbs(e.ID); !slices.Equal(got, []string{"exhibit.seal", "exhibit.restrict", "exhibit.open"}) {
			t.Errorf("custody: %q", got)
		}
		wants(t, func() error { _, err := r.look("exh_none"); return err }(), errs.NotFound, "err.not_found")
	})
}

// A transaction that fails after RecordIn leaves no exhibit: no row, no
// count, no event, and the number is free.
func TestFailedTransactionRecordsNothing(t *testing.T) {
	each(t, func(r *room) {
		t := r.t
		p, boom := r.prepare("un"), errors.New("boom")
		err := r.db.Write(ctx, func(tx *db.Tx) error {
			if _, err := r.RecordIn(ctx, tx, iris, p, "cas_one"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if got := r.verbs(p.e.ID); len(got) != 0 {
			t.Errorf("events: %q", got)
		}
		if e := r.record(p, "cas_one"); e.Number != 1 {
			t.Errorf("number %d", e.Number)
		}
	})
}
