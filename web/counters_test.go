package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ronde/access"
	"ronde/oversight"
	"ronde/watch"
)

// tab is the number that a page shows on one of its views.
func tab(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(name + ` <span class="num soft">([^<]*)</span>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no view %q", name)
	}
	return m[1]
}

// A judged alert is found under Decided, counted where it is found, and waits
// for the investigator by name once two people let it out.
func TestAJudgedAlertIsNotLost(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority, access.Investigator)
	analyst, sleuth := o.staff[access.WatchAnalyst], o.staff[access.Investigator]
	judged, fresh := o.alertRow(), o.alertRow()
	get := func(path string) string { return o.ask(analyst, "GET", path, nil).Body.String() }
	must(t, o.Watch.Verdict(ctx, analyst.Actor, judged.id, watch.VerdictOffer, "prix et arrivage"))
	open, decided := get("/alerts"), get("/alerts?show=decided")
	if strings.Contains(open, judged.id) || !strings.Contains(open, fresh.id) || !strings.Contains(decided, judged.id) {
		t.Error("what was confirmed is still among what waits")
	}
	if a, b := tab(t, open, "À traiter"), tab(t, open, "Décidées"); a != "1" || b != "1" {
		t.Errorf("the queue counts %s open and %s decided", a, b)
	}
	if strings.Contains(get("/alerts/"+judged.id), "confirmé d’ici là est purgé") || !strings.Contains(get("/alerts/"+judged.id), "Confirmée") {
		t.Error("a confirmed alert is told that it lacks a confirmation")
	}
	must(t, o.Watch.AskLeave(ctx, analyst.Actor, judged.id, "case", "B2", "à transmettre"))
	if page := get("/alerts"); tab(t, page, "Sortie de veille") != "1" || tab(t, page, "Décidées") != "0" {
		t.Error("what waits for a second person is not counted there")
	}
	v, err := o.Watch.Open(ctx, sleuth.Actor, judged.id)
	must(t, err)
	must(t, o.Watch.ConfirmLeave(ctx, sleuth.Actor, judged.id, v.Seen))
	today := o.ask(sleuth, "GET", "/", nil).Body.String()
	if !strings.Contains(today, "/alerts/"+judged.id) || !strings.Contains(today, "à prendre dans un dossier") {
		t.Error("nothing waits for the investigator")
	}
	if page := o.ask(sleuth, "GET", "/alerts?show=leaving", nil).Body.String(); strings.Contains(page, judged.id) || tab(t, page, "Décidées") != "1" {
		t.Error("it still waits for a second person")
	}
}

// A prepared decision says when it was prepared, and the queue how many there
// are.
func TestAPreparedDecisionHasItsTime(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.DataProtection)
	officer, dpo := o.staff[access.PatrolOfficer], o.staff[access.DataProtection]
	r := o.rightsRow()
	if w := o.ask(officer, "POST", "/rights/"+r.id+"/prepare", url.Values{"decision": {oversight.Refuse}, "ground": {"art. 16"}, "reason": {"preuve"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	page := o.ask(dpo, "GET", "/rights/"+r.id, nil).Body.String()
	_, card, _ := strings.Cut(page, `id="prepared"`)
	card, _, _ = strings.Cut(card, "</section>")
	if year := o.Workbench.time(o.Now()).Format("2006"); !strings.Contains(card, officer.Actor.Handle) || !strings.Contains(card, year) {
		t.Errorf("prepared when? %s", card)
	}
	if page := o.ask(dpo, "GET", "/rights", nil).Body.String(); tab(t, page, "À traiter") != "1" {
		t.Error("the request is not counted")
	}
}
