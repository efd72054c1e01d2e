package view

import (
	"slices"
	"strings"
	"time"

	"ronde/internal/lang"
)

// The samples are what the browser tests look at: every page with rich
// invented content. The moment is a Saturday evening.
var moment = time.Date(2026, 11, 21, 19, 42, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return moment.Add(-d) }

// in2 chooses the sentence of the language.
func in2(code, en, fr string) string {
	if code == "fr" {
		return fr
	}
	return en
}

func samplePortal(code, path string) Portal {
	return Portal{
		Lang: code, Dir: dirOf(code), Offered: slices.Concat(lang.Codes, lang.Easy, lang.Translations), Path: path, Org: "Police de Valombre", Service: in2(code, "Online patrol", "Patrouille en ligne"),
		Emergency: "112", ExitURL: "https://weather.example/", CSRF: "token", Demo: true, Calm: strings.HasPrefix(path, "/write"),
		Duty: Duty{
			Now: []OnDuty{
				{Name: "Maëlle R.", Handle: "maelle-r", Channel: "Discord", Until: moment.Add(2 * time.Hour), Languages: []string{"fr", "en"}},
				{Name: "Agent 07", Handle: "agent-07", Channel: "Twitch", Until: moment.Add(3 * time.Hour), Languages: []string{"fr", "ar"}},
			},
			Next:       &Shift{From: moment.Add(42 * time.Hour), To: moment.Add(46 * time.Hour), Officer: "Agent 07", Channel: "Discord"},
			AnswerDays: 3,
		},
	}
}

func sampleWork(code, path string) Work {
	return Work{
		Lang: code, Path: path, Org: "Police de Valombre", CSRF: "token", Demo: true,
		User: User{Name: "Maëlle R.", Roles: []string{"patrol-officer", "duty-lead"}, Unit: in2(code, "Online patrol", "Patrouille en ligne")},
		Doors: []Door{{Name: "dashboard"}, {Name: "inbox", Count: 7}, {Name: "alerts", Count: 4}, {Name: "paste"}, {Name: "mandates", Count: 1}, {Name: "sources"},
			{Name: "cases"}, {Name: "roster"}, {Name: "events"}, {Name: "officials"}, {Name: "people"}, {Name: "rights", Count: 2}, {Name: "audit"}, {Name: "certificates"}, {Name: "registers"}, {Name: "lexicon"}, {Name: "law"}},
	}
}

// samples are all pages; several states of one page have several names.
func samples(code string) map[string]Page {
	all := make(map[string]Page)
	for _, set := range []map[string]Page{portalSamples(code), workSamples(code), watchSamples(code), proofSamples(code), roundSamples(code), careSamples(code), inboxSamples(code), lineSamples(code), roomSamples(code), rosterSamples(code), eventSamples(code)} {
		for name, page := range set {
			all[name] = page
		}
	}
	return all
}
