package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// rosterShort is how near the end of the roster is when the page says so.
const rosterShort = 14 * 24 * time.Hour

// unitPrefix marks, in the field "who", a unit's name from a card.
const unitPrefix = "unit:"

// weekOf is the Monday of the week that a page or a form is about; the present
// week when none is named.
func (b *Workbench) weekOf(r *http.Request) (time.Time, error) {
	day := b.time(b.Now())
	if s := r.FormValue("week"); s != "" {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, s, b.Zone); err != nil || day.Year() < 2000 || day.Year() > 2200 {
			return day, errs.New(errs.NotFound, "err.not_found", "show week: no such week")
		}
	}
	y, m, d := day.Date()
	return time.Date(y, m, d-(int(day.Weekday())+6)%7, 12, 0, 0, 0, b.Zone), nil
}

func weekHref(path string, monday time.Time, weeks int) string {
	return path + "?week=" + monday.AddDate(0, 0, 7*weeks).Format(time.DateOnly)
}

func (b *Workbench) mayPlan(by people.Session) bool {
	return may(by, "hours.publish", access.Resource{Kind: "hours"})
}

// roster is GET /roster.
func (b *Workbench) roster(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.rosterPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) rosterPage(r *http.Request, by people.Session) (view.RosterPage, error) {
	monday, err := b.weekOf(r)
	if err != nil {
		return view.RosterPage{}, err
	}
	board, err := b.Patrol.Board(r.Context(), by.Actor, monday.Format(time.DateOnly))
	if err != nil {
		return view.RosterPage{}, err
	}
	now := b.time(b.Now())
	page := view.RosterPage{Work: b.frame(r, by), Monday: monday, Week: board.Monday, Prev: weekHref("/roster", monday, -1), Next: weekHref("/roster", monday, 1), Plan: b.mayPlan(by)}
	page.Ends = b.dayOf(board.Last)
	page.Short = !page.Ends.IsZero() && page.Ends.Sub(now) < rosterShort
	cards, err := b.Patrol.Officers(r.Context())
	if err != nil {
		return page, err
	}
	names := map[string]string{}
	for _, o := range cards {
		names[o.ID] = o.Name
	}
	page.Card, page.Fed = names[board.Own], b.time(board.Fed)
	b.rosterDays(&page, board, now)
	for _, a := range board.Absences {
		page.Absences = append(page.Absences, view.RosterAbsence{ID: a.ID, Who: cmp.Or(names[a.Officer], "–"), First: b.dayOf(a.First), Last: b.dayOf(a.Last), End: page.Plan || a.Officer == board.Own && board.Own != ""})
	}
	for _, t := range board.Templates {
		page.Templates = append(page.Templates, view.RosterTemplate{ID: t.ID, Name: t.Name, Shifts: t.Shifts()})
	}
	return page, b.rosterChoices(r, &page, cards)
}

func (b *Workbench) rosterDays(page *view.RosterPage, board patrol.Board, now time.Time) {
	for i := range 7 {
		d := view.RosterDay{Date: page.Monday.AddDate(0, 0, i)}
		day := d.Date.Format(time.DateOnly)
		d.Today = day == now.Format(time.DateOnly)
		page.This = page.This || d.Today
		for _, h := range board.Holidays {
			if h.Day == day {
				d.Holiday = h.Name
			}
		}
		for _, s := range board.Shifts {
			if s.Day != day {
				continue
			}
			one := view.RosterShift{ID: s.ID, From: s.Span.From, To: s.Span.To, Channel: s.Channel, Purpose: s.Purpose, Languages: s.Languages, Who: cmp.Or(s.Officer.Name, s.Unit, "–"),
				Mine: s.Shift.Officer != "" && s.Shift.Officer == board.Own, Offered: s.Offered, Past: s.Past, Why: s.Why}
			if one.Offered && !one.Past {
				page.Offers++
			}
			d.Shifts = append(d.Shifts, one)
		}
		page.Days = append(page.Days, d)
	}
}

