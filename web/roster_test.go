package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/patrol"
)

func init() {
	forms["POST /roster/shifts/{id}/assign"] = url.Values{"who": {unitPrefix + "Patrouille"}}
	forms["POST /roster/templates/{id}/apply"] = url.Values{"weeks": {"1"}}
}

// rosterRow makes a row of the roster.
func (o *office) rosterRow(kind string) string {
	o.t.Helper()
	lead, name := o.staff[access.DutyLead].Actor, "Patrouille "+o.next()
	week := o.time(o.clock.Now()).AddDate(0, 0, 7).Format(time.DateOnly)
	switch kind {
	case "holidays":
		day := o.time(o.clock.Now()).AddDate(0, 0, 100)
		list, err := o.Patrol.Holidays(ctx)
		must(o.t, err)
		if n := len(list); n > 0 {
			last, err := time.Parse(time.DateOnly, list[n-1].Day)
			must(o.t, err)
			day = last.AddDate(0, 0, 1)
		}
		must(o.t, o.Patrol.AddHoliday(ctx, lead, day.Format(time.DateOnly), name))
		list, err = o.Patrol.Holidays(ctx)
		must(o.t, err)
		for _, h := range list {
			if h.Name == name {
				return h.ID
			}
		}
	case "absences":
		card, err := o.Patrol.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: name, Unit: "Patrouille"})
		must(o.t, err)
		must(o.t, o.Patrol.ReportAbsence(ctx, lead, card.ID, week, week))
		b, err := o.Patrol.Board(ctx, lead, week)
		must(o.t, err)
		return b.Absences[len(b.Absences)-1].ID
	}
	_, err := o.Patrol.PlanShifts(ctx, lead, patrol.ShiftIn{Week: week, Days: []string{"mon"}, Times: "09:00-10:00", Weeks: 1, Channel: "portal", Purpose: "answer", Unit: name})
	must(o.t, err)
	must(o.t, o.Patrol.SaveTemplate(ctx, lead, week, name))
	b, err := o.Patrol.Board(ctx, lead, week)
	must(o.t, err)
	for _, t := range b.Templates {
		if kind == "templates" && t.Name == name {
			return t.ID
		}
	}
	for _, s := range b.Shifts {
		if kind == "shifts" && s.Unit == name {
			return s.ID
		}
	}
	o.t.Fatalf("no %s was made", kind)
	return ""
}

// The lead plans in the workbench, and the street reads it: who, where, what
// for, and how soon we answer; as a page and as a calendar.
func TestTheStreetReadsTheRoster(t *testing.T) {
	o := newOffice(t, access.DutyLead, access.PatrolOfficer)
	lead, officer := o.staff[access.DutyLead], o.staff[access.PatrolOfficer]
	card, err := o.Patrol.PublishOfficer(ctx, lead.Actor, patrol.OfficerIn{Name: "Agente Noor 4107", Unit: "Patrouille", Holder: officer.Actor.Handle, Languages: []string{"fr"}})
	must(t, err)
	for path, form := range map[string]url.Values{
		"/hours":          {"channel": {"discord"}, "hours": {"mon-fri 08:00-18:00"}, "answer_days": {"2"}},
		"/roster/shifts":  {"week": {"2026-11-23"}, "days": {"mon", "tue"}, "times": {"08:00-12:00"}, "weeks": {"1"}, "who": {card.ID}, "channel": {"discord"}, "purpose": {"patrol"}, "languages": {"fr"}},
		"/hours/holidays": {"day": {"2026-11-25"}, "name": {"Fête du canton"}},
	} {
		if w := o.ask(lead, "POST", path, form); w.Code != 303 {
			t.Fatalf("%s: %d", path, w.Code)
		}
	}
	says(t, o.ask(officer, "GET", "/roster?week=2026-11-23", nil).Body.String(), "Agente Noor 4107", "Fête du canton", "/offer")
	page := o.ask(officer, "POST", "/roster/feed", url.Values{}).Body.String()
	_, secret, ok := strings.Cut(page, "/calendar/")
	if !ok {
		t.Fatal("no secret address")
	}
	secret, _, _ = strings.Cut(secret, "<")
	cover := o.ask(lead, "GET", "/roster/cover?week=2026-11-23", nil).Body.String()
	says(t, cover, `class="gap"`, `<desc`)
	says(t, o.ask(lead, "GET", "/roster/cover.csv?week=2026-11-23", nil).Body.String(), "discord,2026-11-23,9,1,true,false", "discord,2026-11-24,13,0,true,true", "discord,2026-11-25,9,0,false,false")

	b := o.street()
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
	says(t, plain.Replace(b.reads(t, "/hours")), "8 h–12 h · Agente Noor 4107", "Discord", "présence, ouverte aux questions", "Fête du canton", "Réponse sous 2 jours ouvrés", "Quelqu’un est là jusqu’à 12 h")
	says(t, plain.Replace(b.reads(t, "/officers/"+card.ID)), "8 h–12 h")
	calendar := b.reads(t, "/hours.ics")
	says(t, calendar, "BEGIN:VEVENT", "DTSTART:20261123T080000Z", "DTEND:20261123T120000Z", "Discord")
	if strings.Contains(calendar, "Noor") || strings.Contains(calendar, "20261125") {
		t.Errorf("the calendar of the channels says too much: %s", calendar)
	}
	says(t, b.reads(t, "/calendar/"+secret), "Agente Noor 4107", "DTSTART:20261124T080000Z")
	if w := b.do("GET", "/calendar/aaaa-bbbb", nil); w.Code != 404 {
		t.Errorf("an unknown address: %d", w.Code)
	}
}
