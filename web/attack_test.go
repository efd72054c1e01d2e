package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ronde/access"
	"ronde/oversight"
	"ronde/patrol"
)

var hiddenSeen = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

// While the data-protection officer reads what was prepared, the officer puts
// something else in its place, to have an erasure confirmed that nobody read.
func TestWhatIsConfirmedIsWhatWasRead(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.DataProtection)
	officer, dpo := o.staff[access.PatrolOfficer].Actor, o.staff[access.DataProtection]
	right := o.rightsRow().id
	prepare := func(decision string) {
		must(t, o.Oversight.Prepare(ctx, officer, right, oversight.Proposal{Decision: decision, Ground: "art. 16", Reason: "vu"}))
	}
	read := func() string {
		found := hiddenSeen.FindStringSubmatch(o.ask(dpo, "GET", "/rights/"+right, nil).Body.String())
		if found == nil {
			t.Fatal("the form does not say what it confirms")
		}
		return found[1]
	}
	confirm := func(seen string) int {
		return o.ask(dpo, "POST", "/rights/"+right+"/confirm", url.Values{"confirm": {"Conforme"}, "seen": {seen}}).Code
	}
	prepare(oversight.Refuse)
	old := read()
	prepare(oversight.Erase)
	for _, seen := range []string{old, ""} {
		if code := confirm(seen); code != http.StatusUnprocessableEntity {
			t.Errorf("confirmed what was not read: %d", code)
		}
	}
	if code := confirm(read()); code != http.StatusSeeOther {
		t.Errorf("what was read is not confirmed: %d", code)
	}
}

// A customer of one provider has 2^64 addresses; counted one by one they would
// make every limit of tries endless.
func TestOneCustomerIsOneCaller(t *testing.T) {
	from := func(address string) string {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = address
		return remoteHost(r)
	}
	if a, b := from("[2001:db8:1:2::1]:4000"), from("[2001:db8:1:2:ffff::9]:4001"); a != b {
		t.Errorf("two callers: %s %s", a, b)
	}
	if a, b := from("[2001:db8:1:2::1]:4000"), from("[2001:db8:1:3::1]:4000"); a == b {
		t.Errorf("one caller: %s", a)
	}
	if a, b := from("192.0.2.1:1"), from("[::ffff:192.0.2.1]:2"); a != b || a == from("192.0.2.2:1") {
		t.Errorf("IPv4: %s %s", a, b)
	}
}

// A forged form hands a conversation to a handle that nobody has, or to hidden
// staff, and signs an answer with a name that nobody can check.
func TestForgedHandoverAndSignature(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.DutyLead, access.WatchAnalyst)
	officer, colleague := o.staff[access.PatrolOfficer], o.hire("colleague", o.units[access.RegimePatrol], access.PatrolOfficer)
	_, id := o.receive()
	must(t, o.Desk.Take(ctx, officer.Actor, id))
	post := func(act string, form url.Values) int { return o.ask(officer, "POST", "/inbox/"+id+"/"+act, form).Code }
	for _, to := range []string{"P-99999", o.staff[access.WatchAnalyst].Actor.Handle, officer.Actor.Handle, "Jeanne"} {
		if code := post("hand", url.Values{"to": {to}, "hand": {"fin de service"}}); code != http.StatusUnprocessableEntity {
			t.Errorf("handed to %s: %d", to, code)
		}
	}
	for name, holder := range map[string]string{"Agente Noor 4107": officer.Actor.Handle, "Agent Elias 4112": colleague.Actor.Handle} {
		_, err := o.Patrol.PublishOfficer(ctx, o.staff[access.DutyLead].Actor, patrol.OfficerIn{Name: name, Unit: "Patrouille", Languages: []string{"fr"}, Channels: []string{"portal"}, Holder: holder})
		must(t, err)
	}
	page := o.ask(officer, "GET", "/inbox/"+id, nil).Body.String()
	if !strings.Contains(page, `<option value="Agente Noor 4107" selected`) || strings.Contains(page, "Elias") {
		t.Error("a colleague's name is offered, or the own one is not")
	}
	for _, name := range []string{"Le préfet", "Agent Elias 4112"} {
		if code := post("reply", url.Values{"message": {"Bonjour"}, "sign": {name}}); code != http.StatusForbidden {
			t.Errorf("signed as %s: %d", name, code)
		}
	}
	if code := post("reply", url.Values{"message": {"Bonjour"}, "sign": {"Agente Noor 4107"}}); code != http.StatusSeeOther {
		t.Errorf("a published name does not sign: %d", code)
	}
	if code := post("hand", url.Values{"to": {colleague.Actor.Handle}, "hand": {"fin de service"}}); code != http.StatusSeeOther {
		t.Errorf("not handed to a colleague: %d", code)
	}
}

// An officer reads in the history of a conversation who looked after it, and
// learns the handle of an investigator who must stay unknown.
func TestHistoryNamesNoHiddenColleague(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.Investigator)
	officer, sleuth := o.staff[access.PatrolOfficer], o.staff[access.Investigator].Actor
	_, id := o.receive()
	must(t, o.Desk.Take(ctx, officer.Actor, id))
	must(t, o.Desk.Handover(ctx, officer.Actor, id, sleuth.Handle, "enquête ouverte"))
	_, err := o.Desk.Open(ctx, sleuth, id)
	must(t, err)
	must(t, o.Desk.Release(ctx, sleuth, id))
	must(t, o.Desk.Take(ctx, officer.Actor, id))
	page := o.ask(officer, "GET", "/inbox/"+id, nil)
	_, history, ok := strings.Cut(page.Body.String(), `id="history"`)
	if page.Code != http.StatusOK || !ok || !strings.Contains(history, officer.Actor.Handle) {
		t.Fatalf("no history: %d", page.Code)
	}
	if strings.Contains(history, sleuth.Handle) {
		t.Error("the history names the investigator")
	}
}
