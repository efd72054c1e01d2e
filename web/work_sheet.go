package web

import (
	"net/http"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// sheet is POST /inbox/{id}/sheet: what the emergency desk needs, on this one
// page, to be read out or printed.
func (b *Workbench) sheet(w http.ResponseWriter, r *http.Request, by people.Session) error {
	sh, err := b.Desk.Sheet(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("sheet"))
	if found, ok := problems(b.words(r), err); ok {
		return b.showTalk(w, r, by, view.Form{Values: values(r), Problems: renamed(found, map[string]string{"reason": "sheet"})}, desk.Person{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	page := view.SheetPage{Work: b.frame(r, by), ID: sh.ID, Ref: ref("C", sh.ID), Channel: sh.Channel, Tongue: sh.Lang, Received: b.time(sh.Received), Danger: sh.Danger, Age: sh.Age, Link: sh.Link,
		Name: sh.Person.Name, Contact: sh.Person.Contact, By: sh.By, At: b.time(sh.At)}
	for _, m := range sh.Messages {
		page.Messages = append(page.Messages, b.message(m))
	}
	for _, k := range sh.Kept {
		page.Kept = append(page.Kept, view.KeptAddress{Address: k.Address, At: b.time(k.At), Until: b.time(k.Until)})
	}
	return b.show(w, r, http.StatusOK, page)
}

// tickStep is POST /inbox/{id}/step.
func (b *Workbench) tickStep(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "", b.Desk.Tick(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("protocol"), r.PostFormValue("step"), r.PostFormValue("done") != "no"))
}

// besideProtocols adds what to do in danger of the kinds that were written.
func (b *Workbench) besideProtocols(c desk.Talk, page *view.TalkWorkPage) {
	for _, p := range c.Protocols {
		v := view.Protocol{Name: p.Name}
		for _, s := range p.Steps {
			v.Steps = append(v.Steps, view.ProtocolStep{Name: s.Name, By: s.By, At: b.time(s.At)})
		}
		page.Protocols = append(page.Protocols, v)
	}
	page.May.Sheet = c.Mine && len(c.Danger) > 0 && c.Erased == 0
}
