package web

import (
	"bytes"
	"context"
	"html/template"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/channel"
	"ronde/channel/logbook"
	"ronde/desk"
	"ronde/mandate"
	"ronde/oversight"
	"ronde/patrol"
	"ronde/people"
	"ronde/watch"
)

// forms are what a browser would send, where an empty form is told to be
// mended before anything else is looked at.
var forms = map[string]url.Values{
	"POST /units":                         {"unit_name": {"Patrouille nord"}, "regime": {"patrol"}},
	"POST /handles/ask":                   {"handle": {"P-00000"}, "reason": {"plainte"}},
	"POST /people/{id}/roles":             {"roles": {"auditor"}},
	"POST /inbox/{id}/reply":              {"message": {"Bonjour"}},
	"POST /inbox/{id}/note":               {"note": {"vu"}},
	"POST /inbox/{id}/merge":              {"into": {"con_" + strings.Repeat("0", 26)}, "merge": {"même écriture"}},
	"POST /oncall/contacts":               {"way": {"mail"}, "label": {"astreinte"}, "to": {"a@exemple.test"}, "wait": {"5"}},
	"POST /inbox/{id}/refer":              {"service": {"3018"}, "consent": {"writer"}, "passed": {"chantage avec des photos"}},
	"POST /looks/{id}":                    {"verdict": {desk.LookAgreed}},
	"POST /inbox/{id}/sheet":              {"sheet": {"danger de mort ce soir"}},
	"POST /inbox/{id}/step":               {"protocol": {"suicide"}, "step": {"ask"}},
	"POST /texts/new":                     {"name": {"Salut"}, "lang": {"fr"}, "kind": {"reply"}, "body": {"Bonjour"}},
	"POST /texts/{id}/decide":             {"agree": {"yes"}},
	"POST /oncall/settings":               {"grace": {"5"}, "looks": {"10"}},
	"POST /oncall/protect":                {"window": {"0"}},
	"POST /inbox/{id}/emergency":          {"emergency": {"danger, adresse connue"}},
	"POST /inbox/{id}/close":              {"outcome": {desk.Outcomes[0]}},
	"POST /inbox/{id}/room/say":           {"say": {"Bonjour"}},
	"POST /files/{id}/look":               {"look": {"grey"}, "reason": {"answer"}},
	"POST /files/{id}/suspect":            {"confirm": {"suspected"}},
	"POST /guarded/{id}/open":             {"reason": {"expertise demandée"}},
	"POST /guarded/{id}/clear":            {"reason": {"une photo de vacances"}},
	"POST /guarded/{id}/case":             {"case": {"art. 227-23 CP"}},
	"POST /inbox/{id}/hand":               {"to": {"P-10000"}, "hand": {"fin de service"}},
	"POST /inbox/{id}/reveal":             {"reveal": {"danger"}},
	"POST /logbook":                       {"place": {"school"}, "at": {"2026-11-23T09:00"}, "minutes": {"30"}, "talks": {"4"}, "nonce": {"form-number-of-logbook"}},
	"POST /logbook/{id}":                  {"place": {"school"}, "at": {"2026-11-23T09:00"}, "minutes": {"30"}, "talks": {"4"}},
	"POST /logbook/{id}/hand":             {"message": {"Bonjour"}, "lang": {"fr"}, "nonce": {"form-number-of-handing"}},
	"POST /inbox/{id}/withdrawn":          {"message": {"msg_none"}, "taken": {"danger pour la vie"}},
	"POST /alerts/{id}/verdict":           {"verdict": {"unclear"}, "reason": {"à revoir"}},
	"POST /alerts/{id}/leave":             {"to": {"case"}, "grade": {"B2"}, "reason": {"offre"}},
	"POST /alerts/{id}/refuse":            {"confirm": {"non"}},
	"POST /alerts/{id}/grade":             {"source": {"admiralty B"}, "information": {"admiralty 2"}},
	"POST /alerts/{id}/glass":             {"danger": {"now"}, "to": {"case"}, "reason": {"menace de mort pour ce soir"}},
	"POST /glass/{id}/review":             {"review": {"justifié par la menace"}},
	"POST /mandates/{id}/refuse":          {"reason": {"trop large"}},
	"POST /mandates/{id}/suspend":         {"reason": {"contrôle"}},
	"POST /mandates/{id}/resume":          {"reason": {"contrôle fini"}},
	"POST /cases/{id}/note":               {"note": {"vu"}, "kind": {"fact"}},
	"POST /cases/{id}/close":              {"outcome": {"advice"}},
	"POST /lexicon/retirements":           {"entry": {"fr/drugs-offer/product/neige"}},
	"POST /lexicon/proposals/{id}/review": {"agree": {"yes"}, "reason": {"vu aussi"}},
	"POST /lexicon/proposals/{id}/live":   {"reason": {"assez vu"}},
	"POST /lexicon/proposals/{id}/retire": {"reason": {"ne se dit plus"}},
	"POST /campaigns/{id}/review":         {"do": {"return"}, "revision": {"1"}, "remark": {"plus court"}},
	"POST /campaigns/{id}/reach":          {"channel": {"portal"}, "reach": {"5"}},
	"POST /admissions/{id}/answer":        {"state": {patrol.Refused}},
	"POST /training":                      {"handle": {"P-10000"}, "training": {"patrol"}, "ends": {"2027-11-23"}},
	"POST /training/needs":                {"act": {"walk"}, "need": {""}},
	"POST /impostors/{id}/tell":           {"state": {patrol.Told}},
	"POST /impostors/{id}/close":          {"outcome": {patrol.OutcomeRemoved}},
	"POST /officials/accounts/{id}/proof": {"proof": {patrol.ProofSeen}},
	"POST /rights/{id}/prepare":           {"decision": {oversight.Refuse}, "ground": {"art. 16"}, "reason": {"preuve"}},
	"POST /rights/{id}/confirm":           {"confirm": {"vu"}},
}

