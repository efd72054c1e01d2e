package web

import (
	"net/http"
	"time"

	"ronde/internal/errs"
	"ronde/oversight"
	"ronde/web/view"
)

// answerDays is within how many days a rights request is answered (LED art. 12).
const answerDays = 30

func (p *Portal) rightsPage(r *http.Request) view.RightsPage {
	l := p.words(r)
	page := view.RightsPage{Portal: p.frame(r), Officer: p.Officer, Authority: p.Authority, AuthorityA: p.AuthorityURL, Days: answerDays}
	for _, asks := range oversight.Asks {
		page.Rights = append(page.Rights, view.Option{Value: asks, Label: l.T("word.right." + asks)})
	}
	return page
}

// rights is GET /rights.
func (p *Portal) rights(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, p.rightsPage(r))
}

// askRight is POST /rights.
func (p *Portal) askRight(w http.ResponseWriter, r *http.Request) error {
	form, err := p.formNumber(r)
	if err != nil {
		return err
	}
	ask := oversight.Ask{Caller: remoteHost(r), Form: form, Asks: r.PostForm.Get("right"), Code: r.PostForm.Get("code"), Text: r.PostForm.Get("text"), Contact: r.PostForm.Get("contact")}
	number, err := p.Oversight.Ask(r.Context(), ask)
	if found, isForm := p.rightProblems(r, err); isForm {
		page := p.rightsPage(r)
		page.Form = view.Form{Values: values(r), Problems: found}
		return p.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, view.RightsReceiptPage{Portal: p.frame(r), Right: ask.Asks, Number: number,
		Answer: p.time(p.Now()).Add(answerDays * 24 * time.Hour)})
}

// rightProblems says an unknown return code like any other wrong field.
func (p *Portal) rightProblems(r *http.Request, err error) ([]view.Problem, bool) {
	if errs.Is(err, errs.NotFound) {
		return []view.Problem{{Field: "code", Text: p.words(r).T("err.code.unknown")}}, true
	}
	found, isForm := problems(p.words(r), err)
	for i := range found {
		if found[i].Field == "asks" {
			found[i].Field = "right"
		}
	}
	return found, isForm
}

// rightStatus is POST /rights/status: what became of a request.
func (p *Portal) rightStatus(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	v, err := p.Oversight.Status(r.Context(), r.PostForm.Get("number"))
	if errs.Is(err, errs.NotFound) {
		page := p.rightsPage(r)
		page.Form = view.Form{Values: values(r), Problems: []view.Problem{{Field: "number", Text: p.words(r).T("err.code.unknown")}}}
		return p.show(w, r, http.StatusNotFound, page)
	}
	if err != nil {
		return err
	}
	page := view.RightsStatusPage{Portal: p.frame(r), Right: v.Asks, State: oversight.Received, Ground: v.Ground, Reason: v.Reason, Answer: p.time(v.DueAt)}
	if v.State == oversight.Done {
		page.State, page.Answered = rightState(v.Request), p.time(v.DecidedAt)
	}
	return p.show(w, r, http.StatusOK, page)
}
