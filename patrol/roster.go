package patrol

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// Holiday is a day on which only shifts that say so stand.
type Holiday struct {
	ID, Day, Name string
}

// Absence is a time in which a card's shifts do not stand. Why is asked
// nowhere.
type Absence struct {
	ID          string // abs_…
	Officer     string
	First, Last string // days, both included
}

// Why a shift that is planned does not stand.
const (
	Stands  = ""
	OnLeave = "absent"  // its officer is away
	Shut    = "holiday" // the day is a holiday
	Left    = "left"    // its card is withdrawn
)

// Roster is what is planned over some days. It is a value: nothing in it
// changes.
type Roster struct {
	zone     *time.Location
	from, to time.Time // days, both included, at noon UTC
	shifts   []Shift   // in the order of days
	holidays map[string]Holiday
	absences []Absence
	officers map[string]Officer // published cards
	reach    map[string]reach
}

// reach is the first and last day that a roster of one channel or one card
// says anything about: whole weeks.
type reach struct{ first, last string }

func channelKey(name string) string { return "channel " + name }
func cardKey(id string) string      { return "card " + id }

// covers says whether the roster speaks for a channel or card on a day. What
// it says nothing about keeps its declared week.
func (r Roster) covers(key, day string) bool {
	w, ok := r.reach[key]
	return ok && w.first <= day && day <= w.last
}

// stands says whether a planned shift will be, and if not, why.
func (r Roster) stands(s Shift) string {
	if s.Officer != "" {
		if _, ok := r.officers[s.Officer]; !ok {
			return Left
		}
	}
	if _, ok := r.holidays[s.Day]; ok && !s.Holiday {
		return Shut
	}
	for _, a := range r.absences {
		if a.Officer == s.Officer && a.First <= s.Day && s.Day <= a.Last && s.Officer != "" {
			return OnLeave
		}
	}
	return Stands
}

// ranges are the times of one day in which a matching shift stands, joined
// where they touch.
func (r Roster) ranges(day string, match func(Shift) bool) []Range {
	var all []Range
	for _, s := range r.on(day) {
		if match(s) && r.stands(s) == Stands {
			all = append(all, s.Range)
		}
	}
	return union(all)
}

// on are the shifts of a day. They lie in the order of days, and every page of
// the portal asks for each of many days.
func (r Roster) on(day string) []Shift {
	byDay := func(s Shift, day string) int { return cmp.Compare(s.Day, day) }
	from, _ := slices.BinarySearchFunc(r.shifts, day, byDay)
	to := from
	for to < len(r.shifts) && r.shifts[to].Day == day {
		to++
	}
	return r.shifts[from:to]
}

// union joins ranges that overlap or touch.
func union(all []Range) (out []Range) {
	slices.SortFunc(all, func(a, b Range) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	for _, x := range all {
		if n := len(out); n > 0 && x.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, x.To)
			continue
		}
		out = append(out, x)
	}
	return out
}

// week is a declared week with what the roster says instead on each day that
// it covers. A holiday closes the days it does not cover, unless the declared
// week names that very date.
func (r Roster) week(base Week, key string, match func(Shift) bool) Week {
	out := Week{Days: base.Days, Except: maps.Clone(base.Except)}
	if out.Except == nil {
		out.Except = map[string][]Range{}
	}
	for day := r.from; !day.After(r.to); day = day.AddDate(0, 0, 1) {
		d := day.Format(dateForm)
		_, named := base.Except[d]
		_, holiday := r.holidays[d]
		switch {
		case r.covers(key, d):
			out.Except[d] = r.ranges(d, match)
		case holiday && !named:
			out.Except[d] = nil
		}
	}
	return out
}

// hours is a channel's timetable as the public reads it.
func (r Roster) hours(h Hours) Hours {
	h.Week = r.week(h.Week, channelKey(h.Channel), func(s Shift) bool { return s.Channel == h.Channel })
	return h
}

// card is an officer's card with the hours of the roster.
func (r Roster) card(o Officer) Officer {
	o.Hours = r.week(o.Hours, cardKey(o.ID), func(s Shift) bool { return s.Officer == o.ID })
	return o
}

// Planned is a time of duty as the public may know it.
type Planned struct {
	Span
	Officer   Officer // with no ID and the unit as its name when a unit stands there
	Channel   string  // empty: wherever the officer is
	Purpose   string
	Languages []string
}