// row is something real to ask for: its address part, and what the rules may
// know of it when somebody asks.
type row struct {
	id    string
	about func(by access.Actor) access.Resource
}

// rowOf says which kind of row stands behind {id} in an address.
func rowOf(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	switch {
	case !strings.Contains(path, "{id}"):
		return ""
	case strings.HasPrefix(path, "/officials/accounts"):
		return "account"
	case strings.HasPrefix(path, "/lexicon/proposals/"):
		return "proposals"
	case strings.HasPrefix(path, "/account/"):
		return "session"
	case strings.HasPrefix(path, "/roster/"), strings.HasPrefix(path, "/hours/"):
		return strings.Split(path, "/")[2] // shifts, templates, absences, holidays
	}
	return strings.Split(path, "/")[1]
}

// Every route of the workbench, asked by every role, answers as the rules say:
// let in, refused, or as if there were nothing.
func TestEveryRouteForEveryRole(t *testing.T) {
	o := newOffice(t)
	forms["POST /inbox/{id}/hand"].Set("to", o.staff[access.DutyLead].Actor.Handle)
	for _, route := range append(o.routes(), o.uploads()...) {
		t.Run(strings.NewReplacer(" ", "_", "/", "_", "{", "", "}", "").Replace(route.pattern), func(t *testing.T) {
			o.t = t
			method, path, _ := strings.Cut(route.pattern, " ")
			path = strings.TrimSuffix(path, "{$}")
			verb := ways[route.pattern]
			if verb == everybody || strings.HasPrefix(path, "/account") {
				o.everybodyWalks(method, path)
				return
			}
			kind := rowOf(route.pattern)
			shared := o.row(kind)
			// Who is refused changes nothing, so they may all ask for one row.
			for _, role := range access.Staff {
				by := o.staff[role]
				d := decision(by.Actor, verb, shared)
				if d.Allowed {
					defer o.letIn(by, method, path, kind)
					continue
				}
				o.refused(by, method, path, shared, d)
			}
			if w := o.ask(people.Session{}, method, strings.Replace(path, "{id}", shared.id, 1), nil); w.Code != http.StatusSeeOther ||
				!strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
				t.Errorf("nobody: %d %s", w.Code, w.Header().Get("Location"))
			}
		})
	}
}

