package web

import (
	"net/http"

	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// reportTongues are the languages in which a platform is told.
var reportTongues = []string{"fr", "en"}

func (b *Workbench) impostorsPage(r *http.Request, by people.Session) (view.ImpostorsPage, error) {
	page := view.ImpostorsPage{Work: b.frame(r, by)}
	list, err := b.Patrol.Incidents(r.Context(), by.Actor)
	if err != nil {
		return page, err
	}
	l := b.words(r)
	for _, o := range patrol.Outcomes {
		page.Outcomes = append(page.Outcomes, view.Option{Value: o, Label: l.T("word.impostorend." + o)})
	}
	for _, i := range list {
		one := b.impostor(r, i)
		if i.State == patrol.Closed {
			page.Closed = append(page.Closed, one)
		} else {
			page.Open = append(page.Open, one)
		}
	}
	return page, nil
}

func (b *Workbench) impostor(r *http.Request, i patrol.Incident) view.Impostor {
	l := b.words(r)
	out := view.Impostor{ID: i.ID, Channel: i.Platform, Handle: i.Handle, Reports: int(i.Reports), First: b.time(i.First), Last: b.time(i.Last), There: i.There,
		Told: b.time(i.Told), Again: b.time(i.Again), Due: i.Again > 0 && i.Again <= b.Now(), Outcome: i.Outcome, Looks: string(i.Answer.Verdict)}
	if i.State == patrol.Closed {
		return out
	}
	switch {
	case i.Answer.Officer != nil:
		out.Like = i.Answer.Officer.Name
	case len(i.Answer.Accounts) > 0:
		out.Like = i.Answer.Accounts[0].Handle
	}
	if key := "impostors.way." + i.Platform; l.Has(key) {
		out.Way = l.T(key)
	} else {
		out.Way = l.T("impostors.way.other")
	}
	for _, tongue := range reportTongues {
		w := b.Words.For(tongue)
		list := w.T("impostors.ourlist")
		if b.Site != "" {
			list = b.Site + "/officers"
		}
		out.Texts = append(out.Texts, view.Saying{Lang: tongue, Text: w.T("impostors.text", "org", b.Org, "service", b.Service, "handle", i.Handle, "list", list)})
	}
	return out
}

// impostors is GET /impostors.
func (b *Workbench) impostors(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.impostorsPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

// tellPlatform is POST /impostors/{id}/tell.
func (b *Workbench) tellPlatform(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.impostorForm(w, r, by, b.Patrol.TellPlatform(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("state")))
}

// closeImpostor is POST /impostors/{id}/close.
func (b *Workbench) closeImpostor(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.impostorForm(w, r, by, b.Patrol.CloseIncident(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("outcome")))
}

func (b *Workbench) impostorForm(w http.ResponseWriter, r *http.Request, by people.Session, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.impostorsPage(r, by)
		if err != nil {
			return err
		}
		page.Form.Problems = found
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/impostors", "impostor")
}
