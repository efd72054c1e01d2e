package view

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"ronde/internal/lang"
)

func get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	Static().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestStaticFilesMayBeKeptForEver(t *testing.T) {
	w := get(asset("css/base.css"))
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Fatalf("base.css: %d, %q", w.Code, w.Header().Get("Cache-Control"))
	}
	for _, path := range []string{
		"/static/000000000000/css/base.css", "/static/css/base.css", asset(""), asset("css/"), asset("css"), asset("../view.go"), asset("font/none.woff2"),
	} {
		if w := get(path); w.Code == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

var (
	inCSS  = regexp.MustCompile(`url\("\.\./([^"]+)"\)`)
	inPage = regexp.MustCompile(`(?:href|src)="(` + StaticPath + `[^"#]+)`)
	inline = regexp.MustCompile(`<style|\sstyle=|<script>|<script [^>]*src="http|\son[a-z]+="|javascript:|<link [^>]*href="http|<img [^>]*src="http`)
)

func TestEveryAssetInUseExists(t *testing.T) {
	sheets, err := fs.Glob(static, "static/css/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal(sheets, err)
	}
	for _, sheet := range sheets {
		raw, err := fs.ReadFile(static, sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inCSS.FindAllStringSubmatch(string(raw), -1) {
			if get(asset(m[1])).Code != http.StatusOK {
				t.Errorf("%s wants %s", sheet, m[1])
			}
		}
	}
	for name, html := range shown(t, "en") {
		for _, m := range inPage.FindAllStringSubmatch(html, -1) {
			if get(m[1]).Code != http.StatusOK {
				t.Errorf("%s wants %s", name, m[1])
			}
		}
	}
}

// The content security policy allows nothing inline and nothing from elsewhere.
func TestNothingInlineNothingFromElsewhere(t *testing.T) {
	for _, code := range lang.Codes {
		for name, html := range shown(t, code) {
			if at := inline.FindStringIndex(html); at != nil {
				t.Errorf("%s %s: %q", code, name, around(html, at[0]))
			}
		}
	}
}

// Every form that changes something carries the token of the layout.
func TestEveryPostCarriesTheToken(t *testing.T) {
	form := regexp.MustCompile(`(?s)<form [^>]*method="post"[^>]*>.*?</form>`)
	for name, html := range shown(t, "en") {
		for _, f := range form.FindAllString(html, -1) {
			if strings.Count(f, `name="csrf" value="token"`) != 1 {
				t.Errorf("%s: %.90s", name, f)
			}
		}
	}
}

// Icons are drawn from the sprite; one that is missing would be an empty space.
func TestEveryIconExists(t *testing.T) {
	sprite, err := fs.ReadFile(static, "static/img/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`icons\.svg#([a-z]*)"`)
	for name, html := range shown(t, "en") {
		for _, m := range used.FindAllStringSubmatch(html, -1) {
			if !strings.Contains(string(sprite), `id="`+m[1]+`"`) {
				t.Errorf("%s wants the icon %q", name, m[1])
			}
		}
	}
}
