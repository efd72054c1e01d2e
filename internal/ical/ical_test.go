package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var newYork = zone("America/New_York")

func zone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return l
}

func calendar(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func vevent(lines ...string) string {
	return calendar(slices.Concat([]string{"BEGIN:VEVENT", "UID:1@example.com", "DTSTAMP:19970610T172345Z"}, lines, []string{"END:VEVENT"})...)
}

func read(t *testing.T, s string) Calendar {
	t.Helper()
	c, err := Read(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The examples of RFC 5545 §3.8.5.3 that timetables use.
func TestExamplesOfTheStandard(t *testing.T) {
	for _, x := range []struct{ start, rule, want string }{
		{"19970902T090000", "FREQ=DAILY;COUNT=10", "9/2 9/3 9/4 9/5 9/6 9/7 9/8 9/9 9/10 9/11"},
		{"19970902T090000", "FREQ=DAILY;INTERVAL=10;COUNT=5", "9/2 9/12 9/22 10/2 10/12"},
		{"19970902T090000", "FREQ=WEEKLY;COUNT=10", "9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4"},
		{"19970902T090000", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2"},
		{"19970902T090000", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2"},
		{"19970902T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16"},
		{"19970901T090000", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971010T000000Z;WKST=SU;BYDAY=MO,WE,FR", "9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3"},
		{"19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "8/5 8/10 8/19 8/24"},
		{"19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "8/5 8/17 8/19 8/31"},
		{"20240229T090000", "FREQ=YEARLY;COUNT=3", "2/29 2/29 2/29"},
	} {
		c := read(t, vevent("DTSTART;TZID=America/New_York:"+x.start, "DURATION:PT1H", "RRULE:"+x.rule))
		got, err := c.Occurrences(time.Time{}, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), newYork, time.LoadLocation, 100)
		if err != nil {
			t.Fatal(err)
		}
		var days []string
		for _, o := range got {
			if o.From.Hour() != 9 || o.To.Sub(o.From) != time.Hour {
				t.Errorf("%s: %s–%s", x.rule, o.From, o.To)
			}
			days = append(days, fmt.Sprintf("%d/%d", o.From.Month(), o.From.Day()))
		}
		if s := strings.Join(days, " "); s != x.want {
			t.Errorf("%s from %s:\n got %s\nwant %s", x.rule, x.start, s, x.want)
		}
	}
}

// RFC 5545 §3.3.5: a time that the clock shows twice, and one it never shows.
func TestChangesOfTheClock(t *testing.T) {
	for _, x := range []struct{ wall, zone, want string }{
		{"20071104T013000", "America/New_York", "2007-11-04T01:30:00-04:00"},
		{"20070311T023000", "America/New_York", "2007-03-11T03:30:00-04:00"},
		{"20261025T023000", "Europe/Paris", "2026-10-25T02:30:00+02:00"},
		{"20260329T023000", "Europe/Paris", "2026-03-29T03:30:00+02:00"},
		{"20260329T013000", "Europe/Paris", "2026-03-29T01:30:00+01:00"},
		{"20260329T033000", "Europe/Paris", "2026-03-29T03:30:00+02:00"},
		{"20260405T013000", "Australia/Lord_Howe", "2026-04-05T01:30:00+11:00"},
		{"20261004T021500", "Australia/Lord_Howe", "2026-10-04T02:45:00+11:00"},
		{"20260615T120000", "Pacific/Kiritimati", "2026-06-15T12:00:00+14:00"},
	} {
		wall, err := time.Parse(timeForm, x.wall)
		if err != nil {
			t.Fatal(err)
		}
		if got := At(wall, zone(x.zone)).Format(time.RFC3339); got != x.want {
			t.Errorf("%s %s: %s, want %s", x.wall, x.zone, got, x.want)
		}
	}
}

// A weekly shift keeps its hour on the wall when summer time ends; one that was
// written with DTEND keeps its exact length.
func TestWeeklyThroughTheEndOfSummer(t *testing.T) {
	paris := zone("Europe/Paris")
	c := read(t, vevent("DTSTART;TZID=Europe/Paris:20261018T220000", "DTEND;TZID=Europe/Paris:20261019T040000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Paris:20261101T220000"))
	got, err := c.Occurrences(time.Time{}, time.Date(2027, 1, 1, 0, 0, 0, 0, paris), paris, time.LoadLocation, 10)
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if s := got[1].From.Format(time.RFC3339) + " " + got[1].To.Format(time.RFC3339); s != "2026-10-25T22:00:00+01:00 2026-10-26T04:00:00+01:00" {
		t.Error(s)
	}
	night := read(t, vevent("DTSTART;TZID=Europe/Paris:20261017T220000", "DTEND;TZID=Europe/Paris:20261018T040000", "RRULE:FREQ=WEEKLY;COUNT=2"))
	if got, err = night.Occurrences(time.Time{}, time.Date(2027, 1, 1, 0, 0, 0, 0, paris), paris, time.LoadLocation, 10); err != nil || len(got) != 2 || got[1].To.Format("15:04 -0700") != "03:00 +0100" {
		t.Error(got, err)
	}
}

func TestFoldingEscapesAndDates(t *testing.T) {
	c := read(t, "BEGIN:VCALENDAR\nPRODID:-//x//\nBEGIN:VEVENT\nUID:20070423T123432Z-541111@example.com\nDTSTAMP:20070423T123432Z\n"+
		"DTSTART;VALUE=DATE:20070628\nDTEND;VALUE=DATE:20070709\nSUMMARY;LANGUAGE=en;X-A=\"a:b;c\":Festival International de Jazz de Montreal\n"+
		"DESCRIPTION:This is a lo\n ng description\n  that exists on a long line\\, with\\nlines\\; and \\\\.\n"+
		"BEGIN:VALARM\nDESCRIPTION:not this\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR")
	if len(c.Events) != 1 {
		t.Fatalf("%+v", c)
	}
	e := c.Events[0]
	if e.Summary != "Festival International de Jazz de Montreal" || e.Description != "This is a long description that exists on a long line, with\nlines; and \\." || !e.Start.Date {
		t.Errorf("%+v", e)
	}
	got, err := c.Occurrences(time.Time{}, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), newYork, time.LoadLocation, 5)
	if err != nil || len(got) != 1 || got[0].To.Format(time.DateOnly) != "2007-07-09" || !got[0].Day {
		t.Error(got, err)
	}
}

func TestDurations(t *testing.T) {
	for s, want := range map[string]Length{"P15DT5H0M20S": {15, 5*time.Hour + 20*time.Second}, "P7W": {49, 0}, "PT0S": {}, "+PT30M": {0, 30 * time.Minute}} {
		if got, err := ParseLength(s); err != nil || got != want {
			t.Errorf("%s: %+v %v", s, got, err)
		}
	}
	for _, s := range []string{"", "P", "PT", "-PT5M", "P1H", "PT1D", "P1", "P99999999D"} {
		if l, err := ParseLength(s); err == nil {
			t.Errorf("%q is %+v", s, l)
		}
	}
}

// What cannot be kept is named; the rest is read.
func TestWhatIsNotKeptIsNamed(t *testing.T) {
	c := read(t, calendar(
		"BEGIN:VEVENT", "UID:1", "SUMMARY:monthly", "DTSTART:20260101T090000Z", "RRULE:FREQ=MONTHLY", "END:VEVENT",
		"BEGIN:VEVENT", "UID:2", "SUMMARY:last Friday", "DTSTART:20260101T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=-1FR", "END:VEVENT",
		"BEGIN:VEVENT", "UID:3", "SUMMARY:no start", "END:VEVENT",
		"BEGIN:VEVENT", "UID:4", "SUMMARY:broken line", "DTSTART:20260101T090000Z", "no colon here", "END:VEVENT",
		"BEGIN:VEVENT", "UID:5", "SUMMARY:backwards", "DTSTART:20260101T090000Z", "DTEND:20260101T080000Z", "END:VEVENT",
		"BEGIN:VTODO", "DUE:20260101", "END:VTODO",
		"BEGIN:VEVENT", "UID:6", "SUMMARY:nowhere", "DTSTART;TZID=Mars/Base:20260101T090000", "END:VEVENT",
		"BEGIN:VEVENT", "UID:7", "SUMMARY:kept", "DTSTART:20260101T090000Z", "END:VEVENT"))
	got, err := c.Occurrences(time.Time{}, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), newYork, time.LoadLocation, 5)
	if err != nil || len(got) != 1 || got[0].Event.Summary != "kept" {
		t.Error(got, err)
	}
	var names []string
	for _, s := range c.Skipped {
		names = append(names, s.Summary)
	}
	if want := "monthly, last Friday, no start, broken line, backwards, nowhere"; strings.Join(names, ", ") != want {
		t.Errorf("skipped %q", names)
	}
	if !errors.Is(c.Skipped[0].Why, ErrUnsupported) || errors.Is(c.Skipped[2].Why, ErrUnsupported) {
		t.Errorf("%v", c.Skipped)
	}
	for _, s := range []string{"", "BEGIN:VEVENT\r\nEND:VEVENT", "hello", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\n", "\xff\xfe"} {
		if c, err := Read(strings.NewReader(s)); err == nil {
			t.Errorf("%q is a calendar: %+v", s, c)
		}
	}
}

// One evening of a weekly series was moved, another cancelled.
func TestMovedInstance(t *testing.T) {
	c := read(t, calendar("BEGIN:VEVENT", "UID:s", "DTSTART;TZID=Europe/Paris:20261103T190000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY;COUNT=4", "END:VEVENT",
		"BEGIN:VEVENT", "UID:s", "RECURRENCE-ID;TZID=Europe/Paris:20261110T190000", "DTSTART;TZID=Europe/Paris:20261111T200000", "DURATION:PT2H", "END:VEVENT",
		"BEGIN:VEVENT", "UID:s", "RECURRENCE-ID;TZID=Europe/Paris:20261117T190000", "DTSTART;TZID=Europe/Paris:20261117T190000", "STATUS:CANCELLED", "END:VEVENT"))
	got, err := c.Occurrences(time.Time{}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), newYork, time.LoadLocation, 9)
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, o := range got {
		s = append(s, o.From.UTC().Format("0102T15"))
	}
	if strings.Join(s, " ") != "1103T18 1111T19 1124T18" {
		t.Error(s)
	}
}

func TestWrittenIsReadBack(t *testing.T) {
	in := Calendar{Product: "-//Ronde//test//EN", Name: "Ronde – nœuds, points; virgules", Events: []Event{{
		UID: "a@valombre.example", Summary: strings.Repeat("Soirée de jeu – пятница 🎮, ", 9), Description: "ligne 1\nligne 2; c:\\x", Location: "Salle, étage", URL: "https://valombre.example/events/1",
		Start: Time{Wall: time.Date(2026, 11, 3, 19, 0, 0, 0, time.UTC), Zone: "Europe/Paris"}, Length: Length{Exact: 90 * time.Minute},
		Rule:   &Rule{Freq: Weekly, Interval: 2, Days: []time.Weekday{time.Tuesday, time.Friday}, Start: time.Monday, Until: AtUTC(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))},
		Except: []Time{{Wall: time.Date(2026, 11, 6, 19, 0, 0, 0, time.UTC), Zone: "Europe/Paris"}}, Stamp: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), Sequence: 2, Alarm: 24 * time.Hour, AlarmText: "Demain",
	}, {UID: "b", Summary: "Férié", Start: OnDay(time.Date(2026, 12, 25, 9, 0, 0, 0, newYork)), Stamp: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), Cancelled: true}}}
	var b strings.Builder
	if err := Write(&b, in); err != nil {
		t.Fatal(err)
	}
	for l := range strings.SplitSeq(b.String(), "\r\n") {
		if len(l) > width || strings.ContainsAny(l, "\r\n") {
			t.Errorf("line of %d bytes: %q", len(l), l)
		}
	}
	out := read(t, b.String())
	in.Events[0].Alarm, in.Events[0].AlarmText = 0, ""
	if got, want := fmt.Sprintf("%+v %+v", out.Events, out.Events[0].Rule), fmt.Sprintf("%+v %+v", in.Events, in.Events[0].Rule); len(out.Skipped) > 0 || stripped(got) != stripped(want) || out.Name != in.Name {
		t.Errorf("\n got %s\nwant %s\n%v", got, want, out.Skipped)
	}
	if !strings.Contains(b.String(), "TRIGGER:-PT24H") {
		t.Error("no reminder")
	}
}

// stripped leaves the address of a rule out.
func stripped(s string) string {
	i := strings.Index(s, "Rule:0x")
	if i < 0 {
		return s
	}
	return s[:i] + s[i+strings.IndexByte(s[i:], ' '):]
}

// No input makes the reader work without end, and what it keeps can be written
// and read again.
func FuzzRead(f *testing.F) {
	f.Add(vevent("DTSTART;TZID=America/New_York:19970902T090000", "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH"))
	f.Add(vevent("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20260101,20260102"))
	f.Add(vevent("DTSTART:20240229T000000Z", "RRULE:FREQ=YEARLY;INTERVAL=100", "SUMMARY:a\\,b\r\n c"))
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Read(strings.NewReader(s))
		if err != nil {
			return
		}
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		utc := func(string) (*time.Location, error) { return time.UTC, nil }
		if got, err := c.Occurrences(from, from.AddDate(1, 0, 0), newYork, utc, 1000); err == nil && len(got) > 1000 {
			t.Fatalf("%d occurrences", len(got))
		}
		var b strings.Builder
		if err := Write(&b, c); err != nil {
			t.Fatal(err)
		}
		again, err := Read(strings.NewReader(b.String()))
		if err != nil || len(again.Events) != len(c.Events) {
			t.Fatalf("%d events became %d: %v\n%s", len(c.Events), len(again.Events), err, b.String())
		}
	})
}