func (o *office) everybodyWalks(method, path string) {
	for _, role := range access.Staff {
		if method == http.MethodPost && path == "/sign-out" {
			continue // told in the sign-in story
		}
		w := o.ask(o.staff[role], method, strings.Replace(path, "{id}", "ses_none", 1), nil)
		if w.Code == http.StatusForbidden || w.Code >= 500 {
			o.t.Errorf("%s: %d", role, w.Code)
		}
	}
}

// decision is what the rules say: first whether any way leads there, then
// about the row. A case that is opened from something needs that thing opened.
func decision(by access.Actor, verb string, r row) access.Decision {
	if !access.Ever(by, verb) {
		return access.Decide(by, verb, access.Resource{})
	}
	about := r.about(by)
	if strings.HasPrefix(verb, "room.") {
		about.Kind = "room" // asked of the conversation's row
	}
	kind, _, _ := strings.Cut(verb, ".")
	if about.Kind != "" && about.Kind != kind {
		verb = about.Kind + ".open"
	}
	return access.Decide(by, verb, about)
}

// letIn accepts any answer of the room itself: a page, a form to mend, a state
// that does not fit; but not a closed door.
func (o *office) letIn(by people.Session, method, path, kind string) {
	r := o.row(kind)
	w := o.ask(by, method, strings.Replace(path, "{id}", r.id, 1), forms[method+" "+path])
	if w.Code == http.StatusForbidden || w.Code == http.StatusNotFound || w.Code >= 500 {
		o.t.Errorf("%v: the rules let in, the door says %d", by.Actor.Roles, w.Code)
	}
}

// refused wants 403 for who may know, and for who may not, the very answer
// that a row which does not exist gets.
func (o *office) refused(by people.Session, method, path string, r row, d access.Decision) {
	w := o.ask(by, method, strings.Replace(path, "{id}", r.id, 1), forms[method+" "+path])
	if d.Known {
		if w.Code != http.StatusForbidden {
			o.t.Errorf("%v: may know, may not do: %d", by.Actor.Roles, w.Code)
		}
		return
	}
	if w.Code != http.StatusNotFound {
		o.t.Errorf("%v: may not know: %d", by.Actor.Roles, w.Code)
		return
	}
	elsewhere := strings.Replace(path, "{id}", nothing(r.id), 1)
	if r.id == "" {
		elsewhere = "/nothing/here"
	}
	none := o.ask(by, method, elsewhere, forms[method+" "+path])
	got, want := plainly(w.Body.String(), strings.Replace(path, "{id}", r.id, 1)), plainly(none.Body.String(), elsewhere)
	if got != want || none.Code != w.Code {
		o.t.Errorf("%v: the answer differs from that for nothing: %s", by.Actor.Roles, difference(got, want))
	}
}

func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "\n" + g[i] + "\n" + w[i]
		}
	}
	return "in length"
}

// nothing is a well-formed identifier of the same kind that names no row.
func nothing(id string) string {
	prefix, _, ok := strings.Cut(id, "_")
	if !ok {
		return "none"
	}
	return prefix + "_" + strings.Repeat("0", 26)
}

var reference8 = regexp.MustCompile(`\b[0-9a-f]{8}\b`)

// plainly takes out of a page what names the address and the moment.
func plainly(body, path string) string {
	for _, form := range []string{path, template.HTMLEscapeString(path), template.HTMLEscapeString(strings.ToLower(url.QueryEscape(path)))} {
		body = strings.ReplaceAll(body, form, "ADDRESS")
	}
	return reference8.ReplaceAllString(body, "REF")
}

