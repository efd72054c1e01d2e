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

// Presence is an officer who is there, or will be.
type Presence struct {
	Officer  Officer
	From, To time.Time
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

// Hours lists every channel's timetable. It is public and not recorded.
func (s *Service) Hours(ctx context.Context) (out []Hours, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectHours(ctx, tx)
		return err
	})
	return out, errs.Wrap(err, "read hours")
}

// OnDuty says who is there at a time (microseconds UTC) and who comes next, in
// the organisation's zone. A card without hours is never on duty. It is public
// and not recorded.
func (s *Service) OnDuty(ctx context.Context, now int64) (Duty, error) {
	var hours []Hours
	var officers []Officer
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if hours, err = selectHours(ctx, tx); err != nil {
			return err
		}
		officers, err = selectOfficers(ctx, tx, Published)
		return err
	})
	if err != nil {
		return Duty{}, errs.Wrap(err, "read duty")
	}
	return dutyAt(time.UnixMicro(now).In(s.zone), officers, hours), nil
}

func dutyAt(at time.Time, officers []Officer, hours []Hours) Duty {
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
	for _, o := range officers {
		if s, ok := o.Hours.Open(at); ok {
			d.Now = append(d.Now, Presence{Officer: o, From: s.From, To: s.To})
		}
		if s, ok := o.Hours.Next(at); ok && (d.Next == nil || s.From.Before(d.Next.From)) {
			d.Next = &Presence{Officer: o, From: s.From, To: s.To}
		}
	}
	slices.SortStableFunc(d.Now, func(a, b Presence) int { return strings.Compare(a.Officer.Name, b.Officer.Name) })
	return d
}
