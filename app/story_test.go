package app

import (
	"path/filepath"
	"strings"
	"testing"

	"ronde/internal/errs"
)

func TestWholeStoryOnSQLite(t *testing.T) {
	d := demo(t, DemoConfig{Dir: t.TempDir()})
	said := told(t, d)
	for _, want := range []string{"the erased conversation stays unreadable", "unconfirmed alerts were purged with a certificate", "verified: "} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing was said of %q in:\n%s", want, said)
		}
	}
	d.Close()
	p := fits(t, d.Dir, "")
	if p.Unsequenced != 0 || p.Checkpoints == 0 || p.Rows < 20 || p.Blobs != 5 {
		t.Errorf("%+v", p)
	}
	restored, err := Verify(ctx, filepath.Join(d.Dir, "restored"), "")
	must0(t, err)
	if len(restored.Problems) != 0 {
		t.Errorf("the restored folder: %q", restored.Problems)
	}
}

func TestWholeStoryOnPostgreSQL(t *testing.T) {
	address := postgres(t)
	d := demo(t, DemoConfig{Dir: t.TempDir(), Database: address})
	told(t, d)
	d.Close()
	if p := fits(t, d.Dir, address); p.Rows < 20 || p.Blobs != 5 {
		t.Errorf("%+v", p)
	}
}

// A kept demo opens again, knows its people, and does not play twice.
func TestKeptDemoOpensAgain(t *testing.T) {
	dir := copied(t)
	d := demo(t, DemoConfig{Dir: dir})
	err := d.Play(ctx, func(string, ...any) {})
	wants(t, err, errs.Invalid, "err.config")
	if !strings.Contains(err.Error(), "played already") {
		t.Errorf("%v", err)
	}
	cases, err := d.Cases.List(ctx, d.Sample.As("iris"), "")
	must0(t, err)
	if len(cases) != 1 || cases[0].Title != "Livraison à Valombre" {
		t.Errorf("%+v", cases)
	}
	d.Close()
	fits(t, dir, "")
}

// Without a folder nothing is left behind.
func TestPassingDemoLeavesNothing(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	d := demo(t, DemoConfig{})
	if !strings.HasPrefix(d.Dir, tmp) {
		t.Fatalf("in %s", d.Dir)
	}
	d.Close()
	if left, err := filepath.Glob(filepath.Join(tmp, "*")); err != nil || len(left) != 0 {
		t.Errorf("left: %q %v", left, err)
	}
}