// row makes a fresh row of a kind.
func (o *office) row(kind string) row {
	o.t.Helper()
	whole := func(kind string) func(access.Actor) access.Resource {
		return func(access.Actor) access.Resource { return access.Resource{Kind: kind} }
	}
	switch kind {
	case "":
		return row{"", func(by access.Actor) access.Resource { return access.Resource{} }}
	case "inbox":
		return o.conversation()
	case "logbook":
		by := o.staff[access.PatrolOfficer].Actor
		entryID, err := o.Logbook.Write(ctx, by, logbook.In{Place: "school", At: o.clock.Now(), Minutes: 30, Talks: 4, Nonce: "logbook-form-" + o.next()})
		must(o.t, err)
		return row{entryID, func(asker access.Actor) access.Resource {
			r := access.Resource{Kind: "logbook", ID: entryID, Unit: by.Unit}
			if asker.Person == by.Person {
				r.Owner = by.Person
			}
			return r
		}}
	case "files", "guarded":
		return o.fileRow(kind == "guarded")
	case "mandates":
		return o.mandateRow()
	case "looks":
		return o.lookRow()
	case "texts":
		drafter := o.staff[access.PatrolOfficer].Actor
		id, err := o.Desk.DraftText(ctx, drafter, desk.TextIn{Name: "Salut " + o.next(), Lang: "fr", Kind: desk.TextReply, Body: "Bonjour"})
		must(o.t, err)
		return row{id, func(access.Actor) access.Resource {
			return access.Resource{Kind: "text", ID: id, Drafter: drafter.Person}
		}}
	case "oncall":
		o.ringable()
		lead := o.staff[access.DutyLead].Actor
		must(o.t, o.Desk.AddContact(ctx, lead, desk.ContactIn{Way: "mail", Label: "astreinte", To: "a@exemple.test", Wait: 5}))
		list, err := o.Desk.OnCall(ctx, lead)
		must(o.t, err)
		id := list.Contacts[len(list.Contacts)-1].ID
		if len(list.Contacts) > desk.MaxContacts-3 { // each of many askers gets a row
			for _, c := range list.Contacts[:10] {
				must(o.t, o.Desk.RemoveContact(ctx, lead, c.ID))
			}
		}
		return row{id, whole("desk")}
	case "sources":
		m := o.mandateRow()
		full, err := o.Mandates.Open(ctx, o.staff[access.WatchAnalyst].Actor, m.id)
		must(o.t, err)
		return row{full.Sources[0].ID, func(by access.Actor) access.Resource {
			r := m.about(by)
			r.Kind = "source"
			return r
		}}
	case "cases", "exhibits":
		return o.caseRow(kind)
	case "officials":
		out, err := o.Patrol.PublishOfficer(ctx, o.staff[access.DutyLead].Actor, patrol.OfficerIn{Name: "Agent 7", Unit: "Patrouille", Languages: []string{"fr"}, Channels: []string{"portal"}})
		must(o.t, err)
		return row{out.ID, whole("official")}
	case "account":
		out, err := o.Patrol.PublishAccount(ctx, o.staff[access.DutyLead].Actor, patrol.AccountIn{Platform: "mastodon", Handle: "ronde" + o.next(), URL: "https://example.org/ronde", Proof: "seen"})
		must(o.t, err)
		return row{out.ID, whole("account")}
	case "campaigns":
		return o.campaignRow()
	case "rounds", "admissions":
		return o.roundRow(kind)
	case "training":
		lead := o.staff[access.DutyLead].Actor
		must(o.t, o.Patrol.GiveTraining(ctx, lead, o.staff[access.PatrolOfficer].Actor.Handle, "patrol", o.clock.Now()+time.Hour.Microseconds()*24*30))
		list, _, err := o.Patrol.Trained(ctx, lead)
		must(o.t, err)
		return row{list[0].ID, func(access.Actor) access.Resource {
			return access.Resource{Kind: "people", Regime: access.RegimePatrol}
		}}
	case "impostors":
		_, err := o.Patrol.ReportImpostor(ctx, patrol.ImpostorIn{Platform: "instagram", Handle: "faux_" + o.next()})
		must(o.t, err)
		list, err := o.Patrol.Incidents(ctx, o.staff[access.DutyLead].Actor)
		must(o.t, err)
		return row{list[0].ID, whole("account")}
	case "people":
		made, err := o.People.Create(ctx, o.staff[access.Administrator].Actor,
			people.NewAccount{Name: "N Fictif", Login: "extra" + o.next(), Roles: []access.Role{access.Auditor}})
		must(o.t, err)
		id := made.Account.ID
		return row{id, func(access.Actor) access.Resource {
			return access.Resource{Kind: "people", ID: id, Owner: id, Regime: access.RegimeControl}
		}}
	case "handles":
		asker := o.staff[access.Auditor].Actor
		id, err := o.People.AskUnmask(ctx, asker, o.staff[access.PatrolOfficer].Actor.Handle, "plainte "+o.next())
		must(o.t, err)
		return row{id, func(access.Actor) access.Resource {
			return access.Resource{Kind: "people", ID: id, Drafter: asker.Person, State: people.UnmaskAsked}
		}}
	case "rights":
		return o.rightsRow()
	case "certificates":
		return o.certificateRow()
	case "lexicon":
		return row{"entry?id=" + o.someEntry(), whole("lexicon")}
	case "proposals":
		return o.proposalRow()
	case "alerts":
		return o.alertRow()
	case "glass":
		return o.glassRow()
	case "events":
		return row{o.eventRow(), whole("event")}
	case "bookings":
		id := o.bookingRow()
		return row{id, func(access.Actor) access.Resource { return access.Resource{Kind: "booking", ID: id} }}
	case "shifts", "templates", "absences", "holidays":
		return row{o.rosterRow(kind), whole("hours")}
	}
	o.t.Fatalf("no row of kind %q", kind)
	return row{}
}

