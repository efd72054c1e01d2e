package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/mandate"
	"ronde/people"
	"ronde/web/view"
)

// renewPage is GET /mandates/{id}/renew: a new draft, filled from the mandate
// that it continues. Times and reasons are to be written anew.
func (b *Workbench) renewPage(w http.ResponseWriter, r *http.Request, by people.Session) error {
	m, err := b.Mandates.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return b.showRenew(w, r, by, m, view.Form{Values: b.typedBefore(r, m)}, http.StatusOK)
}

func (b *Workbench) showRenew(w http.ResponseWriter, r *http.Request, by people.Session, m *mandate.Mandate, form view.Form, status int) error {
	res := mandateResource(m, by)
	if err := people.Allow(by.Actor, "mandate.renew", res); err != nil {
		return err
	}
	page := b.draftPage(r, by)
	page.Action, page.Form = "/mandates/"+m.ID+"/renew", form
	page.Renews = &view.Link{Text: ref("M", m.ID) + " · " + m.Purpose, Href: "/mandates/" + m.ID}
	var err error
	if page.Before, err = b.readTotals(r, by, m); err != nil {
		return err
	}
	return b.show(w, r, status, page)
}

// typedBefore are the fields of the form as the mandate has them. Necessity
// and proportionality are left empty: a renewal is not a copy (D 2.71).
func (b *Workbench) typedBefore(r *http.Request, m *mandate.Mandate) map[string]string {
	v := map[string]string{"purpose": m.Purpose, "basis": m.Basis, "act": m.Act, "dpia": m.DPIA, "consultation": m.Consultation, "territory": m.Territory,
		"volume": strconv.FormatInt(m.DailyVolume, 10), "from": b.time(max(m.Ends, b.Now())).Format(time.DateOnly)}
	for _, c := range m.Categories {
		v["categories="+c] = "on"
	}
	for _, c := range m.Languages {
		v["languages="+c] = "on"
	}
	var feeds []string
	for _, s := range m.Sources {
		switch {
		case s.Removed:
		case s.Kind == mandate.Feed:
			feeds = append(feeds, s.Address)
		default:
			v["sources="+string(s.Kind)] = "on"
		}
	}
	v["feeds"] = strings.Join(feeds, "\n")
	return v
}

// renew is POST /mandates/{id}/renew.
func (b *Workbench) renew(w http.ResponseWriter, r *http.Request, by people.Session) error {
	m, err := b.Mandates.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	id, err := b.Mandates.Renew(r.Context(), by.Actor, m.ID, b.proposal(r))
	if found, ok := problems(b.words(r), err); ok {
		return b.showRenew(w, r, by, m, view.Form{Values: values(r), Problems: renamed(found, draftNames)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/mandates/"+id, "mandate-renewed")
}

// draftNames are the names that the fields of a draft have in the form.
var draftNames = map[string]string{"starts": "from", "ends": "to", "daily_volume": "volume", "address": "feeds"}

// mandateMore fills what a mandate says beside its purpose: its bounds, what
// stands outside them, and what came before and after it.
func (b *Workbench) mandateMore(r *http.Request, by people.Session, m *mandate.Mandate, page *view.MandatePage) error {
	l := b.words(r)
	page.Territory, page.Consultation, page.Reasons, page.Stopped = m.Territory, m.Consultation, m.Decision, m.Stopped
	page.Volume, page.Review = int(m.DailyVolume), b.time(m.Review)
	if m.Review == m.Ends {
		page.Review = page.To
	}
	page.ReviewLate = m.Live(b.Now()) && b.Now() >= m.Review && m.Review < m.Ends
	for _, code := range m.Languages {
		page.Languages = append(page.Languages, languageWord(l, code))
	}
	for _, x := range b.Mandates.Law().Excluded {
		if contains(m.Excluded, x.ID) {
			page.Excluded = append(page.Excluded, named(l, x.Names))
		}
	}
	list, err := b.Mandates.List(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	for _, other := range list {
		link := view.Link{Text: ref("M", other.ID) + " · " + l.T("word.mandate."+string(other.State)), Href: "/mandates/" + other.ID}
		switch {
		case other.ID == m.RenewalOf:
			page.RenewalOf = &link
			if page.Before, err = b.readTotals(r, by, other); err != nil {
				return err
			}
		case other.RenewalOf == m.ID:
			page.Renewals = append(page.Renewals, link)
		}
	}
	decided := m.State == mandate.Approved || m.State == mandate.Suspended || m.State == mandate.Lapsed
	page.May.Renew = decided && may(by, "mandate.renew", access.Resource{Kind: "mandate", ID: m.ID, Unit: m.Unit})
	return nil
}
