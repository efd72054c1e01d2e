package seal

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"ronde/internal/errs"
)

func ring(t *testing.T) (*Ring, string, []byte) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	master := newKey()
	r, err := Open(dir, master)
	if err != nil {
		t.Fatal(err)
	}
	return r, dir, master
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSealedTextOpensOnlyWhereItBelongs(t *testing.T) {
	r, _, _ := ring(t)
	must(t, r.Create("con_1"))
	must(t, r.Create("con_2"))
	sealed, err := r.Seal("con_1", "desk_messages.text", []byte("bonjour"))
	must(t, err)
	if bytes.Contains(sealed, []byte("bonjour")) {
		t.Fatal("not sealed")
	}
	if text, err := r.Open("con_1", "desk_messages.text", sealed); err != nil || string(text) != "bonjour" {
		t.Fatalf("%q %v", text, err)
	}
	if _, err := r.Open("con_1", "desk_notes.text", sealed); err == nil {
		t.Fatal("opened for another purpose")
	}
	if _, err := r.Open("con_2", "desk_messages.text", sealed); err == nil {
		t.Fatal("opened in another container")
	}
}

func TestDestroyedStaysDestroyed(t *testing.T) {
	r, dir, master := ring(t)
	must(t, r.Create("con_1"))
	sealed, err := r.Seal("con_1", "p", []byte("x"))
	must(t, err)
	backup := filepath.Join(t.TempDir(), "old")
	must(t, exec.Command("cp", "-r", dir, backup).Run())

	must(t, r.Destroy("con_1", 1))
	must(t, r.Destroy("con_1", 2))
	check := func(r *Ring) {
		t.Helper()
		if _, err := r.Open("con_1", "p", sealed); !errs.Is(err, errs.NotFound) {
			t.Fatalf("opened after destruction: %v", err)
		}
		if err := r.Create("con_1"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("revived: %v", err)
		}
	}
	check(r)

	// Yesterday's keys come back; today's list goes with them.
	list, err := os.ReadFile(filepath.Join(dir, "destroyed"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(backup, "destroyed"), list, 0o600))
	restored, err := Open(backup, master)
	must(t, err)
	check(restored)
	filepath.WalkDir(backup, func(p string, e fs.DirEntry, _ error) error {
		if e.Name() == "con_1" {
			t.Errorf("key file still there: %s", p)
		}
		return nil
	})
}

func TestAnotherCopySeesTheDestruction(t *testing.T) {
	r, dir, master := ring(t)
	other, err := Open(dir, master)
	must(t, err)
	must(t, r.Create("con_1"))
	sealed, err := other.Seal("con_1", "p", []byte("x"))
	must(t, err)
	must(t, r.Destroy("con_1", 1))
	if _, err := other.Open("con_1", "p", sealed); err == nil {
		t.Fatal("another copy still reads it")
	}
}

func TestWrongOrLostMasterKeyIsSaid(t *testing.T) {
	_, dir, _ := ring(t)
	if _, err := Open(dir, newKey()); !errs.Is(err, errs.Denied) {
		t.Fatalf("wrong key: %v", err)
	}
	path := filepath.Join(t.TempDir(), "master")
	if _, err := ReadMaster(path); !errs.Is(err, errs.NotFound) {
		t.Fatalf("lost key: %v", err)
	}
	must(t, NewMaster(path))
	if err := NewMaster(path); err == nil {
		t.Fatal("a master key was replaced")
	}
	if _, err := ReadMaster(path); err != nil {
		t.Fatal(err)
	}
	must(t, os.Chmod(path, 0o644))
	if _, err := ReadMaster(path); !errs.Is(err, errs.Denied) {
		t.Fatalf("open to others: %v", err)
	}
	must(t, os.WriteFile(path, []byte("short"), 0o600))
	must(t, os.Chmod(path, 0o600))
	if _, err := ReadMaster(path); !errs.Is(err, errs.Invalid) {
		t.Fatalf("damaged: %v", err)
	}
}

func TestHashesDifferByPurposeAndRing(t *testing.T) {
	r, _, _ := ring(t)
	other, _, _ := ring(t)
	a := r.Hash("seen", []byte("x"))
	if bytes.Equal(a, r.Hash("code", []byte("x"))) || bytes.Equal(a, other.Hash("seen", []byte("x"))) || !bytes.Equal(a, r.Hash("seen", []byte("x"))) {
		t.Fatal("keyed hash is not keyed")
	}
}
