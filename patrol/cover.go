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

// Cover is how many stand on a channel in each hour of a week, as the clock on
// the wall shows it.
type Cover struct {
	Channel string
	Days    [7]CoverDay // Monday first
}

// CoverDay is one day of a picture of the week.
type CoverDay struct {
	Day   string
	Hours [24]CoverHour
}

// CoverHour is one hour: how many stand, and whether the declared week wants
// somebody there.
type CoverHour struct {
	People int
	Wanted bool
}

// Gap says that somebody is wanted and nobody stands.
func (h CoverHour) Gap() bool { return h.Wanted && h.People == 0 }

const halfHour = 30 // minutes: who is there for half an hour or more counts for the hour

// cover counts a channel's week. aim is its declared week. Minutes are those of
// the wall, so the day on which the clock changes has its 24 rows like others;
// a shift past midnight counts on the day after for that part.
func (r Roster) cover(aim Hours) Cover {
	c := Cover{Channel: aim.Channel}
	day := func(i int) time.Time { return r.from.AddDate(0, 0, i+1) } // r.from is the Sunday before
	for i := range c.Days {
		c.Days[i].Day = day(i).Format(dateForm)
	}
	for i := -1; i < 7; i++ {
		d := day(i).Format(dateForm)
		for _, s := range r.shifts {
			if s.Day == d && s.Channel == aim.Channel && r.stands(s) == Stands {
				c.add(i, s.Range, func(h *CoverHour) { h.People++ })
			}
		}
		if _, holiday := r.holidays[d]; holiday && aim.Week.Except[d] == nil {
			continue
		}
		for _, x := range aim.Week.of(day(i)) {
			c.add(i, x, func(h *CoverHour) { h.Wanted = true })
		}
	}
	return c
}

// add marks the hours that a range of the day i fills at least half.
func (c *Cover) add(i int, x Range, mark func(*CoverHour)) {
	for h := x.From / 60; h*60 < x.To; h++ {
		if min(x.To, h*60+60)-max(x.From, h*60) < halfHour {
			continue
		}
		if at := i + h/24; at >= 0 && at < 7 {
			mark(&c.Days[at].Hours[h%24])
		}
	}
}

// Gaps is how many hours of the week are wanted and empty.
func (c Cover) Gaps() (n int) {
	for _, d := range c.Days {
		for _, h := range d.Hours {
			if h.Gap() {
				n++
			}
		}
	}
	return n
}

// Kept is a week of a channel that is over: the promised time in parts of at
// most two hours, and in how many of them there was work. Where one officer
// alone stood, neither is kept: a figure would be about a person (promise 1).
type Kept struct {
	Channel     string
	Week        string // its Monday
	Minutes     int
	Parts, Kept int
	Alone       bool
}

// PartHours is the length of the parts in which promised time is looked at.
const PartHours = 2

const (
	partMinutes = 120              // promised time is looked at in parts of this length
	signSlot    = 15 * time.Minute // how finely work leaves a sign
	keptWeeks   = 53
)

// SignIn records, in the transaction of a higher verb, that there is work on a
// channel now: an answer, a conversation taken, a round. Not whose, not how
// much.
func (s *Service) SignIn(ctx context.Context, tx *db.Tx, channel string) error {
	slot := tx.Now - tx.Now%signSlot.Microseconds()
	return errs.Wrap(insertSign(ctx, tx, channel, slot), "record sign of work")
}

// parts cuts a span into parts of at most two hours.
func parts(s Span) (out []Span) {
	for from := s.From; from.Before(s.To); from = from.Add(partMinutes * time.Minute) {
		to := from.Add(partMinutes * time.Minute)
		if to.After(s.To) {
			to = s.To
		}
		out = append(out, Span{from, to})
	}
	return out
}

// kept measures a week that is over. r begins on the Sunday before and ends on
// the Sunday of the week.
func (r Roster) kept(h Hours, signs []int64) Kept {
	k := Kept{Channel: h.Channel, Week: r.from.AddDate(0, 0, 1).Format(dateForm), Alone: r.alone(h.Channel)}
	public := r.hours(h).Week
	for i := range 7 {
		day := r.from.AddDate(0, 0, i+1)
		for _, x := range public.of(day) {
			span := Span{wall(day, x.From, r.zone), wall(day, x.To, r.zone)}
			k.Minutes += int(span.To.Sub(span.From).Minutes())
			if k.Alone {
				continue
			}
			for _, p := range parts(span) {
				k.Parts++
				if slices.ContainsFunc(signs, func(at int64) bool { return p.From.UnixMicro() <= at && at < p.To.UnixMicro() }) {
					k.Kept++
				}
			}
		}
	}
	return k
}

// alone says that the roster of a channel's week names one card and nobody
// else. Where it names no one, the hours are the service's.
func (r Roster) alone(channel string) bool {
	var who []string
	for _, s := range r.shifts {
		if s.Channel != channel || s.Day == r.from.Format(dateForm) {
			continue
		}
		if key := s.Officer + "/" + s.Unit; !slices.Contains(who, key) {
			who = append(who, key)
		}
	}
	return len(who) == 1 && !strings.HasPrefix(who[0], "/")
}

