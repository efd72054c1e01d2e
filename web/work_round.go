package web

import (
	"net/http"
	"slices"
	"strings"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// roundPlatforms are where one can be met: a chat, a game, a group.
var roundPlatforms = []string{"discord", "instagram", "snapchat", "tiktok", "twitch", "telegram", "facebook", "mastodon", "bluesky", "x", "youtube", "steam", "reddit", "vk", "whatsapp"}

// lastRounds are shown after those that go on.
const lastRounds = 20

func (b *Workbench) roundsPage(r *http.Request, by people.Session) (view.RoundsPage, error) {
	page := view.RoundsPage{Work: b.frame(r, by)}
	l := b.words(r)
	rounds, err := b.Patrol.Rounds(r.Context(), by.Actor)
	if err != nil {
		return page, err
	}
	for _, one := range rounds {
		shown := b.round(l, one)
		switch {
		case one.Ended == 0 && one.Mine:
			shown.Outcomes = nil
			for _, o := range patrol.RoundOutcomes {
				shown.Outcomes = append(shown.Outcomes, view.Option{Value: o, Label: tallied(l, o, one.Outcomes[o])})
			}
			page.Mine = &shown
		case one.Ended == 0:
			page.Others = append(page.Others, shown)
		case len(page.Last) < lastRounds:
			page.Last = append(page.Last, shown)
		}
	}
	if err := b.roundGroups(r, by, &page); err != nil {
		return page, err
	}
	b.roundChoices(l, &page)
	card, err := b.Patrol.OwnCard(r.Context(), by.Actor)
	if errs.Is(err, errs.NotFound) {
		page.NoCard = true
		return page, nil
	}
	if err != nil {
		return page, err
	}
	return page, b.introduce(r, card, &page)
}

func (b *Workbench) round(l *lang.Lang, one patrol.Round) view.Round {
	out := view.Round{ID: one.ID, Channel: one.Platform, Group: one.Group, Officer: one.Officer, Purpose: one.Purpose, Shown: one.Shown,
		Started: b.time(one.Started), Ended: b.time(one.Ended), Contacts: int(one.Contacts)}
	for _, o := range patrol.RoundOutcomes {
		if n := one.Outcomes[o]; n > 0 {
			out.Outcomes = append(out.Outcomes, view.Option{Value: o, Label: tallied(l, o, n)})
		}
	}
	return out
}

func tallied(l *lang.Lang, outcome string, n int64) string {
	word := l.T("word.outcome." + outcome)
	if n == 0 {
		return word
	}
	return word + " · " + l.Num(int(n))
}

// roundGroups are the groups that were asked, and those that one can go to.
func (b *Workbench) roundGroups(r *http.Request, by people.Session, page *view.RoundsPage) error {
	asked, err := b.Patrol.Admissions(r.Context(), by.Actor)
	for _, a := range asked {
		page.Asked = append(page.Asked, view.Admission{ID: a.ID, Channel: a.Platform, Group: a.Group, URL: a.URL, Officer: a.Officer, State: a.State, Asked: b.time(a.Asked), Answered: b.time(a.Answered)})
		if a.State == patrol.Admitted {
			page.Groups = append(page.Groups, view.Option{Value: a.ID, Label: a.Group + " (" + b.words(r).T("word.channel."+a.Platform) + ")"})
		}
	}
	return err
}

func (b *Workbench) roundChoices(l *lang.Lang, page *view.RoundsPage) {
	var shown []string
	for _, c := range roundPlatforms {
		page.Channels = append(page.Channels, view.Option{Value: c, Label: l.T("word.channel." + c)})
		if b.Patrol.MayShow(c) {
			shown = append(shown, l.T("word.channel."+c))
		}
	}
	page.Showable = strings.Join(shown, ", ")
	for _, p := range patrol.RoundPurposes {
		page.Purposes = append(page.Purposes, view.Option{Value: p, Label: l.T("word.roundpurpose." + p)})
	}
	page.Form.Values = map[string]string{"purpose": patrol.RoundPurposes[0]}
}

// introduce fills the standard introduction and what administrators are told
// (D 2.18, 2.27): the texts that somebody else has read, else the house's.
func (b *Workbench) introduce(r *http.Request, card patrol.Officer, page *view.RoundsPage) error {
	own, err := b.Patrol.Introduction(r.Context())
	if err != nil {
		return err
	}
	at := b.Site
	if at != "" {
		at = checkAddress(at, card.ID)
	}
	for _, code := range lang.Codes {
		w := b.Words.For(code)
		check := at
		if check == "" {
			check = w.T("vouch.portal")
		}
		text := w.T("rounds.introduction", "name", card.Name, "service", b.Service, "check", check, "emergency", "112")
		if mine := own[code]; mine != "" {
			text, page.IntroAgree = strings.NewReplacer("{name}", card.Name, "{service}", b.Service, "{check}", check, "{emergency}", "112").Replace(mine), true
		}
		page.Intro = append(page.Intro, view.Saying{Lang: code, Text: text})
		page.Explain = append(page.Explain, view.Saying{Lang: code, Text: w.T("rounds.explanation", "name", card.Name, "service", b.Service, "check", check)})
	}
	return nil
}

// rounds is GET /rounds.
func (b *Workbench) rounds(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.roundsPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) roundForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.roundsPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		if page.Form.Value("purpose") == "" {
			page.Form.Values["purpose"] = patrol.RoundPurposes[0]
		}
		if slices.ContainsFunc(found, func(p view.Problem) bool { return p.Field == "platform" }) && r.PostFormValue("group") == "" {
			page.Form.Problems = renamed(found, map[string]string{"platform": "channel"})
		}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/rounds", done)
}

// startRound is POST /rounds.
func (b *Workbench) startRound(w http.ResponseWriter, r *http.Request, by people.Session) error {
	_, err := b.Patrol.StartRound(r.Context(), by.Actor, patrol.RoundIn{Platform: r.PostFormValue("channel"), Admission: r.PostFormValue("admission"),
		Purpose: r.PostFormValue("purpose"), Shown: r.PostFormValue("shown") != ""})
	return b.roundForm(w, r, by, "round", err)
}

// countContact is POST /rounds/{id}/contact.
func (b *Workbench) countContact(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.roundForm(w, r, by, "", b.Patrol.CountContact(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("outcome")))
}

// endRound is POST /rounds/{id}/end.
func (b *Workbench) endRound(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.roundForm(w, r, by, "round-end", b.Patrol.EndRound(r.Context(), by.Actor, r.PathValue("id")))
}

// askAdmission is POST /admissions.
func (b *Workbench) askAdmission(w http.ResponseWriter, r *http.Request, by people.Session) error {
	_, err := b.Patrol.AskAdmission(r.Context(), by.Actor, r.PostFormValue("platform"), r.PostFormValue("group"), r.PostFormValue("url"))
	return b.roundForm(w, r, by, "admission", err)
}

// answerAdmission is POST /admissions/{id}/answer.
func (b *Workbench) answerAdmission(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.roundForm(w, r, by, "admission", b.Patrol.AnswerAdmission(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("state")))
}