// rosterChoices are who, where and for what a shift can be.
func (b *Workbench) rosterChoices(r *http.Request, page *view.RosterPage, cards []patrol.Officer) error {
	l := b.words(r)
	for _, o := range cards {
		page.Who = append(page.Who, view.Option{Value: o.ID, Label: o.Name})
	}
	units, err := b.People.Units(r.Context())
	for _, u := range units {
		if u.Regime == access.RegimePatrol {
			page.Who = append(page.Who, view.Option{Value: unitPrefix + u.Name, Label: u.Name, Hint: "unit"})
		}
	}
	for _, c := range publicChannels {
		page.Channels = append(page.Channels, view.Option{Value: c, Label: l.T("word.channel." + c)})
	}
	for _, p := range patrol.Purposes {
		page.Purposes = append(page.Purposes, view.Option{Value: p, Label: l.T("word.purpose." + p)})
	}
	for _, code := range lang.Codes {
		page.Languages = append(page.Languages, view.Option{Value: code, Label: l.T("word.language." + code)})
	}
	for _, d := range weekdays {
		page.Weekdays = append(page.Weekdays, view.Option{Value: d.code, Label: l.T("common.weekday." + strconv.Itoa(int(d.day)))})
	}
	if page.Form.Values == nil {
		page.Form.Values = map[string]string{"weeks": "1"}
	}
	return err
}

var weekdays = []struct {
	code string
	day  time.Weekday
}{{"mon", time.Monday}, {"tue", time.Tuesday}, {"wed", time.Wednesday}, {"thu", time.Thursday}, {"fri", time.Friday}, {"sat", time.Saturday}, {"sun", time.Sunday}}

// dayOf is noon of a date.
func (b *Workbench) dayOf(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, b.Zone)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// rosterForm ends a form of the roster: back to its week, or the page with what
// is to be mended.
func (b *Workbench) rosterForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.rosterPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, weekHref("/roster", monday, 0)+"&done="+done, http.StatusSeeOther)
	return nil
}

// who reads a choice of a card or a unit.
func who(r *http.Request) (card, unit string) {
	v := r.PostFormValue("who")
	if name, ok := strings.CutPrefix(v, unitPrefix); ok {
		return "", name
	}
	return v, ""
}

func number(r *http.Request, field string) int {
	n, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue(field)))
	if err != nil {
		return -1
	}
	return n
}

func shiftIn(r *http.Request, monday time.Time) patrol.ShiftIn {
	card, unit := who(r)
	return patrol.ShiftIn{Week: monday.Format(time.DateOnly), Days: r.PostForm["days"], Times: r.PostFormValue("times"), Weeks: number(r, "weeks"), Channel: r.PostFormValue("channel"),
		Languages: r.PostForm["languages"], Purpose: r.PostFormValue("purpose"), Officer: card, Unit: unit, Holiday: r.PostFormValue("holiday") != ""}
}

// planShifts is POST /roster/shifts.
func (b *Workbench) planShifts(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	_, err = b.Patrol.PlanShifts(r.Context(), by.Actor, shiftIn(r, monday))
	return b.rosterForm(w, r, by, "shift-planned", err)
}

// assignShift is POST /roster/shifts/{id}/assign.
func (b *Workbench) assignShift(w http.ResponseWriter, r *http.Request, by people.Session) error {
	card, unit := who(r)
	return b.rosterForm(w, r, by, "shift-given", b.Patrol.AssignShift(r.Context(), by.Actor, r.PathValue("id"), card, unit))
}

// removeShift is POST /roster/shifts/{id}/remove.
func (b *Workbench) removeShift(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "shift-removed", b.Patrol.RemoveShift(r.Context(), by.Actor, r.PathValue("id")))
}

// offerShift is POST /roster/shifts/{id}/offer.
func (b *Workbench) offerShift(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "shift-offered", b.Patrol.OfferShift(r.Context(), by.Actor, r.PathValue("id"), true))
}

// keepShift is POST /roster/shifts/{id}/keep.
func (b *Workbench) keepShift(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "shift-kept", b.Patrol.OfferShift(r.Context(), by.Actor, r.PathValue("id"), false))
}

