package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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

// A mandate is asked for "to 20 December": the page says so, and not the day on
// which it has ended.
func TestAMandateShowsItsLastDay(t *testing.T) {
	b := &Workbench{Zone: time.UTC}
	for ends, want := range map[string]string{"2026-12-21T00:00:00Z": "2026-12-20", "2026-12-20T09:30:00Z": "2026-12-20"} {
		at, err := time.Parse(time.RFC3339, ends)
		must(t, err)
		if got := b.lastDay(at.UnixMicro()).Format(time.DateOnly); got != want {
			t.Errorf("ends %s: last day %s, want %s", ends, got, want)
		}
	}
}

// The lead of the patrol is shown no door to what only the watch holds; the
// lead of the watch is.
func TestNoDoorToNothing(t *testing.T) {
	o := newOffice(t, access.DutyLead)
	watchlead := o.hire("watchlead", o.units[access.RegimeWatch], access.DutyLead)
	names := func(by access.Actor) (out []string) {
		for _, d := range doorsFor(by) {
			out = append(out, d.Name)
		}
		return out
	}
	patrol, other := names(o.staff[access.DutyLead].Actor), names(watchlead.Actor)
	for _, door := range []string{"alerts", "mandates", "sources", "glass"} {
		if slices.Contains(patrol, door) || !slices.Contains(other, door) {
			t.Errorf("%s: patrol %v, watch %v", door, patrol, other)
		}
	}
}

// A lead edits one card in place: what stands on it stands in the form, and
// what is not changed stays, the holder too.
func TestACardIsEditedInPlace(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.DutyLead)
	officer, lead := o.staff[access.PatrolOfficer], o.staff[access.DutyLead]
	card := url.Values{"holder": {officer.Actor.Handle}, "name": {"Agente Noor 4107"}, "unit": {"Unité patrol"}, "languages": {"fr"}, "hours": {"mon-fri 09:00-17:00"}}
	if w := o.ask(lead, "POST", "/officials/officers", card); w.Code != http.StatusSeeOther {
		t.Fatalf("published: %d", w.Code)
	}
	if w := o.ask(lead, "POST", "/officials/officers", url.Values{"holder": {"P-99999"}, "name": {"Agent 8"}, "unit": {"Unité patrol"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a card for nobody: %d", w.Code)
	}
	list, err := o.Patrol.Officers(ctx)
	must(t, err)
	page := o.ask(lead, "GET", "/officials?edit="+list[0].ID, nil).Body.String()
	for _, want := range []string{`name="officer" value="` + list[0].ID, `value="Agente Noor 4107"`, `<option value="Unité patrol" selected`, "09:00-17:00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	card.Set("officer", list[0].ID)
	card.Set("holder", "")
	card.Set("hours", "mon-fri 10:00-18:00")
	if w := o.ask(lead, "POST", "/officials/officers", card); w.Code != http.StatusSeeOther {
		t.Fatalf("edited: %d", w.Code)
	}
	after, err := o.Patrol.Officers(ctx)
	must(t, err)
	if len(after) != 1 || !strings.Contains(after[0].Hours.String(), "10:00") {
		t.Errorf("edited into %+v", after)
	}
	if name, err := o.Patrol.OwnName(ctx, officer.Actor); err != nil || name != "Agente Noor 4107" {
		t.Errorf("the card is nobody's: %q %v", name, err)
	}
}
