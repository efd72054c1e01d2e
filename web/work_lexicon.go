package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// entryRows bounds one page of the lexicon.
const entryRows = 100

// What the lexicon's list shows: all, what stood in an alert here, what stood
// in none for long, what went live here.
const (
	showMet   = "met"
	showStale = "stale"
	showLocal = "local"
)

// lexicon is GET /lexicon: what the watch looks for now, as objects with a
// source and with how they do in use.
func (b *Workbench) lexicon(w http.ResponseWriter, r *http.Request, by people.Session) error {
	standings, err := b.Watch.Standings(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	now, err := b.Watch.Current(r.Context())
	if err != nil {
		return err
	}
	q, l := r.URL.Query(), b.words(r)
	page := view.LexiconPage{Work: b.frame(r, by), Query: strings.TrimSpace(q.Get("q")), Version: now.Hash()[:12],
		Propose: may(by, "lexicon.propose", access.Resource{Kind: "lexicon"}), Form: view.Form{Values: map[string]string{}}}
	for _, name := range []string{"language", "category", "family", "show"} {
		page.Form.Values[name] = q.Get(name)
	}
	if page.Waiting, err = b.waiting(r, by); err != nil {
		return err
	}
	found := entriesFor(now, standings, q)
	page.Found = len(found)
	b.lexiconChoices(l, now, &page)
	from, _ := slices.BinarySearchFunc(found, q.Get("after"), func(e lexicon.Entry, after string) int {
		if e.ID > after {
			return 1
		}
		return -1
	})
	found = found[from:]
	if len(found) > entryRows {
		found = found[:entryRows]
		q.Set("after", found[entryRows-1].ID)
		page.Pager.Next = "/lexicon?" + q.Encode()
	}
	for _, e := range found {
		page.Entries = append(page.Entries, entryRow(l, e, standings[e.ID]))
	}
	return b.show(w, r, http.StatusOK, page)
}

// entriesFor are the entries that were asked for, in the order of their ids.
func entriesFor(lex *lexicon.Lexicon, standings map[string]watch.Standing, q url.Values) (found []lexicon.Entry) {
	want := strings.ToLower(strings.TrimSpace(q.Get("q")))
	is := func(name, value string) bool { return q.Get(name) == "" || q.Get(name) == value }
	for e := range lex.Entries {
		st := standings[e.ID]
		shown := true
		switch q.Get("show") {
		case showMet:
			shown = st.Alerts > 0
		case showStale:
			shown = st.Stale
		case showLocal:
			shown = st.LiveSince > 0
		}
		if shown && is("language", e.Language) && is("category", e.Category) && is("family", e.Family) &&
			(want == "" || strings.Contains(strings.ToLower(e.Text+"\n"+e.Sense), want)) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(x, y lexicon.Entry) int { return cmp.Compare(x.ID, y.ID) })
	return found
}

// lexiconChoices fills the lists to choose from: languages, categories and
// families that the lexicon has.
func (b *Workbench) lexiconChoices(l *lang.Lang, lex *lexicon.Lexicon, page *view.LexiconPage) {
	languages, categories, families := kinds(lex)
	page.Languages = append([]view.Option{{Label: l.T("alerts.all")}}, languageOptions(l, languages)...)
	page.Categories = append([]view.Option{{Label: l.T("alerts.all")}}, categoryOptions(l, categories)...)
	page.Families = append([]view.Option{{Label: l.T("alerts.all")}}, familyOptions(l, families)...)
	for _, show := range []string{"", showMet, showStale, showLocal} {
		page.Shows = append(page.Shows, view.Option{Value: show, Label: l.T("lexicon.show." + cmp.Or(show, "all"))})
	}
}

func kinds(lex *lexicon.Lexicon) (languages, categories, families []string) {
	seen := map[string]bool{}
	add := func(list *[]string, kind, v string) {
		if !seen[kind+v] {
			seen[kind+v] = true
			*list = append(*list, v)
		}
	}
	for e := range lex.Entries {
		add(&languages, "l", e.Language)
		add(&categories, "c", e.Category)
		add(&families, "f", e.Family)
	}
	return languages, categories, families
}

func languageOptions(l *lang.Lang, codes []string) []view.Option {
	return sortedOptions(l, "word.language.", codes)
}

func categoryOptions(l *lang.Lang, names []string) []view.Option {
	return sortedOptions(l, "word.category.", names)
}

func familyOptions(l *lang.Lang, names []string) []view.Option {
	return sortedOptions(l, "word.family.", names)
}

// sortedOptions are choices in the order of their words; one without a word is
// shown as it is written.
func sortedOptions(l *lang.Lang, group string, values []string) (out []view.Option) {
	for _, v := range values {
		label := v
		if l.Has(group + v) {
			label = l.T(group + v)
		}
		out = append(out, view.Option{Value: v, Label: label})
	}
	slices.SortFunc(out, func(x, y view.Option) int {
		return cmp.Or(cmp.Compare(x.Label, y.Label), cmp.Compare(x.Value, y.Value))
	})
	return out
}

func entryRow(l *lang.Lang, e lexicon.Entry, st watch.Standing) view.EntryRow {
	return view.EntryRow{Href: entryHref(e.ID), Text: e.Text, Tongue: e.Language, Region: e.Region, Category: e.Category, Family: familyWord(l, e.Family), Sense: senseWord(l, e.Sense),
		Trust: trust(l, e.Reliability), Weight: e.Strength, Precision: precision(st.Precision), Last: st.LastDay, Stale: st.Stale, Local: st.LiveSince > 0}
}

func entryHref(id string) string { return "/lexicon/entry?id=" + url.QueryEscape(id) }

// precision is a share with its interval; few verdicts say little.
func precision(p watch.Precision) view.Precision {
	n := p.Right + p.Harmless
	return view.Precision{Right: int(p.Right), Harmless: int(p.Harmless), Unclear: int(p.Unclear), Share: p.Share, Low: p.Low, High: max(p.High, p.Low),
		Few: n < watch.FewVerdicts, None: n == 0}
}

// entry is GET /lexicon/entry?id=…: one code with its meaning, source, innocent
// readings and measured precision. Its id holds slashes, so it is no path.
func (b *Workbench) entry(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if r.PathValue("id") != "entry" {
		return errs.New(errs.NotFound, "err.not_found", "show entry: no such page")
	}
	return b.showEntry(w, r, by, r.URL.Query().Get("id"), view.Form{}, http.StatusOK)
}

// retireEntry is POST /lexicon/retirements: an analyst proposes that an entry
// that was loaded be retired.
func (b *Workbench) retireEntry(w http.ResponseWriter, r *http.Request, by people.Session) error {
	entry := r.PostFormValue("entry")
	id, err := b.Watch.ProposeRetirement(r.Context(), by.Actor, entry, strings.TrimSpace(r.PostFormValue("evidence")))
	if found, ok := problems(b.words(r), err); ok {
		return b.showEntry(w, r, by, entry, view.Form{Values: values(r), Problems: renamed(found, map[string]string{"text": "evidence"})}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/lexicon/proposals/"+id, "proposed")
}

func (b *Workbench) showEntry(w http.ResponseWriter, r *http.Request, by people.Session, id string, form view.Form, status int) error {
	if err := people.Allow(by.Actor, "lexicon.open", access.Resource{Kind: "lexicon"}); err != nil {
		return err
	}
	now, err := b.Watch.Current(r.Context())
	if err != nil {
		return err
	}
	e, ok := now.Entry(id)
	if !ok {
		return errs.New(errs.NotFound, "err.not_found", "show entry: none of that id")
	}
	standings, err := b.Watch.Standings(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	all, err := b.Watch.Precisions(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	l, st := b.words(r), standings[e.ID]
	page := view.EntryPage{Work: b.frame(r, by), ID: e.ID, Text: e.Text, Tongue: e.Language, Region: e.Region, Platform: e.Platform, Category: e.Category,
		Family: familyWord(l, e.Family), Sense: senseWord(l, e.Sense), Strength: e.Strength, Weight: e.Weight, Source: e.Source, SourceA: webAddress(e.SourceURL), SourceDate: e.SourceDate,
		Trust: trust(l, e.Reliability), Confidence: e.Confidence, FirstSeen: e.FirstSeen, LastSeen: e.LastSeen, Reviewer: e.Reviewer, File: e.File,
		Innocent: innocents(e.Innocent), Precision: precision(st.Precision), Alerts: int(st.Alerts), First: st.FirstDay, Last: st.LastDay, Stale: st.Stale, StaleDays: watch.StaleAfter}
	page.Form = form
	page.Retire = st.LiveSince == 0 && may(by, "lexicon.propose", access.Resource{Kind: "lexicon"})
	page.By = view.IntervalChart{Title: l.T("entry.measured"), Head: l.T("entry.by")}
	for _, p := range all {
		if p.Entry == e.ID {
			page.By.Rows = append(page.By.Rows, view.PrecisionRow{Name: languageWord(l, p.Language) + " · " + categoryWord(l, p.Category), Precision: precision(p)})
		}
	}
	return b.show(w, r, status, page)
}

// webAddress is an address that leads somewhere; a file of the repository is none.
func webAddress(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

func innocents(list []lexicon.InnocentReading) (out []view.Innocent) {
	for _, in := range list {
		out = append(out, view.Innocent{Reading: in.Reading, Words: strings.Join(in.Words, ", ")})
	}
	return out
}

func languageWord(l *lang.Lang, code string) string {
	if key := "word.language." + cmp.Or(code, "und"); l.Has(key) {
		return l.T(key)
	}
	return code
}

func categoryWord(l *lang.Lang, name string) string {
	if key := "word.category." + name; l.Has(key) {
		return l.T(key)
	}
	return name
}

// trust says how sure a source is (A police or public body … U unverified).
func trust(l *lang.Lang, reliability string) string {
	if key := "lexicon.trust." + strings.ToLower(reliability); l.Has(key) {
		return l.T(key)
	}
	return reliability
}

// flagCategories are those in which a code can be proposed.
func flagCategories() []string { return mandate.Categories }
