package web

import (
	"net/http"

	"ronde/access"
	"ronde/people"
	"ronde/web/view"
)

func (b *Workbench) peoplePage(r *http.Request, by people.Session) (view.PeoplePage, error) {
	list, err := b.People.List(r.Context(), by.Actor)
	if err != nil {
		return view.PeoplePage{}, err
	}
	units, err := b.People.Units(r.Context())
	if err != nil {
		return view.PeoplePage{}, err
	}
	l := b.words(r)
	page := view.PeoplePage{Work: b.frame(r, by), Edit: may(by, "people.create", access.Resource{Kind: "people"})}
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
		page.Units = append(page.Units, view.Option{Value: u.ID, Label: u.Name})
	}
	for _, a := range list {
		p := view.Person{ID: a.ID, Name: a.Handle, Unit: names[a.Unit], State: personState(a.State), Second: a.State == people.Active, Self: a.ID == by.Actor.Person}
		for _, role := range a.Roles {
			p.Roles = append(p.Roles, string(role))
		}
		page.Rows = append(page.Rows, p)
	}
	for _, regime := range []string{access.RegimePatrol, access.RegimeWatch, access.RegimeInvestigation} {
		page.Regimes = append(page.Regimes, view.Option{Value: regime, Label: l.T("word.regime." + regime)})
	}
	for _, role := range access.Staff {
		page.Roles = append(page.Roles, view.Option{Value: string(role), Label: l.T("word.role." + string(role))})
	}
	return page, nil
}

func personState(state string) string {
	if state == people.Disabled {
		return "suspended"
	}
	return state
}

// people is GET /people.
func (b *Workbench) people(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.peoplePage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

// addPerson is POST /people: the first password is shown once.
func (b *Workbench) addPerson(w http.ResponseWriter, r *http.Request, by people.Session) error {
	in := people.NewAccount{Name: r.PostFormValue("name"), Login: r.PostFormValue("login"), Unit: r.PostFormValue("unit")}
	for _, role := range r.PostForm["roles"] {
		in.Roles = append(in.Roles, access.Role(role))
	}
	made, err := b.People.Create(r.Context(), by.Actor, in)
	return b.handOver(w, r, by, made, err)
}

// handOver shows a one-time password, or the form again.
func (b *Workbench) handOver(w http.ResponseWriter, r *http.Request, by people.Session, made people.Handover, err error) error {
	found, isForm := problems(b.words(r), err)
	if err != nil && !isForm {
		return err
	}
	page, err := b.peoplePage(r, by)
	if err != nil {
		return err
	}
	if isForm {
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	page.Password = &view.NewKey{Source: made.Account.Handle, Key: made.Password}
	return b.show(w, r, http.StatusOK, page)
}

// disablePerson is POST /people/{id}/suspend.
func (b *Workbench) disablePerson(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.People.Disable(r.Context(), by.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return after(w, r, "/people", "person-disabled")
}

// resetPerson is POST /people/{id}/reset.
func (b *Workbench) resetPerson(w http.ResponseWriter, r *http.Request, by people.Session) error {
	made, err := b.People.Reset(r.Context(), by.Actor, r.PathValue("id"))
	return b.handOver(w, r, by, made, err)
}

// killSessions is POST /people/{id}/kill.
func (b *Workbench) killSessions(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if _, err := b.People.KillSessions(r.Context(), by.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return after(w, r, "/people", "sessions-ended")
}

func (b *Workbench) accountPage(r *http.Request, by people.Session) (view.AccountPage, error) {
	list, err := b.People.Sessions(r.Context(), by.Actor)
	page := view.AccountPage{Work: b.frame(r, by), Second: true, Least: people.MinPassword}
	for _, s := range list {
		page.Sessions = append(page.Sessions, view.Session{ID: s.ID, Began: b.time(s.Created), Seen: b.time(s.Seen), This: s.ID == by.ID})
	}
	if err != nil {
		return page, err
	}
	return page, b.notice(r, by, &page)
}

// account is GET /account.
func (b *Workbench) account(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.accountPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

// setPassword is POST /account/password.
func (b *Workbench) setPassword(w http.ResponseWriter, r *http.Request, by people.Session) error {
	var found []view.Problem
	isForm := r.PostFormValue("new") != r.PostFormValue("again")
	if isForm {
		found = []view.Problem{{Field: "again", Text: b.words(r).T("err.people.again")}}
	} else {
		err := b.People.SetPassword(r.Context(), by.Token, r.PostFormValue("old"), r.PostFormValue("new"))
		if found, isForm = b.gateProblems(r, err); err != nil && !isForm {
			return err
		}
	}
	if !isForm {
		return after(w, r, "/account", "password-set")
	}
	page, err := b.accountPage(r, by)
	if err != nil {
		return err
	}
	page.Form = view.Form{Problems: found}
	return b.show(w, r, http.StatusUnprocessableEntity, page)
}

// endSession is POST /account/sessions/{id}/end.
func (b *Workbench) endSession(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.People.EndSession(r.Context(), by.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return after(w, r, "/account", "sessions-ended")
}

// endOthers is POST /account/sessions/end.
func (b *Workbench) endOthers(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.People.Sessions(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.ID == by.ID {
			continue
		}
		if err := b.People.EndSession(r.Context(), by.Actor, s.ID); err != nil {
			return err
		}
	}
	return after(w, r, "/account", "sessions-ended")
}
