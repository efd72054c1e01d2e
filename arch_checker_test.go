package ronde_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestCheckerRefuses shows every rule a tree that breaks it. A fixture names
// the rule in its comment ("rule: …"), the words that the complaint must have
// ("want: …"); one want is one complaint, and there may be no other.
func TestCheckerRefuses(t *testing.T) {
	shown := map[string]bool{}
	names, err := fs.Glob(os.DirFS("testdata/arch"), "*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			rule, want, tr := fixture(t, path.Join("testdata/arch", name))
			shown[rule] = true
			compare(t, run(t, rule, tr), want)
		})
	}
	for _, r := range rules {
		if !shown[r.name] && r.name != "no room is gone" { // shown below
			t.Errorf("no fixture breaks the rule %q", r.name)
		}
	}
}

// TestCheckerMissesRoom takes one room after the other out of a whole house.
func TestCheckerMissesRoom(t *testing.T) {
	whole := fstest.MapFS{}
	for _, r := range house {
		if !r.planned {
			dir := strings.Replace(r.path, "*", "feed", 1)
			whole[dir+"/doc.go"] = &fstest.MapFile{Data: []byte("package " + path.Base(dir) + "\n")}
		}
	}
	for _, doc := range slices.Sorted(maps.Keys(whole)) {
		file := whole[doc]
		delete(whole, doc)
		tr, err := load(whole)
		if err != nil {
			t.Fatal(err)
		}
		got := checkGone(tr)
		if len(got) != 1 || !strings.Contains(got[0], "is gone") {
			t.Errorf("without %s: %q", path.Dir(doc), got)
		}
		whole[doc] = file
	}
	if tr, err := load(whole); err != nil || len(checkGone(tr)) != 0 {
		t.Errorf("a whole house misses %q (%v)", checkGone(tr), err)
	}
}

// fixture reads a small tree and what is wrong with it.
func fixture(t *testing.T, file string) (rule string, want []string, tr *tree) {
	t.Helper()
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(ar.Comment), "\n") {
		if s, ok := strings.CutPrefix(line, "rule: "); ok {
			rule = s
		}
		if s, ok := strings.CutPrefix(line, "want: "); ok {
			want = append(want, s)
		}
	}
	m := fstest.MapFS{}
	for _, f := range ar.Files {
		m[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	tr, err = load(m)
	if err != nil {
		t.Fatal(err)
	}
	return rule, want, tr
}

func run(t *testing.T, rule string, tr *tree) []string {
	t.Helper()
	for _, r := range rules {
		if r.name == rule {
			return r.check(tr)
		}
	}
	t.Fatalf("no rule is called %q", rule)
	return nil
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d complaints, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(got, "\n"), w) {
			t.Errorf("no complaint says %q in:\n%s", w, strings.Join(got, "\n"))
		}
	}
}
