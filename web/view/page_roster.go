package view

import (
	"fmt"
	"time"
)

// RosterPage is a week of the roster, at /roster?week=…. Forms, all POST:
// /roster/shifts with week, days (boxes), times, weeks, channel, purpose, who,
// languages (boxes), holiday · /roster/shifts/{ID}/offer · /keep · /take ·
// /assign with who · /remove · /roster/clear with week · /roster/templates with
// week, template · /roster/templates/{ID}/apply with week, weeks · /remove ·
// /roster/absences with who, first, last · /roster/absences/{ID}/end ·
// /roster/feed · /roster/feed/end · /roster/import (file) with channel,
// purpose, who, languages.
type RosterPage struct {
	Work
	Form      Form
	Monday    time.Time
	Week      string // of the forms: the Monday
	Prev      string
	Next      string
	This      bool // it is the present week
	Days      []RosterDay
	Card      string // name on the reader's own card; empty: they have none
	Plan      bool   // may plan
	Who       []Option
	Channels  []Option
	Purposes  []Option
	Languages []Option
	Weekdays  []Option
	Templates []RosterTemplate
	Absences  []RosterAbsence
	Fed       time.Time // since when the own roster has a secret address
	Feed      string    // that address, shown once
	Ends      time.Time // the last day that anybody stands on
	Short     bool      // that day is near
	Offers    int       // shifts that look for somebody
	Import    *ImportResult
}

// Template names the page.
func (RosterPage) Template() string { return "work/roster" }

// RosterDay is one day of the week.
type RosterDay struct {
	Date    time.Time
	Today   bool
	Holiday string
	Shifts  []RosterShift
}

// RosterShift is a planned time. Why is empty when it stands, else a word of
// the group "shift": absent, holiday, left.
type RosterShift struct {
	ID        string
	From, To  time.Time
	Channel   string
	Purpose   string
	Languages []string
	Who       string
	Mine      bool
	Offered   bool
	Past      bool
	Why       string
}

// Open says that somebody is needed.
func (s RosterShift) Open() bool { return !s.Past && (s.Why == "absent" || s.Why == "left") }

// RosterTemplate is a kept week.
type RosterTemplate struct {
	ID, Name string
	Shifts   int
}

// RosterAbsence is a time in which a card's shifts do not stand.
type RosterAbsence struct {
	ID          string
	Who         string
	First, Last time.Time
	End         bool // the reader may take it back
}

// ImportResult is what became of a calendar.
type ImportResult struct {
	Added, Known int
	Skipped      []Fact // name of an event, and why it was left out
}

// CoverPage is the picture of a week, at /roster/cover?week=….
type CoverPage struct {
	Work
	Monday time.Time
	Prev   string
	Next   string
	CSV    string
	Charts []CoverChart
	Kept   []KeptRow
	Hours  int // length of a part, in hours
}

// Template names the page.
func (CoverPage) Template() string { return "work/cover" }

// KeptRow is a week of a channel that is over. Alone: one officer stood there,
// so nothing is told.
type KeptRow struct {
	Channel     string
	Week        time.Time
	Hours       int
	Parts, Kept int
	Alone       bool
}

// Share is the kept part, for a bar of a hundred.
func (k KeptRow) Share() int {
	if k.Parts == 0 {
		return 0
	}
	return 100 * k.Kept / k.Parts
}

// CoverChart is one channel's week: how many stand in each hour.
type CoverChart struct {
	ID       string
	Channel  string
	Days     []CoverDay // seven, Monday first
	From, To int        // the first hour shown, and the one after the last
	Gaps     int
}

// CoverDay is one row of the picture. Name is short and translated.
type CoverDay struct {
	Name  string
	Date  time.Time
	Hours []CoverHour // From up to To
}

// CoverHour is one hour of one day.
type CoverHour struct {
	Hour   int
	People int
	Gap    bool // wanted, and nobody stands
	Wanted bool
}

// CoverCell is an hour with its place in a drawing.
type CoverCell struct {
	CoverHour
	X, Y, W, H   int
	TextX, TextY int
	Class        string
}

// The two shapes of the drawing: hours across on a wide screen, hours down on a
// phone. All numbers are units of the viewBox.
const (
	coverLeft  = 64
	coverTop   = 22
	coverCellW = 27
	coverCellH = 26
	coverGap   = 2

	slimCellW = 37
	slimCellH = 24
	slimLeft  = 58
)

