package view

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"ronde/internal/lang"
)

func mustCatalog() *lang.Catalog {
	cat, err := lang.New()
	if err != nil {
		panic(err)
	}
	return cat
}

func newViews(t testing.TB) *Views {
	t.Helper()
	cat, err := lang.New()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(cat, In(zone))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// rendered keeps the sample pages of a language once they are shown: several
// tests read them, and nothing changes them.
var rendered = make(map[string]map[string]string)

func shown(t *testing.T, code string) map[string]string {
	t.Helper()
	if rendered[code] != nil {
		return rendered[code]
	}
	v := newViews(t)
	pages := make(map[string]string)
	for name, page := range samples(code) {
		if !slices.Contains(lang.Codes, code) && !strings.HasPrefix(page.Template(), "portal/") {
			continue
		}
		var out strings.Builder
		if err := v.Render(&out, code, page); err != nil {
			t.Fatalf("%s %s: %v", code, name, err)
		}
		pages[name] = out.String()
	}
	rendered[code] = pages
	return pages
}

func TestEveryPageIsShownInEveryLanguage(t *testing.T) {
	for _, code := range slices.Concat(lang.Codes, lang.Easy, lang.Translations) {
		for name, html := range shown(t, code) {
			for _, bad := range []string{"⟦", "ZgotmplZ", "<no value>", "style=", "%!"} {
				if i := strings.Index(html, bad); i >= 0 {
					t.Errorf("%s %s: %s in %q", code, name, bad, around(html, i))
				}
			}
			if !strings.Contains(html, "</html>") {
				t.Errorf("%s %s: page does not end", code, name)
			}
		}
	}
}

func around(s string, i int) string { return s[max(0, i-60):min(len(s), i+60)] }

func TestAnErrorLeavesTheWriterUntouched(t *testing.T) {
	v := newViews(t)
	var out bytes.Buffer
	if err := v.Render(&out, "en", nowhere{}); err == nil || out.Len() != 0 {
		t.Fatalf("err = %v, %d bytes written", err, out.Len())
	}
}

type nowhere struct{}

func (nowhere) Template() string { return "portal/nowhere" }

// TestEveryTemplateFitsItsStruct finds a misspelt field in a branch that no
// sample reaches.
func TestEveryTemplateFitsItsStruct(t *testing.T) {
	v := newViews(t)
	seen := make(map[string]bool)
	for _, page := range samples("en") {
		if seen[page.Template()] {
			continue
		}
		seen[page.Template()] = true
		set, err := v.sets["en"].Clone()
		if err != nil {
			t.Fatal(err)
		}
		if err := templatecheck.CheckHTML(set.Lookup(page.Template()), page); err != nil {
			t.Errorf("%s: %v", page.Template(), err)
		}
	}
	for _, dir := range []string{"portal", "work"} {
		names, err := templates.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if name := dir + "/" + strings.TrimSuffix(n.Name(), ".html"); !seen[name] {
				t.Errorf("%s has no sample", name)
			}
		}
	}
}
