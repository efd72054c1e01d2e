package ical

import (
	"errors"
	"fmt"
	"time"
)

// Limits of a calendar.
const (
	MaxBytes  = 2 << 20 // of a file that is read
	MaxEvents = 5000    // in one file
	MaxSteps  = 200_000 // days that the rules of one file are followed
	maxLine   = 64 << 10
)

// Calendar is a set of events.
type Calendar struct {
	Product string // PRODID of who wrote it
	Name    string // X-WR-CALNAME, which most programs show
	Events  []Event
	Skipped []Skip // what was read and could not be kept
}

// Skip is an event that could not be kept, and why.
type Skip struct {
	Summary string
	Line    int
	Why     error
}

// Event is one VEVENT. End is exclusive; the zero End means that Length holds,
// and with no Length either, a whole day for a date and no time for a moment.
type Event struct {
	UID, Summary, Description, Location, URL string

	Start, End Time
	Length     Length
	Rule       *Rule
	Except     []Time
	Instead    Time // RECURRENCE-ID: the instance that this event stands for
	Cancelled  bool
	Stamp      time.Time // DTSTAMP
	Sequence   int

	// Alarm is how long before its start a reminder rings; 0: none. It is
	// written and not read.
	Alarm     time.Duration
	AlarmText string
}

// Time is a date, or a time in UTC, in a named zone, or on whatever clock hangs
// on the wall (RFC 5545 §3.3.4, §3.3.5).
type Time struct {
	Wall time.Time // what is written, in time.UTC whatever Zone says
	Date bool
	UTC  bool
	Zone string // TZID; empty: UTC or floating
}

// IsZero reports that no time is given.
func (t Time) IsZero() bool { return t.Wall.IsZero() }

// AtUTC is an instant.
func AtUTC(t time.Time) Time { return Time{Wall: t.UTC().Truncate(time.Second), UTC: true} }

// OnDay is a date.
func OnDay(t time.Time) Time {
	y, m, d := t.Date()
	return Time{Wall: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), Date: true}
}

// Zones finds a zone by the name a calendar gives it.
type Zones func(name string) (*time.Location, error)

// ErrUnsupported marks what this package does not represent.
var ErrUnsupported = errors.New("not supported")

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrUnsupported)
}

// In is the instant of t. Dates and floating times are those of home. A time
// that the clock shows twice is the first; one that it leaves out is counted
// with the offset before the gap (RFC 5545 §3.3.5).
func (t Time) In(home *time.Location, zones Zones) (time.Time, error) {
	if t.UTC {
		return t.Wall, nil
	}
	loc := home
	if t.Zone != "" {
		var err error
		if loc, err = zones(t.Zone); err != nil {
			return time.Time{}, unsupported("time zone %q", t.Zone)
		}
	}
	return At(t.Wall, loc), nil
}

// At is the instant at which a clock in loc shows wall (given in time.UTC).
func At(wall time.Time, loc *time.Location) time.Time {
	const far = 24 * time.Hour // no zone changes twice within a day
	before, after := wall.Add(-offset(wall.Add(-far), loc)), wall.Add(-offset(wall.Add(far), loc))
	if !shows(before, wall, loc) && shows(after, wall, loc) {
		return after.In(loc)
	}
	return before.In(loc)
}

func offset(at time.Time, loc *time.Location) time.Duration {
	_, s := at.In(loc).Zone()
	return time.Duration(s) * time.Second
}

func shows(at, wall time.Time, loc *time.Location) bool {
	return at.Add(offset(at, loc)).Equal(wall)
}

// Length is a nominal duration: days keep the time of day when the clock
// changes, the rest is exact (RFC 5545 §3.3.6).
type Length struct {
	Days  int
	Exact time.Duration
}

// Span is one occurrence.
type Span struct {
	From, To time.Time
	Day      bool // it is about whole days
}
