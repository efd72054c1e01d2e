package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// entryRows bounds one page of the lexicon.
const entryRows = 100

// lexicon is GET /lexicon: what the watch looks for, as objects with a source.
func (b *Workbench) lexicon(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := people.Allow(by.Actor, "lexicon.list", access.Resource{Kind: "lexicon"}); err != nil {
		return err
	}
	q := r.URL.Query()
	page := view.LexiconPage{Work: b.frame(r, by), Query: strings.TrimSpace(q.Get("q")), Family: q.Get("family"), Version: b.Lexicon.Hash()[:12]}
	after, want := q.Get("after"), strings.ToLower(page.Query)
	var found []lexicon.Entry
	for e := range b.Lexicon.Entries {
		if e.ID > after && (want == "" || strings.Contains(strings.ToLower(e.Text+" "+e.Sense), want)) && (page.Family == "" || e.Family == page.Family) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(x, y lexicon.Entry) int { return cmp.Compare(x.ID, y.ID) })
	if len(found) > entryRows {
		found = found[:entryRows]
		q.Set("after", found[entryRows-1].ID)
		page.Pager.Next = "/lexicon?" + q.Encode()
	}
	for _, e := range found {
		page.Entries = append(page.Entries, view.EntryRow{ID: "entry?id=" + e.ID, Text: e.Text, Tongue: e.Language, Region: e.Region, Family: familyWord(b.words(r), e.Family),
			Senses: []string{e.Sense}, State: "live"})
	}
	return b.show(w, r, http.StatusOK, page)
}

// entry is GET /lexicon/entry?id=…: one code with its meaning, source, innocent
// readings and measured precision. Its id holds slashes, so it is no path.
func (b *Workbench) entry(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := people.Allow(by.Actor, "lexicon.open", access.Resource{Kind: "lexicon"}); err != nil {
		return err
	}
	e, ok := b.Lexicon.Entry(r.URL.Query().Get("id"))
	if r.PathValue("id") != "entry" || !ok {
		return errs.New(errs.NotFound, "err.not_found", "show entry: none of that id")
	}
	l := b.words(r)
	sense := view.Sense{Meaning: e.Sense, Weight: e.Weight, Source: e.Source, SourceA: e.SourceURL, Trust: trust(l, e.Reliability)}
	for _, in := range e.Innocent {
		sense.Innocent = append(sense.Innocent, in.Reading)
	}
	page := view.EntryPage{Work: b.frame(r, by), ID: e.ID, Text: e.Text, Tongue: e.Language, Region: e.Region, Family: familyWord(l, e.Family), Category: e.Category,
		State: "live", Senses: []view.Sense{sense}, Approved: e.Reviewer}
	counts, err := b.Watch.EntryVerdicts(r.Context(), e.ID)
	if err != nil {
		return err
	}
	page.Precision = precision(counts)
	return b.show(w, r, http.StatusOK, page)
}

// fewVerdicts is below which a share would say more than is known.
const fewVerdicts = 10

func precision(counts []watch.EntryCount) (p view.Precision) {
	for _, c := range counts {
		p.Alerts += int(c.N)
		switch {
		case c.Verdict.Confirmed():
			p.Right += int(c.N)
		case c.Verdict == watch.VerdictHarmless:
			p.Harmless += int(c.N)
		}
	}
	p.Few = p.Alerts < fewVerdicts
	return p
}

// trust says how sure a source is (A police or public body … U unverified).
func trust(l *lang.Lang, reliability string) string {
	if key := "lexicon.trust." + strings.ToLower(reliability); l.Has(key) {
		return l.T(key)
	}
	return reliability
}

// registers is GET /registers.
func (b *Workbench) registers(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := people.Allow(by.Actor, "register.read", access.Resource{Kind: "register"}); err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, view.RegistersPage{Work: b.frame(r, by), Entries: registerEntries(b.words(r), b.Org, b.Lexicon, b.time(checkedOn.UnixMicro()))})
}
