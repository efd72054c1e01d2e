package ronde_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// mdLink finds the target of a link or picture in Markdown.
var mdLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestDocuments keeps every link between our documents leading somewhere.
func TestDocuments(t *testing.T) {
	for _, complaint := range brokenLinks(t, os.DirFS(".")) {
		t.Error(complaint)
	}
}

func TestDocumentsChecker(t *testing.T) {
	got := brokenLinks(t, fstest.MapFS{
		"README.md":    {Data: []byte("[a](docs/a.md) [gone](docs/b.md) [far](https://example.org/x) [here](#top)")},
		"docs/a.md":    {Data: []byte("![up](../pic.png) [gone too](c.md#part)")},
		"pic.png":      {},
		"bin/other.md": {Data: []byte("[x](y.md)")},
	})
	want := []string{"README.md: docs/b.md is not there", "docs/a.md: c.md is not there"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// brokenLinks lists links of the documents in the root and in docs that lead
// to no file.
func brokenLinks(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != "." && p != "docs" && !strings.HasPrefix(p, "docs/") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(p) != ".md" {
			return nil
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		for _, m := range mdLink.FindAllStringSubmatch(string(text), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := fs.Stat(fsys, path.Join(path.Dir(p), target)); err != nil {
				out = append(out, p+": "+target+" is not there")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
