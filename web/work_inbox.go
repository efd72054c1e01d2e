package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// inboxRows are shown on one page of the inbox.
const inboxRows = 50

// inbox is GET /inbox.
func (b *Workbench) inbox(w http.ResponseWriter, r *http.Request, by people.Session) error {
	q := r.URL.Query()
	skip, _ := strconv.Atoi(q.Get("after"))
	f := desk.Filter{Show: q.Get("show"), Skip: max(0, skip), Rows: inboxRows}
	in, err := b.Desk.Inbox(r.Context(), by.Actor, f)
	if err != nil {
		return err
	}
	if f.Show == "" {
		f.Show = desk.ShowOpen
	}
	page := view.InboxPage{Work: b.frame(r, by), Show: f.Show, Waiting: in.Nobody, Longest: b.since(in.Longest)}
	for _, name := range desk.Shows {
		page.Tabs = append(page.Tabs, view.Tab{Name: name, Count: in.Counts[name], Href: "/inbox?show=" + name})
	}
	for _, row := range in.Rows {
		page.Rows = append(page.Rows, b.inboxRow(row))
	}
	if in.More {
		page.Pager.Next = "/inbox?show=" + f.Show + "&after=" + strconv.Itoa(f.Skip+f.Rows)
	}
	if f.Skip > 0 {
		page.Pager.Prev = "/inbox?show=" + f.Show + "&after=" + strconv.Itoa(max(0, f.Skip-f.Rows))
	}
	page.Live = "/inbox/live?" + url.Values{"show": {f.Show}, "after": {strconv.Itoa(f.Skip)}}.Encode()
	if page.Strip, err = b.strip(r, by, ""); err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) since(at int64) time.Duration {
	if at == 0 {
		return 0
	}
	return time.Duration(b.Now()-at) * time.Microsecond
}

func (b *Workbench) inboxRow(c desk.Row) view.InboxRow {
	row := view.InboxRow{ID: c.ID, Ref: ref("C", c.ID), Excerpt: c.Excerpt, Age: c.Age, Channel: c.Channel, Tongue: c.Lang, Identity: string(c.Identity),
		State: string(c.State), Waiting: b.since(c.Waiting), Holder: c.Holder, Mine: c.Mine, Unread: c.Unread, Same: c.Same, Draft: c.Draft}
	for _, p := range c.Present {
		row.Present = append(row.Present, view.Present{Handle: p.Handle, Writing: p.Writing})
	}
	if len(c.Danger) > 0 {
		row.DangerWord = c.Danger[0]
	}
	return row
}

// talk is GET /inbox/{id}.
func (b *Workbench) talk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showTalk(w, r, by, view.Form{}, desk.Person{}, http.StatusOK)
}

func (b *Workbench) showTalk(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, person desk.Person, status int) error {
	c, err := b.Desk.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	row := b.inboxRow(c.Row)
	page := view.TalkWorkPage{Work: b.frame(r, by), ID: c.ID, Ref: row.Ref, Form: form, State: row.State, Channel: row.Channel, Tongue: row.Tongue, Identity: row.Identity,
		Age: row.Age, DangerWord: row.DangerWord, Since: b.time(c.Received), Waiting: row.Waiting, Holder: c.Holder, Mine: c.Mine,
		Masked: c.Masked, Outcome: c.Outcome, OutcomeAt: b.time(c.Closed), Until: b.time(c.Until), Revision: c.Revision}
	if person.Name != "" || person.Contact != "" {
		page.Name, page.Contact, page.Masked, page.Revealed = person.Name, person.Contact, false, b.time(b.Now())
	}
	page.Present, page.Line = row.Present, talkLine(c)
	page.Live, page.Stamp = "/inbox/"+c.ID+"/live", c.Changed
	if page.Form = form; form.Values == nil && c.Begun.At != 0 {
		page.Form.Values = map[string]string{"message": c.Begun.Text}
		page.DraftAt = b.time(c.Begun.At)
	}
	if page.Strip, err = b.strip(r, by, c.ID); err != nil {
		return err
	}
	for _, m := range c.Messages {
		page.Messages = append(page.Messages, b.lineMessage(m, c, form))
	}
	for _, o := range desk.Outcomes {
		page.Outcomes = append(page.Outcomes, view.Option{Value: o, Label: b.words(r).T("word.outcome." + o)})
	}
	if page.Officers, err = b.colleagues(r, by); err != nil {
		return err
	}
	if page.Signs, err = b.ownName(r, by); err != nil {
		return err
	}
	page.Form = signedByDefault(page.Form, page.Signs)
	if err := b.besideTalk(r, by, &page); err != nil {
		return err
	}
	closed, erased := c.State == desk.Closed, c.Erased != 0
	page.Room = b.roomOf(c.Room, form)
	page.May = view.TalkMay{Room: !closed && c.Mine && !erased, Take: !closed && c.Holder == "", Release: !closed && c.Mine, Reply: !closed && c.Mine, Note: !closed && c.Mine, Close: !closed && c.Mine,
		Hand: !closed && c.Mine, Emergency: !closed && c.Mine, Reopen: closed && c.Mine && !erased, Reveal: c.Mine && page.Masked && !erased, Case: !erased && mayOpenCase(by)}
	b.besideMore(by, c, &page)
	b.besideProtocols(c, &page)
	b.besideReferrals(r, c, &page)
	if err := b.agreedTexts(r, by, &page); err != nil {
		return err
	}
	return b.show(w, r, status, page)
}

