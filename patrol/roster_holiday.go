package patrol

import (
	"context"
	"io"
	"strings"
	"time"
	_ "time/tzdata" // calendars name zones, and the machine may have no list of them

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/ical"
	"ronde/ledger"
)

// MaxHolidays bounds how many are kept.
const MaxHolidays = 1000

// Holidays lists the holidays from today on.
func (s *Service) Holidays(ctx context.Context) (out []Holiday, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectHolidays(ctx, tx, s.today(tx.Now).Format(dateForm), farDay)
		return err
	})
	return out, errs.Wrap(err, "read holidays")
}

// AddHoliday closes a day, except for what stands on holidays too.
func (s *Service) AddHoliday(ctx context.Context, by access.Actor, day, name string) error {
	if err := mayPlan(by); err != nil {
		return err
	}
	if _, err := parseDay("day", day); err != nil {
		return err
	}
	if err := line("name", strings.TrimSpace(name), MaxName); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		added, err := s.addHolidays(ctx, tx, by, []Holiday{{Day: day, Name: strings.TrimSpace(name)}})
		if err == nil && added == 0 {
			err = errs.Field("day", "err.patrol.holiday_twice", "add holiday: the day is one")
		}
		return err
	})
}

func (s *Service) addHolidays(ctx context.Context, tx *db.Tx, by access.Actor, all []Holiday) (n int, err error) {
	known, err := selectHolidays(ctx, tx, "", farDay)
	if err != nil {
		return 0, errs.Wrap(err, "add holidays")
	}
	if len(known)+len(all) > MaxHolidays {
		return 0, errs.New(errs.Limit, "err.limit", "add holidays: too many")
	}
	for _, h := range all {
		h.ID = tx.NewID("hol")
		fresh, err := insertHoliday(ctx, tx, h)
		if err != nil {
			return 0, errs.Wrap(err, "add holiday")
		}
		if !fresh {
			continue
		}
		n++
		if err := s.account(ctx, tx, by, "roster.holiday", "patrol_holidays", h.ID, h.Day); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// RemoveHoliday opens a day again.
func (s *Service) RemoveHoliday(ctx context.Context, by access.Actor, holiday string) error {
	if err := mayPlan(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := deleteHoliday(ctx, tx, holiday); err != nil {
			return db.One(err, "remove holiday")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "roster.holiday", Table: "patrol_holidays", ID: holiday, By: by, Detail: "removed", Gone: true})
	})
}

// Imported says what became of a calendar.
type Imported struct {
	Added   int
	Known   int         // stood there already
	Skipped []ical.Skip // could not be kept, and why
}

// importDays is how far ahead a calendar is read.
const importDays = 2 * 366

// ImportHolidays takes the whole-day events of a calendar as holidays, from
// today on.
func (s *Service) ImportHolidays(ctx context.Context, by access.Actor, file io.Reader) (in Imported, err error) {
	if err := mayPlan(by); err != nil {
		return in, err
	}
	c, found, err := s.read(file, importDays)
	if err != nil {
		return in, err
	}
	var all []Holiday
	for _, o := range found {
		name := strings.TrimSpace(o.Event.Summary)
		switch {
		case !o.Day:
			c.Skipped = append(c.Skipped, ical.Skip{Summary: name, Why: errs.New(errs.Invalid, "err.patrol.not_a_day", "import holidays: not a whole day")})
		case line("name", name, MaxName) != nil:
			c.Skipped = append(c.Skipped, ical.Skip{Summary: clip(name), Why: errs.New(errs.Invalid, "err.patrol.bad_name", "import holidays: no name to show")})
		default:
			for day := o.From; day.Before(o.To) && len(all) < MaxHolidays; day = day.AddDate(0, 0, 1) {
				all = append(all, Holiday{Day: day.Format(dateForm), Name: name})
			}
		}
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		in.Added, err = s.addHolidays(ctx, tx, by, all)
		return err
	})
	in.Known, in.Skipped = len(all)-in.Added, c.Skipped
	return in, err
}

