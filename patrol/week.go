package patrol

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ronde/internal/errs"
)

// The limits of a timetable.
const (
	maxRanges  = 50
	maxWeekLen = 2000    // bytes of its text
	dayMinutes = 24 * 60 // a range may run past midnight, never longer than a day
	lookAhead  = 8 * 7   // days in which the next opening is sought
	dateForm   = "2006-01-02"
)

// Range is a time of one day, in minutes after midnight; To may lie past
// midnight.
type Range struct{ From, To int }

// Week is a timetable: ranges for each day of the week, and for single dates
// that differ (none: closed). Times are those of the organisation's zone.
type Week struct {
	Days   [7][]Range // by time.Weekday
	Except map[string][]Range
}

// Span is a time of being there.
type Span struct{ From, To time.Time }

var dayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWeek reads "mon-fri 09:00-12:00 13:00-17:00; sat 10:00-12:00;
// 2026-12-25 closed". The empty text is never open.
func ParseWeek(s string) (Week, error) {
	var w Week
	if len(s) > maxWeekLen {
		return w, errs.Field("hours", "err.patrol.long", "read hours: too long", "max", maxWeekLen)
	}
	total := 0
	for part := range strings.SplitSeq(s, ";") {
		f := strings.Fields(strings.ToLower(part))
		if len(f) == 0 {
			continue
		}
		ranges, err := parseRanges(f[1:])
		if err == nil {
			err = w.put(f[0], ranges)
		}
		if total += len(ranges); err == nil && total > maxRanges {
			err = fmt.Errorf("more than %d ranges", maxRanges)
		}
		if err != nil {
			return Week{}, errs.Field("hours", "err.patrol.hours", "read hours: "+err.Error(), "part", clip(strings.TrimSpace(part)))
		}
	}
	return w, nil
}

func (w *Week) put(day string, ranges []Range) error {
	if _, err := time.Parse(dateForm, day); err == nil {
		if w.Except == nil {
			w.Except = map[string][]Range{}
		}
		if _, twice := w.Except[day]; twice {
			return fmt.Errorf("%s is there twice", day)
		}
		w.Except[day] = ranges
		return nil
	}
	first, last, many := strings.Cut(day, "-")
	if !many {
		last = first
	}
	i, j := slices.Index(dayNames[:], first), slices.Index(dayNames[:], last)
	if i < 0 || j < 0 {
		return fmt.Errorf("%q is no day", clip(day))
	}
	for d := i; ; d = (d + 1) % 7 {
		w.Days[d] = append(w.Days[d], ranges...)
		if d == j {
			return nil
		}
	}
}

func parseRanges(words []string) ([]Range, error) {
	if len(words) == 1 && words[0] == "closed" {
		return nil, nil
	}
	var out []Range
	for _, word := range words {
		a, b, ok := strings.Cut(word, "-")
		from, err1 := minutes(a)
		to, err2 := minutes(b)
		if !ok || err1 != nil || err2 != nil || from == to || from == dayMinutes {
			return nil, fmt.Errorf("%q is no time from–to", clip(word))
		}
		if to < from {
			to += dayMinutes
		}
		out = append(out, Range{from, to})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("a day without times")
	}
	return out, nil
}

func minutes(s string) (int, error) {
	if s == "24:00" {
		return dayMinutes, nil
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err
}

// String writes the timetable as ParseWeek reads it.
func (w Week) String() string {
	var parts []string
	for i := range 7 {
		d := (i + 1) % 7 // Monday first
		if len(w.Days[d]) > 0 {
			parts = append(parts, dayNames[d]+" "+rangesText(w.Days[d]))
		}
	}
	var dates []string
	for date, r := range w.Except {
		dates = append(dates, date+" "+rangesText(r))
	}
	slices.Sort(dates)
	return strings.Join(append(parts, dates...), "; ")
}

func rangesText(ranges []Range) string {
	if len(ranges) == 0 {
		return "closed"
	}
	var out []string
	for _, r := range ranges {
		to := r.To
		if to > dayMinutes {
			to -= dayMinutes
		}
		out = append(out, fmt.Sprintf("%02d:%02d-%02d:%02d", r.From/60, r.From%60, to/60, to%60))
	}
	return strings.Join(out, " ")
}

// Open returns the span that at lies in.
func (w Week) Open(at time.Time) (Span, bool) {
	for back := 1; back >= 0; back-- { // yesterday's may run past midnight
		for _, s := range w.on(at, -back) {
			if !at.Before(s.From) && at.Before(s.To) {
				return s, true
			}
		}
	}
	return Span{}, false
}

// Next returns the first span that begins after at, within eight weeks.
func (w Week) Next(at time.Time) (Span, bool) {
	for d := range lookAhead {
		var best *Span
		for _, s := range w.on(at, d) {
			if s.From.After(at) && (best == nil || s.From.Before(best.From)) {
				best = &s
			}
		}
		if best != nil {
			return *best, true
		}
	}
	return Span{}, false
}

// on returns the spans of the day that lies some days from at. Times are the
// clock on the wall, so a range keeps its hours when summer time begins.
func (w Week) on(at time.Time, days int) []Span {
	y, m, d := at.Date()
	day := time.Date(y, m, d+days, 12, 0, 0, 0, time.UTC)
	var out []Span
	for _, r := range w.of(day) {
		out = append(out, Span{From: wall(day, r.From, at.Location()), To: wall(day, r.To, at.Location())})
	}
	return out
}

// Empty reports whether the timetable is never open.
func (w Week) Empty() bool {
	for _, r := range w.Days {
		if len(r) > 0 {
			return false
		}
	}
	for _, r := range w.Except {
		if len(r) > 0 {
			return false
		}
	}
	return true
}