func (o *office) next() string {
	o.clock.Move(time.Second)
	return strings.ToLower(desk.NewNonce()[:4])
}

func (o *office) receive() (code, id string) {
	o.t.Helper()
	got, err := o.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: "Bonjour, une question " + o.next(), Identify: desk.Anonymous, Nonce: desk.NewNonce()})
	must(o.t, err)
	id, err = o.Desk.FindByCode(ctx, "", got.Code)
	must(o.t, err)
	return got.Code, id
}

func (o *office) conversation() row {
	_, id := o.receive()
	return row{id, func(access.Actor) access.Resource { return access.Resource{Kind: "conversation", ID: id} }}
}

// fileRow is a picture that somebody sent, or one that was found suspect.
func (o *office) fileRow(guarded bool) row {
	o.t.Helper()
	var picture bytes.Buffer
	must(o.t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))))
	got, err := o.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: "Voici la capture " + o.next(), Identify: desk.Anonymous, Nonce: desk.NewNonce(),
		Files: []desk.Upload{{Name: "capture.png", Bytes: picture.Bytes()}}})
	must(o.t, err)
	view, err := o.Desk.Return(ctx, "", got.Code)
	must(o.t, err)
	id := view.Messages[0].Files[0].ID
	if guarded {
		_, _, err := o.Desk.Suspect(ctx, access.Actor{Person: "per_x", Handle: "P-1", Unit: "uni_x", Roles: []access.Role{access.PatrolOfficer}}, id)
		must(o.t, err)
	}
	return row{id, func(access.Actor) access.Resource { return access.Resource{Kind: "file", ID: id, Guarded: guarded} }}
}