// CloseWeeks measures the week before this one, once, and forgets the signs
// that were needed for it, and shifts and absences long past. It is called by
// the clock.
func (s *Service) CloseWeeks(ctx context.Context) (did int, err error) {
	by := access.AsMachine("roster")
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		did = 0
		this := monday(s.today(tx.Now))
		last := this.AddDate(0, 0, -7)
		r, err := s.roster(ctx, tx, last.AddDate(0, 0, -1), this.AddDate(0, 0, -1))
		if err != nil {
			return errs.Wrap(err, "close week")
		}
		channels, err := r.channels(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "close week")
		}
		begin, end := wall(last, 0, s.zone).UnixMicro(), wall(this, 0, s.zone).UnixMicro()
		for _, h := range channels {
			n, err := s.closeWeek(ctx, tx, by, r, h, begin, end)
			if err != nil {
				return err
			}
			did += n
		}
		if err := deleteSigns(ctx, tx, end); err != nil {
			return errs.Wrap(err, "forget signs")
		}
		return s.forgetRoster(ctx, tx, by, this)
	})
	return did, err
}

func (s *Service) closeWeek(ctx context.Context, tx *db.Tx, by access.Actor, r Roster, h Hours, begin, end int64) (int, error) {
	signs, err := selectSigns(ctx, tx, h.Channel, begin, end+(12*time.Hour).Microseconds()) // a night shift of Sunday
	if err != nil {
		return 0, errs.Wrap(err, "close week")
	}
	k := r.kept(h, signs)
	if k.Minutes == 0 {
		return 0, nil
	}
	row := tx.NewID("prs")
	if fresh, err := insertKept(ctx, tx, row, k); err != nil || !fresh {
		return 0, errs.Wrap(err, "close week")
	}
	return 1, s.account(ctx, tx, by, "roster.close", "patrol_presence", row, "channel "+h.Channel)
}

// forgetRoster deletes what nobody needs any more, a bounded number at a time.
func (s *Service) forgetRoster(ctx context.Context, tx *db.Tx, by access.Actor, today time.Time) error {
	const atOnce = 200
	old := today.AddDate(0, 0, -keepShifts).Format(dateForm)
	shifts, err := selectShifts(ctx, tx, "", old)
	if err != nil {
		return errs.Wrap(err, "forget shifts")
	}
	for _, one := range shifts[:min(len(shifts), atOnce)] {
		if err := s.dropShift(ctx, tx, by, one, "roster.forget"); err != nil {
			return err
		}
	}
	away, err := selectAbsences(ctx, tx, "", today.AddDate(0, 0, -14).Format(dateForm))
	if err != nil {
		return errs.Wrap(err, "forget absences")
	}
	for _, a := range away[:min(len(away), atOnce)] {
		if a.Last >= today.AddDate(0, 0, -14).Format(dateForm) {
			continue
		}
		if err := deleteAbsence(ctx, tx, a.ID); err != nil {
			return errs.Wrap(err, "forget absences")
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "roster.forget", Table: "patrol_absences", ID: a.ID, By: by, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}

// Coverage is the picture of a week, one a channel, and what was kept of the
// weeks before. It is for patrol staff and recorded as a list view.
func (s *Service) Coverage(ctx context.Context, by access.Actor, week string) (covers []Cover, kept []Kept, err error) {
	if err := people.Allow(by, "hours.roster", access.Resource{Kind: "hours"}); err != nil {
		return nil, nil, err
	}
	day, err := parseDay("week", week)
	if err != nil {
		return nil, nil, errs.New(errs.NotFound, "err.not_found", "show coverage: no such week")
	}
	first := monday(day)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.roster(ctx, tx, first.AddDate(0, 0, -1), first.AddDate(0, 0, 6))
		if err != nil {
			return errs.Wrap(err, "show coverage")
		}
		aims, err := r.aims(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "show coverage")
		}
		covers = nil
		for _, h := range aims {
			covers = append(covers, r.cover(h))
		}
		if kept, err = selectKept(ctx, tx, s.today(tx.Now).AddDate(0, 0, -7*keptWeeks).Format(dateForm)); err != nil {
			return errs.Wrap(err, "show coverage")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "roster.list", ID: "coverage", By: by, Detail: countText(len(covers), "rows")})
	})
	return covers, kept, err
}

// aims are the declared weeks of every channel that has one or stands in the
// roster.
func (r Roster) aims(ctx context.Context, tx *db.Tx) ([]Hours, error) {
	out, err := selectHours(ctx, tx)
	for _, s := range r.shifts {
		if !slices.ContainsFunc(out, func(h Hours) bool { return h.Channel == s.Channel }) {
			out = append(out, Hours{Channel: s.Channel})
		}
	}
	return out, err
}