// planned lists who is where on the roster's days, in order: shifts that stand,
// and the declared hours of cards that the roster does not speak of.
func (r Roster) planned() (out []Planned) {
	for _, s := range r.shifts {
		if r.stands(s) != Stands {
			continue
		}
		o, ok := r.officers[s.Officer]
		if !ok {
			o = Officer{Name: s.Unit, Unit: s.Unit}
		}
		out = append(out, Planned{Span: s.span(r.zone), Officer: o, Channel: s.Channel, Purpose: s.Purpose, Languages: s.Languages})
	}
	for _, o := range r.officers {
		hours := r.card(o).Hours
		for day := r.from; !day.After(r.to); day = day.AddDate(0, 0, 1) {
			if r.covers(cardKey(o.ID), day.Format(dateForm)) {
				continue
			}
			for _, x := range hours.of(day) {
				out = append(out, Planned{Span: Span{From: wall(day, x.From, r.zone), To: wall(day, x.To, r.zone)}, Officer: o, Languages: o.Languages})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Planned) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Officer.Name, b.Officer.Name), cmp.Compare(a.Channel, b.Channel))
	})
	return out
}

// of are the ranges of a day.
func (w Week) of(day time.Time) []Range {
	if r, ok := w.Except[day.Format(dateForm)]; ok {
		return r
	}
	return w.Days[day.Weekday()]
}

// today is the day on the wall of the organisation, at noon UTC.
func (s *Service) today(at int64) time.Time {
	y, m, d := time.UnixMicro(at).In(s.zone).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
}

// roster reads what is planned from one day to another, both included.
func (s *Service) roster(ctx context.Context, tx *db.Tx, from, to time.Time) (r Roster, err error) {
	r = Roster{zone: s.zone, from: from, to: to, holidays: map[string]Holiday{}, officers: map[string]Officer{}, reach: map[string]reach{}}
	first, last := from.Format(dateForm), to.Format(dateForm)
	if r.shifts, err = selectShifts(ctx, tx, first, last); err != nil {
		return r, err
	}
	holidays, err := selectHolidays(ctx, tx, first, last)
	if err != nil {
		return r, err
	}
	for _, h := range holidays {
		r.holidays[h.Day] = h
	}
	if r.absences, err = selectAbsences(ctx, tx, first, last); err != nil {
		return r, err
	}
	officers, err := selectOfficers(ctx, tx, Published)
	if err != nil {
		return r, err
	}
	for _, o := range officers {
		r.officers[o.ID] = o
	}
	reaches, err := selectReaches(ctx, tx)
	for _, w := range reaches {
		r.widen(channelKey(w.channel), w.reach)
		if w.officer != "" {
			r.widen(cardKey(w.officer), w.reach)
		}
	}
	return r, err
}

// widen makes a reach hold the whole weeks of another.
func (r Roster) widen(key string, w reach) {
	first, err1 := time.Parse(dateForm, w.first)
	last, err2 := time.Parse(dateForm, w.last)
	if err1 != nil || err2 != nil {
		return
	}
	w = reach{monday(first).Format(dateForm), monday(last).AddDate(0, 0, 6).Format(dateForm)}
	if old, ok := r.reach[key]; ok {
		w = reach{min(w.first, old.first), max(w.last, old.last)}
	}
	r.reach[key] = w
}

// ahead is the roster that the public hours need: yesterday's night shifts, and
// as far as the next opening is sought.
func (s *Service) ahead(ctx context.Context, tx *db.Tx, now int64) (Roster, error) {
	today := s.today(now)
	return s.roster(ctx, tx, today.AddDate(0, 0, -1), today.AddDate(0, 0, lookAhead))
}

// maxDays bounds what is read of a roster at once.
const maxDays = 70

// Planned lists who is where from a day on ("2026-11-23"), for some days. It is
// public and not recorded.
func (s *Service) Planned(ctx context.Context, from string, days int) (out []Planned, holidays []Holiday, err error) {
	day, err := parseDay("day", from)
	if err != nil || days < 1 || days > maxDays {
		return nil, nil, errs.Field("day", "err.patrol.day", "read roster: no such days", "day", clip(from))
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.roster(ctx, tx, day, day.AddDate(0, 0, days-1))
		if err != nil {
			return err
		}
		out, holidays = r.planned(), slices.SortedFunc(maps.Values(r.holidays), func(a, b Holiday) int { return cmp.Compare(a.Day, b.Day) })
		return nil
	})
	return out, holidays, errs.Wrap(err, "read roster")
}