// takeShift is POST /roster/shifts/{id}/take.
func (b *Workbench) takeShift(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "shift-taken", b.Patrol.TakeShift(r.Context(), by.Actor, r.PathValue("id")))
}

// clearWeek is POST /roster/clear.
func (b *Workbench) clearWeek(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	_, err = b.Patrol.ClearWeek(r.Context(), by.Actor, monday.Format(time.DateOnly), "")
	return b.rosterForm(w, r, by, "week-cleared", err)
}

// saveTemplate is POST /roster/templates.
func (b *Workbench) saveTemplate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	return b.rosterForm(w, r, by, "template-saved", b.Patrol.SaveTemplate(r.Context(), by.Actor, monday.Format(time.DateOnly), r.PostFormValue("template")))
}

// applyTemplate is POST /roster/templates/{id}/apply: the shown week and those
// after it.
func (b *Workbench) applyTemplate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	_, left, err := b.Patrol.ApplyTemplate(r.Context(), by.Actor, r.PathValue("id"), monday.Format(time.DateOnly), number(r, "weeks"))
	done := "template-applied"
	if left > 0 {
		done = "template-left"
	}
	return b.rosterForm(w, r, by, done, err)
}

// removeTemplate is POST /roster/templates/{id}/remove.
func (b *Workbench) removeTemplate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "template-removed", b.Patrol.RemoveTemplate(r.Context(), by.Actor, r.PathValue("id")))
}

// reportAbsence is POST /roster/absences: of oneself, or of anybody by the lead.
func (b *Workbench) reportAbsence(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "absence-noted", b.Patrol.ReportAbsence(r.Context(), by.Actor, r.PostFormValue("who"), r.PostFormValue("first"), r.PostFormValue("last")))
}

// endAbsence is POST /roster/absences/{id}/end.
func (b *Workbench) endAbsence(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "absence-ended", b.Patrol.EndAbsence(r.Context(), by.Actor, r.PathValue("id")))
}

// makeFeed is POST /roster/feed: the secret address is on this one page, once.
func (b *Workbench) makeFeed(w http.ResponseWriter, r *http.Request, by people.Session) error {
	secret, err := b.Patrol.NewFeed(r.Context(), by.Actor)
	if err != nil {
		return b.rosterForm(w, r, by, "", err)
	}
	page, err := b.rosterPage(r, by)
	if err != nil {
		return err
	}
	page.Feed = strings.TrimSuffix(b.Site, "/") + "/calendar/" + secret
	return b.show(w, r, http.StatusOK, page)
}

// endFeed is POST /roster/feed/end.
func (b *Workbench) endFeed(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.rosterForm(w, r, by, "feed-ended", b.Patrol.EndFeed(r.Context(), by.Actor))
}

// importShifts is POST /roster/import.
func (b *Workbench) importShifts(w http.ResponseWriter, r *http.Request, by people.Session) error {
	monday, err := b.weekOf(r)
	if err != nil {
		return err
	}
	file, err := upload(r, "file")
	if err != nil {
		return err
	}
	got, err := b.Patrol.ImportShifts(r.Context(), by.Actor, shiftIn(r, monday), strings.NewReader(string(file)))
	if err != nil {
		return b.rosterForm(w, r, by, "", err)
	}
	page, err := b.rosterPage(r, by)
	if err != nil {
		return err
	}
	page.Import = imported(b.words(r), got)
	return b.show(w, r, http.StatusOK, page)
}

// imported says what became of a calendar; every event that was left out is
// named with the reason.
func imported(l *lang.Lang, got patrol.Imported) *view.ImportResult {
	out := &view.ImportResult{Added: got.Added, Known: got.Known}
	for _, s := range got.Skipped {
		key, args := errs.Message(s.Why)
		why := l.T(key, args...)
		if errs.KindOf(s.Why) == errs.Internal { // the calendar's own fault, in the terms of its format
			why = l.T("roster.import.why", "why", s.Why.Error())
		}
		out.Skipped = append(out.Skipped, view.Fact{Name: cmp.Or(s.Summary, l.T("roster.import.unnamed")), Value: why})
	}
	return out
}
