package ical

import (
	"fmt"
	"slices"
	"time"
)

// Occurrence is one span of one event.
type Occurrence struct {
	Span
	Event *Event
}

// Occurrences lists what happens between from and to (exclusive), in order, at
// most so many; more is an error. Instances that were moved or cancelled are
// where they were put. home is the zone of dates and floating times. An event
// whose zone nobody knows is added to Skipped.
func (c *Calendar) Occurrences(from, to time.Time, home *time.Location, zones Zones, most int) ([]Occurrence, error) {
	var out []Occurrence
	moved, steps := c.moved(home, zones), MaxSteps
	for i := range c.Events {
		e := &c.Events[i]
		if e.Cancelled {
			continue
		}
		spans, err := e.spans(from, to, home, zones, moved[e.UID], &steps, most-len(out)+1)
		if err != nil {
			c.Skipped = append(c.Skipped, Skip{Summary: e.Summary, Why: err})
			continue
		}
		for _, s := range spans {
			out = append(out, Occurrence{s, e})
		}
		if len(out) > most {
			return nil, fmt.Errorf("more than %d occurrences", most)
		}
	}
	slices.SortStableFunc(out, func(a, b Occurrence) int { return a.From.Compare(b.From) })
	return out, nil
}

// moved are the instants of instances that another event stands for.
func (c *Calendar) moved(home *time.Location, zones Zones) map[string][]time.Time {
	out := map[string][]time.Time{}
	for _, e := range c.Events {
		if e.Instead.IsZero() || e.UID == "" {
			continue
		}
		if at, err := e.Instead.In(home, zones); err == nil {
			out[e.UID] = append(out[e.UID], at)
		}
	}
	return out
}

func (e *Event) spans(from, to time.Time, home *time.Location, zones Zones, moved []time.Time, steps *int, most int) (out []Span, err error) {
	length, err := e.length(home, zones)
	if err != nil {
		return nil, err
	}
	without := slices.Clone(moved)
	if !e.Instead.IsZero() {
		without = nil
	}
	for _, x := range e.Except {
		at, err := x.In(home, zones)
		if err != nil {
			return nil, err
		}
		without = append(without, at)
	}
	var until time.Time
	rule := Rule{Freq: Daily, Interval: 1, Count: 1}
	if e.Rule != nil {
		rule = *e.Rule
		if until, err = e.until(home, zones); err != nil {
			return nil, err
		}
	}
	n := 0
	var wrong error
	err = rule.walls(e.Start.Wall, steps, func(wall time.Time) bool {
		t := e.Start
		t.Wall = wall
		at, err := t.In(home, zones)
		if err != nil {
			wrong = err
			return false
		}
		n++
		if !until.IsZero() && at.After(until) || !at.Before(to) {
			return false
		}
		if s := (Span{From: at, To: length(t, at), Day: t.Date}); s.To.After(from) || s.From.Equal(s.To) && !s.From.Before(from) {
			if !slices.ContainsFunc(without, at.Equal) {
				out = append(out, s)
			}
		}
		return len(out) < most && (rule.Count == 0 || n < rule.Count)
	})
	if wrong != nil {
		err = wrong
	}
	return out, err
}

// until is the last instant at which an instance may begin. A date is the
// whole of that day.
func (e *Event) until(home *time.Location, zones Zones) (time.Time, error) {
	u := e.Rule.Until
	if u.IsZero() {
		return time.Time{}, nil
	}
	if !u.UTC {
		u.Zone = e.Start.Zone
	}
	if u.Date {
		u.Wall = u.Wall.AddDate(0, 0, 1).Add(-time.Second)
	}
	return u.In(home, zones)
}

// length says when an instance that begins at a time ends. DTEND gives every
// instance the same exact duration, DURATION the same nominal one (RFC 5545
// §3.8.5.3); days of a date stay days.
func (e *Event) length(home *time.Location, zones Zones) (func(Time, time.Time) time.Time, error) {
	days := func(n int) func(Time, time.Time) time.Time {
		return func(t Time, at time.Time) time.Time {
			return At(t.Wall.AddDate(0, 0, n), at.Location())
		}
	}
	switch {
	case e.Start.Date && !e.End.IsZero():
		return days(max(1, int(e.End.Wall.Sub(e.Start.Wall)/(24*time.Hour)))), nil
	case e.Start.Date && e.Length == Length{}:
		return days(1), nil
	case e.End.IsZero():
		return func(t Time, at time.Time) time.Time {
			return At(t.Wall.AddDate(0, 0, e.Length.Days), at.Location()).Add(e.Length.Exact)
		}, nil
	}
	from, err := e.Start.In(home, zones)
	if err != nil {
		return nil, err
	}
	to, err := e.End.In(home, zones)
	if err != nil {
		return nil, err
	}
	if to.Before(from) {
		return nil, fmt.Errorf("it ends before it begins")
	}
	return func(_ Time, at time.Time) time.Time { return at.Add(to.Sub(from)) }, nil
}
