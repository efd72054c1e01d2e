package web

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/people"
)

// browser keeps cookies and follows nothing by itself.
type browser struct {
	o   *office
	jar map[string]string
	tls bool
}

func (b *browser) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	var r *http.Request
	if form != nil {
		r = httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		r = httptest.NewRequest(method, path, nil)
	}
	r.TLS = nil
	if b.tls {
		r.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.o.door.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.jar[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		}
	}
	return w
}

var tokenField = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

// form loads a page and sends its form with its token.
func (b *browser) form(t *testing.T, page, action string, values url.Values) *httptest.ResponseRecorder {
	t.Helper()
	m := tokenField.FindStringSubmatch(b.do("GET", page, nil).Body.String())
	if m == nil {
		t.Fatalf("no form on %s", page)
	}
	values.Set("csrf", m[1])
	return b.do("POST", action, values)
}

func goes(t *testing.T, w *httptest.ResponseRecorder, to string) {
	t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
		t.Fatalf("%d to %q, want %q", w.Code, w.Header().Get("Location"), to)
	}
}

func TestSignInStory(t *testing.T) {
	o := newOffice(t, access.Auditor)
	made, err := o.People.Create(ctx, o.staff[access.Administrator].Actor,
		people.NewAccount{Name: "Eva Fictive", Login: "eva", Roles: []access.Role{access.Auditor}})
	must(t, err)
	eva := &browser{o, map[string]string{}, true}
	goes(t, eva.do("GET", "/audit", nil), "/sign-in?next=%2Faudit")
	w := eva.form(t, "/sign-in?next=/audit", "/sign-in", url.Values{"name": {"eva"}, "password": {"wrong"}, "next": {"/audit"}})
	if w.Code != http.StatusForbidden && w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("wrong password: %d", w.Code)
	}
	goes(t, eva.form(t, "/sign-in", "/sign-in", url.Values{"name": {"eva"}, "password": {made.Password}, "next": {"/audit"}}), "/enrol?next=%2Faudit")
	secret := regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(eva.do("GET", "/enrol", nil).Body.String())
	if secret == "" {
		t.Fatal("the enrol page shows no secret")
	}
	code, err := people.Code(strings.ReplaceAll(secret, " ", ""), o.clock.Now())
	must(t, err)
	goes(t, eva.form(t, "/enrol", "/enrol", url.Values{"password": {password}, "code": {code}, "next": {"/audit"}}), "/audit")
	if w := eva.do("GET", "/audit", nil); w.Code != http.StatusOK {
		t.Fatalf("signed in: %d", w.Code)
	}
	if _, ok := eva.jar["__Host-ronde"]; !ok {
		t.Errorf("cookies %v", eva.jar)
	}
	// A form without the session's token, or with another's, does nothing.
	for _, token := range []string{"", o.staff[access.Auditor].Form} {
		if w := eva.do("POST", "/sign-out", url.Values{"csrf": {token}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("forged form: %d", w.Code)
		}
	}
	goes(t, eva.form(t, "/account", "/sign-out", url.Values{}), "/sign-in")
	goes(t, eva.do("GET", "/audit", nil), "/sign-in?next=%2Faudit")

	o.clock.Move(time.Minute)
	code, err = people.Code(strings.ReplaceAll(secret, " ", ""), o.clock.Now())
	must(t, err)
	goes(t, eva.form(t, "/sign-in", "/sign-in", url.Values{"name": {"eva"}, "password": {password}}), "/sign-in/code?next=%2F")
	goes(t, eva.form(t, "/sign-in/code", "/sign-in/code", url.Values{"code": {code}, "next": {"//evil.example"}}), "/")
}

func TestSessionCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		r := httptest.NewRequest("GET", "/", nil)
		r.TLS = nil
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		(&Workbench{}).setSession(w, r, people.Session{Token: "secret"})
		c := w.Result().Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.Secure != secure ||
			strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("over TLS %v: %s", secure, c)
		}
	}
}

func TestKilledSessionIsOutsideAtOnce(t *testing.T) {
	o := newOffice(t, access.Auditor)
	eva := o.staff[access.Auditor]
	if w := o.ask(eva, "GET", "/audit", nil); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	_, err := o.People.KillSessions(ctx, o.staff[access.Administrator].Actor, eva.Actor.Person)
	must(t, err)
	goes(t, o.ask(eva, "GET", "/audit", nil), "/sign-in?next=%2Faudit")
}
