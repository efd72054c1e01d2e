package web

import (
	"net/http"
	"strconv"
	"strings"

	"ronde/access"
	"ronde/mandate"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// registers is GET /registers: the public record, and for whoever may read
// mandates one record of each, made from what is live.
func (b *Workbench) registers(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := people.Allow(by.Actor, "register.read", access.Resource{Kind: "register"}); err != nil {
		return err
	}
	rec, err := b.Watch.Record(r.Context())
	if err != nil {
		return err
	}
	table, err := mandateTotals(r, b.Oversight, b.Now())
	if err != nil {
		return err
	}
	g := registerer{b.words(r), b.Public, b.Zone, b.Now(), rec}
	page := view.RegistersPage{Work: b.frame(r, by), Entries: []view.RegisterEntry{g.processing(table)}}
	if !may(by, "mandate.list", access.Resource{Kind: "mandate", Unit: by.Actor.Unit}) {
		return b.show(w, r, http.StatusOK, page)
	}
	list, err := b.Mandates.List(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.State == mandate.Refused {
			continue // it never was in use, and so was never retired
		}
		totals, err := b.Watch.Totals(r.Context(), by.Actor, m)
		if err != nil {
			return err
		}
		page.Mandates = append(page.Mandates, g.mandate(m, b.Mandates.Law(), totals))
	}
	return b.show(w, r, http.StatusOK, page)
}

// standing is the word of the standard for where a mandate stands.
func standing(m *mandate.Mandate, now int64) string {
	switch {
	case m.State == mandate.Draft, m.State == mandate.Approved && !m.Live(now):
		return "planned"
	case m.State == mandate.Suspended:
		return "evaluation"
	case m.Live(now):
		return "operational"
	}
	return "retired"
}

// mandate is the record of one mandate with the lexicon in use: what is the
// same for the whole processing comes from its record, the rest from the row.
func (g registerer) mandate(m *mandate.Mandate, law *mandate.Profile, t watch.Totals) view.RegisterEntry {
	e := view.RegisterEntry{ID: m.ID, Name: ref("M", m.ID) + " · " + m.Purpose, Short: g.T("register.mandate.short", "categories", g.List(g.words("word.category.", m.Categories))),
		Status: standing(m, g.now), Href: "/mandates/" + m.ID}
	changed := g.time(max(m.DraftedAt, m.DecidedAt))
	e.Changed = changed
	own := map[string]string{"goals": m.Purpose, "area": m.Territory, "proportionality": strings.TrimSpace(m.Necessity + " " + m.Proportionality), "basis": g.basis(m, law),
		"source": g.sources(m), "performance": g.performance(t)}
	for _, f := range registerFields {
		value := own[f]
		if value == "" {
			value = g.say(f)
		}
		e.Fields = append(e.Fields, view.Fact{Name: g.T("register.field." + f), Value: value})
	}
	e.Fields = append(e.Fields, g.dates(g.time(m.DraftedAt), changed, g.time(m.Review))...)
	e.Fields = append(e.Fields, g.version()...)
	return e
}

func (g registerer) basis(m *mandate.Mandate, law *mandate.Profile) string {
	name := m.Basis
	for _, a := range law.Acts {
		if a.ID == m.Basis {
			name = named(g.Lang, a.Names) + " (" + strings.Join(a.Articles, ", ") + ")"
		}
	}
	return g.T("register.mandate.basis", "law", name, "act", m.Act, "dpia", m.DPIA)
}

func (g registerer) sources(m *mandate.Mandate) string {
	var names []string
	for _, s := range m.Sources {
		if !s.Removed {
			names = append(names, s.Name)
		}
	}
	return g.T("register.mandate.source", "sources", g.List(names), "volume", g.Num(int(m.DailyVolume)))
}

// performance are the measured figures of one mandate, with their interval.
func (g registerer) performance(t watch.Totals) string {
	if t.Hidden {
		return g.T("register.mandate.hidden")
	}
	p := precision(t.Judged)
	if p.None {
		return g.T("register.mandate.unjudged", "read", g.Num(int(t.Read)), "not", g.Num(int(t.NotRead)), "alerts", g.Num(int(t.Alerts)))
	}
	return g.T("register.mandate.measured", "read", g.Num(int(t.Read)), "not", g.Num(int(t.NotRead)), "alerts", g.Num(int(t.Alerts)), "right", strconv.Itoa(p.Right),
		"judged", strconv.Itoa(p.Judged()), "percent", strconv.Itoa(p.Percent()), "low", strconv.Itoa(p.LowPercent()), "high", strconv.Itoa(p.HighPercent()))
}
