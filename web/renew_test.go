package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/watch"
)

// A mandate is renewed on the pages: filled from the one before, with new
// reasons, decided by another who sees what the first one found.
func TestAMandateIsRenewedOnThePages(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority, access.Auditor)
	analyst, authority, auditor := o.staff[access.WatchAnalyst], o.staff[access.MandateAuthority], o.staff[access.Auditor]
	must(t, o.Watch.Verdict(ctx, analyst.Actor, o.alertRow().id, watch.VerdictOffer, "vu de près"))
	old := "/mandates/" + o.approved
	page := o.ask(analyst, "GET", old+"/renew", nil).Body.String()
	for _, want := range []string{`value="Décret 2026-001"`, `value="drugs-offer" checked`, `value="fr" checked`, "1 sur 1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the renewal is not filled with %q", want)
		}
	}
	if strings.Contains(page, "Aucun autre moyen moins intrusif") {
		t.Error("the reasons are copied")
	}
	now := time.UnixMicro(o.clock.Now()).UTC()
	form := url.Values{"purpose": {"Offres codées de stupéfiants visant des mineurs"}, "act": {"Décret 2026-001"}, "dpia": {"AIPD-7"}, "categories": {"drugs-offer"},
		"languages": {"fr"}, "sources": {"paste"}, "volume": {"many"}, "territory": {"District nord"}, "from": {now.Format(time.DateOnly)}, "to": {now.AddDate(0, 0, 20).Format(time.DateOnly)},
		"review": {now.AddDate(0, 0, 10).Format(time.DateOnly)}, "necessity": {"Une offre confirmée sur une alerte"}, "proportionality": {"Une langue, un collage"}}
	if w := o.ask(analyst, "POST", old+"/renew", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="p-volume"`) {
		t.Errorf("a volume that is no number: %d", w.Code)
	}
	form.Set("volume", "500")
	w := o.ask(analyst, "POST", old+"/renew", form)
	next, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(next, "/mandates/man_") {
		t.Fatalf("%d %s: %s", w.Code, next, w.Body)
	}
	page = o.ask(authority, "GET", next, nil).Body.String()
	for _, want := range []string{old, "1 sur 1", "500 publications", "District nord", "Les images et le son", "Jamais objet d"} {
		if !strings.Contains(page, want) {
			t.Errorf("who decides does not read %q", want)
		}
	}
	if w := o.ask(analyst, "POST", next+"/approve", url.Values{"reason": {"oui"}}); w.Code != http.StatusForbidden {
		t.Errorf("the drafter approves: %d", w.Code)
	}
	if w := o.ask(authority, "POST", next+"/approve", url.Values{"reason": {"bornée et utile"}}); w.Code != http.StatusSeeOther {
		t.Errorf("the authority approves: %d", w.Code)
	}
	if w := o.ask(auditor, "POST", next+"/suspend", url.Values{"suspend": {"contrôle des sources"}}); w.Code != http.StatusSeeOther {
		t.Errorf("the auditor suspends: %d", w.Code)
	}
	page = o.ask(analyst, "GET", next, nil).Body.String()
	if !strings.Contains(page, "bornée et utile") || !strings.Contains(page, "contrôle des sources") {
		t.Error("the drafter does not read why")
	}
	if page := o.ask(analyst, "GET", old, nil).Body.String(); !strings.Contains(page, next) {
		t.Error("the old mandate does not lead to its renewal")
	}
	if _, err := o.Mandates.Permit(ctx, strings.TrimPrefix(next, "/mandates/"), "match", ""); err == nil {
		t.Error("a suspended mandate permits")
	}
}