func (o *office) mandateRow() row {
	o.t.Helper()
	by, now := o.staff[access.WatchAnalyst].Actor, o.clock.Now()
	hour := time.Hour.Microseconds()
	id, err := o.Mandates.Draft(ctx, by, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées de stupéfiants visant des mineurs", Act: "Décret 2026-001", DPIA: "AIPD-7", Necessity: "Aucun autre moyen moins intrusif",
			Proportionality: "Publications publiques seulement", Territory: "District nord"},
		Sources:    []mandate.SourceIn{{Kind: mandate.Stream, Name: "Partenaire"}, {Kind: mandate.Paste, Name: "Collage"}},
		Categories: []string{"drugs-offer"}, Languages: []string{"fr"}, DailyVolume: 1000, Starts: now, Ends: now + 30*24*hour,
	})
	must(o.t, err)
	return row{id, func(asker access.Actor) access.Resource {
		r := access.Resource{Kind: "mandate", ID: id, Unit: by.Unit}
		if asker.Person == by.Person {
			r.Drafter = by.Person
		}
		return r
	}}
}

func (o *office) caseRow(kind string) row {
	o.t.Helper()
	lead := o.staff[access.DutyLead].Actor
	_, id := o.receive()
	c, err := o.Cases.OpenFromConversation(ctx, lead, id, casefile.Opening{Title: "Essai", Basis: "art. 40 CPP"})
	must(o.t, err)
	about := func(by access.Actor) access.Resource {
		r := access.Resource{Kind: strings.TrimSuffix(kind, "s"), ID: c.ID, Unit: lead.Unit}
		if by.Person == lead.Person {
			r.Owner = by.Person
		}
		return r
	}
	if kind == "cases" {
		return row{c.ID, about}
	}
	v, err := o.Cases.Open(ctx, lead, c.ID)
	must(o.t, err)
	return row{v.Exhibits[0].ID, about}
}

func (o *office) rightsRow() row {
	o.t.Helper()
	code, _ := o.receive()
	_, err := o.Oversight.Ask(ctx, oversight.Ask{Asks: oversight.Asks[0], Code: code, Text: "Effacez"})
	must(o.t, err)
	list, err := o.Oversight.List(ctx, o.staff[access.DataProtection].Actor, false)
	must(o.t, err)
	newest := slices.MaxFunc(list, func(a, b oversight.Request) int { return int(a.ReceivedAt - b.ReceivedAt) })
	return row{newest.ID, func(access.Actor) access.Resource { return access.Resource{Kind: "rights", ID: newest.ID} }}
}

func (o *office) certificateRow() row {
	o.t.Helper()
	r := o.rightsRow()
	p := oversight.Proposal{Decision: oversight.Erase, Ground: "art. 16", Reason: "plus nécessaire"}
	must(o.t, o.Oversight.Prepare(ctx, o.staff[access.PatrolOfficer].Actor, r.id, p))
	must(o.t, o.Oversight.Decide(ctx, o.staff[access.DataProtection].Actor, r.id, p))
	must(o.t, o.Oversight.CarryOut(ctx))
	list, err := o.Oversight.Certificates(ctx, o.staff[access.Auditor].Actor)
	must(o.t, err)
	return row{list[0].ID, func(access.Actor) access.Resource { return access.Resource{Kind: "certificate"} }}
}

func (o *office) someEntry() string {
	for e := range o.Lexicon.Entries {
		return e.ID
	}
	o.t.Fatal("the lexicon is empty")
	return ""
}

// alertRow raises an alert by an analyst's paste of a coded offer.
func (o *office) alertRow() row {
	o.t.Helper()
	analyst := o.staff[access.WatchAnalyst].Actor
	if o.approved == "" {
		m := o.mandateRow()
		must(o.t, o.Mandates.Approve(ctx, o.staff[access.MandateAuthority].Actor, m.id))
		o.approved = m.id
	}
	// Other words each time: the same text again would be one alert.
	text := "arrivage neige " + o.next()
	got, err := o.Watch.Paste(ctx, analyst, o.approved, channel.Post{Text: text, Lang: "fr", Platform: "snapchat", At: o.clock.Now()})
	must(o.t, err)
	if got.Alert == "" {
		o.t.Fatalf("the paste raised no alert: %+v", got.Result)
	}
	return row{got.Alert, func(access.Actor) access.Resource {
		return access.Resource{Kind: "alert", ID: got.Alert, Unit: analyst.Unit, State: "open"}
	}}
}

