package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/patrol"
)

// eventRow makes a draft.
func (o *office) eventRow() string {
	o.t.Helper()
	e, err := o.Patrol.PlanEvent(ctx, o.staff[access.DutyLead].Actor, patrol.EventIn{Kind: "visit", Title: "Stand " + o.next(), Language: "fr", Place: "Médiathèque",
		Day: o.time(o.clock.Now()).AddDate(0, 0, 3).Format(time.DateOnly), From: "10:00", To: "12:00", Public: true})
	must(o.t, err)
	return e.ID
}

// bookingRow asks for a talk.
func (o *office) bookingRow() string {
	o.t.Helper()
	name := "École " + o.next()
	_, err := o.Patrol.AskTalk(ctx, name, name, patrol.BookingIn{Kind: "class", Language: "fr", Org: name, Place: "Valombre", Heads: 20, Text: "Bonjour"})
	must(o.t, err)
	list, err := o.Patrol.Bookings(ctx, o.staff[access.DutyLead].Actor)
	must(o.t, err)
	for _, b := range list {
		if b.Org == name {
			return b.ID
		}
	}
	o.t.Fatal("no booking was made")
	return ""
}

// A visitor reads the rules, accepts them, and only then sees the way in; the
// event stands in the calendar and the feed.
func TestTheWayInComesAfterTheRules(t *testing.T) {
	o := newOffice(t, access.DutyLead)
	lead := o.staff[access.DutyLead]
	for _, name := range []string{"Agente Noor 4107", "Agent Elias 4112"} {
		_, err := o.Patrol.PublishOfficer(ctx, lead.Actor, patrol.OfficerIn{Name: name, Unit: "Patrouille"})
		must(t, err)
	}
	cards, err := o.Patrol.Officers(ctx)
	must(t, err)
	form := url.Values{"kind": {"game"}, "title": {"Une partie & vous"}, "rules": {"Restez aimables."}, "language": {"fr"}, "channel": {"twitch"}, "url": {"https://twitch.example/valombre"}, "day": {"2026-11-24"}, "from": {"19:00"}, "to": {"22:00"},
		"officer": {cards[0].ID}, "chat": {"on"}, "public": {"on"}, "capacity": {"40"}}
	w := o.ask(lead, "POST", "/events", form)
	at, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != 303 || !strings.HasPrefix(at, "/events/evt_") {
		t.Fatalf("%d %s", w.Code, at)
	}
	says(t, o.ask(lead, "GET", at, nil).Body.String(), "un second agent veille")
	if w := o.ask(lead, "POST", at+"/publish", nil); w.Code != 422 {
		t.Fatalf("announced with nobody on the chat: %d", w.Code)
	}
	form.Set("id", strings.TrimPrefix(at, "/events/"))
	form.Set("second", cards[1].ID)
	if w := o.ask(lead, "POST", "/events", form); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	if w := o.ask(lead, "POST", at+"/publish", nil); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}

	b := o.street()
	page := b.reads(t, at)
	says(t, page, "Restez aimables.", "Agente Noor 4107", "Veille sur le salon")
	for _, path := range []string{at, "/events.ics", "/events.atom", "/events"} {
		if strings.Contains(b.reads(t, path), "twitch.example") {
			t.Errorf("%s shows the way in before the rules", path)
		}
	}
	if w := b.form(t, at, at+"/join", url.Values{}); w.Code != 422 || strings.Contains(w.Body.String(), "twitch.example") {
		t.Errorf("joined without the rules: %d", w.Code)
	}
	if w := b.form(t, at, at+"/join", url.Values{"rules": {"yes"}}); w.Code != 200 || !strings.Contains(w.Body.String(), "https://twitch.example/valombre") {
		t.Errorf("accepted, and no way in: %d", w.Code)
	}
	says(t, b.reads(t, "/events"), "39 places libres")
	says(t, b.reads(t, "/"), "Une partie & vous")
	says(t, b.reads(t, "/events.ics"), "SUMMARY:Une partie & vous", "DTSTART:20261124T190000Z")
	says(t, b.reads(t, "/events.atom"), "<title>Une partie & vous</title>", `xmlns="http://www.w3.org/2005/Atom"`)
}

var returnCode = regexp.MustCompile(`<output id="return-code">([0-9a-z-]+)<`)

// A school asks without an account and confirms with its code; the code never
// stands in an address, and the calendar entry says nothing of the matter.
func TestASchoolComesBackWithItsCode(t *testing.T) {
	o := newOffice(t, access.DutyLead)
	lead, staff := o.staff[access.DutyLead], o.door
	b := o.street()
	w := b.form(t, "/book", "/book", url.Values{"kind": {"class"}, "org": {"Collège de Valombre"}, "place": {"Valombre"}, "heads": {"52"}, "text": {"Argent facile, deux classes."}})
	m := returnCode.FindStringSubmatch(w.Body.String())
	if w.Code != 200 || m == nil {
		t.Fatalf("%d", w.Code)
	}
	code := url.Values{"code": {m[1]}}
	street := o.door
	o.door = staff
	says(t, o.ask(lead, "GET", "/", nil).Body.String(), "Collège de Valombre")
	list, err := o.Patrol.Bookings(ctx, lead.Actor)
	must(t, err)
	if w := o.ask(lead, "POST", "/bookings/"+list[0].ID+"/answer", url.Values{"text": {"Le 12 ?"}, "day": {"2027-01-12"}, "from": {"09:00"}, "to": {"11:00"}, "seen": {"0"}}); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	o.door = street
	page := b.form(t, "/book/return", "/book/return", code).Body.String()
	says(t, page, "Le 12 ?", "12 janvier 2027")
	starts := regexp.MustCompile(`name="starts" value="(\d+)"`).FindStringSubmatch(page)
	code.Set("starts", starts[1])
	says(t, b.form(t, "/book/return", "/book/confirm", code).Body.String(), "La date est confirmée")
	entry := b.form(t, "/book/return", "/book/calendar", code).Body.String()
	says(t, entry, "TRIGGER:-PT24H", "DTSTART:20270112T090000Z")
	for _, word := range []string{"Valombre", "Argent", m[1]} {
		if strings.Contains(entry, word) {
			t.Errorf("the calendar entry tells %q", word)
		}
	}
	if w := b.form(t, "/book/return", "/book/return", url.Values{"code": {"aaaa-bbbb-cccc-dddd-eeee"}}); w.Code != 404 {
		t.Errorf("a wrong code: %d", w.Code)
	}
}
