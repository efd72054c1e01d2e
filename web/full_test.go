package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"ronde/access"
)

// The disk is full when somebody sends: they are told so, and what they wrote
// stands in the form again; once there is room the same form is received.
func TestAFullDiskKeepsWhatWasTyped(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer)
	b := o.Workbench
	p := &Portal{Public: Public{Org: "Police de Valombre", Service: "Patrouille", Emergency: "112"}, Patrol: b.Patrol, Desk: b.Desk, Mandates: b.Mandates, Watch: b.Watch,
		Oversight: b.Oversight, Lexicon: b.Lexicon, Views: b.Views, Words: b.Words, Zone: b.Zone, Now: b.Now, Log: b.Log, Secret: b.Secret}
	door := p.Handler()
	form := url.Values{"csrf": {p.tickets.form(formLife)}, "identity": {"anonymous"}, "message": {"On me suit depuis lundi."}, "tongue": {"fr"}}
	send := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "http://ronde.test/write/send", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", "fr")
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w
	}
	var was syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1, Max: was.Max}))
	full := send()
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
	words := b.Words.For("fr").T("err.disk_full")
	if full.Code != http.StatusServiceUnavailable || !strings.Contains(full.Body.String(), "On me suit depuis lundi.") || !strings.Contains(full.Body.String(), words) {
		t.Fatalf("%d: %s", full.Code, full.Body)
	}
	if again := send(); again.Code != http.StatusOK {
		t.Fatalf("%d: %s", again.Code, again.Body)
	}
}
