package ical

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Write writes a calendar (RFC 5545): lines end with CRLF and are folded at 75
// bytes between letters.
func Write(w io.Writer, c Calendar) error {
	var b strings.Builder
	put := func(name, value string) { fold(&b, name+":"+value) }
	put("BEGIN", "VCALENDAR")
	put("VERSION", "2.0")
	put("PRODID", text(c.Product))
	put("CALSCALE", "GREGORIAN")
	put("METHOD", "PUBLISH")
	if c.Name != "" {
		put("X-WR-CALNAME", text(c.Name))
	}
	for _, e := range c.Events {
		e.write(put)
	}
	put("END", "VCALENDAR")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

func (e Event) write(put func(name, value string)) {
	put("BEGIN", "VEVENT")
	put("UID", text(e.UID))
	put("DTSTAMP", AtUTC(e.Stamp).text())
	e.Start.write("DTSTART", put)
	if !e.End.IsZero() {
		e.End.write("DTEND", put)
	} else if e.Length != (Length{}) {
		put("DURATION", e.Length.String())
	}
	if e.Rule != nil {
		put("RRULE", e.Rule.String())
	}
	for _, x := range e.Except {
		x.write("EXDATE", put)
	}
	if !e.Instead.IsZero() {
		e.Instead.write("RECURRENCE-ID", put)
	}
	for _, t := range []struct{ name, value string }{{"SUMMARY", e.Summary}, {"DESCRIPTION", e.Description}, {"LOCATION", e.Location}} {
		if t.value != "" {
			put(t.name, text(t.value))
		}
	}
	if e.URL != "" {
		put("URL", strings.Map(visible, e.URL))
	}
	if e.Sequence > 0 {
		put("SEQUENCE", strconv.Itoa(e.Sequence))
	}
	if e.Cancelled {
		put("STATUS", "CANCELLED")
	}
	if e.Alarm > 0 {
		put("BEGIN", "VALARM")
		put("ACTION", "DISPLAY")
		put("DESCRIPTION", text(e.AlarmText))
		put("TRIGGER", "-"+Length{Exact: e.Alarm}.String())
		put("END", "VALARM")
	}
	put("END", "VEVENT")
}

func (t Time) write(name string, put func(name, value string)) {
	switch {
	case t.Date:
		name += ";VALUE=DATE"
	case t.Zone != "":
		name += `;TZID=` + param(t.Zone)
	}
	put(name, t.text())
}

func (t Time) text() string {
	switch {
	case t.Date:
		return t.Wall.Format(dateForm)
	case t.UTC:
		return t.Wall.Format(timeForm) + "Z"
	}
	return t.Wall.Format(timeForm)
}

// String writes the duration.
func (l Length) String() string {
	s := "P"
	if l.Days > 0 {
		s += strconv.Itoa(l.Days) + "D"
	}
	if l.Exact == 0 && l.Days > 0 {
		return s
	}
	s += "T"
	if h := l.Exact / time.Hour; h > 0 {
		s += strconv.Itoa(int(h)) + "H"
	}
	if m := l.Exact % time.Hour / time.Minute; m > 0 {
		s += strconv.Itoa(int(m)) + "M"
	}
	if sec := l.Exact % time.Minute / time.Second; sec > 0 || strings.HasSuffix(s, "T") {
		s += strconv.Itoa(int(sec)) + "S"
	}
	return s
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text escapes a text; control characters, which a calendar cannot hold, are
// left out.
func text(s string) string {
	return strings.Map(visible, escaper.Replace(strings.ToValidUTF8(s, "\uFFFD")))
}

// param is a parameter's value: it cannot hold a quote or a control character.
func param(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '"' {
			return -1
		}
		return visible(r)
	}, s)
	if strings.ContainsAny(s, ":;,") {
		return `"` + s + `"`
	}
	return s
}

func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return -1
	}
	return r
}

// width is how many bytes a line has at most, its end not counted.
const width = 75

// fold writes a line, cut between letters so that no reader sees half of one.
func fold(b *strings.Builder, s string) {
	room := width
	for len(s) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		b.WriteString(s[:cut])
		b.WriteString("\r\n ")
		s, room = s[cut:], width-1
	}
	b.WriteString(s)
	b.WriteString("\r\n")
}