// read reads what a calendar says of the next days.
func (s *Service) read(file io.Reader, days int) (ical.Calendar, []ical.Occurrence, error) {
	c, err := ical.Read(file)
	if err != nil {
		return c, nil, errs.Field("file", "err.patrol.calendar", err.Error())
	}
	from := wall(s.today(s.db.Now()), 0, s.zone)
	found, err := c.Occurrences(from, from.AddDate(0, 0, days), s.zone, zoneNamed, MaxPlanned)
	if err != nil {
		return c, nil, errs.Field("file", "err.patrol.calendar", err.Error())
	}
	return c, found, nil
}

// ImportShifts takes the timed events of a calendar as shifts of one card or
// unit on one channel, half a year ahead. in gives all but days and times.
func (s *Service) ImportShifts(ctx context.Context, by access.Actor, in ShiftIn, file io.Reader) (out Imported, err error) {
	if err := mayPlan(by); err != nil {
		return out, err
	}
	one := Shift{Channel: in.Channel, Purpose: in.Purpose, Officer: in.Officer, Unit: strings.TrimSpace(in.Unit), Holiday: in.Holiday}
	if one.Languages, err = words("languages", in.Languages, tongue, MaxTongues); err != nil {
		return out, err
	}
	if err := one.check(); err != nil {
		return out, err
	}
	c, found, err := s.read(file, 7*MaxWeeks)
	if err != nil {
		return out, err
	}
	var all []Shift
	for _, o := range found {
		x, ok := s.onTheWall(Span{o.From, o.To})
		if o.Day || !ok {
			c.Skipped = append(c.Skipped, ical.Skip{Summary: clip(o.Event.Summary), Why: errs.New(errs.Invalid, "err.patrol.not_a_shift", "import shifts: a whole day, or longer than one")})
			continue
		}
		one.Day, one.Range = x.Day, x.Range
		all = append(all, one)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out.Added, err = s.addShifts(ctx, tx, by, all)
		return err
	})
	out.Known, out.Skipped = len(all)-out.Added, c.Skipped
	return out, err
}

// onTheWall is a span as the clock on the organisation's wall shows it; false
// when it lasts no minute or more than a day.
func (s *Service) onTheWall(x Span) (Shift, bool) {
	from, to := x.From.In(s.zone), x.To.In(s.zone)
	y, m, d := from.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	a := from.Hour()*60 + from.Minute()
	ty, tm, td := to.Date()
	b := int(time.Date(ty, tm, td, to.Hour(), to.Minute(), 0, 0, time.UTC).Sub(midnight).Minutes())
	return Shift{Day: midnight.Format(dateForm), Range: Range{a, b}}, b > a && b-a <= dayMinutes
}

// windowsZones are names that calendars of one maker give to zones of Europe.
var windowsZones = map[string]string{
	"Romance Standard Time": "Europe/Paris", "W. Europe Standard Time": "Europe/Berlin", "Central Europe Standard Time": "Europe/Budapest",
	"Central European Standard Time": "Europe/Warsaw", "GMT Standard Time": "Europe/London", "Greenwich Standard Time": "Atlantic/Reykjavik",
	"FLE Standard Time": "Europe/Helsinki", "GTB Standard Time": "Europe/Bucharest", "E. Europe Standard Time": "Europe/Chisinau",
	"Russian Standard Time": "Europe/Moscow", "Turkey Standard Time": "Europe/Istanbul", "UTC": "UTC",
}

// zoneNamed finds the zone that a calendar names.
func zoneNamed(name string) (*time.Location, error) {
	name = strings.TrimSpace(name)
	if known, ok := windowsZones[name]; ok {
		name = known
	}
	if i := strings.LastIndex(name, "/Europe/"); i >= 0 { // "/citadel.example/20230601_1/Europe/Paris"
		name = name[i+1:]
	}
	if name == "" || name == "Local" {
		return nil, errs.New(errs.Invalid, "err.patrol.calendar", "read zone: it has no name")
	}
	return time.LoadLocation(name)
}
