package view

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ronde/internal/lang"
)

// TestPreview writes every sample page in every language, with the static
// files, to the folder named by RONDE_PREVIEW, to be looked at in a browser.
func TestPreview(t *testing.T) {
	dir := os.Getenv("RONDE_PREVIEW")
	if dir == "" {
		return // nothing to look at was asked for
	}
	v := newViews(t)
	for _, code := range slices.Concat(lang.Codes, lang.Easy, lang.Translations) {
		if err := os.MkdirAll(filepath.Join(dir, code), 0o755); err != nil {
			t.Fatal(err)
		}
		for name, page := range samples(code) {
			if !slices.Contains(lang.Codes, code) && !strings.HasPrefix(page.Template(), "portal/") {
				continue // the workbench speaks the languages of the house
			}
			f, err := os.Create(filepath.Join(dir, code, name+".html"))
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Render(f, code, page); err != nil {
				t.Error(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	sub, err := fs.Sub(static, "static")
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "static", release)
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, sub); err != nil {
		t.Fatal(err)
	}
}
