package web

import (
	"net/http"
	"slices"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// looks is GET /looks: what was closed without action and is looked at again.
func (b *Workbench) looks(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Desk.Looks(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.LooksPage{Work: b.frame(r, by)}
	for _, l := range list {
		page.Rows = append(page.Rows, view.LookRow{ID: l.ID, Conversation: l.Conversation, Ref: ref("C", l.Conversation), Closer: l.Closer, At: b.time(l.At)})
	}
	for _, v := range desk.LookVerdicts {
		page.Verdicts = append(page.Verdicts, view.Option{Value: v, Label: b.words(r).T("word.look." + v)})
	}
	return b.show(w, r, http.StatusOK, page)
}

// lookAgain is POST /looks/{id}.
func (b *Workbench) lookAgain(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Desk.LookAgain(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("verdict"))
	if err != nil {
		return err
	}
	return after(w, r, "/looks", "looked")
}

// services are the helplines of the legal profile one can send somebody on to,
// and the two of the whole Union (D 7.9, 7.10).
func (b *Workbench) services(r *http.Request) (out []view.Option) {
	l := b.words(r)
	for _, h := range b.Mandates.Law().Helplines {
		out = append(out, view.Option{Value: h.Number, Label: h.Number + " · " + named(l, h.Names) + " (" + h.Hours + ")"})
	}
	for _, u := range []struct{ number, word string }{{"116 111", "child-helpline"}, {"116 000", "missing-child"}} {
		if !slices.ContainsFunc(out, func(o view.Option) bool { return o.Value == u.number }) {
			out = append(out, view.Option{Value: u.number, Label: u.number + " · " + l.T("word.errand."+u.word)})
		}
	}
	return out
}

// refer is POST /inbox/{id}/refer.
func (b *Workbench) refer(w http.ResponseWriter, r *http.Request, by people.Session) error {
	service := r.PostFormValue("service")
	if !slices.ContainsFunc(b.services(r), func(o view.Option) bool { return o.Value == service }) {
		service = "" // not one that is offered; the room says so
	}
	err := b.Desk.Refer(r.Context(), by.Actor, r.PathValue("id"), service, r.PostFormValue("consent"), r.PostFormValue("passed"))
	if found, ok := problems(b.words(r), err); ok {
		return b.showTalk(w, r, by, view.Form{Values: values(r), Problems: renamed(found, map[string]string{"reason": "passed"})}, desk.Person{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/inbox/"+r.PathValue("id"), "referred")
}

// takenOver is POST /inbox/{id}/receipt.
func (b *Workbench) takenOver(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "taken-over", b.Desk.TakenOver(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("referral"), r.PostFormValue("who")))
}

// besideReferrals adds where somebody was sent on to, and where one can.
func (b *Workbench) besideReferrals(r *http.Request, c desk.Talk, page *view.TalkWorkPage) {
	for _, f := range c.Referrals {
		page.Referrals = append(page.Referrals, view.ReferralRow{ID: f.ID, Service: f.Service, Consent: f.Consent, Giver: f.Giver, At: b.time(f.At), Taken: b.time(f.Taken), Passed: f.Passed, Who: f.Who})
	}
	if page.May.Refer = c.Mine && c.State != desk.Closed && c.Erased == 0; page.May.Refer {
		page.Services = b.services(r)
		for _, consent := range desk.Consents {
			page.Consents = append(page.Consents, view.Option{Value: consent, Label: b.words(r).T("word.consent." + consent)})
		}
	}
}
