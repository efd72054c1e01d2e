package app

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ronde/internal/lang"
	"ronde/web/view"
)

var publicLink = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// unlinked are public addresses to which no page of the portal leads.
var unlinked = []string{"/", "/.well-known/ronde-accounts.json", "/news.atom"}

// Nothing that the public can open names hidden staff, by name, handle, account
// or unit, in its text, its addresses or the names of its pictures (promise 6,
// D 2.32). No page names any colleague's account or handle at all.
func TestNoPublicPageKnowsHiddenStaff(t *testing.T) {
	d := demo(t, DemoConfig{Dir: t.TempDir()})
	must0(t, d.Letters(ctx))
	words, err := lang.New()
	must0(t, err)
	views, err := view.New(words, view.In(d.zone))
	must0(t, err)
	door := d.portal(words, views).Handler()
	var secret []string
	for _, p := range d.Sample.People {
		secret = append(secret, p.Person, p.Handle, p.Name)
	}
	units, err := d.People.Units(ctx)
	must0(t, err)
	for _, u := range units {
		secret = append(secret, u.ID)
	}
	seen, todo := map[string]bool{}, slices.Clone(unlinked)
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if seen[path] || strings.HasPrefix(path, view.StaticPath) || strings.HasPrefix(path, "/lang/") {
			continue
		}
		seen[path] = true
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code == http.StatusMethodNotAllowed || w.Code == http.StatusSeeOther {
			continue // a form's address, a page that leads on
		}
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		for _, s := range secret {
			if strings.Contains(w.Body.String(), s) || strings.Contains(path, s) || strings.Contains(strings.Join(w.Header().Values("Content-Disposition"), " "), s) {
				t.Errorf("%s names %s", path, s)
			}
		}
		for _, m := range publicLink.FindAllStringSubmatch(w.Body.String(), -1) {
			todo = append(todo, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	// The walk went where officers are, and their pictures.
	var photos int
	for path := range seen {
		if strings.HasSuffix(path, "/photo") {
			photos++
		}
	}
	if len(seen) < 20 || photos < 2 {
		t.Errorf("only %d pages and %d pictures were walked", len(seen), photos)
	}
	for _, p := range d.Sample.People {
		for _, path := range []string{"/officers/" + p.Person, "/officers/" + p.Handle, "/officers/" + p.Login, "/accounts/" + p.Person, "/officers/" + p.Handle + "/photo"} {
			w := httptest.NewRecorder()
			door.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	}
}