func (c CoverChart) hours() int { return c.To - c.From }

// Box is the viewBox of the broad drawing.
func (c CoverChart) Box() string {
	return fmt.Sprintf("0 0 %d %d", coverLeft+c.hours()*coverCellW, coverTop+len(c.Days)*coverCellH)
}

// SlimBox is the viewBox of the slim drawing.
func (c CoverChart) SlimBox() string {
	return fmt.Sprintf("0 0 %d %d", slimLeft+len(c.Days)*slimCellW, coverTop+c.hours()*slimCellH)
}

// CoverLabel is a word beside the drawing.
type CoverLabel struct {
	X, Y int
	Text string
}

// DayLabels and HourLabels stand around the broad drawing, the Slim ones around
// the other.
func (c CoverChart) DayLabels() (out []CoverLabel) {
	for i, d := range c.Days {
		out = append(out, CoverLabel{coverLeft - 8, coverTop + i*coverCellH + 18, d.Name})
	}
	return out
}

// HourLabels are every second hour.
func (c CoverChart) HourLabels() (out []CoverLabel) {
	for h := c.From; h < c.To; h++ {
		if h%2 == 0 {
			out = append(out, CoverLabel{coverLeft + (h-c.From)*coverCellW, 14, fmt.Sprintf("%02d", h)})
		}
	}
	return out
}

// SlimDayLabels are the heads of the slim drawing.
func (c CoverChart) SlimDayLabels() (out []CoverLabel) {
	for i, d := range c.Days {
		out = append(out, CoverLabel{slimLeft + i*slimCellW + slimCellW/2, 14, d.Name})
	}
	return out
}

// SlimHourLabels are all hours.
func (c CoverChart) SlimHourLabels() (out []CoverLabel) {
	for h := c.From; h < c.To; h++ {
		out = append(out, CoverLabel{slimLeft - 8, coverTop + (h-c.From)*slimCellH + 17, fmt.Sprintf("%02d–%02d", h, h+1)})
	}
	return out
}

// Cells are the hours of the broad drawing.
func (c CoverChart) Cells() []CoverCell {
	return c.cells(func(day, hour int) CoverCell {
		return CoverCell{X: coverLeft + hour*coverCellW, Y: coverTop + day*coverCellH, W: coverCellW - coverGap, H: coverCellH - coverGap}
	})
}

// SlimCells are the hours of the slim drawing.
func (c CoverChart) SlimCells() []CoverCell {
	return c.cells(func(day, hour int) CoverCell {
		return CoverCell{X: slimLeft + day*slimCellW, Y: coverTop + hour*slimCellH, W: slimCellW - coverGap, H: slimCellH - coverGap}
	})
}

func (c CoverChart) cells(place func(day, hour int) CoverCell) (out []CoverCell) {
	for i, d := range c.Days {
		for _, h := range d.Hours {
			cell := place(i, h.Hour-c.From)
			cell.CoverHour, cell.TextX, cell.TextY = h, cell.X+cell.W/2, cell.Y+cell.H/2+5
			switch {
			case h.Gap:
				cell.Class = "gap"
			case h.People > 2:
				cell.Class = "some-3"
			case h.People > 0:
				cell.Class = fmt.Sprintf("some-%d", h.People)
			default:
				cell.Class = "none"
			}
			out = append(out, cell)
		}
	}
	return out
}

// WorkHoursPage is what each channel declares, and the holidays, at /hours.
// Forms, all POST: /hours with channel, week, answer_days · /hours/holidays
// with day, name · /hours/holidays/{ID}/remove · /hours/holidays/import (file).
type WorkHoursPage struct {
	Work
	Form     Form
	Plan     bool
	Rows     []WorkHours
	Channels []Option
	Holidays []WorkHoliday
	Site     string // address of the public calendar; empty: the portal's is not known
	Import   *ImportResult
}

// Template names the page.
func (WorkHoursPage) Template() string { return "work/hours" }

// WorkHours is one channel's declared week.
type WorkHours struct {
	Channel    string
	Week       string // as the form takes it
	Shown      string // the same in words
	AnswerDays int
	Roster     bool      // the roster speaks for the present week
	Next       time.Time // when it opens next; zero: never
	Now        bool
}

// WorkHoliday is a day on which only marked shifts stand.
type WorkHoliday struct {
	ID   string
	Day  time.Time
	Name string
}
