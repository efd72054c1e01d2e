package db

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Another account of the machine looks into a data folder that somebody made
// by hand, with the usual modes: the files themselves must keep it out.
func TestFilesAreNobodyElses(t *testing.T) {
	old := syscall.Umask(0o022)
	defer syscall.Umask(old)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	d, err := Open(context.Background(), filepath.Join(dir, "ronde.db"), System)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Write(context.Background(), func(tx *Tx) error {
		_, err := tx.Exec(context.Background(), "CREATE TABLE some (a TEXT)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", f.Name(), info.Mode(), err)
		}
	}
}
