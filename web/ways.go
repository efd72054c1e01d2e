package web

import (
	"net/http"

	"ronde/access"
	"ronde/people"
)

// ways says for each route of the workbench which verb it is about. Whoever
// may never do that, to any row, does not get into the room at all; the room
// then asks the rules about the row itself. A route without a line here stops
// the program when it starts.
var ways = map[string]string{
	"GET /{$}":                               everybody,
	"POST /sign-out":                         everybody,
	"GET /account":                           "account.own",
	"POST /account/password":                 "account.own",
	"POST /account/sessions/{id}/end":        "account.own",
	"POST /account/sessions/end":             "account.own",
	"GET /search":                            everybody,
	"GET /inbox":                             "conversation.list",
	"GET /inbox/live":                        "conversation.list",
	"GET /inbox/{id}":                        "conversation.open",
	"GET /inbox/{id}/live":                   "conversation.open",
	"POST /inbox/{id}/draft":                 "conversation.answer",
	"GET /inbox/list.csv":                    "conversation.export",
	"GET /inbox/{id}/csv":                    "conversation.export",
	"GET /inbox/{id}/print":                  "conversation.export",
	"POST /inbox/{id}/merge":                 "conversation.merge",
	"POST /inbox/{id}/split":                 "conversation.merge",
	"POST /inbox/{id}/question":              "conversation.note",
	"POST /inbox/{id}/confirm":               "conversation.confirm-unmask",
	"POST /inbox/{id}/revealed":              "conversation.unmask",
	"POST /inbox/{id}/take":                  "conversation.take",
	"POST /inbox/{id}/release":               "conversation.handover",
	"POST /inbox/{id}/reply":                 "conversation.answer",
	"POST /inbox/{id}/note":                  "conversation.note",
	"POST /inbox/{id}/close":                 "conversation.close",
	"POST /inbox/{id}/hand":                  "conversation.handover",
	"POST /inbox/{id}/withdrawn":             "conversation.unmask",
	"GET /channels":                          "channel.list",
	"POST /inbox/{id}/reveal":                "conversation.unmask",
	"POST /inbox/{id}/reopen":                "conversation.close",
	"POST /inbox/{id}/emergency":             "conversation.handover",
	"POST /inbox/{id}/case":                  "case.create",
	"POST /inbox/{id}/room":                  "room.make",
	"POST /inbox/{id}/room/say":              "room.say",
	"POST /inbox/{id}/room/free":             "room.make",
	"POST /inbox/{id}/room/end":              "room.end",
	"GET /files/{id}":                        "file.look",
	"POST /files/{id}/look":                  "file.look",
	"GET /files/{id}/copy":                   "file.look",
	"POST /files/{id}/fetch":                 "file.fetch",
	"POST /files/{id}/seal":                  "file.pull",
	"GET /files/{id}/suspect":                "file.guard",
	"POST /files/{id}/suspect":               "file.guard",
	"GET /guarded":                           "file.list",
	"POST /guarded/{id}/open":                "file.open",
	"POST /guarded/{id}/clear":               "file.clear",
	"POST /guarded/{id}/case":                "case.create",
	"GET /exhibits/{id}/original":            "exhibit.original",
	"GET /alerts":                            "alert.list",
	"GET /alerts/{id}":                       "alert.open",
	"POST /alerts/{id}/verdict":              "alert.verdict",
	"POST /alerts/{id}/minor":                "alert.mark-minor",
	"POST /alerts/{id}/leave":                "alert.ask-leave",
	"POST /alerts/{id}/confirm":              "alert.confirm-leave",
	"POST /alerts/{id}/refuse":               "alert.confirm-leave",
	"POST /alerts/{id}/case":                 "case.create",
	"POST /alerts/{id}/grade":                "alert.grade",
	"GET /alerts/{id}/glass":                 "alert.ask-leave",
	"POST /alerts/{id}/glass":                "alert.ask-leave",
	"GET /glass":                             "alert.review-glass",
	"POST /glass/{id}/review":                "alert.review-glass",
	"GET /paste":                             "alert.paste",
	"POST /paste":                            "alert.paste",
	"GET /archive":                           "alert.archive",
	"POST /archive":                          "alert.archive",
	"GET /mandates":                          "mandate.list",
	"GET /mandates/new":                      "mandate.draft",
	"POST /mandates/new":                     "mandate.draft",
	"GET /mandates/{id}":                     "mandate.open",
	"POST /mandates/{id}/approve":            "mandate.approve",
	"POST /mandates/{id}/refuse":             "mandate.refuse",
	"POST /mandates/{id}/suspend":            "mandate.suspend",
	"POST /mandates/{id}/resume":             "mandate.resume",
	"GET /mandates/{id}/renew":               "mandate.renew",
	"POST /mandates/{id}/renew":              "mandate.renew",
	"GET /sources":                           "source.list",
	"POST /sources/{id}/key":                 "source.key",
	"POST /sources/{id}/stop":                "source.remove",
	"GET /cases":                             "case.list",
	"GET /cases/{id}":                        "case.open",
	"POST /cases/{id}/note":                  "case.note",
	"POST /cases/{id}/close":                 "case.close",
	"GET /exhibits/{id}":                     "exhibit.open",
	"POST /exhibits/{id}/verify":             "exhibit.open",
	"GET /officials":                         "official.publish",
	"POST /officials/officers":               "official.publish",
	"POST /officials/officers/{id}/withdraw": "official.withdraw",
	"POST /officials/accounts":               "account.publish",
	"POST /officials/accounts/{id}/withdraw": "account.withdraw",
	"GET /officials/accounts/{id}":           "account.prove",
	"POST /officials/accounts/{id}/prove":    "account.prove",
	"POST /officials/accounts/{id}/proof":    "account.prove",
	"GET /impostors":                         "account.impostor",
	"POST /impostors/{id}/tell":              "account.impostor",
	"POST /impostors/{id}/close":             "account.impostor",
	"GET /vouch":                             "official.vouch",
	"POST /vouch":                            "official.vouch",
	"GET /people":                            "people.list",
	"POST /people":                           "people.create",
	"POST /people/{id}/suspend":              "people.disable",
	"POST /people/{id}/reset":                "people.reset",
	"POST /people/{id}/kill":                 "people.kill-session",
	"POST /people/{id}/roles":                "people.role",
	"POST /units":                            "people.unit",
	"GET /handles":                           "people.unmaskings",
	"POST /handles/ask":                      "people.ask-unmask",
	"POST /handles/{id}/confirm":             "people.confirm-unmask",
	"POST /handles/{id}/open":                "people.open-unmask",
	"GET /rights":                            "rights.list",
	"GET /rights/{id}":                       "rights.open",
	"POST /rights/{id}/prepare":              "rights.prepare",
	"POST /rights/{id}/confirm":              "rights.decide",
	"GET /audit":                             "ledger.read",
	"GET /certificates":                      "certificate.read",
	"GET /certificates/{id}":                 "certificate.read",
	"GET /registers":                         "register.read",
	"GET /lexicon":                           "lexicon.list",
	"GET /lexicon/{id}":                      "lexicon.open",
	"GET /lexicon/candidates":                "lexicon.propose",
	"GET /lexicon/proposals":                 "lexicon.list",
	"GET /lexicon/proposals/new":             "lexicon.propose",
	"POST /lexicon/proposals":                "lexicon.propose",
	"POST /lexicon/retirements":              "lexicon.propose",
	"GET /lexicon/proposals/{id}":            "lexicon.open",
	"POST /lexicon/proposals/{id}/review":    "lexicon.approve",
	"POST /lexicon/proposals/{id}/live":      "lexicon.approve",
	"POST /lexicon/proposals/{id}/retire":    "lexicon.approve",
	"GET /lexicon/figures":                   "lexicon.list",
	"GET /lexicon/figures.csv":               "lexicon.list",
	"GET /lexicon/bulletin":                  "lexicon.list",
	"GET /lexicon/bulletin.json":             "lexicon.list",
	"GET /law":                               everybody,
}

// everybody who is signed in walks here; the page shows what they may see.
const everybody = "everybody"

// way lets through who may ever do what a route is about.
func way(pattern string, do staffAction) staffAction {
	verb, ok := ways[pattern]
	if !ok {
		panic("route without a way: " + pattern)
	}
	if verb == everybody {
		return do
	}
	return func(w http.ResponseWriter, r *http.Request, by people.Session) error {
		if !access.Ever(by.Actor, verb) {
			return people.Allow(by.Actor, verb, access.Resource{})
		}
		return do(w, r, by)
	}
}
