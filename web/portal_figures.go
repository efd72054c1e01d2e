package web

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/oversight"
	"ronde/web/view"
)

// period is the year asked for, as days; the present year without one.
func (p *Portal) period(r *http.Request) (from, to time.Time, err error) {
	now := p.time(p.Now())
	year := now.Year()
	if s := r.URL.Query().Get("period"); s != "" {
		if year, err = strconv.Atoi(s); err != nil || year < now.Year()-10 || year > now.Year() {
			return from, to, errs.New(errs.NotFound, "err.not_found", "show figures: no such year")
		}
	}
	from = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	to = from.AddDate(1, 0, -1)
	if to.After(now) {
		to = now
	}
	return from, to, nil
}

func (p *Portal) published(r *http.Request) (oversight.Figures, time.Time, time.Time, error) {
	from, to, err := p.period(r)
	if err != nil {
		return oversight.Figures{}, from, to, err
	}
	f, err := p.Oversight.Publish(r.Context(), from.Format(time.DateOnly), to.Format(time.DateOnly))
	return f, from, to, err
}

// figures is GET /figures.
func (p *Portal) figures(w http.ResponseWriter, r *http.Request) error {
	f, from, to, err := p.published(r)
	if err != nil {
		return err
	}
	l := p.words(r)
	page := view.FiguresPage{Portal: p.frame(r), From: from, To: to, Made: p.time(p.Now()), Small: oversight.Few, Delay: oversight.MandateDelayDays}
	year := strconv.Itoa(from.Year())
	if page.Periods, err = p.periods(r, l, year); err != nil {
		return err
	}
	for _, t := range f.Tables {
		if !l.Has("figures." + t.Name + ".title") {
			continue // an inner counter, not for publication
		}
		page.Charts = append(page.Charts, chart(l, t, year))
		page.Tiles = append(page.Tiles, view.Tile{Words: l.T("figures." + t.Name + ".tile"), Value: int(t.Total), Small: t.TotalHidden})
	}
	return p.show(w, r, http.StatusOK, page)
}

// figureYears is how many years are offered at most.
const figureYears = 3

// periods are the years that have figures; a single one needs no choice.
func (p *Portal) periods(r *http.Request, l *lang.Lang, shown string) ([]view.Option, error) {
	now := p.time(p.Now()).Year()
	var out []view.Option
	for y := now; y > now-figureYears; y-- {
		year := strconv.Itoa(y)
		f, err := p.Oversight.Publish(r.Context(), year+"-01-01", year+"-12-31")
		if err != nil {
			return nil, err
		}
		any := slices.ContainsFunc(f.Tables, func(t oversight.Table) bool { return l.Has("figures." + t.Name + ".title") })
		if !any && y != now && year != shown {
			continue
		}
		o := view.Option{Value: "/figures?period=" + year, Label: year}
		if year == shown {
			o.Hint = "now"
		}
		out = append(out, o)
	}
	if len(out) == 1 {
		return nil, nil
	}
	return out, nil
}

func chart(l *lang.Lang, t oversight.Table, year string) view.Chart {
	c := view.Chart{ID: t.Name, Title: l.T("figures." + t.Name + ".title"), Text: l.T("figures." + t.Name + ".text"),
		Unit: l.T("figures.unit"), Head: l.T("figures." + t.Name + ".head"), CSV: "/figures.csv?period=" + year, Small: oversight.Few}
	for _, row := range t.Rows {
		c.Bars = append(c.Bars, view.Bar{Name: cell(l, t.Name, row.Name), Value: int(row.N), Small: row.Hidden})
	}
	return c
}

// cell is the word of a counter; one without a word keeps its name.
func cell(l *lang.Lang, table, name string) string {
	if key := "figures." + table + ".row." + name; l.Has(key) {
		return l.T(key)
	}
	return name
}

// figuresCSV is GET /figures.csv: the same cells, hidden ones as "<5".
func (p *Portal) figuresCSV(w http.ResponseWriter, r *http.Request) error {
	f, from, to, err := p.published(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="figures-`+strconv.Itoa(from.Year())+`.csv"`)
	out := csv.NewWriter(w)
	out.Write([]string{"from", "to", "table", "row", "count"})
	for _, t := range f.Tables {
		if !p.words(r).Has("figures." + t.Name + ".title") {
			continue
		}
		for _, row := range t.Rows {
			n := strconv.FormatInt(row.N, 10)
			if row.Hidden {
				n = "<" + strconv.Itoa(oversight.Few)
			}
			out.Write([]string{from.Format(time.DateOnly), to.Format(time.DateOnly), t.Name, row.Name, n})
		}
	}
	out.Flush()
	return errs.Wrap(out.Error(), "send figures")
}
