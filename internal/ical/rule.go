package ical

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Freq is how often a rule repeats.
type Freq string

// The frequencies that are kept.
const (
	Daily  Freq = "DAILY"
	Weekly Freq = "WEEKLY"
	Yearly Freq = "YEARLY"
)

// Rule is a recurrence rule (RFC 5545 §3.3.10).
type Rule struct {
	Freq     Freq
	Interval int  // at least 1
	Count    int  // 0: not bounded by a count
	Until    Time // zero: not bounded by a time; inclusive
	Days     []time.Weekday
	Start    time.Weekday // first day of a week (WKST)
}

var weekdays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// ParseRule reads a rule; parts that it does not keep are ErrUnsupported.
func ParseRule(s string) (*Rule, error) {
	r := &Rule{Interval: 1, Start: time.Monday}
	for part := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("%q is no part of a rule", clip(part))
		}
		if err := r.set(strings.ToUpper(name), strings.ToUpper(value)); err != nil {
			return nil, err
		}
	}
	switch {
	case r.Freq == "":
		return nil, fmt.Errorf("a rule without a frequency")
	case r.Count > 0 && !r.Until.IsZero():
		return nil, fmt.Errorf("a rule with a count and an end")
	case r.Freq == Yearly && len(r.Days) > 0:
		return nil, unsupported("weekdays of a year")
	}
	return r, nil
}

func (r *Rule) set(name, value string) (err error) {
	switch name {
	case "FREQ":
		if r.Freq = Freq(value); r.Freq != Daily && r.Freq != Weekly && r.Freq != Yearly {
			return unsupported("FREQ=%s", clip(value))
		}
	case "INTERVAL":
		r.Interval, err = positive(value)
	case "COUNT":
		r.Count, err = positive(value)
	case "UNTIL":
		r.Until, err = property{value: value}.time()
	case "WKST":
		i := slices.Index(weekdays, value)
		if i < 0 {
			return fmt.Errorf("%q is no weekday", clip(value))
		}
		r.Start = time.Weekday(i)
	case "BYDAY":
		for d := range strings.SplitSeq(value, ",") {
			i := slices.Index(weekdays, d)
			if i < 0 {
				return unsupported("BYDAY=%s", clip(value))
			}
			if !slices.Contains(r.Days, time.Weekday(i)) {
				r.Days = append(r.Days, time.Weekday(i))
			}
		}
	default:
		return unsupported("%s of a rule", clip(name))
	}
	return err
}

func positive(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 10_000 {
		return 0, fmt.Errorf("%q is no count", clip(s))
	}
	return n, nil
}

// String writes the rule.
func (r Rule) String() string {
	s := "FREQ=" + string(r.Freq)
	if r.Interval > 1 {
		s += ";INTERVAL=" + strconv.Itoa(r.Interval)
	}
	if r.Count > 0 {
		s += ";COUNT=" + strconv.Itoa(r.Count)
	}
	if !r.Until.IsZero() {
		s += ";UNTIL=" + r.Until.text()
	}
	if len(r.Days) > 0 {
		var days []string
		for _, d := range r.Days {
			days = append(days, weekdays[d])
		}
		s += ";BYDAY=" + strings.Join(days, ",")
	}
	if r.Start != time.Monday {
		s += ";WKST=" + weekdays[r.Start]
	}
	return s
}

// walls calls yield with the wall-clock beginnings that the rule makes from
// start, in order, until yield returns false. start always is the first. Each
// day that is looked at is taken from steps; with none left it is an error.
func (r Rule) walls(start time.Time, steps *int, yield func(time.Time) bool) error {
	once := func(w time.Time) bool { return !w.After(start) || yield(w) }
	if !yield(start) {
		return nil
	}
	if r.Freq == Weekly && len(r.Days) == 0 {
		r.Days = []time.Weekday{start.Weekday()}
	}
	for base := r.first(start); ; base = r.next(base) {
		for _, w := range r.within(base) {
			if *steps--; *steps < 0 {
				return fmt.Errorf("the rule goes on for too long")
			}
			if !once(w) {
				return nil
			}
		}
		if *steps--; *steps < 0 {
			return fmt.Errorf("the rule goes on for too long")
		}
	}
}

// first is the day from which a rule's periods are counted.
func (r Rule) first(start time.Time) time.Time {
	if r.Freq != Weekly {
		return start
	}
	back := (int(start.Weekday()) - int(r.Start) + 7) % 7
	return start.AddDate(0, 0, -back)
}

func (r Rule) next(base time.Time) time.Time {
	switch r.Freq {
	case Daily:
		return base.AddDate(0, 0, r.Interval)
	case Weekly:
		return base.AddDate(0, 0, 7*r.Interval)
	}
	for n := r.Interval; ; n += r.Interval { // 29 February: only in years that have one
		if d := base.AddDate(n, 0, 0); d.Day() == base.Day() {
			return d
		}
		if n > 100*r.Interval {
			return base.AddDate(n, 0, 0)
		}
	}
}

func (r Rule) within(base time.Time) []time.Time {
	if len(r.Days) == 0 {
		return []time.Time{base}
	}
	if r.Freq == Daily {
		if slices.Contains(r.Days, base.Weekday()) {
			return []time.Time{base}
		}
		return nil
	}
	var out []time.Time
	for i := range 7 {
		if d := base.AddDate(0, 0, i); slices.Contains(r.Days, d.Weekday()) {
			out = append(out, d)
		}
	}
	return out
}
