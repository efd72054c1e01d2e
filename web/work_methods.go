package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// worstRows bounds the list of entries that are often wrong, and surelyWrong
// is the share below which one stands there for certain: the upper end of its
// interval.
const (
	worstRows   = 20
	surelyWrong = 0.5
)

// methods is GET /lexicon/figures: how well the watch does.
func (b *Workbench) methods(w http.ResponseWriter, r *http.Request, by people.Session) error {
	f, err := b.Watch.Figures(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	now, err := b.Watch.Current(r.Context())
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.MethodsPage{Work: b.frame(r, by), StaleDays: watch.StaleAfter, Few: watch.FewVerdicts, CSV: "/lexicon/figures.csv", Weeks: b.weeks(l, f.Weeks),
		Stale: staleRows(now, f.Stale)}
	page.Categories = view.IntervalChart{ID: "by-category", Title: l.T("methods.by_category"), Text: l.T("methods.interval"), Head: l.T("alerts.category")}
	for _, p := range f.Categories {
		page.Categories.Rows = append(page.Categories.Rows, view.PrecisionRow{Name: categoryWord(l, p.Category), Precision: precision(p)})
	}
	page.Languages = view.IntervalChart{ID: "by-language", Title: l.T("methods.by_language"), Text: l.T("methods.interval"), Head: l.T("lexicon.language")}
	for _, p := range f.Languages {
		page.Languages.Rows = append(page.Languages.Rows, view.PrecisionRow{Name: languageWord(l, p.Language), Precision: precision(p)})
	}
	for _, p := range f.Entries {
		if p.High < surelyWrong && len(page.Worst) < worstRows {
			page.Worst = append(page.Worst, entryPrecision(now, p))
		}
	}
	return b.show(w, r, http.StatusOK, page)
}

func entryPrecision(lex *lexicon.Lexicon, p watch.Precision) view.PrecisionRow {
	row := view.PrecisionRow{Name: textOf(p.Entry), Precision: precision(p)}
	if _, there := lex.Entry(p.Entry); there {
		row.Href = entryHref(p.Entry)
	}
	return row
}

// textOf is the text of an entry, by its id.
func textOf(id string) string {
	parts := strings.SplitN(id, "/", 4)
	return parts[len(parts)-1]
}

func staleRows(lex *lexicon.Lexicon, list []watch.Use) (out []view.StaleRow) {
	for _, u := range list {
		tongue, _, _ := strings.Cut(u.Entry, "/")
		row := view.StaleRow{Text: textOf(u.Entry), Tongue: tongue, Alerts: int(u.Alerts), Last: u.LastDay}
		if _, there := lex.Entry(u.Entry); there {
			row.Href = entryHref(u.Entry)
		}
		out = append(out, row)
	}
	return out
}

func (b *Workbench) weeks(l *lang.Lang, list []watch.Week) view.StackChart {
	c := view.StackChart{ID: "weeks", Title: l.T("methods.weeks"), Text: l.T("methods.weeks_what"), Head: l.T("methods.week")}
	for _, v := range watch.Verdicts {
		c.Parts = append(c.Parts, l.T("word.verdict."+string(v)))
	}
	for _, week := range list {
		_, number := week.Monday.ISOWeek()
		step := view.StackStep{Name: strconv.Itoa(number), Full: l.T("methods.week_from", "n", strconv.Itoa(number), "day", l.Date(week.Monday))}
		for _, v := range watch.Verdicts {
			step.Values = append(step.Values, int(week.Verdicts[v]))
		}
		c.Steps = append(c.Steps, step)
	}
	return c
}

// methodsCSV is GET /lexicon/figures.csv: the same numbers.
func (b *Workbench) methodsCSV(w http.ResponseWriter, r *http.Request, by people.Session) error {
	f, err := b.Watch.Figures(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="watch-figures-`+b.time(b.Now()).Format(time.DateOnly)+`.csv"`)
	out := csv.NewWriter(w)
	out.Write([]string{"table", "name", "right", "harmless", "unclear", "share", "low", "high"})
	rows := func(table string, list []watch.Precision, name func(watch.Precision) string) {
		for _, p := range list {
			out.Write([]string{table, plainCell(name(p)), itoa(p.Right), itoa(p.Harmless), itoa(p.Unclear), share(p.Share), share(p.Low), share(p.High)})
		}
	}
	rows("category", f.Categories, func(p watch.Precision) string { return p.Category })
	rows("language", f.Languages, func(p watch.Precision) string { return p.Language })
	rows("entry", f.Entries, func(p watch.Precision) string { return p.Entry })
	for _, week := range f.Weeks {
		v := week.Verdicts
		out.Write([]string{"week", week.Monday.Format(time.DateOnly), itoa(v[watch.VerdictOffer] + v[watch.VerdictRecruitment]), itoa(v[watch.VerdictHarmless]), itoa(v[watch.VerdictUnclear]), "", "", ""})
	}
	out.Flush()
	return errs.Wrap(out.Error(), "send figures")
}

// plainCell keeps a spreadsheet from reading an entry as a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func share(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }

// bulletin is GET /lexicon/bulletin.
func (b *Workbench) bulletin(w http.ResponseWriter, r *http.Request, by people.Session) error {
	bul, err := b.Watch.Bulletin(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	now, err := b.Watch.Current(r.Context())
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.BulletinPage{Work: b.frame(r, by), Day: bul.Day, Version: bul.Lexicon[:12], Entries: bul.Entries, Few: watch.FewVerdicts, Stale: staleRows(now, bul.Stale)}
	page.Categories = measured(l.T("methods.by_category"), l.T("alerts.category"), bul.Categories, func(m watch.Measure) string { return categoryWord(l, m.Name) })
	page.Languages = measured(l.T("methods.by_language"), l.T("lexicon.language"), bul.Languages, func(m watch.Measure) string { return languageWord(l, m.Name) })
	page.Codes = measured(l.T("bulletin.codes"), l.T("lexicon.text"), bul.Codes, func(m watch.Measure) string {
		return textOf(m.Name) + " (" + languageWord(l, m.Language) + ")"
	})
	for _, c := range bul.Changes {
		page.Changes = append(page.Changes, view.ChangeRow{Entry: textOf(c.Entry), State: string(c.State), Day: c.Day})
	}
	return b.show(w, r, http.StatusOK, page)
}

func measured(title, head string, list []watch.Measure, name func(watch.Measure) string) view.IntervalChart {
	c := view.IntervalChart{Title: title, Head: head}
	for _, m := range list {
		right := int(m.Share*float64(m.Verdicts) + .5)
		c.Rows = append(c.Rows, view.PrecisionRow{Name: name(m), Precision: view.Precision{Right: right, Harmless: int(m.Verdicts) - right, Unclear: int(m.Unclear), Share: m.Share, Low: m.Low, High: m.High}})
	}
	return c
}

// bulletinJSON is GET /lexicon/bulletin.json: to be handed to others.
func (b *Workbench) bulletinJSON(w http.ResponseWriter, r *http.Request, by people.Session) error {
	bul, err := b.Watch.Bulletin(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="bulletin-`+bul.Day+`.json"`)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return errs.Wrap(out.Encode(bul), "send bulletin")
}
