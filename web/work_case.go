package web

import (
	"encoding/json"
	"net/http"

	"ronde/access"
	"ronde/casefile"
	"ronde/evidence"
	"ronde/people"
	"ronde/web/view"
)

// cases is GET /cases.
func (b *Workbench) cases(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Cases.List(r.Context(), by.Actor, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	page := view.CasesPage{Work: b.frame(r, by)}
	for _, c := range list {
		page.Rows = append(page.Rows, view.CaseRow{ID: c.ID, Ref: c.Number, Title: b.caseTitle(r, c), State: c.State, Category: c.Category,
			Holder: c.Lead, Mine: c.Lead == by.Actor.Handle, Opened: b.time(c.OpenedAt), Review: b.time(c.ReviewAt)})
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) caseTitle(r *http.Request, c casefile.View) string {
	if c.Title == "" {
		return b.words(r).T("case.erased")
	}
	return c.Title
}

// casePage is GET /cases/{id}.
func (b *Workbench) casePage(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showCase(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showCase(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	c, err := b.Cases.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := view.CasePage{Work: b.frame(r, by), ID: c.ID, Ref: c.Number, Form: form, Title: b.caseTitle(r, c), State: c.State, Category: c.Category,
		Basis: c.Basis, Origin: c.FromKind, From: origin(c.Case), Holder: c.Lead, Opened: b.time(c.OpenedAt), Review: b.time(c.ReviewAt)}
	if page.Unit, err = b.unitName(r, c.Unit); err != nil {
		return err
	}
	for _, e := range c.Exhibits {
		page.Exhibits = append(page.Exhibits, view.ExhibitRow{ID: e.ID, Number: e.Label(), Kind: e.Kind, Title: e.Source, SHA256: e.SHA256,
			Sealed: b.time(e.SealedAt), Verify: exhibitState(e.State)})
	}
	for _, n := range c.Notes {
		kind := "fact"
		if n.Standing == casefile.Assessment {
			kind = "view"
		}
		page.Notes = append(page.Notes, view.Note{Kind: kind, Text: n.Text, By: n.Author, At: b.time(n.At)})
	}
	for _, e := range c.Events {
		page.History = append(page.History, b.step(r, e))
	}
	for _, o := range casefile.Outcomes {
		page.Outcomes = append(page.Outcomes, view.Option{Value: o, Label: b.words(r).T("case.close_as." + o)})
	}
	res := caseResource(c.Case, by)
	open := c.State == casefile.Open
	page.May = view.CaseMay{Note: open && may(by, "case.note", res), Close: open && may(by, "case.close", res)}
	return b.show(w, r, status, page)
}

func exhibitState(state string) string {
	if state == evidence.Destroyed {
		return "destroyed"
	}
	return "good"
}

func caseResource(c casefile.Case, by people.Session) access.Resource {
	res := access.Resource{Kind: "case", ID: c.ID, Unit: c.Unit, State: c.State, Guarded: c.Guarded()}
	if c.Lead == by.Actor.Handle {
		res.Owner, res.Assigned = by.Actor.Person, []string{by.Actor.Person}
	}
	return res
}

// origin is where a case came from; whoever may not go there gets the same
// answer as everyone else who may not.
func origin(c casefile.Case) view.Link {
	switch c.FromKind {
	case casefile.FromAlert:
		return view.Link{Text: ref("A", c.FromID), Href: "/alerts/" + c.FromID}
	case casefile.FromFile:
		return view.Link{Text: ref("F", c.FromID), Href: "/guarded"}
	case casefile.FromConversation:
		return view.Link{Text: ref("C", c.FromID), Href: "/inbox/" + c.FromID}
	}
	return view.Link{}
}

func (b *Workbench) unitName(r *http.Request, id string) (string, error) {
	units, err := b.People.Units(r.Context())
	for _, u := range units {
		if u.ID == id {
			return u.Name, nil
		}
	}
	return "", err
}

// caseForm does one act on a case and shows its form again when it can be
// mended.
func (b *Workbench) caseForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showCase(w, r, by, view.Form{Values: values(r), Problems: renamed(found, map[string]string{"text": "note"})}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/cases/"+r.PathValue("id"), done)
}

// noteCase is POST /cases/{id}/note.
func (b *Workbench) noteCase(w http.ResponseWriter, r *http.Request, by people.Session) error {
	stands := casefile.Fact
	if r.PostForm.Get("kind") == "view" {
		stands = casefile.Assessment
	}
	return b.caseForm(w, r, by, "noted", b.Cases.Note(r.Context(), by.Actor, r.PathValue("id"), stands, r.PostForm.Get("note")))
}

// closeCase is POST /cases/{id}/close.
func (b *Workbench) closeCase(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.caseForm(w, r, by, "closed", b.Cases.Close(r.Context(), by.Actor, r.PathValue("id"), r.PostForm.Get("outcome")))
}

// exhibit is GET /exhibits/{id}.
func (b *Workbench) exhibit(w http.ResponseWriter, r *http.Request, by people.Session) error {
	e, c, custody, err := b.Cases.Exhibit(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.ExhibitPage{Work: b.frame(r, by), ID: e.ID, Number: e.Label(), Case: view.Link{Text: c.Number, Href: "/cases/" + c.ID}, Kind: e.Kind,
		Title: e.Source, SHA256: e.SHA256, Size: e.Size, Media: e.MediaType, Sealed: b.time(e.SealedAt), Taken: b.time(e.CapturedAt), Source: e.Source,
		By: e.SealedBy, Permit: e.Permit, Verify: exhibitState(e.State), Text: readable(e.Bytes), Why: l.T("exhibit.why_look")}
	if e.Kind == evidence.KindFile || e.Kind == evidence.KindGuarded {
		page.Text, page.Why = "", ""
		if b.mayDownload(by, e, c) {
			page.Bytes = "/exhibits/" + e.ID + "/original"
		}
	}
	if e.Permit != "" {
		page.Mandate = view.Link{Text: ref("M", e.Permit), Href: "/mandates/" + e.Permit}
	}
	if e.State == evidence.Restricted {
		page.Grade = l.T("exhibit.restricted")
	}
	for _, event := range custody {
		page.Custody = append(page.Custody, b.step(r, event))
	}
	return b.show(w, r, http.StatusOK, page)
}

// verifyExhibit is POST /exhibits/{id}/verify: the original is read again and
// compared with the SHA-256 it was sealed with. Opening does no less.
func (b *Workbench) verifyExhibit(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if _, _, _, err := b.Cases.Exhibit(r.Context(), by.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return after(w, r, "/exhibits/"+r.PathValue("id"), "exhibit-verified")
}

// readable is the text of an original that was sealed as JSON.
func readable(raw []byte) string {
	var o struct {
		Text     string `json:"text"`
		Messages []struct {
			From string `json:"from"`
			Text string `json:"text"`
		} `json:"messages"`
	}
	if json.Unmarshal(raw, &o) != nil {
		return string(raw)
	}
	out := o.Text
	for _, m := range o.Messages {
		out += m.From + ": " + m.Text + "\n"
	}
	if out == "" {
		return string(raw)
	}
	return out
}
