package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/ical"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/web/view"
)

// calendarDays is how far ahead the public calendars tell.
const calendarDays = 56

// hours is GET /hours: who is where in the coming days, by the roster.
func (p *Portal) hours(w http.ResponseWriter, r *http.Request) error {
	now := p.time(p.Now())
	planned, holidays, err := p.Patrol.Planned(r.Context(), now.Format(time.DateOnly), dutyDays)
	if err != nil {
		return err
	}
	l := p.words(r)
	page := view.HoursPage{Portal: p.frame(r), Feed: "/hours.ics"}
	byDay := map[string][]view.Shift{}
	for _, s := range joined(planned) {
		day := s.From.Format(time.DateOnly)
		byDay[day] = append(byDay[day], s.shown(l))
	}
	named := map[string]string{}
	for _, h := range holidays {
		named[h.Day] = h.Name
	}
	for i := range dutyDays {
		date := now.AddDate(0, 0, i)
		day := date.Format(time.DateOnly)
		page.Days = append(page.Days, view.DutyDay{Date: date, Shifts: byDay[day], Holiday: named[day]})
	}
	if page.Channels, err = p.channelHours(r, now); err != nil {
		return err
	}
	page.Events = p.nextEvents(r)
	return p.show(w, r, http.StatusOK, page)
}

// channelHours says of each channel whether somebody is there, when next, and
// within what time an answer is announced.
func (p *Portal) channelHours(r *http.Request, now time.Time) (out []view.ChannelHours, err error) {
	d, err := p.Patrol.OnDuty(r.Context(), p.Now())
	for _, c := range d.Channels {
		one := view.ChannelHours{Channel: c.Channel, AnswerDays: c.AnswerDays}
		if c.Now != nil {
			one.Until = c.Now.To
		}
		if c.Next != nil {
			one.Next = &view.Shift{From: c.Next.From, To: c.Next.To}
		}
		if one.AnswerDays > 0 || one.Next != nil || !one.Until.IsZero() {
			out = append(out, one)
		}
	}
	return out, err
}

// together is one officer's time with all the channels they are on.
type together struct {
	patrol.Planned
	channels, purposes []string
}

// joined makes one line of what one officer does at one time on several
// channels.
func joined(planned []patrol.Planned) (out []together) {
	for _, s := range planned {
		i := slices.IndexFunc(out, func(o together) bool {
			return o.Officer.ID == s.Officer.ID && o.Officer.Name == s.Officer.Name && o.From.Equal(s.From) && o.To.Equal(s.To)
		})
		if i < 0 {
			i, out = len(out), append(out, together{Planned: s})
		}
		if s.Channel != "" && !slices.Contains(out[i].channels, s.Channel) {
			out[i].channels = append(out[i].channels, s.Channel)
		}
		if s.Purpose != "" && !slices.Contains(out[i].purposes, s.Purpose) {
			out[i].purposes = append(out[i].purposes, s.Purpose)
		}
	}
	return out
}

func (t together) shown(l *lang.Lang) view.Shift {
	return view.Shift{From: t.From, To: t.To, Officer: t.Officer.Name, Channel: where(l, t.channels), Purpose: inWords(l, "word.purpose.", t.purposes), Languages: t.Languages}
}

// where names channels in the reader's words.
func where(l *lang.Lang, channels []string) string { return inWords(l, "word.channel.", channels) }

func inWords(l *lang.Lang, group string, words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = w; l.Has(group + w) {
			out[i] = l.T(group + w)
		}
	}
	return l.List(out)
}

// answerDays are the announced answer times by channel. Where none is
// declared, nothing is promised.
func (p *Portal) answerDays(r *http.Request) (map[string]int, error) {
	declared, err := p.Patrol.Declared(r.Context())
	out := map[string]int{}
	for _, h := range declared {
		out[h.Channel] = h.AnswerDays
	}
	return out, err
}

// promise is the last day by which an answer to a message of t is announced on
// the portal; zero where none is. Holidays are no working days.
func (p *Portal) promise(r *http.Request, t time.Time, days int) time.Time {
	if days == 0 {
		return time.Time{}
	}
	holidays, err := p.Patrol.Holidays(r.Context())
	if err != nil {
		p.Log.Error("read holidays", "error", err)
	}
	shut := map[string]bool{}
	for _, h := range holidays {
		shut[h.Day] = true
	}
	return workingDays(t, days, shut)
}

// workingDays is the end of the n-th working day after t.
func workingDays(t time.Time, n int, shut map[string]bool) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if d := t.Weekday(); d != time.Saturday && d != time.Sunday && !shut[t.Format(time.DateOnly)] {
			n--
		}
	}
	return t
}

