package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// hoursPage is GET /hours of the workbench.
func (b *Workbench) hoursPage(r *http.Request, by people.Session) (view.WorkHoursPage, error) {
	page := view.WorkHoursPage{Work: b.frame(r, by), Plan: b.mayPlan(by)}
	if b.Site != "" {
		page.Site = strings.TrimSuffix(b.Site, "/") + "/hours.ics"
	}
	declared, err := b.Patrol.Declared(r.Context())
	if err != nil {
		return page, err
	}
	public, err := b.Patrol.Hours(r.Context())
	if err != nil {
		return page, err
	}
	now := b.time(b.Now())
	for _, h := range public {
		row := view.WorkHours{Channel: h.Channel, AnswerDays: h.AnswerDays}
		if i := slices.IndexFunc(declared, func(d patrol.Hours) bool { return d.Channel == h.Channel }); i >= 0 {
			row.Week, row.Shown = declared[i].Week.String(), weekWords(b.words(r), declared[i].Week)
		}
		_, row.Roster = h.Week.Except[now.Format(time.DateOnly)]
		_, row.Now = h.Week.Open(now)
		if next, ok := h.Week.Next(now); ok {
			row.Next = next.From
		}
		page.Rows = append(page.Rows, row)
		if r.Method == http.MethodGet && r.FormValue("edit") == h.Channel {
			page.Form = view.Form{Values: map[string]string{"channel": h.Channel, "hours": row.Week, "answer_days": strconv.Itoa(h.AnswerDays)}}
		}
	}
	l := b.words(r)
	for _, c := range publicChannels {
		page.Channels = append(page.Channels, view.Option{Value: c, Label: l.T("word.channel." + c)})
	}
	holidays, err := b.Patrol.Holidays(r.Context())
	for _, h := range holidays {
		page.Holidays = append(page.Holidays, view.WorkHoliday{ID: h.ID, Day: b.dayOf(h.Day), Name: h.Name})
	}
	return page, err
}

// weekWords says a declared week in words: days with the same times stand
// together.
func weekWords(l *lang.Lang, w patrol.Week) string {
	times := func(all []patrol.Range) string {
		var out []string
		for _, x := range all {
			out = append(out, fmt.Sprintf("%02d:%02d–%02d:%02d", x.From/60, x.From%60, x.To/60%24, x.To%60))
		}
		return strings.Join(out, ", ")
	}
	short := func(d time.Weekday) string { return l.T("roster.short." + strconv.Itoa(int(d))) }
	var out []string
	for i := 0; i < len(weekdays); i++ {
		said := times(w.Days[weekdays[i].day])
		if said == "" {
			continue
		}
		last := i
		for last+1 < len(weekdays) && times(w.Days[weekdays[last+1].day]) == said {
			last++
		}
		days := short(weekdays[i].day)
		if last > i {
			days += "–" + short(weekdays[last].day)
		}
		out = append(out, days+" "+said)
		i = last
	}
	if n := len(w.Except); n > 0 {
		out = append(out, l.N("workhours.dates", n))
	}
	return strings.Join(out, "; ")
}

// workHours is GET /hours.
func (b *Workbench) workHours(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.hoursPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) hoursForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.hoursPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/hours", done)
}

// setHours is POST /hours.
func (b *Workbench) setHours(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.hoursForm(w, r, by, "hours-set", b.Patrol.SetHours(r.Context(), by.Actor, r.PostFormValue("channel"), r.PostFormValue("hours"), number(r, "answer_days")))
}

// addHoliday is POST /hours/holidays.
func (b *Workbench) addHoliday(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.hoursForm(w, r, by, "holiday-added", b.Patrol.AddHoliday(r.Context(), by.Actor, r.PostFormValue("day"), r.PostFormValue("name")))
}

// removeHoliday is POST /hours/holidays/{id}/remove.
func (b *Workbench) removeHoliday(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.hoursForm(w, r, by, "holiday-removed", b.Patrol.RemoveHoliday(r.Context(), by.Actor, r.PathValue("id")))
}

// importHolidays is POST /hours/holidays/import.
func (b *Workbench) importHolidays(w http.ResponseWriter, r *http.Request, by people.Session) error {
	file, err := upload(r, "file")
	if err != nil {
		return err
	}
	got, err := b.Patrol.ImportHolidays(r.Context(), by.Actor, strings.NewReader(string(file)))
	if err != nil {
		return b.hoursForm(w, r, by, "", err)
	}
	page, err := b.hoursPage(r, by)
	if err != nil {
		return err
	}
	page.Import = imported(b.words(r), got)
	return b.show(w, r, http.StatusOK, page)
}
