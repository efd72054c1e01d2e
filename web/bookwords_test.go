package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ronde/access"
	"ronde/internal/lang"
)

// What the book keeps in one form is said in the reader's language, and what
// has no word is shown and not hidden.
func TestTheBookIsReadInTheReadersLanguage(t *testing.T) {
	words, err := lang.New()
	must(t, err)
	fr := words.For("fr")
	for detail, want := range map[string]string{
		"open, 6 rows":                           "à traiter, 6 lignes",
		"open, 1 rows":                           "à traiter, 1 ligne",
		"channel portal, anonymous, danger word": "canal portail, anonyme envers l’agent, mot de danger",
		"crime-report, with the others":          "plainte enregistrée, avec les autres",
		"to P-77160":                             "à P-77160",
		"count=1":                                "1 ligne",
		`49 shown; verb="" object="" handle=""`:  "49 montrés",
		`2 shown; verb="case.open" object="" handle="P-7"`: "2 montrés, acte a regardé un dossier identifiant P-7",
		"something else": "something else",
		"":               "",
	} {
		if got := detailWords(fr, detail); got != want {
			t.Errorf("%q: %q, want %q", detail, got, want)
		}
	}
	if got := actorWords(fr, "machine:watch"); got == "machine:watch" {
		t.Error("the machine has no name")
	}
	if got := actorWords(fr, "P-7"); got != "P-7" {
		t.Errorf("a handle became %q", got)
	}
	if got := strings.Join(undoneWords(fr, []string{"styled letters", "another"}), ","); got != "lettres stylisées,another" {
		t.Error(got)
	}
}

// The auditor asks for acts alone: what was only looked at is left out.
func TestActsOnly(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.Auditor)
	officer, auditor := o.staff[access.PatrolOfficer], o.staff[access.Auditor]
	_, id := o.receive()
	o.ask(officer, "GET", "/inbox", nil)
	must(t, o.Desk.Take(ctx, officer.Actor, id))
	audit := func(q url.Values) string {
		w := o.ask(auditor, "GET", "/audit?"+q.Encode(), nil)
		if w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
		_, rows, _ := strings.Cut(w.Body.String(), "<tbody")
		return rows
	}
	fr := o.Words.For("fr")
	all, acts := audit(nil), audit(url.Values{"acts": {"yes"}})
	list, take := fr.T("verb.conversation.list"), fr.T("verb.conversation.take")
	if !strings.Contains(all, list) || !strings.Contains(all, take) {
		t.Error("the audit does not show everything")
	}
	if strings.Contains(acts, list) || !strings.Contains(acts, take) {
		t.Error("acts only shows a list that was read, or not the act")
	}
}
