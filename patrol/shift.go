package patrol

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/internal/errs"
	"ronde/internal/ical"
)

// The limits of a roster.
const (
	MaxShifts  = 20_000 // kept at one time
	MaxPlanned = 600    // made by one act
	MaxWeeks   = 26     // ahead, for which one act plans
	keepShifts = 400    // days after which a shift is forgotten
)

// Purposes are what an officer does on a channel while on duty. They are
// published with the hours.
var Purposes = []string{"answer", "patrol", "stream", "talk"}

// Shift is a planned time of duty on one channel. It names a public card or a
// unit: whoever works hidden has none and stands in no roster (promise 6).
type Shift struct {
	ID        string // shi_…
	Day       string // on which it begins, "2026-11-23"
	Range            // minutes on the wall of the organisation's zone
	Channel   string
	Languages []string
	Purpose   string // one of Purposes
	Officer   string // off_…, or empty
	Unit      string // the unit's public name when no card is named
	Holiday   bool   // stands on holidays too
	Offered   bool   // its officer looks for somebody to take it over
	Made      int64  // microseconds UTC
}

// ShiftIn is what the lead plans: the times of some days of one week, and of
// the weeks after it.
type ShiftIn struct {
	Week      string // any day of the first week
	Days      []string
	Times     string // "09:00-12:00 13:00-17:00": a split shift is two
	Weeks     int    // how many weeks, at least 1
	Channel   string
	Languages []string
	Purpose   string
	Officer   string // card, or empty for Unit
	Unit      string
	Holiday   bool
}

// farDay is after every day that is kept.
const farDay = "9999-12-31"

var dayForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// parseDay reads a date, as noon in UTC, so that adding days never meets a
// change of the clock.
func parseDay(field, s string) (time.Time, error) {
	t, err := time.Parse(dateForm, s)
	if err != nil || !dayForm.MatchString(s) || t.Year() < 2000 || t.Year() > 2200 {
		return t, errs.Field(field, "err.patrol.day", "read day: not a date", "day", clip(s))
	}
	return t.Add(12 * time.Hour), nil
}

// monday is the first day of a day's week.
func monday(day time.Time) time.Time {
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// wall is the instant at which a clock in zone shows so many minutes after the
// midnight that begins day.
func wall(day time.Time, minutes int, zone *time.Location) time.Time {
	y, m, d := day.Date()
	return ical.At(time.Date(y, m, d, 0, minutes, 0, 0, time.UTC), zone)
}

// span is when a shift really is.
func (s Shift) span(zone *time.Location) Span {
	day, _ := time.Parse(dateForm, s.Day) // checked when it was planned
	return Span{From: wall(day, s.From, zone), To: wall(day, s.To, zone)}
}

// shifts reads the plan; each is without an id.
func (in ShiftIn) shifts() (out []Shift, err error) {
	first, err := parseDay("week", in.Week)
	if err != nil {
		return nil, err
	}
	one := Shift{Channel: strings.ToLower(strings.TrimSpace(in.Channel)), Purpose: in.Purpose, Officer: in.Officer, Unit: strings.TrimSpace(in.Unit), Holiday: in.Holiday}
	if one.Languages, err = words("languages", in.Languages, tongue, MaxTongues); err != nil {
		return nil, err
	}
	if err := one.check(); err != nil {
		return nil, err
	}
	if in.Weeks < 1 || in.Weeks > MaxWeeks {
		return nil, errs.Field("weeks", "err.patrol.weeks", "plan shifts: too many weeks", "max", MaxWeeks)
	}
	times, err := parseRanges(strings.Fields(in.Times))
	if err != nil || len(times) == 0 {
		return nil, errs.Field("times", "err.patrol.times", "plan shifts: no times", "part", clip(in.Times))
	}
	if len(in.Days) == 0 {
		return nil, errs.Field("days", "err.patrol.days", "plan shifts: no day is chosen")
	}
	for week := range in.Weeks {
		for i := range 7 {
			day := monday(first).AddDate(0, 0, 7*week+i)
			if !slices.Contains(in.Days, dayNames[day.Weekday()]) {
				continue
			}
			for _, r := range times {
				s := one
				s.Day, s.Range = day.Format(dateForm), r
				out = append(out, s)
			}
		}
	}
	if len(out) == 0 {
		return nil, errs.Field("days", "err.patrol.days", "plan shifts: no day is chosen")
	}
	return out, nil
}

// check accepts what a shift says of its channel, purpose and who.
func (s Shift) check() error {
	switch {
	case !channel.MatchString(s.Channel):
		return errs.Field("channel", "err.patrol.word", "plan shift: not a channel's name", "word", clip(s.Channel))
	case !slices.Contains(Purposes, s.Purpose):
		return errs.Field("purpose", "err.patrol.purpose", "plan shift: no such purpose")
	case s.Officer == "" && s.Unit == "":
		return errs.Field("who", "err.patrol.who", "plan shift: nobody is named")
	case s.Officer != "":
		return nil
	case hiddenHandle.MatchString(s.Unit):
		return errs.New(errs.Denied, "err.patrol.hidden", "plan shift: a hidden service handle stands in it")
	}
	return line("who", s.Unit, MaxUnit)
}

// overlaps says whether two shifts would have one card on one channel twice.
func (s Shift) overlaps(o Shift) bool {
	if s.Officer != o.Officer || s.Officer == "" && s.Unit != o.Unit || s.Channel != o.Channel {
		return false
	}
	a, b := s.span(time.UTC), o.span(time.UTC)
	return a.From.Before(b.To) && b.From.Before(a.To)
}

// text writes a shift of a template: its day of the week and all but its id.
func (s Shift) text() string {
	day, _ := time.Parse(dateForm, s.Day)
	holiday := ""
	if s.Holiday {
		holiday = "holiday"
	}
	return strings.Join([]string{dayNames[day.Weekday()], strconv.Itoa(s.From), strconv.Itoa(s.To), s.Channel, strings.Join(s.Languages, ","), s.Purpose, s.Officer, s.Unit, holiday}, "\t")
}

// templated reads a line of a template for the week that begins on a Monday.
func templated(l string, week time.Time) (s Shift, err error) {
	f := strings.Split(l, "\t")
	if len(f) != 9 {
		return s, errs.New(errs.Internal, "err.internal", "read template: a line is damaged")
	}
	from, err1 := strconv.Atoi(f[1])
	to, err2 := strconv.Atoi(f[2])
	i := slices.Index(dayNames[:], f[0])
	if err1 != nil || err2 != nil || i < 0 {
		return s, errs.New(errs.Internal, "err.internal", "read template: a line is damaged")
	}
	s = Shift{Day: week.AddDate(0, 0, (i+6)%7).Format(dateForm), Range: Range{from, to}, Channel: f[3], Languages: split(f[4]), Purpose: f[5], Officer: f[6], Unit: f[7], Holiday: f[8] != ""}
	return s, s.check()
}
