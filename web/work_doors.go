package web

import (
	"slices"

	"ronde/access"
	"ronde/web/view"
)

// workDoors are the entries of the navigation and the verb that opens each.
var workDoors = []struct{ name, kind, verb string }{
	{"inbox", "conversation", "conversation.list"},
	{"logbook", "logbook", "logbook.list"},
	{"guarded", "file", "file.list"},
	{"channels", "channel", "channel.list"},
	{"alerts", "alert", "alert.list"},
	{"glass", "alert", "alert.review-glass"},
	{"paste", "alert", "alert.paste"},
	{"archive", "alert", "alert.archive"},
	{"mandates", "mandate", "mandate.list"},
	{"sources", "source", "source.list"},
	{"cases", "case", "case.list"},
	{"rounds", "official", "official.walk"},
	{"campaigns", "official", "official.draft"},
	{"vouch", "official", "official.vouch"},
	{"roster", "hours", "hours.roster"},
	{"events", "event", "event.plan"},
	{"officials", "official", "official.publish"},
	{"looks", "conversation", "conversation.look"},
	{"texts", "text", "text.read"},
	{"oncall", "desk", "desk.read"},
	{"impostors", "account", "account.impostor"},
	{"training", "people", "people.train"},
	{"people", "people", "people.create"},
	{"rights", "rights", "rights.list"},
	{"audit", "ledger", "ledger.read"},
	{"handles", "people", "people.unmaskings"},
	{"certificates", "certificate", "certificate.read"},
	{"registers", "register", "register.read"},
	{"lexicon", "lexicon", "lexicon.list"},
}

// watchDoors lead to what only a watch unit ever holds: a mandate, its sources
// and its alerts are those of a unit that reads (D 2.32).
var watchDoors = []string{"alert", "mandate", "source"}

// holds says whether there can ever be something behind a door for somebody.
// Rules let a lead list the rows of the own unit; a unit of the patrol or of
// an investigation has no mandate, and none of the patrol an alert.
func holds(by access.Actor, kind string) bool {
	return by.Regime != access.RegimePatrol || !slices.Contains(watchDoors, kind)
}

// doorsFor are the doors that the rules open to somebody and behind which they
// can find something.
func doorsFor(by access.Actor) []view.Door {
	if by.Handle == "" {
		return nil
	}
	doors := []view.Door{{Name: "dashboard"}}
	for _, d := range workDoors {
		if holds(by, d.kind) && access.Decide(by, d.verb, access.Resource{Kind: d.kind}).Allowed {
			doors = append(doors, view.Door{Name: d.name})
		}
	}
	return append(doors, view.Door{Name: "care"}, view.Door{Name: "law"})
}
