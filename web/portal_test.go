package web

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ronde/access"
	"ronde/desk"
	"ronde/mandate"
	"ronde/oversight"
)

// street is a visitor's browser at the public door, in French.
func (o *office) street() *browser {
	p := o.portalOf()
	p.Service, p.Emergency = "Patrouille en ligne", "112"
	o.door = p.Handler()
	return &browser{o: o, jar: map[string]string{"lang": "fr"}}
}

// reads is the page of a path, in French and as people see its letters.
func (b *browser) reads(t *testing.T, path string) string {
	t.Helper()
	w := b.do("GET", path, nil)
	if w.Code != 200 {
		t.Fatalf("%s: %d", path, w.Code)
	}
	return html.UnescapeString(w.Body.String())
}

func says(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("no %q in\n%s", w, page)
		}
	}
}

// An answer that nobody signed with a card is signed by the service.
func TestAnUnsignedAnswerIsTheServices(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer)
	officer := o.staff[access.PatrolOfficer].Actor
	code, id := o.receive()
	must(t, o.Desk.Take(ctx, officer, id))
	talk, err := o.Desk.Open(ctx, officer, id)
	must(t, err)
	must(t, o.Desk.Answer(ctx, officer, id, desk.Reply{Text: "Merci de nous écrire.", Revision: talk.Revision}))
	b := o.street()
	goes(t, b.form(t, "/return", "/return", url.Values{"code": {code}}), "/conversation")
	page := b.reads(t, "/conversation")
	says(t, page, "<strong>Patrouille en ligne</strong>", "Merci de nous écrire.")
	if strings.Contains(page, officer.Handle) {
		t.Error("the page names the handle")
	}
}

var groupsOfFive = regexp.MustCompile(`\b[0-9a-z]{4}(?:-[0-9a-z]{4}){4}\b`)

// Whoever asks for erasure is told that only the number opens the answer, sees
// it as long as they read, and reads the second person's words with it.
func TestTheAnswerToAnErasureIsReadWithItsNumber(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.DataProtection)
	officer, dpo, staff := o.staff[access.PatrolOfficer].Actor, o.staff[access.DataProtection], o.door
	code, _ := o.receive()
	b := o.street()
	goes(t, b.form(t, "/return", "/return", url.Values{"code": {code}}), "/conversation")
	receipt := html.UnescapeString(b.form(t, "/conversation", "/conversation/erase", url.Values{}).Body.String())
	number := groupsOfFive.FindString(receipt)
	says(t, receipt, "Seul ce numéro")
	for range 2 { // the page is read again and again
		says(t, b.reads(t, "/conversation"), number, "Notez-le avant de fermer cette page")
	}
	list, err := o.Oversight.List(ctx, dpo.Actor, false)
	must(t, err)
	right := list[0].ID
	must(t, o.Oversight.Prepare(ctx, officer, right, oversight.Proposal{Decision: oversight.Erase, Ground: "art. 16", Reason: "Rien ne demande de la garder."}))
	public := o.door
	o.door = staff
	form := o.ask(dpo, "GET", "/rights/"+right, nil).Body.String()
	says(t, html.UnescapeString(form), "Rien ne demande de la garder.</textarea>", "7 jours dans les sauvegardes")
	if code := o.ask(dpo, "POST", "/rights/"+right+"/confirm", url.Values{"confirm": {"Tout est effacé."}, "seen": {hiddenSeen.FindStringSubmatch(form)[1]}}).Code; code != 303 {
		t.Fatalf("confirm: %d", code)
	}
	o.door = public
	told := html.UnescapeString(b.form(t, "/rights", "/rights/status", url.Values{"number": {number}}).Body.String())
	says(t, told, "Vos données sont effacées.", "Tout est effacé.")
}

// The portal sends people to the helplines of the law profile, and to those of
// the whole Union where the profile names none.
func TestHelplinesOfTheLawProfile(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer)
	l := o.Words.For("fr")
	for code, want := range map[string]string{"fr": "17 3018 116 111 116 000", "default": "116 111 116 000"} {
		law, err := mandate.LoadProfile(code)
		must(t, err)
		var got []string
		for _, e := range helplines(l, law, "112") {
			got = append(got, e.Contact)
			if e.Key == "" && (e.Name == "" || e.Hours == "") {
				t.Errorf("%s: %+v", code, e)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", code, s, want)
		}
	}
	if s := lineHours(l, "09:00-23:00"); s != "de 9\u00a0h à 23\u00a0h" {
		t.Errorf("%q", s)
	}
	says(t, o.street().reads(t, "/"), "takeitdown.ncmec.org", "stopncii.org", `href="tel:116111"`, "en français et en anglais")
}

// A new house offers no years in which it did nothing, and its privacy notice
// names every kind of post that the watch looks for.
func TestAHouseSaysWhatIsTrueOfIt(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer)
	b := o.street()
	if page := b.reads(t, "/figures"); strings.Contains(page, "/figures?period=") {
		t.Error("a choice of years without figures")
	}
	rec, err := o.Watch.Record(ctx)
	must(t, err)
	page := b.reads(t, "/privacy")
	for _, c := range rec.Categories {
		says(t, page, categoryWord(o.Words.For("fr"), c))
	}
}