// calendar sends a calendar. Programs ask again by themselves and show it under
// its name.
func calendar(w http.ResponseWriter, c ical.Calendar) error {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	return ical.Write(w, c)
}

// shifts are an officer's next times of duty.
func (p *Portal) shifts(r *http.Request, officer string) (out []view.Shift, err error) {
	planned, _, err := p.Patrol.Planned(r.Context(), p.time(p.Now()).Format(time.DateOnly), dutyDays)
	own := slices.DeleteFunc(planned, func(s patrol.Planned) bool { return s.Officer.ID != officer })
	for _, s := range joined(own) {
		if s.To.UnixMicro() > p.Now() {
			out = append(out, s.shown(p.words(r)))
		}
	}
	return out, err
}

// announced says beside each account within what time we answer there.
func (p *Portal) announced(r *http.Request, accounts []view.Account) error {
	days, err := p.answerDays(r)
	for i := range accounts {
		accounts[i].AnswerDays = days[accounts[i].Channel]
	}
	return err
}

// product names us in calendars.
const product = "-//Ronde//Ronde//EN"

// uid names an event for good: what it is, at this organisation.
func (p *Portal) uid(parts ...string) string {
	sum := sha256.Sum256([]byte(p.Org + "\x00" + p.Service + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12]) + "@ronde"
}

// hoursCalendar is GET /hours.ics: the hours of every channel, nobody's name.
func (p *Portal) hoursCalendar(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Patrol.Hours(r.Context())
	if err != nil {
		return err
	}
	l, now := p.words(r), p.time(p.Now())
	c := ical.Calendar{Product: product, Name: p.Service}
	for _, h := range all {
		name := where(l, []string{h.Channel})
		for _, s := range spans(h.Week, now, calendarDays) {
			c.Events = append(c.Events, ical.Event{UID: p.uid("hours", h.Channel, s.From.UTC().Format(time.RFC3339)), Summary: p.Service + " – " + name,
				Start: ical.AtUTC(s.From), End: ical.AtUTC(s.To), Stamp: now.UTC(), URL: p.site(r) + "/hours"})
		}
	}
	return calendar(w, c)
}

// spans are the times of a timetable from now on.
func spans(week patrol.Week, from time.Time, days int) (out []patrol.Span) {
	end := from.AddDate(0, 0, days)
	if s, ok := week.Open(from); ok {
		out = append(out, s)
	}
	for at := from; ; {
		s, ok := week.Next(at)
		if !ok || s.From.After(end) || len(out) > 4*days {
			return out
		}
		out = append(out, s)
		at = s.From
	}
}

// ownCalendar is GET /calendar/{secret}: an officer's own roster, for their
// calendar. It tells nothing that the public page of the card does not; an
// address that is unknown or ended answers like no page.
func (p *Portal) ownCalendar(w http.ResponseWriter, r *http.Request) error {
	secret := strings.TrimSuffix(r.PathValue("secret"), ".ics")
	if len(secret) > 100 {
		return errs.New(errs.NotFound, "err.not_found", "read feed: no such address")
	}
	o, shifts, err := p.Patrol.Feed(r.Context(), secret)
	if err != nil {
		return err
	}
	l := p.words(r)
	c := ical.Calendar{Product: product, Name: o.Name}
	for _, s := range shifts {
		c.Events = append(c.Events, ical.Event{UID: p.uid("shift", o.ID, s.Channel, s.From.UTC().Format(time.RFC3339)), Summary: l.T("hours.feed", "channel", where(l, []string{s.Channel}), "purpose", inWords(l, "word.purpose.", []string{s.Purpose})),
			Start: ical.AtUTC(s.From), End: ical.AtUTC(s.To), Stamp: p.time(p.Now()).UTC()})
	}
	return calendar(w, c)
}

// presence is who is there now, and who comes next, as both doors show it.
func presence(l *lang.Lang, d patrol.Duty) view.Duty {
	out := view.Duty{AnswerDays: d.AnswerDays}
	for _, c := range d.Channels {
		if c.Channel == desk.Portal {
			out.AnswerDays = cmp.Or(c.AnswerDays, d.AnswerDays) // what is announced here is for who writes here
		}
	}
	for _, o := range d.Now {
		out.Now = append(out.Now, view.OnDuty{Name: o.Officer.Name, Handle: o.Officer.ID, Photo: photoOf(o.Officer), Until: o.To, Channel: where(l, o.Channels), Languages: o.Officer.Languages})
	}
	if d.Next != nil {
		out.Next = &view.Shift{From: d.Next.From, To: d.Next.To, Officer: d.Next.Officer.Name, Channel: where(l, d.Next.Channels)}
	}
	return out
}
