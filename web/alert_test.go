package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ronde/access"
	"ronde/watch"
)

// What a human marks as a possible recruited minor comes first on the page,
// and the mark can be taken back, with a reason each time.
func TestARecruitedMinorComesFirst(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority)
	analyst := o.staff[access.WatchAnalyst]
	first, second := o.alertRow(), o.alertRow()
	place := func(id string) int {
		return strings.Index(o.ask(analyst, "GET", "/alerts", nil).Body.String(), "/alerts/"+id)
	}
	if place(first.id) < place(second.id) {
		t.Fatal("the older alert is on top")
	}
	if body := o.ask(analyst, "GET", "/alerts", nil).Body.String(); !strings.Contains(body, "fraîcheur") || !strings.Contains(body, "produit") {
		t.Error("the queue does not say which kinds of evidence agree")
	}
	if w := o.ask(analyst, "POST", "/alerts/"+first.id+"/minor", url.Values{"minor": {""}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("marked without a reason: %d", w.Code)
	}
	if w := o.ask(analyst, "POST", "/alerts/"+first.id+"/minor", url.Values{"minor": {"parle du collège"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("marked: %d", w.Code)
	}
	if place(first.id) > place(second.id) {
		t.Error("the marked alert is not on top")
	}
	if body := o.ask(analyst, "GET", "/alerts/"+first.id, nil).Body.String(); !strings.Contains(body, "mineur recruté") || !strings.Contains(body, `name="back"`) {
		t.Error("the mark does not show, or cannot be taken back")
	}
	if w := o.ask(analyst, "POST", "/alerts/"+first.id+"/minor", url.Values{"back": {"yes"}, "minor": {"il est majeur"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("taken back: %d", w.Code)
	}
	if place(first.id) < place(second.id) {
		t.Error("without the mark it is still on top")
	}
}

// One person lets an alert leave alone: only for danger to life, with a reason,
// and others are told until one of them has reviewed it.
func TestBreakingTheGlassOnThePages(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority, access.Auditor, access.PatrolOfficer)
	lead := o.hire("watchlead", o.units[access.RegimeWatch], access.DutyLead)
	analyst, auditor := o.staff[access.WatchAnalyst], o.staff[access.Auditor]
	r := o.alertRow()
	page := "/alerts/" + r.id + "/glass"
	form := url.Values{"to": {"case"}, "reason": {"Il nomme l’heure et le portail."}}
	if w := o.ask(analyst, "POST", page, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="p-danger"`) {
		t.Errorf("without danger to life: %d", w.Code)
	}
	form.Set("danger", "now")
	form.Set("reason", "urgent")
	if w := o.ask(analyst, "POST", page, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "20") {
		t.Errorf("one word is no reason: %d", w.Code)
	}
	form.Set("reason", "Il nomme l’heure et le portail du collège.")
	if w := o.ask(lead, "POST", page, form); w.Code != http.StatusForbidden {
		t.Errorf("a lead lets it out alone: %d", w.Code)
	}
	if w := o.ask(analyst, "POST", page, form); w.Code != http.StatusSeeOther {
		t.Fatalf("in danger: %d %s", w.Code, w.Body)
	}
	if v, err := o.Watch.Open(ctx, analyst.Actor, r.id); err != nil || v.State != watch.Left || v.Grade != "admiralty F6" {
		t.Errorf("%+v %v", v, err)
	}
	for who, by := range map[string]access.Actor{"lead": lead.Actor, "auditor": auditor.Actor} {
		session := lead
		if who == "auditor" {
			session = auditor
		}
		if home := o.ask(session, "GET", "/", nil).Body.String(); !strings.Contains(home, `href="/glass"`) || !strings.Contains(home, ref("A", r.id)) {
			t.Errorf("the %s is not reminded (%s)", who, by.Handle)
		}
	}
	list := o.ask(auditor, "GET", "/glass", nil).Body.String()
	if !strings.Contains(list, "portail du collège") || strings.Contains(list, "arrivage neige") {
		t.Error("the auditor does not read why, or reads the post")
	}
	if w := o.ask(analyst, "GET", "/glass", nil); w.Code == http.StatusOK {
		t.Error("an analyst reviews")
	}
	if w := o.ask(auditor, "POST", "/glass/"+r.id+"/review", url.Values{"review": {"x"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a review without words: %d", w.Code)
	}
	if w := o.ask(auditor, "POST", "/glass/"+r.id+"/review", url.Values{"review": {"Danger réel, personne de joignable."}}); w.Code != http.StatusSeeOther {
		t.Errorf("reviewed: %d", w.Code)
	}
	if home := o.ask(lead, "GET", "/", nil).Body.String(); strings.Contains(home, ref("A", r.id)+" · ") && strings.Contains(home, "contrôler : sortie") {
		t.Error("the lead is reminded of what is reviewed")
	}
}

// Alerts of exploitation are as nothing on every page for who is not trained.
func TestGuardedAlertsOnThePages(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.Specialised, access.MandateAuthority)
	r := o.alertRow()
	must(t, o.db.Write(ctx, o.asGuarded(r.id)))
	analyst, expert := o.staff[access.WatchAnalyst], o.staff[access.Specialised]
	for path, form := range map[string]url.Values{"": nil, "/glass": nil, "/verdict": {"verdict": {"offer"}, "reason": {"vu de près"}}, "/minor": {"minor": {"parle du collège"}},
		"/grade": {"source": {"admiralty B"}, "information": {"admiralty 2"}}, "/leave": {"to": {"case"}, "leave": {"pour une enquête"}}, "/confirm": {"seen": {"x"}}, "/refuse": {"confirm": {"non, pas ainsi"}}} {
		method := "GET"
		if form != nil {
			method = "POST"
		}
		got, none := o.ask(analyst, method, "/alerts/"+r.id+path, form), o.ask(analyst, method, "/alerts/"+nothing(r.id)+path, form)
		if got.Code != none.Code || plainly(got.Body.String(), "/alerts/"+r.id+path) != plainly(none.Body.String(), "/alerts/"+nothing(r.id)+path) {
			t.Errorf("%s %s: %d, for nothing %d", method, path, got.Code, none.Code)
		}
	}
	if body := o.ask(analyst, "GET", "/alerts", nil).Body.String(); strings.Contains(body, r.id) {
		t.Error("the queue lists it")
	}
	if w := o.ask(expert, "GET", "/alerts/"+r.id, nil); w.Code != http.StatusOK {
		t.Errorf("specialised staff: %d", w.Code)
	}
}
