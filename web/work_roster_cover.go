package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// cover is GET /roster/cover: how many stand in each hour of a week.
func (b *Workbench) cover(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	covers, kept, err := b.Patrol.Coverage(r.Context(), by.Actor, monday.Format(time.DateOnly))
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.CoverPage{Work: b.frame(r, by), Monday: monday, Prev: weekHref("/roster/cover", monday, -1), Next: weekHref("/roster/cover", monday, 1), CSV: weekHref("/roster/cover.csv", monday, 0), Hours: patrol.PartHours}
	for i, c := range covers {
		page.Charts = append(page.Charts, b.coverChart(l, i, c))
	}
	for _, k := range kept {
		page.Kept = append(page.Kept, view.KeptRow{Channel: k.Channel, Week: b.dayOf(k.Week), Hours: (k.Minutes + 30) / 60, Parts: k.Parts, Kept: k.Kept, Alone: k.Alone})
	}
	return b.show(w, r, http.StatusOK, page)
}

// coverChart shows the hours in which there is anything, and at least a day's.
func (b *Workbench) coverChart(l *lang.Lang, i int, c patrol.Cover) view.CoverChart {
	out := view.CoverChart{ID: fmt.Sprintf("cover-%d", i), Channel: c.Channel, From: 8, To: 18, Gaps: c.Gaps()}
	for _, d := range c.Days {
		for h, x := range d.Hours {
			if x.People > 0 || x.Wanted {
				out.From, out.To = min(out.From, h), max(out.To, h+1)
			}
		}
	}
	for _, d := range c.Days {
		date := b.dayOf(d.Day)
		row := view.CoverDay{Name: l.T("roster.short." + strconv.Itoa(int(date.Weekday()))), Date: date}
		for h := out.From; h < out.To; h++ {
			row.Hours = append(row.Hours, view.CoverHour{Hour: h, People: d.Hours[h].People, Wanted: d.Hours[h].Wanted, Gap: d.Hours[h].Gap()})
		}
		out.Days = append(out.Days, row)
	}
	return out
}

// coverCSV is GET /roster/cover.csv: the same figures as numbers.
func (b *Workbench) coverCSV(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	covers, _, err := b.Patrol.Coverage(r.Context(), by.Actor, monday.Format(time.DateOnly))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="coverage-`+monday.Format(time.DateOnly)+`.csv"`)
	out := csv.NewWriter(w)
	rows := [][]string{{"channel", "day", "hour", "planned", "wanted", "gap"}}
	for _, c := range covers {
		for _, d := range c.Days {
			for h, x := range d.Hours {
				rows = append(rows, []string{c.Channel, d.Day, strconv.Itoa(h), strconv.Itoa(x.People), strconv.FormatBool(x.Wanted), strconv.FormatBool(x.Gap())})
			}
		}
	}
	return errs.Wrap(out.WriteAll(rows), "send coverage")
}
