package patrol

import (
	"context"
	"slices"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// MaxAnswerDays bounds a declared answer time, in working days.
const MaxAnswerDays = 30

// Hours is the timetable of one channel and the time within which a message
// there is answered (D 2.33).
type Hours struct {
	ID         string // hou_…
	Channel    string
	Week       Week
	AnswerDays int // working days
}

// Presence is an officer who is there, or will be. Where the roster names a
// unit, Officer has no ID and the unit's name.
type Presence struct {
	Officer  Officer
	From, To time.Time
	Channels []string // where, by the roster; empty: not told
}

// ChannelNow is a channel at one moment.
type ChannelNow struct {
	Hours
	Now  *Span // the span under way
	Next *Span // the next one
}

// Duty is who is there now and who comes next.
type Duty struct {
	Now        []Presence
	Next       *Presence // the soonest that has not begun
	Channels   []ChannelNow
	AnswerDays int // the longest declared answer time; 0 when none is declared
}

// SetHours declares the timetable and answer time of a channel.
func (s *Service) SetHours(ctx context.Context, by access.Actor, name, week string, answerDays int) error {
	name = strings.ToLower(strings.TrimSpace(name))
	if err := people.Allow(by, "hours.publish", access.Resource{Kind: "hours"}); err != nil {
		return err
	}
	if !channel.MatchString(name) {
		return errs.Field("channel", "err.patrol.word", "set hours: not a channel's name", "word", clip(name))
	}
	if answerDays < 1 || answerDays > MaxAnswerDays {
		return errs.Field("answer_days", "err.patrol.answer_days", "set hours: answer time out of bounds", "max", MaxAnswerDays)
	}
	w, err := ParseWeek(week)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		h := Hours{ID: tx.NewID("hou"), Channel: name, Week: w, AnswerDays: answerDays}
		if h.ID, err = upsertHours(ctx, tx, h); err != nil {
			return errs.Wrap(err, "set hours")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "hours.publish", Table: "patrol_hours", ID: h.ID, By: by, Detail: "channel " + name})
	})
}

// Declared lists every channel's declared week, without the roster: what the
// lead has set and edits.
func (s *Service) Declared(ctx context.Context) (out []Hours, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectHours(ctx, tx)
		return err
	})
	return out, errs.Wrap(err, "read hours")
}

// Hours lists every channel's timetable: what the roster says on the days that
// it covers, the declared week on others. It is public and not recorded.
func (s *Service) Hours(ctx context.Context) (out []Hours, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.ahead(ctx, tx, tx.Now)
		if err != nil {
			return err
		}
		out, err = r.channels(ctx, tx)
		return err
	})
	return out, errs.Wrap(err, "read hours")
}

// channels are the timetables of every channel that has a declared week or a
// roster.
func (r Roster) channels(ctx context.Context, tx *db.Tx) (out []Hours, err error) {
	declared, err := selectHours(ctx, tx)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, h := range declared {
		seen[h.Channel] = true
		out = append(out, r.hours(h))
	}
	for _, s := range r.shifts {
		if !seen[s.Channel] {
			seen[s.Channel] = true
			out = append(out, r.hours(Hours{Channel: s.Channel}))
		}
	}
	slices.SortFunc(out, func(a, b Hours) int { return strings.Compare(a.Channel, b.Channel) })
	return out, nil
}

// OnDuty says who is there at a time (microseconds UTC) and who comes next, in
// the organisation's zone: by the roster, and by the declared hours of cards
// that stand in none. It is public and not recorded.
func (s *Service) OnDuty(ctx context.Context, now int64) (d Duty, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.ahead(ctx, tx, now)
		if err != nil {
			return err
		}
		hours, err := r.channels(ctx, tx)
		d = r.duty(time.UnixMicro(now).In(s.zone), hours)
		return err
	})
	return d, errs.Wrap(err, "read duty")
}

func (r Roster) duty(at time.Time, hours []Hours) Duty {
	var d Duty
	for _, h := range hours {
		c := ChannelNow{Hours: h}
		if s, ok := h.Week.Open(at); ok {
			c.Now = &s
		}
		if s, ok := h.Week.Next(at); ok {
			c.Next = &s
		}
		d.Channels = append(d.Channels, c)
		d.AnswerDays = max(d.AnswerDays, h.AnswerDays)
	}
	for _, p := range r.planned() {
		switch {
		case !p.To.After(at):
		case p.From.After(at):
			if d.Next == nil || p.From.Before(d.Next.From) {
				d.Next = &Presence{Officer: p.Officer, From: p.From, To: p.To, Channels: p.where()}
			}
		default:
			d.add(p)
		}
	}
	slices.SortStableFunc(d.Now, func(a, b Presence) int { return strings.Compare(a.Officer.Name, b.Officer.Name) })
	return d
}

func (p Planned) where() []string {
	if p.Channel == "" {
		return nil
	}
	return []string{p.Channel}
}

// add joins what one officer does on several channels at one time.
func (d *Duty) add(p Planned) {
	for i, o := range d.Now {
		if o.Officer.ID == p.Officer.ID && o.Officer.Name == p.Officer.Name {
			d.Now[i].Channels = append(o.Channels, p.where()...)
			if p.To.After(o.To) {
				d.Now[i].To = p.To
			}
			return
		}
	}
	d.Now = append(d.Now, Presence{Officer: p.Officer, From: p.From, To: p.To, Channels: p.where()})
}
