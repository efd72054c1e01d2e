package web

import (
	"cmp"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/web/view"
)

// talkCookie carries the return code, sealed, while somebody reads. It ends
// with the page's time and on leaving.
const talkCookie = "talk"

// talkSplit stands between the code and the number of a request.
const talkSplit = "\n"

// askCode is GET /return.
func (p *Portal) askCode(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, view.ReturnPage{Portal: p.frame(r)})
}

// enterCode is POST /return.
func (p *Portal) enterCode(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	code := r.PostForm.Get("code")
	_, err := p.Desk.Return(r.Context(), remoteHost(r), code)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Limit) {
		key, args := errs.Message(err)
		page := view.ReturnPage{Portal: p.frame(r), Form: view.Form{Problems: []view.Problem{{Field: "code", Text: p.words(r).T(key, args...)}}}}
		return p.show(w, r, statusOf(errs.KindOf(err)), page)
	}
	if err != nil {
		return err
	}
	p.keepTalk(w, r, code, "")
	http.Redirect(w, r, "/conversation", http.StatusSeeOther)
	return nil
}

// keepTalk keeps the return code while somebody reads and, once they have asked
// for erasure, the number of that request: after the erasure it alone opens our
// answer, and we cannot show it again.
func (p *Portal) keepTalk(w http.ResponseWriter, r *http.Request, code, number string) {
	http.SetCookie(w, &http.Cookie{Name: talkCookie, Value: p.tickets.issue("talk", code+talkSplit+number, talkLife), Path: "/conversation",
		MaxAge: int(talkLife / time.Second), HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

// code is the return code of who is reading; ok is false after the page's time.
func (p *Portal) code(r *http.Request) (code string, ok bool) {
	kept, ok := p.tickets.read("talk", cookie(r, talkCookie))
	code, _, _ = strings.Cut(kept, talkSplit)
	return code, ok
}

// asked is the number of the erasure that was asked for on this page, or "".
func (p *Portal) asked(r *http.Request) string {
	kept, _ := p.tickets.read("talk", cookie(r, talkCookie))
	_, number, _ := strings.Cut(kept, talkSplit)
	return number
}

// talk is GET /conversation.
func (p *Portal) talk(w http.ResponseWriter, r *http.Request) error {
	return p.showTalk(w, r, view.Form{}, http.StatusOK)
}

func (p *Portal) showTalk(w http.ResponseWriter, r *http.Request, form view.Form, status int) error {
	code, ok := p.code(r)
	if !ok {
		http.Redirect(w, r, "/return", http.StatusSeeOther)
		return nil
	}
	c, err := p.Desk.Return(r.Context(), remoteHost(r), code)
	if err != nil {
		return err
	}
	set, err := p.Desk.Settings(r.Context())
	if err != nil {
		return err
	}
	number := p.asked(r)
	p.keepTalk(w, r, code, number)
	page := view.TalkPage{Portal: p.frame(r), Form: form, State: string(c.State), Status: c.Status, Identity: string(c.Identity), Outcome: c.Outcome,
		Until: p.time(c.Until), Closed: c.Closed != 0, Erasing: c.Erasing, Number: number, Minutes: int(talkLife / time.Minute), Window: set.Window}
	page.Path = "/conversation"
	for _, m := range c.Messages {
		from := "you"
		if m.Ours {
			from = "us"
		}
		page.Messages = append(page.Messages, view.Message{From: from, Author: cmp.Or(m.Author, p.Service), At: p.time(m.At), Text: m.Text, Auto: m.Auto, Files: fileRows(m.Files)})
	}
	if c.Waiting != 0 {
		page.Answer = p.promise(r, p.time(c.Waiting), page.Duty.AnswerDays)
	}
	return p.show(w, r, status, page)
}

// addMessage is POST /conversation/add.
func (p *Portal) addMessage(w http.ResponseWriter, r *http.Request, files []desk.Upload, err error) error {
	number, bad := p.formNumber(r)
	if bad != nil {
		return bad
	}
	code, ok := p.code(r)
	if !ok {
		http.Redirect(w, r, "/return", http.StatusSeeOther)
		return nil
	}
	if err == nil {
		err = p.Desk.Add(r.Context(), remoteHost(r), code, r.PostForm.Get("message"), hex.EncodeToString([]byte(number)), files...)
	}
	if found, isForm := problems(p.words(r), err); isForm {
		return p.showTalk(w, r, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/conversation", http.StatusSeeOther)
	return nil
}

// askErasure is POST /conversation/erase: a rights request made with the code.
func (p *Portal) askErasure(w http.ResponseWriter, r *http.Request) error {
	form, err := p.formNumber(r)
	if err != nil {
		return err
	}
	code, ok := p.code(r)
	if !ok {
		http.Redirect(w, r, "/return", http.StatusSeeOther)
		return nil
	}
	number, err := p.Oversight.AskErasure(r.Context(), remoteHost(r), form, code, r.PostForm.Get("reason"))
	if err != nil {
		return err
	}
	p.keepTalk(w, r, code, number)
	return p.show(w, r, http.StatusOK, view.RightsReceiptPage{Portal: p.frame(r), Right: "erase", Number: number,
		Answer: p.time(p.Now()).Add(answerDays * 24 * time.Hour)})
}

// leave is POST /conversation/leave: nothing stays in this browser.
func (p *Portal) leave(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, &http.Cookie{Name: talkCookie, Path: "/conversation", MaxAge: -1, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