func (b *Workbench) message(m desk.Message) view.Message {
	from := "you"
	switch {
	case m.Note:
		from = "inside"
	case m.Ours:
		from = "us"
	}
	thread := ""
	if m.Thread != "" {
		thread = ref("C", m.Thread)
	}
	shown := view.Message{ID: m.ID, Thread: thread, Via: m.Via, From: from, Author: m.Author, Sign: m.Sign, At: b.time(m.At), Text: m.Text, Danger: m.Danger, Read: m.Read, Room: m.Room, Files: fileRows(m.Files)}
	if m.Ours && m.Auto { // nobody wrote it
		shown.Author, shown.Auto = b.Service, true
	}
	return shown
}

// besideTalk adds the queue beside the conversation and its history.
func (b *Workbench) besideTalk(r *http.Request, by people.Session, page *view.TalkWorkPage) error {
	in, err := b.Desk.Inbox(r.Context(), by.Actor, desk.Filter{Rows: 12})
	if err != nil {
		return err
	}
	for _, row := range in.Rows {
		page.Beside = append(page.Beside, b.inboxRow(row))
	}
	events, err := b.Ledger.ReadPage(r.Context(), historyOf("desk_conversations", page.ID))
	for _, e := range events {
		s := b.step(r, e)
		if by.Actor.Regime == access.RegimePatrol { // what was done is told; hidden staff has no name here (promise 6)
			if hiddenHandle(s.Who) {
				s.Who = ""
			}
			if hiddenHandle(strings.TrimPrefix(e.Detail, "to ")) {
				s.Note = ""
			}
		}
		page.History = append(page.History, s)
	}
	return err
}

// hiddenHandle recognises the service handle of an analyst or an investigator.
func hiddenHandle(handle string) bool {
	return strings.HasPrefix(handle, "W-") || strings.HasPrefix(handle, "I-")
}

// colleagues are the officers that a conversation can be handed to.
func (b *Workbench) colleagues(r *http.Request, by people.Session) (out []view.Option, err error) {
	list, err := b.People.List(r.Context(), by.Actor)
	if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	for _, a := range list {
		if a.ID != by.Actor.Person && a.State == people.Active {
			out = append(out, view.Option{Value: a.Handle, Label: a.Handle})
		}
	}
	return out, err
}

// ownName is what an answer can be signed with: the name on the own card,
// which stands first, or the service. Who has no card is offered nothing.
func (b *Workbench) ownName(r *http.Request, by people.Session) ([]view.Option, error) {
	name, err := b.Patrol.OwnName(r.Context(), by.Actor)
	if err != nil || name == "" {
		return nil, err
	}
	return []view.Option{{Value: name, Label: name}, {Value: "", Label: b.words(r).T("talkwork.as_service")}}, nil
}

// signedByDefault chooses the own name where nothing was chosen.
func signedByDefault(f view.Form, signs []view.Option) view.Form {
	if _, chosen := f.Values["sign"]; chosen || len(signs) == 0 {
		return f
	}
	v := map[string]string{"sign": signs[0].Value}
	for name, value := range f.Values {
		v[name] = value
	}
	f.Values = v
	return f
}

// talkForm does one act on a conversation and shows its form again when it
// can be mended; a conversation that moved on is read again first.
func (b *Workbench) talkForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showTalk(w, r, by, view.Form{Values: values(r), Problems: found}, desk.Person{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/inbox/"+r.PathValue("id"), done)
}

func (b *Workbench) takeTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "", b.Desk.Take(r.Context(), by.Actor, r.PathValue("id")))
}

func (b *Workbench) releaseTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "released", b.Desk.Release(r.Context(), by.Actor, r.PathValue("id")))
}

func (b *Workbench) replyTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	reply := desk.Reply{Text: r.PostFormValue("message"), Revision: revision, Sign: r.PostFormValue("sign")}
	return b.talkForm(w, r, by, "answered", b.Desk.Answer(r.Context(), by.Actor, r.PathValue("id"), reply))
}

func (b *Workbench) noteTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "noted", b.Desk.Note(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("note")))
}

func (b *Workbench) closeTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "closed", b.Desk.Close(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("outcome"), r.PostFormValue("reason")))
}

// handTalk is POST /inbox/{id}/hand. Only who is offered can be named: given to
// a handle that nobody has, a conversation would wait for nobody.
func (b *Workbench) handTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	offered, err := b.colleagues(r, by)
	if err != nil {
		return err
	}
	to := r.PostFormValue("to")
	if !slices.ContainsFunc(offered, func(o view.Option) bool { return o.Value == to }) {
		return b.talkForm(w, r, by, "", errs.Field("to", "err.desk.to", "hand over: not a colleague who is offered"))
	}
	return b.talkForm(w, r, by, "handed", b.Desk.Handover(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("to"), r.PostFormValue("hand")))
}

func (b *Workbench) reopenTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "reopened", b.Desk.Reopen(r.Context(), by.Actor, r.PathValue("id")))
}

// emergencyTalk writes down that the emergency desk was told, and what.
func (b *Workbench) emergencyTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "emergency", b.Desk.Emergency(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("emergency")))
}

// revealTalk shows name and contact on this one page, after a typed reason; where
// it takes two, a second person is asked.
func (b *Workbench) revealTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	id, reason := r.PathValue("id"), r.PostFormValue("reveal")
	p, err := b.Desk.Unmask(r.Context(), by.Actor, id, reason)
	asked := ""
	if key, _ := errs.Message(err); key == "err.desk.two" {
		asked, err = "reveal-asked", b.Desk.AskReveal(r.Context(), by.Actor, id, reason)
	}
	if found, ok := problems(b.words(r), err); ok {
		return b.showTalk(w, r, by, view.Form{Values: values(r), Problems: renamed(found, map[string]string{"reason": "reveal"})}, desk.Person{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	if asked != "" {
		return after(w, r, "/inbox/"+id, asked)
	}
	return b.showTalk(w, r, by, view.Form{}, p, http.StatusOK)
}
