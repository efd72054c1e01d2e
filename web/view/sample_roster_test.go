package view

import (
	"strconv"
	"time"
)

// sampleShift is a time of duty some hours from the moment.
func sampleShift(code string, from, to time.Duration, officer, channel string) Shift {
	return Shift{From: moment.Add(from * time.Hour), To: moment.Add(to * time.Hour), Officer: officer, Channel: channel, Purpose: in2(code, "answering messages", "réponse aux messages"), Languages: []string{"fr", "en"}}
}

// sampleMonday begins the week of the moment.
var sampleMonday = time.Date(2026, 11, 16, 11, 0, 0, 0, time.UTC)

func sampleRosterDays(code string) []RosterDay {
	at := func(day, hour int) time.Time {
		return sampleMonday.AddDate(0, 0, day).Add(time.Duration(hour-12) * time.Hour)
	}
	var days []RosterDay
	for i := range 7 {
		d := RosterDay{Date: sampleMonday.AddDate(0, 0, i), Today: i == 5}
		if i < 5 {
			d.Shifts = []RosterShift{
				{ID: "s1" + strconv.Itoa(i), From: at(i, 9), To: at(i, 12), Channel: "portal", Purpose: "answer", Languages: []string{"fr", "en"}, Who: "Maëlle R.", Mine: true, Past: i < 3, Offered: i == 4},
				{ID: "s2" + strconv.Itoa(i), From: at(i, 13), To: at(i, 17), Channel: "discord", Purpose: "patrol", Languages: []string{"fr"}, Who: "Agent 07", Past: i < 3},
			}
		}
		days = append(days, d)
	}
	days[2].Holiday, days[2].Shifts[0].Why, days[2].Shifts[1].Why = in2(code, "Day of the canton", "Fête du canton"), "holiday", "holiday"
	days[3].Shifts[1].Why = "absent"
	days[5].Shifts = []RosterShift{{ID: "s9", From: at(5, 22), To: at(6, 2), Channel: "twitch", Purpose: "stream", Who: in2(code, "Online patrol", "Patrouille en ligne")},
		{ID: "s8", From: at(5, 19), To: at(5, 21), Channel: "portal", Purpose: "answer", Who: "Inès T.", Offered: true}}
	return days
}

func sampleCover(id, channel string, code string) CoverChart {
	c := CoverChart{ID: id, Channel: channel, From: 8, To: 22}
	for i, name := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		d := CoverDay{Name: in2(code, name, []string{"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."}[i]), Date: sampleMonday.AddDate(0, 0, i)}
		for h := c.From; h < c.To; h++ {
			x := CoverHour{Hour: h, Wanted: i < 5 && h >= 9 && h < 18}
			switch {
			case i < 5 && h >= 9 && h < 12:
				x.People = 2
			case i < 5 && h >= 13 && h < 17:
				x.People = 1 + i%4
			case i > 4 && h > 17:
				x.People = 1
			}
			if x.Gap = x.Wanted && x.People == 0; x.Gap {
				c.Gaps++
			}
			d.Hours = append(d.Hours, x)
		}
		c.Days = append(c.Days, d)
	}
	return c
}

