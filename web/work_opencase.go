package web

import (
	"net/http"

	"ronde/access"
	"ronde/casefile"
	"ronde/people"
)

func mayOpenCase(by people.Session) bool {
	return may(by, "case.create", access.Resource{Kind: "case", Unit: by.Actor.Unit})
}

// opening is what was typed when a case is opened: a reason that names its
// basis. The title is a short name for the list.
func (b *Workbench) opening(r *http.Request, from string) casefile.Opening {
	o := casefile.Opening{Title: r.PostFormValue("title"), Basis: r.PostFormValue("case")}
	if o.Title == "" {
		o.Title = b.words(r).T("case.from_ref", "ref", from)
	}
	return o
}

// caseFromTalk is POST /inbox/{id}/case.
func (b *Workbench) caseFromTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Cases.OpenFromConversation(r.Context(), by.Actor, r.PathValue("id"), b.opening(r, ref("C", r.PathValue("id"))))
	if err != nil {
		return b.talkForm(w, r, by, "", err)
	}
	return after(w, r, "/cases/"+c.ID, "case-opened")
}

// caseFromAlert is POST /alerts/{id}/case.
func (b *Workbench) caseFromAlert(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Cases.OpenFromAlert(r.Context(), by.Actor, r.PathValue("id"), b.opening(r, ref("A", r.PathValue("id"))))
	if err != nil {
		return b.alertForm(w, r, by, "", err)
	}
	return after(w, r, "/cases/"+c.ID, "case-opened")
}
