package ical

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// property is one content line (RFC 5545 §3.1).
type property struct {
	name   string
	params map[string]string // names in capitals; of several values the first
	value  string
	line   int
}

// Read reads a calendar. A file that is none is an error; an event that cannot
// be kept is named in Skipped and the rest is kept.
func Read(r io.Reader) (Calendar, error) {
	var c Calendar
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return c, fmt.Errorf("read calendar: %w", err)
	}
	if len(raw) > MaxBytes {
		return c, fmt.Errorf("read calendar: more than %d bytes", MaxBytes)
	}
	if !utf8.Valid(raw) {
		return c, fmt.Errorf("read calendar: not UTF-8")
	}
	p := parser{cal: &c}
	for _, l := range unfold(string(raw)) {
		if err := p.take(l); err != nil {
			return c, fmt.Errorf("read calendar: line %d: %w", l.number, err)
		}
	}
	if !p.began || len(p.open) > 0 {
		return c, fmt.Errorf("read calendar: it has no end or no beginning")
	}
	return c, nil
}

type line struct {
	text   string
	number int
}

// unfold joins lines that were folded: a line that begins with a space or a tab
// goes on with the one before (RFC 5545 §3.1). Ends of line may be LF alone.
func unfold(s string) (out []line) {
	s = strings.TrimPrefix(s, "\ufeff")
	number := 0
	var last strings.Builder
	flush := func(at int) {
		if last.Len() > 0 {
			out = append(out, line{last.String(), at})
		}
		last.Reset()
	}
	began := 1
	for text := range strings.SplitSeq(s, "\n") {
		number++
		text = strings.TrimSuffix(text, "\r")
		if text != "" && (text[0] == ' ' || text[0] == '\t') {
			last.WriteString(text[1:])
			continue
		}
		flush(began)
		began = number
		last.WriteString(text)
	}
	flush(began)
	return out
}

// parser walks through the components. Only the properties of a VEVENT itself
// are taken, not those of an alarm inside it.
type parser struct {
	cal    *Calendar
	open   []string
	began  bool
	event  *Event
	at     int
	refuse error
}

func (p *parser) take(l line) error {
	prop, err := parse(l)
	if err != nil {
		if p.event != nil { // one bad line spoils one event
			p.spoil(err)
			return nil
		}
		return err
	}
	switch prop.name {
	case "BEGIN":
		return p.begin(strings.ToUpper(prop.value), l.number)
	case "END":
		return p.end(strings.ToUpper(prop.value))
	}
	if len(p.open) == 0 {
		return fmt.Errorf("no calendar has begun")
	}
	switch in := p.open[len(p.open)-1]; {
	case len(p.open) == 1:
		switch prop.name {
		case "PRODID":
			p.cal.Product = untext(prop.value)
		case "X-WR-CALNAME":
			p.cal.Name = untext(prop.value)
		}
	case len(p.open) == 2 && in == "VEVENT":
		if err := p.event.set(prop); err != nil {
			p.spoil(err)
		}
	}
	return nil
}

func (p *parser) spoil(err error) {
	if p.refuse == nil {
		p.refuse = err
	}
}

const maxNesting = 5

func (p *parser) begin(name string, number int) error {
	if len(p.open) == 0 && name != "VCALENDAR" {
		return fmt.Errorf("no calendar has begun")
	}
	if len(p.open) >= maxNesting {
		return fmt.Errorf("components lie too deep")
	}
	p.open, p.began = append(p.open, name), true
	if name == "VEVENT" && len(p.open) == 2 {
		p.event, p.at, p.refuse = &Event{}, number, nil
	}
	return nil
}

func (p *parser) end(name string) error {
	if len(p.open) == 0 || p.open[len(p.open)-1] != name {
		return fmt.Errorf("%s ends and has not begun", clip(name))
	}
	p.open = p.open[:len(p.open)-1]
	if name != "VEVENT" || len(p.open) != 1 {
		return nil
	}
	if len(p.cal.Events)+len(p.cal.Skipped) >= MaxEvents {
		return fmt.Errorf("more than %d events", MaxEvents)
	}
	e := *p.event
	p.event = nil
	if p.refuse == nil {
		p.refuse = e.check()
	}
	if p.refuse != nil {
		p.cal.Skipped = append(p.cal.Skipped, Skip{Summary: e.Summary, Line: p.at, Why: p.refuse})
		return nil
	}
	p.cal.Events = append(p.cal.Events, e)
	return nil
}

func (e *Event) check() error {
	switch {
	case e.Start.IsZero():
		return fmt.Errorf("it has no beginning")
	case !e.End.IsZero() && e.End.Date != e.Start.Date:
		return fmt.Errorf("it begins with a date and ends with a time, or the other way round")
	case !e.End.IsZero() && e.End.Zone == e.Start.Zone && e.End.UTC == e.Start.UTC && e.End.Wall.Before(e.Start.Wall):
		return fmt.Errorf("it ends before it begins")
	}
	return nil
}