func rosterSamples(code string) map[string]Page {
	w := sampleWork(code, "/roster")
	roster := RosterPage{Work: w, Monday: sampleMonday, Week: "2026-11-16", Prev: "/roster?week=2026-11-09", Next: "/roster?week=2026-11-23", This: true, Days: sampleRosterDays(code), Card: "Maëlle R.", Plan: true,
		Who:      []Option{{"off_1", "Maëlle R.", ""}, {"off_2", "Agent 07", ""}, {"unit:x", in2(code, "Online patrol", "Patrouille en ligne"), "unit"}},
		Channels: words("channel", code, "portal", "discord", "twitch"), Purposes: words("purpose", code, "answer", "patrol", "stream", "talk"), Languages: words("language", code, "fr", "en"),
		Weekdays:  []Option{{"mon", in2(code, "Monday", "lundi"), ""}, {"tue", in2(code, "Tuesday", "mardi"), ""}, {"wed", in2(code, "Wednesday", "mercredi"), ""}, {"thu", in2(code, "Thursday", "jeudi"), ""}, {"fri", in2(code, "Friday", "vendredi"), ""}, {"sat", in2(code, "Saturday", "samedi"), ""}, {"sun", in2(code, "Sunday", "dimanche"), ""}},
		Templates: []RosterTemplate{{"tpl_1", in2(code, "School weeks", "Semaines d’école"), 22}}, Absences: []RosterAbsence{{"abs_1", "Agent 07", sampleMonday.AddDate(0, 0, 3), sampleMonday.AddDate(0, 0, 10), true}},
		Fed: ago(900 * time.Hour), Ends: sampleMonday.AddDate(0, 0, 20), Short: true, Offers: 2, Form: Form{Values: map[string]string{"weeks": "1"}}}
	officer, empty, wrong := roster, roster, roster
	officer.Plan, officer.Feed, officer.Short = false, "https://patrouille.valombre.example/calendar/3f7k-9q2m-x4tb-8wnc-5hvd-2jre-7ypa-6sgu", false
	empty.Days, empty.Card, empty.Ends, empty.Offers, empty.Templates, empty.Absences = make([]RosterDay, 7), "", time.Time{}, 0, nil, nil
	for i := range empty.Days {
		empty.Days[i].Date = sampleMonday.AddDate(0, 0, i)
	}
	wrong.Form = Form{Values: map[string]string{"times": "9h-12h", "weeks": "2", "days=mon": "on"}, Problems: []Problem{{"times", in2(code, "We cannot read “9h-12h”. Write: 09:00-12:00 13:00-17:00.", "Nous ne lisons pas « 9h-12h ». Écrivez : 09:00-12:00 13:00-17:00.")}}}
	wrong.Import = &ImportResult{Added: 12, Known: 1, Skipped: []Fact{{"Réunion", in2(code, "It is about whole days, or lasts longer than one.", "Il s’agit de jours entiers, ou cela dure plus d’un jour.")}}}
	cover := CoverPage{Work: sampleWork(code, "/roster/cover"), Monday: sampleMonday, Prev: "/roster/cover?week=2026-11-09", Next: "/roster/cover?week=2026-11-23", CSV: "/roster/cover.csv?week=2026-11-16", Hours: 2,
		Charts: []CoverChart{sampleCover("cover-0", "discord", code), sampleCover("cover-1", "portal", code)},
		Kept:   []KeptRow{{"discord", sampleMonday.AddDate(0, 0, -7), 20, 12, 11, false}, {"portal", sampleMonday.AddDate(0, 0, -7), 42, 25, 18, false}, {"twitch", sampleMonday.AddDate(0, 0, -7), 6, 0, 0, true}}}
	hours := WorkHoursPage{Work: sampleWork(code, "/hours"), Plan: true, Site: "https://patrouille.valombre.example/hours.ics", Channels: words("channel", code, "portal", "discord"),
		Rows:     []WorkHours{{"discord", "", "", 1, true, moment.Add(42 * time.Hour), true}, {"portal", "mon 09:00-12:30 13:30-18:00; tue 09:00-12:30 13:30-18:00; sat 10:00-16:00", in2(code, "Mon–Fri 09:00–12:30, 13:30–18:00; Sat 10:00–16:00", "lun.–ven. 09:00–12:30, 13:30–18:00; sam. 10:00–16:00"), 3, false, moment.Add(42 * time.Hour), false}},
		Holidays: []WorkHoliday{{"hol_1", time.Date(2026, 12, 25, 12, 0, 0, 0, time.UTC), in2(code, "Christmas", "Noël")}, {"hol_2", time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC), in2(code, "New Year", "Jour de l’an")}}}
	return map[string]Page{
		"work-roster": roster, "work-roster-officer": officer, "work-roster-empty": empty, "work-roster-wrong": wrong,
		"work-cover": cover, "work-cover-empty": CoverPage{Work: cover.Work, Monday: sampleMonday, Prev: cover.Prev, Next: cover.Next, Hours: 2},
		"work-hours": hours, "work-hours-empty": WorkHoursPage{Work: hours.Work},
	}
}