func (o *office) proposalRow() row {
	o.t.Helper()
	analyst := o.staff[access.WatchAnalyst].Actor
	id, err := o.Watch.Propose(ctx, analyst, watch.Code{Language: "fr", Category: "drugs-offer", Family: "product", Sense: "powder", Text: "zibeline " + o.next(), Evidence: "trois alertes"})
	must(o.t, err)
	return row{id, func(by access.Actor) access.Resource {
		r := access.Resource{Kind: "lexicon", ID: id}
		if by.Person == analyst.Person {
			r.Drafter = by.Person
		}
		return r
	}}
}

// glassRow is an alert that the analyst let out alone.
func (o *office) glassRow() row {
	o.t.Helper()
	r, analyst := o.alertRow(), o.staff[access.WatchAnalyst].Actor
	must(o.t, o.Watch.BreakGlass(ctx, analyst, r.id, "case", "A1", "menace de mort pour ce soir"))
	return row{r.id, func(by access.Actor) access.Resource {
		res := access.Resource{Kind: "alert", ID: r.id, Unit: analyst.Unit, State: access.Leaving}
		if by.Person == analyst.Person {
			res.Drafter = by.Person
		}
		return res
	}}
}

// Every entry of the navigation leads somewhere, for everyone who sees it.
func TestNavigationLeadsSomewhere(t *testing.T) {
	o := newOffice(t)
	for _, role := range access.Staff {
		by := o.staff[role]
		doors := doorsFor(by.Actor)
		if len(doors) < 3 {
			t.Errorf("%s has %d doors", role, len(doors))
		}
		for _, d := range doors {
			if w := o.ask(by, "GET", d.Href(), nil); w.Code != http.StatusOK {
				t.Errorf("%s: the door %s answers %d", role, d.Name, w.Code)
			}
		}
	}
}

// An alert whose way out is asked for is seen by who can let it out, and by
// nobody else outside the watch.
func TestAlertOnItsWayOut(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.Investigator, access.DutyLead, access.MandateAuthority)
	lead := o.hire("watchlead", o.units[access.RegimeWatch], access.DutyLead)
	analyst, sleuth, patrol := o.staff[access.WatchAnalyst], o.staff[access.Investigator], o.staff[access.DutyLead]
	r := o.alertRow()
	page := "/alerts/" + r.id
	status := func(by people.Session, method, path string, want int) {
		t.Helper()
		if w := o.ask(by, method, path, forms[method+" "+strings.Replace(path, r.id, "{id}", 1)]); w.Code != want {
			t.Errorf("%v: %s %s: %d, want %d", by.Actor.Roles, method, path, w.Code, want)
		}
	}
	status(sleuth, "GET", page, http.StatusNotFound)
	status(lead, "GET", page, http.StatusOK)
	must(t, o.Watch.Verdict(ctx, analyst.Actor, r.id, watch.VerdictOffer, "prix et livraison"))
	must(t, o.Watch.AskLeave(ctx, analyst.Actor, r.id, "case", "B2", "offre nette"))
	status(sleuth, "GET", page, http.StatusOK)
	status(patrol, "GET", page, http.StatusNotFound)
	status(analyst, "POST", page+"/confirm", http.StatusForbidden)
	status(patrol, "POST", page+"/confirm", http.StatusNotFound)
	status(sleuth, "POST", page+"/confirm", http.StatusUnprocessableEntity) // nothing was read
	read := regexp.MustCompile(`name="seen" value="(\w+)"`).FindStringSubmatch(o.ask(sleuth, "GET", page, nil).Body.String())
	if read == nil {
		t.Fatal("the page does not say what is confirmed")
	}
	must(t, o.Watch.SetGrade(ctx, analyst.Actor, r.id, "admiralty E5"))
	again := o.ask(sleuth, "POST", page+"/confirm", url.Values{"seen": {read[1]}})
	if !strings.Contains(again.Body.String(), "a changé depuis votre lecture") {
		t.Errorf("what was read changed, and the answer is %d", again.Code)
	}
	read = regexp.MustCompile(`name="seen" value="(\w+)"`).FindStringSubmatch(again.Body.String())
	if w := o.ask(sleuth, "POST", page+"/confirm", url.Values{"seen": {read[1]}}); w.Code != http.StatusSeeOther {
		t.Errorf("read again and confirmed: %d", w.Code)
	}
	status(sleuth, "GET", page, http.StatusOK)
}

