package web

import (
	"net/http"
	"slices"
	"strconv"

	"ronde/access"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// onCall is GET /oncall: who is rung when danger waits, and how the desk is set.
func (b *Workbench) onCall(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showOnCall(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showOnCall(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	o, err := b.Desk.OnCall(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.OnCallPage{Work: b.frame(r, by), Form: form, Sends: o.Sends, Two: o.Settings.UnmaskTwo, Window: o.Settings.Window, Grace: o.Settings.Grace, Looks: o.Settings.Looks,
		Edit: may(by, "desk.configure", access.Resource{Kind: "desk"}), Protect: may(by, "desk.protect", access.Resource{Kind: "desk"}), MaxWindow: desk.MaxWindow}
	for i, c := range o.Contacts {
		page.Contacts = append(page.Contacts, view.ContactRow{ID: c.ID, Place: i + 1, Way: c.Way, Label: c.Label, To: c.To, Room: c.Room, Wait: c.Wait, Last: b.time(c.Last), Result: c.Result})
	}
	for _, c := range o.Calls {
		page.Calls = append(page.Calls, view.CallRow{Ref: ref("C", c.Conversation), Conversation: c.Conversation, At: b.time(c.At), Due: b.time(c.Due), Rung: int(c.Step), State: c.State, Answered: b.time(c.Answered), By: c.Handle})
	}
	for _, way := range b.Ways {
		page.Ways = append(page.Ways, view.Option{Value: way, Label: l.T("word.way." + way)})
	}
	page.Hooks = b.Hooks
	return b.show(w, r, status, page)
}

// onCallForm shows the page again when its form can be mended.
func (b *Workbench) onCallForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showOnCall(w, r, by, view.Form{Values: values(r), Problems: found}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/oncall", done)
}

func (b *Workbench) addContact(w http.ResponseWriter, r *http.Request, by people.Session) error {
	wait, _ := strconv.Atoi(r.PostFormValue("wait"))
	return b.onCallForm(w, r, by, "contact-added", b.Desk.AddContact(r.Context(), by.Actor, desk.ContactIn{Way: r.PostFormValue("way"), Label: r.PostFormValue("label"),
		To: r.PostFormValue("to"), Room: r.PostFormValue("room") == "yes", Wait: wait}))
}

func (b *Workbench) removeContact(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.onCallForm(w, r, by, "contact-removed", b.Desk.RemoveContact(r.Context(), by.Actor, r.PathValue("id")))
}

func (b *Workbench) raiseContact(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.onCallForm(w, r, by, "", b.Desk.RaiseContact(r.Context(), by.Actor, r.PathValue("id")))
}

// testContact rings one place now; what came of it stands in its row.
func (b *Workbench) testContact(w http.ResponseWriter, r *http.Request, by people.Session) error {
	result, err := b.Desk.TestContact(r.Context(), by.Actor, r.PathValue("id"))
	done := "ring-failed"
	if result == desk.RingSent {
		done = "ring-sent"
	}
	return b.onCallForm(w, r, by, done, err)
}

func (b *Workbench) configureDesk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	grace, _ := strconv.Atoi(r.PostFormValue("grace"))
	looks, err := strconv.Atoi(r.PostFormValue("looks"))
	if err != nil {
		looks = -1 // said by the room
	}
	return b.onCallForm(w, r, by, "desk-set", b.Desk.Configure(r.Context(), by.Actor, grace, looks))
}

func (b *Workbench) protectDesk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	window, err := strconv.Atoi(r.PostFormValue("window"))
	if err != nil {
		window = -1 // said by the room
	}
	return b.onCallForm(w, r, by, "desk-set", b.Desk.Protect(r.Context(), by.Actor, r.PostFormValue("two") == "yes", window))
}

// ownNotice is POST /notice: where somebody wants a word that something of
// theirs waits.
func (b *Workbench) ownNotice(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Desk.SetOwn(r.Context(), by.Actor, r.PostFormValue("way"), r.PostFormValue("to"))
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.accountPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/account", "notice-set")
}

// notice fills the account page for those who answer.
func (b *Workbench) notice(r *http.Request, by people.Session, page *view.AccountPage) error {
	if !may(by, "conversation.list", access.Resource{Kind: "conversation"}) {
		return nil
	}
	own, err := b.Desk.Own(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page.Form.Values = map[string]string{"to": own.To, "way": own.Way}
	for _, way := range b.Ways {
		if !slices.Contains([]string{"hook"}, way) { // a room is the list's business
			page.Ways = append(page.Ways, view.Option{Value: way, Label: b.words(r).T("word.way." + way)})
		}
	}
	return nil
}

// homeCalls tells a lead that danger waits and nobody has looked.
func (b *Workbench) homeCalls(r *http.Request, by people.Session, page *view.DashboardPage) error {
	n, err := b.Desk.Alarms(r.Context())
	if err == nil && n > 0 {
		page.Tiles = append(page.Tiles, view.WorkTile{Name: "calls", Value: n, Href: "/oncall", Urgent: true})
	}
	return err
}

// homeReveals are identities that wait for a second person.
func (b *Workbench) homeReveals(r *http.Request, by people.Session, page *view.DashboardPage) error {
	waits, err := b.Desk.Reveals(r.Context(), by.Actor)
	for _, v := range waits {
		if len(page.Tasks) == taskRows {
			break
		}
		page.Tasks = append(page.Tasks, view.Task{Kind: "reveal-confirm", Title: ref("C", v.Conversation), Href: "/inbox/" + v.Conversation})
	}
	return err
}
