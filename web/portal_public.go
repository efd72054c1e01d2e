package web

import (
	"net/http"
	"strings"

	"ronde/internal/errs"
	"ronde/patrol"
	"ronde/web/view"
)

// dutyDays is how far ahead the hours are shown.
const dutyDays = 14

// home is GET /: 112, is this really the police, write to us, hours.
func (p *Portal) home(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, view.HomePage{Portal: p.frame(r), Spoken: p.spoken(r), Errands: p.errands(r), Events: p.nextEvents(r)})
}

// duty is who is there now. When it cannot be read the page is still shown:
// the number 112 matters more.
func (p *Portal) duty(r *http.Request) view.Duty {
	d, err := p.Patrol.OnDuty(r.Context(), p.Now())
	if err != nil {
		p.Log.Error("read duty", "error", err)
		return view.Duty{}
	}
	out := presence(p.words(r), d)
	here, err := p.Patrol.RoundsNow(r.Context())
	if err != nil {
		p.Log.Error("read rounds", "error", err)
	}
	for _, h := range here {
		out.Here = append(out.Here, view.HereNow{Channel: h.Platform, Officer: h.Officer.Name, Handle: h.Officer.ID, Since: p.time(h.Since)})
	}
	return out
}

func photoOf(o patrol.Officer) string {
	if o.Photo == "" {
		return ""
	}
	return "/officers/" + o.ID + "/photo"
}

func (p *Portal) card(o patrol.Officer) view.OfficerCard {
	c := view.OfficerCard{Handle: o.ID, Name: o.Name, Unit: o.Unit, Languages: o.Languages, Photo: photoOf(o)}
	if s, ok := o.Hours.Open(p.time(p.Now())); ok {
		c.OnDuty, c.Until = true, s.To
	}
	return c
}

func (p *Portal) account(a patrol.Account, owners map[string]string) view.Account {
	return view.Account{ID: a.ID, Channel: a.Platform, Handle: a.Handle, URL: a.URL, Owner: owners[a.Officer], Since: p.time(a.Published), State: a.State,
		Standing: accountStanding(a, p.Now()), Way: a.Proof, Place: a.ProofAt, Seen: p.time(a.Proven)}
}

// accountStanding says whether an account may be called ours.
func accountStanding(a patrol.Account, now int64) string {
	if a.Stands(now) {
		return "proven"
	}
	return "unproven"
}

// officials reads the published officers and accounts.
func (p *Portal) officials(r *http.Request) (officers []view.OfficerCard, accounts []view.Account, err error) {
	list, err := p.Patrol.Officers(r.Context())
	if err != nil {
		return nil, nil, err
	}
	owners := map[string]string{}
	for _, o := range list {
		owners[o.ID] = o.Name
		officers = append(officers, p.card(o))
	}
	all, err := p.Patrol.Accounts(r.Context())
	for _, a := range all {
		accounts = append(accounts, p.account(a, owners))
	}
	if err == nil {
		err = p.announced(r, accounts)
	}
	return officers, accounts, err
}

// check is GET /check?q=…: ours, not ours, or looks like ours (D 2.91–2.94).
func (p *Portal) check(w http.ResponseWriter, r *http.Request) error {
	page := view.CheckPage{Portal: p.frame(r), Question: r.URL.Query().Get("q")}
	var err error
	if page.Officers, page.Accounts, err = p.officials(r); err != nil {
		return err
	}
	status := http.StatusOK
	if page.Question != "" {
		a, err := p.Patrol.CheckHandle(r.Context(), r.URL.Query().Get("platform"), page.Question)
		found, isForm := problems(p.words(r), err)
		switch {
		case isForm:
			page.Form.Problems = asField(found, "q")
			status = http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			page.Result = p.result(a)
			if acc := page.Result.Account; acc != nil {
				days, err := p.answerDays(r)
				if err != nil {
					return err
				}
				acc.AnswerDays = days[acc.Channel]
			}
			page.Coded = a.Verdict != patrol.Ours && looksLikeCode(page.Question)
		}
	}
	return p.show(w, r, status, page)
}

func asField(list []view.Problem, field string) []view.Problem {
	for i := range list {
		list[i].Field = field
	}
	return list
}

func (p *Portal) result(a patrol.Answer) *view.Result {
	out := &view.Result{Kind: "unknown"}
	switch a.Verdict {
	case patrol.Ours:
		out.Kind = "ours"
	case patrol.LooksLike:
		out.Kind = "lookalike"
	case patrol.Unproven:
		out.Kind = "unproven"
	}
	if a.Why == patrol.WhyWithdrawn {
		out.Kind = "gone"
	}
	if a.Officer != nil {
		c := p.card(*a.Officer)
		out.Officer = &c
	}
	if len(a.Accounts) > 0 {
		acc := p.account(a.Accounts[0], nil)
		out.Account = &acc
		if a.Verdict == patrol.LooksLike {
			out.Asked = differing(a.Asked, acc.Handle)
		}
	}
	return out
}

// differing marks the letters of asked that do not stand in the true handle
// in that order: the longest common subsequence is the same, the rest is odd.
func differing(asked, real string) []view.Letter {
	a, b := []rune(strings.ToLower(asked)), []rune(strings.ToLower(real))
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	shown := []rune(asked)
	if len(shown) != len(a) {
		shown = a
	}
	var out []view.Letter
	for i, j := 0, 0; i < len(a); i++ {
		for j < len(b) && a[i] != b[j] && table[i][j+1] >= table[i+1][j] {
			j++
		}
		same := j < len(b) && a[i] == b[j]
		out = append(out, view.Letter{Char: string(shown[i]), Odd: !same})
		if same {
			j++
		}
	}
	return out
}

// reportFake is POST /report-fake: somebody tells us of an impostor.
func (p *Portal) reportFake(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	if _, err := p.Patrol.ReportImpostor(r.Context(), patrol.ImpostorIn{Platform: r.PostForm.Get("platform"), Handle: r.PostForm.Get("q")}); err != nil {
		return err
	}
	page := view.CheckPage{Portal: p.frame(r)}
	page.Notice = &view.Notice{Kind: "done", Text: p.words(r).T("portal.check.reported")}
	var err error
	if page.Officers, page.Accounts, err = p.officials(r); err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, page)
}

// officers is GET /officers.
func (p *Portal) officers(w http.ResponseWriter, r *http.Request) error {
	officers, accounts, err := p.officials(r)
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, view.OfficersPage{Portal: p.frame(r), Officers: officers, Accounts: accounts})
}

// officer is GET /officers/{id}.
func (p *Portal) officer(w http.ResponseWriter, r *http.Request) error {
	o, err := p.Patrol.Officer(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	page := view.OfficerPage{Portal: p.frame(r), Officer: p.card(o), Channels: o.Channels}
	if page.Shifts, err = p.shifts(r, o.ID); err != nil {
		return err
	}
	if page.Square, err = square(p.site(r), o.ID); err != nil {
		return err
	}
	page.Square.File = "/officers/" + o.ID + "/qr.png"
	all, err := p.Patrol.Accounts(r.Context())
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Officer == o.ID {
			page.Accounts = append(page.Accounts, p.account(a, map[string]string{o.ID: o.Name}))
		}
	}
	if err := p.announced(r, page.Accounts); err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, page)
}

// photo is GET /officers/{id}/photo: a picture we encoded ourselves.
func (p *Portal) photo(w http.ResponseWriter, r *http.Request) error {
	b, err := p.Patrol.Photo(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", http.DetectContentType(b))
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err = w.Write(b)
	return errs.Wrap(err, "send photo")
}