// campaignRow is a text that waits for a second person: not the officer, who
// drafted it.
func (o *office) campaignRow() row {
	o.t.Helper()
	by := o.staff[access.PatrolOfficer].Actor
	id, err := o.Patrol.DraftCampaign(ctx, by, patrol.CampaignIn{Kind: patrol.KindCampaign, Title: "Essai " + o.next(), Aim: "Prévenir", Audience: "Parents",
		Texts: []patrol.Text{{Platform: patrol.Everywhere, Language: "fr", Title: "Essai", Body: "Un texte."}}})
	must(o.t, err)
	must(o.t, o.Patrol.SubmitCampaign(ctx, by, id))
	return row{id, func(asker access.Actor) access.Resource {
		r := access.Resource{Kind: "official", ID: id}
		if asker.Person == by.Person {
			r.Drafter = by.Person
		}
		return r
	}}
}

// roundRow is a group that was asked, or a round of the duty lead's own card.
func (o *office) roundRow(kind string) row {
	o.t.Helper()
	lead := o.staff[access.DutyLead].Actor
	if _, err := o.Patrol.OwnCard(ctx, lead); err != nil {
		_, err := o.Patrol.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agente 12", Unit: "Patrouille", Holder: lead.Handle})
		must(o.t, err)
	}
	whole := func(access.Actor) access.Resource { return access.Resource{Kind: "official"} }
	if kind == "admissions" {
		id, err := o.Patrol.AskAdmission(ctx, lead, "discord", "Groupe "+o.next(), "")
		must(o.t, err)
		return row{id, whole}
	}
	list, err := o.Patrol.Rounds(ctx, lead)
	must(o.t, err)
	for _, r := range list {
		if r.Mine && r.Ended == 0 {
			must(o.t, o.Patrol.EndRound(ctx, lead, r.ID))
		}
	}
	id, err := o.Patrol.StartRound(ctx, lead, patrol.RoundIn{Platform: "discord", Purpose: "presence"})
	must(o.t, err)
	return row{id, whole}
}

// ringable lets the desk ring: what arrives is nobody's business here.
func (o *office) ringable() {
	o.Desk.RingBy(func(context.Context, desk.Ringing) string { return desk.RingSent }, func(string, string) string { return "" })
}

// lookRow is a conversation closed without action and drawn for a second look.
func (o *office) lookRow() row {
	o.t.Helper()
	lead := o.staff[access.DutyLead].Actor
	must(o.t, o.Desk.Configure(ctx, lead, 5, 100))
	receipt, err := o.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: "Une chaîne, numéro " + o.next(), Identify: desk.Anonymous, Nonce: desk.NewNonce(), Caller: o.next()})
	must(o.t, err)
	con, err := o.Desk.FindByCode(ctx, o.next(), receipt.Code)
	must(o.t, err)
	must(o.t, o.Desk.Take(ctx, lead, con))
	must(o.t, o.Desk.Close(ctx, lead, con, desk.Spam, ""))
	all, err := o.Desk.Looks(ctx, o.staff[access.PatrolOfficer].Actor)
	must(o.t, err)
	last := all[len(all)-1]
	return row{last.ID, func(access.Actor) access.Resource {
		return access.Resource{Kind: "conversation", ID: con, Unit: lead.Unit, Drafter: lead.Person}
	}}
}
