package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/people"
	"ronde/web/view"
)

// texts is GET /texts: what was agreed on to answer with.
func (b *Workbench) texts(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showTexts(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showTexts(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	list, err := b.Desk.Texts(r.Context(), by.Actor, false)
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.TextsPage{Work: b.frame(r, by), Form: form, Draft: may(by, "text.draft", access.Resource{Kind: "text"})}
	for _, t := range list {
		page.Rows = append(page.Rows, view.TextRow{ID: t.ID, Name: t.Name, Tongue: t.Lang, Kind: t.Kind, Body: t.Body, State: t.State, Drafter: t.Drafter, At: b.time(t.At), Approver: t.Approver, Decided: b.time(t.Decided), May: t.May})
	}
	for _, code := range lang.Codes {
		page.Languages = append(page.Languages, view.Option{Value: code, Label: languageWord(l, code)})
	}
	for _, kind := range []string{desk.TextReply, desk.TextAway} {
		page.Kinds = append(page.Kinds, view.Option{Value: kind, Label: l.T("word.textkind." + kind)})
	}
	for _, p := range desk.Places {
		page.Places = append(page.Places, view.Fact{Name: "{" + p + "}", Value: l.T("texts.place." + p)})
	}
	return b.show(w, r, status, page)
}

func (b *Workbench) textForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showTexts(w, r, by, view.Form{Values: values(r), Problems: found}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/texts", done)
}

func (b *Workbench) draftText(w http.ResponseWriter, r *http.Request, by people.Session) error {
	_, err := b.Desk.DraftText(r.Context(), by.Actor, desk.TextIn{Name: r.PostFormValue("name"), Lang: r.PostFormValue("lang"), Kind: r.PostFormValue("kind"), Body: r.PostFormValue("body")})
	return b.textForm(w, r, by, "agreed-drafted", err)
}

func (b *Workbench) decideText(w http.ResponseWriter, r *http.Request, by people.Session) error {
	agree := r.PostFormValue("agree") == "yes"
	done := "agreed-refused"
	if agree {
		done = "agreed-approved"
	}
	return b.textForm(w, r, by, done, b.Desk.DecideText(r.Context(), by.Actor, r.PathValue("id"), agree))
}

func (b *Workbench) retireText(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.textForm(w, r, by, "agreed-retired", b.Desk.RetireText(r.Context(), by.Actor, r.PathValue("id")))
}

// agreedTexts are the texts one can answer with, filled for a conversation,
// those in its language first.
func (b *Workbench) agreedTexts(r *http.Request, by people.Session, page *view.TalkWorkPage) error {
	if !may(by, "text.read", access.Resource{Kind: "text"}) {
		return nil
	}
	list, err := b.Desk.Texts(r.Context(), by.Actor, false)
	if err != nil {
		return err
	}
	values := map[string]string{"service": b.Service, "ref": page.Ref, "emergency": b.Emergency}
	if len(page.Signs) > 0 {
		values["name"] = page.Signs[0].Value
	}
	d, err := b.Patrol.OnDuty(r.Context(), b.Now())
	if err != nil {
		return err
	}
	if d.AnswerDays > 0 {
		values["days"] = strconv.Itoa(d.AnswerDays)
	}
	l := b.words(r)
	if d.Next != nil {
		values["hours"] = b.Words.For(page.Tongue).In(b.Zone).Moment(d.Next.From)
	}
	for _, t := range list {
		if t.State == desk.TextApproved && t.Kind == desk.TextReply {
			page.Texts = append(page.Texts, view.Agreed{ID: t.ID, Label: t.Name + " (" + languageWord(l, t.Lang) + ")", Tongue: t.Lang, Body: desk.Fill(t.Body, values)})
		}
	}
	slices.SortStableFunc(page.Texts, func(a, b view.Agreed) int {
		own := func(t view.Agreed) int {
			if t.Tongue == page.Tongue {
				return 0
			}
			return 1
		}
		if own(a) != own(b) {
			return own(a) - own(b)
		}
		return strings.Compare(a.Label, b.Label)
	})
	return nil
}

// insertText is POST /inbox/{id}/text: without scripts, the chosen text goes
// before what is written already.
func (b *Workbench) insertText(w http.ResponseWriter, r *http.Request, by people.Session) error {
	v := values(r)
	page := view.TalkWorkPage{Ref: ref("C", r.PathValue("id"))}
	var err error
	if page.Signs, err = b.ownName(r, by); err != nil {
		return err
	}
	if err := b.agreedTexts(r, by, &page); err != nil {
		return err
	}
	for _, t := range page.Texts {
		if t.ID == v["text"] {
			v["message"] = strings.TrimSpace(t.Body + "\n\n" + v["message"])
		}
	}
	if err := b.Desk.SaveDraft(r.Context(), by.Actor, r.PathValue("id"), v["message"]); err != nil {
		return b.talkForm(w, r, by, "", err)
	}
	return b.showTalk(w, r, by, view.Form{Values: v}, desk.Person{}, http.StatusOK)
}

// paceDays is how far back the answer times are measured.
const paceDays = 30

// paces is GET /answers: what is announced, and how long people waited.
func (b *Workbench) paces(w http.ResponseWriter, r *http.Request, by people.Session) error {
	to := b.time(b.Now())
	list, err := b.Desk.Paces(r.Context(), by.Actor, to.AddDate(0, 0, -paceDays).UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	page := view.PacesPage{Work: b.frame(r, by), Days: paceDays, Spans: desk.Spans}
	for _, p := range list {
		row := view.PaceRow{Channel: p.Channel, Announced: p.Announced, InTime: int(p.InTime), Late: int(p.Late)}
		for _, s := range desk.Spans {
			row.Spans = append(row.Spans, p.Spans[s])
			row.All += p.Spans[s]
		}
		page.Rows = append(page.Rows, row)
	}
	return b.show(w, r, http.StatusOK, page)
}
