package web

import (
	"net/http"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

func (b *Workbench) unmaskPage(r *http.Request, by people.Session) (view.UnmaskPage, error) {
	list, err := b.People.Unmaskings(r.Context(), by.Actor)
	page := view.UnmaskPage{Work: b.frame(r, by), Ask: may(by, "people.ask-unmask", access.Resource{Kind: "people"})}
	for _, u := range list {
		res := access.Resource{Kind: "people", ID: u.ID, State: u.State}
		if u.Asker == by.Actor.Handle {
			res.Drafter = by.Actor.Person
		}
		live := b.Now() < u.Expires
		page.Rows = append(page.Rows, view.UnmaskRow{ID: u.ID, Handle: u.Handle, Asker: u.Asker, Reason: u.Reason, State: u.State, Expires: b.time(u.Expires),
			Confirm: live && u.State == people.UnmaskAsked && may(by, "people.confirm-unmask", res),
			Open:    live && u.State == people.UnmaskConfirmed && may(by, "people.open-unmask", res)})
	}
	return page, err
}

func (b *Workbench) showUnmask(w http.ResponseWriter, r *http.Request, by people.Session, answer *view.Opened) error {
	page, err := b.unmaskPage(r, by)
	if err != nil {
		return err
	}
	page.Answer = answer
	return b.show(w, r, http.StatusOK, page)
}

// unmasks is GET /handles.
func (b *Workbench) unmasks(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showUnmask(w, r, by, nil)
}

// askUnmask is POST /handles/ask.
func (b *Workbench) askUnmask(w http.ResponseWriter, r *http.Request, by people.Session) error {
	_, err := b.People.AskUnmask(r.Context(), by.Actor, r.PostFormValue("handle"), r.PostFormValue("reason"))
	if errs.Is(err, errs.NotFound) {
		err = errs.Field("handle", "err.not_found", "ask unmask: no such handle")
	}
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.unmaskPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/handles", "unmask-asked")
}

// confirmUnmask is POST /handles/{id}/confirm: the second person's yes.
func (b *Workbench) confirmUnmask(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.People.ConfirmUnmask(r.Context(), by.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return after(w, r, "/handles", "unmask-confirmed")
}

// openUnmask is POST /handles/{id}/open: the answer, once.
func (b *Workbench) openUnmask(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.People.Unmaskings(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	p, err := b.People.OpenUnmask(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	answer := view.Opened{Name: p.Name, Login: p.Login, Email: p.Email}
	for _, u := range list {
		if u.ID == r.PathValue("id") {
			answer.Handle = u.Handle
		}
	}
	return b.showUnmask(w, r, by, &answer)
}

// addUnit is POST /units.
func (b *Workbench) addUnit(w http.ResponseWriter, r *http.Request, by people.Session) error {
	_, err := b.People.CreateUnit(r.Context(), by.Actor, r.PostFormValue("unit_name"), r.PostFormValue("regime"))
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.peoplePage(r, by)
		if err != nil {
			return err
		}
		page.UnitForm = view.Form{Values: values(r), Problems: renamed(found, map[string]string{"name": "unit_name"})}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/people", "unit-made")
}

// setRoles is POST /people/{id}/roles.
func (b *Workbench) setRoles(w http.ResponseWriter, r *http.Request, by people.Session) error {
	var roles []access.Role
	for _, role := range r.PostForm["roles"] {
		roles = append(roles, access.Role(role))
	}
	if err := b.People.Roles(r.Context(), by.Actor, r.PathValue("id"), roles); err != nil {
		return err
	}
	return after(w, r, "/people", "roles-set")
}