func (e *Event) set(p property) (err error) {
	switch p.name {
	case "UID":
		e.UID = untext(p.value)
	case "SUMMARY":
		e.Summary = untext(p.value)
	case "DESCRIPTION":
		e.Description = untext(p.value)
	case "LOCATION":
		e.Location = untext(p.value)
	case "URL":
		e.URL = p.value
	case "DTSTART":
		e.Start, err = p.time()
	case "DTEND":
		e.End, err = p.time()
	case "DURATION":
		e.Length, err = ParseLength(p.value)
	case "DTSTAMP":
		var t Time
		t, err = p.time()
		e.Stamp = t.Wall
	case "RECURRENCE-ID":
		e.Instead, err = p.time()
		if p.params["RANGE"] != "" {
			err = unsupported("a change of this and all later instances")
		}
	case "RRULE":
		if e.Rule != nil {
			return unsupported("two recurrence rules")
		}
		e.Rule, err = ParseRule(p.value)
	case "RDATE", "EXRULE":
		err = unsupported("%s", p.name)
	case "EXDATE":
		err = e.except(p)
	case "STATUS":
		e.Cancelled = strings.EqualFold(p.value, "CANCELLED")
	case "SEQUENCE":
		e.Sequence, err = strconv.Atoi(p.value)
	}
	return err
}

const maxExcept = 1000

func (e *Event) except(p property) error {
	for v := range strings.SplitSeq(p.value, ",") {
		one := p
		one.value = v
		t, err := one.time()
		if err != nil {
			return err
		}
		if e.Except = append(e.Except, t); len(e.Except) > maxExcept {
			return fmt.Errorf("more than %d exceptions", maxExcept)
		}
	}
	return nil
}

// parse takes a content line apart. A quoted parameter may hold colons,
// semicolons and commas (RFC 5545 §3.2).
func parse(l line) (property, error) {
	p := property{line: l.number}
	if len(l.text) > maxLine {
		return p, fmt.Errorf("the line is too long")
	}
	quoted, from, split := false, 0, -1
	var heads []string
	for i := 0; i < len(l.text) && split < 0; i++ {
		switch c := l.text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ';':
			heads, from = append(heads, l.text[from:i]), i+1
		case c == ':':
			heads, split = append(heads, l.text[from:i]), i
		}
	}
	if split < 0 || heads[0] == "" {
		return p, fmt.Errorf("%q is no line of a calendar", clip(l.text))
	}
	p.name, p.value = strings.ToUpper(heads[0]), l.text[split+1:]
	for _, h := range heads[1:] {
		name, value, _ := strings.Cut(h, "=")
		if p.params == nil {
			p.params = map[string]string{}
		}
		p.params[strings.ToUpper(name)] = strings.ReplaceAll(value, `"`, "")
	}
	return p, nil
}

// The forms of a date and a time.
const (
	dateForm = "20060102"
	timeForm = "20060102T150405"
)

func (p property) time() (t Time, err error) {
	v := p.value
	t.Zone = p.params["TZID"]
	if t.Date = strings.EqualFold(p.params["VALUE"], "DATE") || len(v) == len(dateForm) && p.params["VALUE"] == ""; t.Date {
		t.Zone = ""
		t.Wall, err = time.Parse(dateForm, v)
	} else {
		if t.UTC = strings.HasSuffix(v, "Z"); t.UTC {
			t.Zone = "" // RFC 5545 §3.3.5: TZID must not stand with a time in UTC
		}
		t.Wall, err = time.Parse(timeForm, strings.TrimSuffix(v, "Z"))
	}
	if err != nil || t.Wall.Year() < 1 {
		return Time{}, fmt.Errorf("%q is no time", clip(v))
	}
	return t, nil
}

// ParseLength reads a duration: "P15DT5H0M20S", "P7W". A negative one is none
// of an event.
func ParseLength(s string) (Length, error) {
	bad := fmt.Errorf("%q is no duration", clip(s))
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(s), "+"), "P")
	if !ok || rest == "" {
		return Length{}, bad
	}
	var l Length
	clock, any := false, false
	for rest != "" {
		if rest[0] == 'T' && !clock {
			clock, rest = true, rest[1:]
			continue
		}
		digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if digits < 1 || digits > 6 {
			return Length{}, bad
		}
		n, err := strconv.Atoi(rest[:digits])
		if err != nil {
			return Length{}, bad
		}
		switch unit := rest[digits]; {
		case unit == 'W' && !clock:
			l.Days += 7 * n
		case unit == 'D' && !clock:
			l.Days += n
		case unit == 'H' && clock:
			l.Exact += time.Duration(n) * time.Hour
		case unit == 'M' && clock:
			l.Exact += time.Duration(n) * time.Minute
		case unit == 'S' && clock:
			l.Exact += time.Duration(n) * time.Second
		default:
			return Length{}, bad
		}
		any, rest = true, rest[digits+1:]
	}
	if !any {
		return Length{}, bad
	}
	return l, nil
}

// untext takes the escapes out of a text (RFC 5545 §3.3.11).
func untext(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch i++; s[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',':
			b.WriteByte(s[i])
		default: // no escape of the standard: as it stands
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
