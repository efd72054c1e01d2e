package blob

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ronde/internal/errs"
)

var ctx = context.Background()

func TestPutOnceGetDelete(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(ctx, "exhibit/aa/x1", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(ctx, "exhibit/aa/x1", []byte("one")); err != nil {
		t.Fatalf("same bytes again: %v", err)
	}
	if err := s.Put(ctx, "exhibit/aa/x1", []byte("two")); !errors.Is(err, ErrExists) {
		t.Fatalf("other bytes: %v", err)
	}
	if b, err := s.Get(ctx, "exhibit/aa/x1"); err != nil || string(b) != "one" {
		t.Fatalf("get: %q %v", b, err)
	}
	if names, _ := s.List(ctx, "exhibit/"); !slices.Equal(names, []string{"exhibit/aa/x1"}) {
		t.Fatalf("list: %v (temporary files left?)", names)
	}
	if err := s.Delete(ctx, "exhibit/aa/x1"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(ctx, "exhibit/aa/x1"); !errs.Is(err, errs.NotFound) {
		t.Fatalf("after delete: %v", err)
	}
}

func TestNoNameLeavesTheFolder(t *testing.T) {
	dir := t.TempDir()
	s, _ := Open(filepath.Join(dir, "blobs"))
	os.WriteFile(filepath.Join(dir, "secret"), []byte("s"), 0o600)
	for _, name := range []string{"", "../secret", "a/../../secret", "/etc/passwd", "a//b", ".hidden", "a/.b", "A", "a\x00b", "a\\b"} {
		if _, err := s.Get(ctx, name); !errs.Is(err, errs.Invalid) {
			t.Errorf("get %q: %v", name, err)
		}
		if err := s.Put(ctx, name, []byte("x")); !errs.Is(err, errs.Invalid) {
			t.Errorf("put %q: %v", name, err)
		}
	}
}
