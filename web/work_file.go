package web

import (
	"net/http"
	"strings"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/errs"
	"ronde/internal/media"
	"ronde/people"
	"ronde/web/view"
)

// lookLife is how long the address of a copy works: as long as a page loads.
const lookLife = 2 * time.Minute

// file is GET /files/{id}: what is known of a file, with a blurred preview of
// a picture.
func (b *Workbench) file(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showFile(w, r, by, media.Blurred, view.Form{}, http.StatusOK)
}

func (b *Workbench) showFile(w http.ResponseWriter, r *http.Request, by people.Session, look media.Look, form view.Form, status int) error {
	f, err := b.Desk.OpenFile(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.FilePage{Work: b.frame(r, by), File: fileRows([]desk.File{f.File})[0], Type: f.Type, At: b.time(f.At), Text: f.Text, Form: form, Ours: f.Ours, Failed: f.Unshown,
		Talk: view.Link{Text: ref("C", f.Conversation), Href: "/inbox/" + f.Conversation}, Fetch: f.State == desk.FileAway && f.Mine && b.Fetch != nil}
	page.Path = "/files/" + f.ID
	if f.Shown {
		page.Look, page.Copy = string(look), "/files/"+f.ID+"/copy"
		if look != media.Blurred {
			page.Copy += "?look=" + b.tickets.issue("look", strings.Join([]string{f.ID, by.Actor.Handle, string(look), form.Value("reason")}, talkSplit), lookLife)
		}
	}
	for _, why := range desk.LookReasons {
		page.Why = append(page.Why, view.Option{Value: why, Label: l.T("word.look." + why)})
	}
	if page.Form.Value("reason") == "" {
		page.Form.Values = map[string]string{"reason": desk.LookReasons[0]}
	}
	if f.State == desk.FileKept && !f.Ours {
		if c, err := b.Cases.OpenFor(r.Context(), by.Actor, f.Conversation); err == nil {
			page.Seal = &view.Link{Text: c.Number, Href: "/cases/" + c.ID}
		}
	}
	return b.show(w, r, status, page)
}

// lookAt is POST /files/{id}/look: one step more, with the reason chosen.
func (b *Workbench) lookAt(w http.ResponseWriter, r *http.Request, by people.Session) error {
	look := media.Look(r.PostFormValue("look"))
	if look != media.Grey && look != media.Colour {
		look = media.Blurred
	}
	return b.showFile(w, r, by, look, view.Form{Values: values(r)}, http.StatusOK)
}

// copyOf is GET /files/{id}/copy: blurred, or what the ticket of this page
// says. Each one is a look, and is accounted for as one.
func (b *Workbench) copyOf(w http.ResponseWriter, r *http.Request, by people.Session) error {
	look, reason := media.Blurred, ""
	if kept, ok := b.tickets.read("look", r.URL.Query().Get("look")); ok {
		if p := strings.Split(kept, talkSplit); len(p) == 4 && p[0] == r.PathValue("id") && p[1] == by.Actor.Handle {
			look, reason = media.Look(p[2]), p[3]
		}
	}
	raw, err := b.Desk.Look(r.Context(), by.Actor, r.PathValue("id"), look, reason)
	if err != nil {
		return err
	}
	return picture(w, raw)
}

// fetchFile is POST /files/{id}/fetch.
func (b *Workbench) fetchFile(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if b.Fetch == nil {
		return errs.New(errs.NotFound, "err.not_found", "fetch file: no line is here")
	}
	return b.fileForm(w, r, by, "file-fetched", b.Desk.Fetch(r.Context(), by.Actor, r.PathValue("id"), b.Fetch))
}

func (b *Workbench) fileForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showFile(w, r, by, media.Blurred, view.Form{Values: values(r), Problems: found}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/files/"+r.PathValue("id"), done)
}

// sealFile is POST /files/{id}/seal: the original becomes an exhibit of the
// case that was opened from its conversation.
func (b *Workbench) sealFile(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Cases.SealFile(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return b.fileForm(w, r, by, "", err)
	}
	return after(w, r, "/cases/"+c.ID, "file-sealed")
}

// suspectPage is GET /files/{id}/suspect: what happens, before it does.
func (b *Workbench) suspectPage(w http.ResponseWriter, r *http.Request, by people.Session) error {
	f, err := b.Desk.OpenFile(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, view.SuspectPage{Work: b.frame(r, by), ID: f.ID, Name: f.Name})
}

// suspectFile is POST /files/{id}/suspect.
func (b *Workbench) suspectFile(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if r.PostFormValue("confirm") != "suspected" {
		return errs.New(errs.Invalid, "err.form.old", "close file: not confirmed")
	}
	conversation, digest, err := b.Desk.Suspect(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := b.Cases.GuardFile(r.Context(), by.Actor, conversation, digest); err != nil {
		return err
	}
	return after(w, r, "/inbox/"+conversation, "file-guarded")
}

// guarded is GET /guarded.
func (b *Workbench) guarded(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showGuarded(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showGuarded(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	list, err := b.Desk.Guarded(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.GuardedPage{Work: b.frame(r, by), Form: form, Wrong: r.PathValue("id"), Case: mayOpenCase(by)}
	page.Path = "/guarded"
	for _, f := range list {
		page.Rows = append(page.Rows, view.GuardedRow{File: fileRows([]desk.File{f})[0], Type: f.Type, At: b.time(f.At), Talk: ref("C", f.Conversation)})
	}
	return b.show(w, r, status, page)
}

func (b *Workbench) guardedForm(w http.ResponseWriter, r *http.Request, by people.Session, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		for i := range found {
			found[i].Field = "" // the fields of this page are named by file
		}
		return b.showGuarded(w, r, by, view.Form{Values: values(r), Problems: found}, statusOf(errs.KindOf(err)))
	}
	return err
}

// openGuarded is POST /guarded/{id}/open: the original, to be saved and looked
// at with tools made for it.
func (b *Workbench) openGuarded(w http.ResponseWriter, r *http.Request, by people.Session) error {
	o, err := b.Desk.Original(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("reason"))
	if err != nil {
		return b.guardedForm(w, r, by, err)
	}
	return attach(w, ref("F", o.ID), o.Bytes)
}

// clearGuarded is POST /guarded/{id}/clear.
func (b *Workbench) clearGuarded(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.Desk.Clear(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("reason")); err != nil {
		return b.guardedForm(w, r, by, err)
	}
	return after(w, r, "/guarded", "file-cleared")
}

// caseFromFile is POST /guarded/{id}/case.
func (b *Workbench) caseFromFile(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Cases.OpenFromFile(r.Context(), by.Actor, r.PathValue("id"), b.opening(r, ref("F", r.PathValue("id"))))
	if err != nil {
		return b.guardedForm(w, r, by, err)
	}
	return after(w, r, "/cases/"+c.ID, "case-opened")
}

// mayDownload says whether the original of an exhibit is offered.
func (b *Workbench) mayDownload(by people.Session, e evidence.View, c casefile.Case) bool {
	res := caseResource(c, by)
	res.Kind, res.ID, res.State = "exhibit", e.ID, e.State
	if e.Kind == evidence.KindGuarded {
		res.State = access.Suspected
	}
	return e.State != evidence.Destroyed && may(by, "exhibit.original", res)
}

// exhibitOriginal is GET /exhibits/{id}/original.
func (b *Workbench) exhibitOriginal(w http.ResponseWriter, r *http.Request, by people.Session) error {
	e, err := b.Cases.Original(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return attach(w, e.Label()+"-"+e.ID, e.Bytes)
}
