package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/oversight"
	"ronde/watch"
	"ronde/web/view"
)

// registerFields are the required fields of the Algorithmic Transparency
// Standard (D 5.6) in its order, after name, short description and status.
var registerFields = []string{"organisation", "department", "contact", "area", "domain", "decision", "goals", "impact", "risks", "category", "proportionality",
	"basis", "training", "source", "connections", "type", "explanation", "performance", "use", "intervention", "objection", "standard", "language"}

// registered is when the processing was first written into the register, and
// registerReview is how long a record stands before it is read again.
var registered = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

const registerReview = 365 * 24 * time.Hour

// registerer makes records of the register out of what is live.
type registerer struct {
	*lang.Lang
	Public
	zone *time.Location
	now  int64
	lex  watch.Record
}

// processing is the public record: one for the processing and its lexicon. Of
// mandates it knows delayed totals only (an open mandate is secret).
func (g registerer) processing(mandates oversight.Table) view.RegisterEntry {
	e := view.RegisterEntry{ID: "watch", Name: g.T("register.watch.name"), Short: g.T("register.watch.short"), Status: "operational", Changed: g.changed()}
	for _, f := range registerFields {
		e.Fields = append(e.Fields, view.Fact{Name: g.T("register.field." + f), Value: g.say(f)})
	}
	e.Fields = append(e.Fields, g.dates(registered, g.changed(), g.changed().Add(registerReview))...)
	e.Fields = append(e.Fields, g.version()...)
	e.Fields = append(e.Fields, view.Fact{Name: g.T("register.field.mandates"), Value: g.mandates(mandates)})
	e.Categories, e.Languages = g.measured()
	e.Until = g.lex.Measured.Until
	return e
}

// say is what the record says in one field.
func (g registerer) say(field string) string {
	contact := cmp.Or(g.Officer, g.Contact)
	return g.T("register.watch."+field, "org", g.Org, "contact", contact, "authority", g.Authority,
		"languages", g.List(g.words("word.language.", g.lex.Languages)), "categories", g.List(g.words("word.category.", g.lex.Categories)))
}

func (g registerer) words(group string, values []string) (out []string) {
	for _, v := range values {
		if g.Has(group + v) {
			v = g.T(group + v)
		}
		out = append(out, v)
	}
	return out
}

func (g registerer) time(at int64) time.Time { return time.UnixMicro(at).In(g.zone) }

// changed is when the lexicon last changed here, or when the record began.
func (g registerer) changed() time.Time {
	if at := g.time(g.lex.Changed); at.After(registered) {
		return at
	}
	return registered
}

func (g registerer) dates(published, changed, review time.Time) []view.Fact {
	return []view.Fact{{Name: g.T("register.field.published"), Value: g.Date(published)}, {Name: g.T("register.field.changed"), Value: g.Date(changed)},
		{Name: g.T("register.field.review"), Value: g.Date(review)}}
}

// version says which lexicon is in use, and how far its entries are known.
func (g registerer) version() []view.Fact {
	n := strconv.Itoa
	return []view.Fact{
		{Name: g.T("register.field.version"), Value: g.T("register.watch.version", "hash", g.lex.Lexicon[:12], "entries", n(g.lex.Entries))},
		{Name: g.T("register.field.bias"), Value: g.T("register.watch.bias", "sourced", n(g.lex.Sourced), "reviewed", n(g.lex.Reviewed), "local", n(g.lex.Local), "entries", n(g.lex.Entries))},
	}
}

// mandates says the delayed totals; small ones are hidden.
func (g registerer) mandates(t oversight.Table) string {
	var parts []string
	for _, row := range t.Rows {
		n := strconv.FormatInt(row.N, 10)
		if row.Hidden {
			n = g.T("figures.fewer", "n", oversight.Few)
		}
		parts = append(parts, cell(g.Lang, "mandate", row.Name)+": "+n)
	}
	if len(parts) == 0 {
		parts = []string{g.T("register.nomandates")}
	}
	return g.T("register.mandates", "days", strconv.Itoa(oversight.MandateDelayDays), "totals", strings.Join(parts, " · "))
}

func (g registerer) measured() (categories, languages view.IntervalChart) {
	m := g.lex.Measured
	categories = measured(g.T("methods.by_category"), g.T("alerts.category"), m.Categories, func(m watch.Measure) string { return categoryWord(g.Lang, m.Name) })
	languages = measured(g.T("methods.by_language"), g.T("lexicon.language"), m.Languages, func(m watch.Measure) string { return languageWord(g.Lang, m.Name) })
	return categories, languages
}

// registerEntries makes the public records.
func (p *Portal) registerEntries(r *http.Request) ([]view.RegisterEntry, error) {
	rec, err := p.Watch.Record(r.Context())
	if err != nil {
		return nil, err
	}
	table, err := mandateTotals(r, p.Oversight, p.Now())
	if err != nil {
		return nil, err
	}
	g := registerer{p.words(r), p.Public, p.Zone, p.Now(), rec}
	return []view.RegisterEntry{g.processing(table)}, nil
}

// mandateTotals are all decisions on mandates, ninety days late.
func mandateTotals(r *http.Request, o *oversight.Service, now int64) (oversight.Table, error) {
	f, err := o.Publish(r.Context(), registered.Format(time.DateOnly), time.UnixMicro(now).UTC().Format(time.DateOnly))
	for _, t := range f.Tables {
		if t.Name == "mandate" {
			return t, err
		}
	}
	return oversight.Table{}, err
}

// register is GET /register.
func (p *Portal) register(w http.ResponseWriter, r *http.Request) error {
	entries, err := p.registerEntries(r)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if day, err := time.Parse(time.DateOnly, e.Until); err == nil {
			entries[i].Until = p.words(r).In(time.UTC).Date(day)
		}
	}
	return p.show(w, r, http.StatusOK, view.RegisterPage{Portal: p.frame(r), Entries: entries})
}

// registerJSON is GET /register.json: the same records for machines, in the
// reader's language.
func (p *Portal) registerJSON(w http.ResponseWriter, r *http.Request) error {
	entries, err := p.registerEntries(r)
	if err != nil {
		return err
	}
	type measure struct {
		Name     string  `json:"name"`
		Verdicts int     `json:"verdicts"`
		Share    float64 `json:"share"`
		Low      float64 `json:"low"`
		High     float64 `json:"high"`
	}
	type field struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	type record struct {
		ID         string    `json:"id"`
		Name       string    `json:"name"`
		Short      string    `json:"short_description"`
		Status     string    `json:"status"`
		Fields     []field   `json:"fields"`
		Measured   string    `json:"measured_until"`
		Categories []measure `json:"precision_by_category"`
		Languages  []measure `json:"precision_by_language"`
	}
	rows := func(c view.IntervalChart) []measure {
		out := []measure{}
		for _, row := range c.Rows {
			out = append(out, measure{row.Name, row.Judged(), row.Share, row.Low, row.High})
		}
		return out
	}
	var out []record
	for _, e := range entries {
		rec := record{ID: e.ID, Name: e.Name, Short: e.Short, Status: e.Status, Measured: e.Until, Categories: rows(e.Categories), Languages: rows(e.Languages)}
		for _, f := range e.Fields {
			rec.Fields = append(rec.Fields, field(f))
		}
		out = append(out, rec)
	}
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return errs.Wrap(enc.Encode(out), "send register")
}
