package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/people"
	"ronde/web/view"
)

// dailyVolume is what a draft asks for when it says nothing: posts a day.
const dailyVolume = 100_000

// endsSoon marks mandates that lapse within a week.
const endsSoon = 7 * 24 * time.Hour

// ref is the short name people say of a thing: the last letters of its id.
func ref(prefix, id string) string {
	if len(id) < 6 {
		return id
	}
	return prefix + "-" + strings.ToUpper(id[len(id)-6:])
}

func mandateResource(m *mandate.Mandate, by people.Session) access.Resource {
	r := access.Resource{Kind: "mandate", ID: m.ID, Unit: m.Unit, State: string(m.State), Regime: m.Regime}
	if m.Drafter == by.Actor.Handle {
		r.Drafter = by.Actor.Person
	}
	return r
}

// mandates is GET /mandates.
func (b *Workbench) mandates(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Mandates.List(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.MandatesPage{Work: b.frame(r, by), Show: r.URL.Query().Get("show"),
		Draft: may(by, "mandate.draft", access.Resource{Kind: "mandate", Unit: by.Actor.Unit, State: "draft", Drafter: by.Actor.Person})}
	now := b.time(b.Now())
	for _, m := range list {
		row := view.MandateRow{ID: m.ID, Ref: ref("M", m.ID), Purpose: m.Purpose, State: string(m.State), Categories: m.Categories,
			From: b.time(m.Starts), To: b.lastDay(m.Ends), Drafter: m.Drafter}
		row.Soon = m.Live(b.Now()) && b.time(m.Ends).Sub(now) < endsSoon
		page.Rows = append(page.Rows, row)
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) draftPage(r *http.Request, by people.Session) view.MandateDraftPage {
	l := b.words(r)
	page := view.MandateDraftPage{Work: b.frame(r, by), Action: "/mandates/new"}
	for _, a := range b.Mandates.Law().Acts {
		if a.Allowed && contains(a.Permits, "read") {
			page.Bases = append(page.Bases, view.Option{Value: a.ID, Label: named(l, a.Names), Hint: strings.Join(a.Articles, ", ")})
			page.LongestDay = max(page.LongestDay, a.MaxDays)
		}
	}
	for _, c := range mandate.Categories {
		page.Categories = append(page.Categories, view.Option{Value: c, Label: l.T("word.category." + c)})
	}
	page.Languages = languageOptions(l, lexicon.Languages())
	page.Volume = dailyVolume
	for _, s := range []mandate.SourceKind{mandate.Paste, mandate.Archive, mandate.Stream} {
		page.Sources = append(page.Sources, view.Option{Value: string(s), Label: l.T("word.sourcekind." + string(s))})
	}
	for _, x := range b.Mandates.Law().Excluded {
		page.Excluded = append(page.Excluded, named(l, x.Names))
	}
	return page
}

// named is the name in the reader's language, or any.
func named(l *lang.Lang, names map[string]string) string {
	if n := names[l.Base()]; n != "" {
		return n
	}
	for _, code := range lang.Codes {
		if n := names[code]; n != "" {
			return n
		}
	}
	return ""
}

func contains[T comparable](list []T, s T) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// mandateDraft is GET /mandates/new.
func (b *Workbench) mandateDraft(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := people.Allow(by.Actor, "mandate.draft", access.Resource{Kind: "mandate", Unit: by.Actor.Unit, State: "draft", Drafter: by.Actor.Person}); err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, b.draftPage(r, by))
}

// draftMandate is POST /mandates/new.
func (b *Workbench) draftMandate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	id, err := b.Mandates.Draft(r.Context(), by.Actor, b.proposal(r))
	if found, ok := problems(b.words(r), err); ok {
		page := b.draftPage(r, by)
		page.Form = view.Form{Values: values(r), Problems: renamed(found, draftNames)}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/mandates/"+id, "mandate-drafted")
}

// renamed gives problems the names that the form's fields have.
func renamed(list []view.Problem, names map[string]string) []view.Problem {
	for i, p := range list {
		if n, ok := names[p.Field]; ok {
			list[i].Field = n
		}
	}
	return list
}

func (b *Workbench) proposal(r *http.Request) mandate.Proposal {
	f := r.PostForm
	p := mandate.Proposal{Basis: f.Get("basis"), Categories: f["categories"], Languages: f["languages"], DailyVolume: dailyVolume,
		Starts: b.day(f.Get("from"), 0), Ends: b.day(f.Get("to"), 1), Review: b.day(f.Get("review"), 0),
		Text: mandate.Text{Purpose: f.Get("purpose"), Act: f.Get("act"), DPIA: f.Get("dpia"), Necessity: f.Get("necessity"),
			Proportionality: f.Get("proportionality"), Territory: f.Get("territory"), Consultation: f.Get("consultation")}}
	if v := strings.TrimSpace(f.Get("volume")); v != "" {
		p.DailyVolume, _ = strconv.ParseInt(v, 10, 64) // what is no number is 0, which the room refuses
	}
	if now := b.Now(); p.Starts < now && p.Starts > now-(24*time.Hour).Microseconds() {
		p.Starts = now // "today" means from now on
	}
	for _, kind := range f["sources"] {
		p.Sources = append(p.Sources, mandate.SourceIn{Kind: mandate.SourceKind(kind), Name: b.words(r).T("word.sourcekind." + kind)})
	}
	for line := range strings.Lines(f.Get("feeds")) {
		if address := strings.TrimSpace(line); address != "" {
			p.Sources = append(p.Sources, mandate.SourceIn{Kind: mandate.Feed, Name: feedName(address), Address: address})
		}
	}
	return p
}

func feedName(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// day reads a date of the form; add days make an end inclusive.
func (b *Workbench) day(s string, add int) int64 {
	t, err := time.ParseInLocation(time.DateOnly, s, b.Zone)
	if err != nil {
		return 0
	}
	return t.AddDate(0, 0, add).UnixMicro()
}

// lastDay is a moment of the last day that an end includes: a form that says
// "to 20 December" ends when the 21st begins.
func (b *Workbench) lastDay(ends int64) time.Time {
	if ends == 0 {
		return time.Time{}
	}
	return b.time(ends - 1)
}

// mandate is GET /mandates/{id}.
func (b *Workbench) mandate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showMandate(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showMandate(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	m, err := b.Mandates.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.words(r)
	res := mandateResource(m, by)
	page := view.MandatePage{Work: b.frame(r, by), ID: m.ID, Ref: ref("M", m.ID), Form: form, State: string(m.State), Purpose: m.Purpose,
		Act: m.Act, DPIA: m.DPIA, Necessity: m.Necessity, Proportionality: m.Proportionality, Categories: m.Categories,
		From: b.time(m.Starts), To: b.lastDay(m.Ends), Drafter: m.Drafter, Decider: m.Decider, Decided: b.time(m.DecidedAt)}
	if m.Live(b.Now()) {
		page.Left = b.time(m.Ends).Sub(b.time(b.Now()))
	}
	for _, a := range b.Mandates.Law().Acts {
		if a.ID == m.Basis {
			page.Basis, page.BasisSource = named(l, a.Names)+" ("+strings.Join(a.Articles, ", ")+")", a.Source
		}
	}
	for _, s := range m.Sources {
		page.Sources = append(page.Sources, b.sourceRow(m, s))
	}
	if page.Read, err = b.readTotals(r, by, m); err != nil {
		return err
	}
	if err := b.mandateMore(r, by, m, &page); err != nil {
		return err
	}
	page.May.Own = res.Drafter != "" && m.State == mandate.Draft
	page.May.Decide = m.State == mandate.Draft && may(by, "mandate.approve", res)
	page.May.Suspend = m.State == mandate.Approved && may(by, "mandate.suspend", res)
	page.May.Resume = m.State == mandate.Suspended && may(by, "mandate.resume", res)
	events, err := b.Ledger.ReadPage(r.Context(), historyOf("mandate_mandates", m.ID))
	for _, e := range events {
		page.History = append(page.History, b.step(r, e))
	}
	if err != nil {
		return err
	}
	return b.show(w, r, status, page)
}

func (b *Workbench) sourceRow(m *mandate.Mandate, s mandate.Source) view.SourceRow {
	row := view.SourceRow{ID: s.ID, Name: s.Name, Kind: string(s.Kind), URL: s.Address, State: "reading", Mandate: view.Link{Text: ref("M", m.ID), Href: "/mandates/" + m.ID}}
	switch {
	case s.Removed, m.State == mandate.Lapsed, m.State == mandate.Refused:
		row.State = "stopped"
	case !m.Live(b.Now()):
		row.State = "waiting"
	}
	return row
}

// decideMandate does one act on a mandate and shows its form again when the
// act was refused for a reason that can be mended.
func (b *Workbench) decideMandate(done string, act func(r *http.Request, by people.Session, id string) error) staffAction {
	return func(w http.ResponseWriter, r *http.Request, by people.Session) error {
		id := r.PathValue("id")
		err := act(r, by, id)
		if found, ok := problems(b.words(r), err); ok {
			return b.showMandate(w, r, by, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
		}
		if err != nil {
			return err
		}
		return after(w, r, "/mandates/"+id, done)
	}
}

func (b *Workbench) approveMandate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.decideMandate("mandate-approved", func(r *http.Request, by people.Session, id string) error {
		return b.Mandates.ApproveFor(r.Context(), by.Actor, id, r.PostForm.Get("reason"))
	})(w, r, by)
}

func (b *Workbench) refuseMandate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.decideMandate("mandate-refused", func(r *http.Request, by people.Session, id string) error {
		return b.Mandates.Refuse(r.Context(), by.Actor, id, r.PostForm.Get("reason"))
	})(w, r, by)
}

func (b *Workbench) suspendMandate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.decideMandate("mandate-suspended", func(r *http.Request, by people.Session, id string) error {
		return b.Mandates.Suspend(r.Context(), by.Actor, id, r.PostForm.Get("suspend"))
	})(w, r, by)
}

func (b *Workbench) resumeMandate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.decideMandate("mandate-resumed", func(r *http.Request, by people.Session, id string) error {
		return b.Mandates.Resume(r.Context(), by.Actor, id, r.PostForm.Get("reason"))
	})(w, r, by)
}
