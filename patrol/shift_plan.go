package patrol

import (
	"context"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// mayPlan lets the duty lead of the patrol through.
func mayPlan(by access.Actor) error {
	return people.Allow(by, "hours.publish", access.Resource{Kind: "hours"})
}

// PlanShifts plans shifts and says how many. Whoever would stand twice on one
// channel at one time is named by the error, and nothing is planned.
func (s *Service) PlanShifts(ctx context.Context, by access.Actor, in ShiftIn) (n int, err error) {
	if err := mayPlan(by); err != nil {
		return 0, err
	}
	all, err := in.shifts()
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		added, err := s.addShifts(ctx, tx, by, all)
		if err == nil && added < len(all) {
			return errs.Field("times", "err.patrol.shift_twice", "plan shifts: they stand there at that time")
		}
		n = added
		return err
	})
	return n, err
}

// addShifts plans what does not stand there already, and says how many.
func (s *Service) addShifts(ctx context.Context, tx *db.Tx, by access.Actor, all []Shift) (n int, err error) {
	if len(all) == 0 {
		return 0, nil
	}
	if len(all) > MaxPlanned {
		return 0, errs.New(errs.Limit, "err.patrol.planned", "plan shifts: too many at once", "max", MaxPlanned)
	}
	there, err := s.around(ctx, tx, all)
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		if slices.ContainsFunc(there, one.overlaps) {
			continue
		}
		one.ID, one.Made = tx.NewID("shi"), tx.Now
		if err := insertShift(ctx, tx, one); err != nil {
			return 0, errs.Wrap(err, "plan shift")
		}
		if err := s.account(ctx, tx, by, "roster.plan", "patrol_shifts", one.ID, "channel "+one.Channel); err != nil {
			return 0, err
		}
		there = append(there, one)
		n++
	}
	return n, nil
}

// around are the shifts that new ones could meet, once there is room for them
// and every card that they name is published.
func (s *Service) around(ctx context.Context, tx *db.Tx, all []Shift) ([]Shift, error) {
	kept, err := countShifts(ctx, tx)
	if err != nil {
		return nil, errs.Wrap(err, "plan shifts")
	}
	if kept+len(all) > MaxShifts {
		return nil, errs.New(errs.Limit, "err.limit", "plan shifts: the roster is full")
	}
	first, last := all[0].Day, all[0].Day
	cards := map[string]bool{"": true}
	for _, one := range all {
		first, last = min(first, one.Day), max(last, one.Day)
		if !cards[one.Officer] {
			if err := mustBePublished(ctx, tx, one.Officer, "who"); err != nil {
				return nil, err
			}
			cards[one.Officer] = true
		}
	}
	from, err := parseDay("day", first)
	if err != nil {
		return nil, err
	}
	there, err := selectShifts(ctx, tx, from.AddDate(0, 0, -1).Format(dateForm), last)
	return there, errs.Wrap(err, "plan shifts")
}

// mustBePublished refuses a card that the public does not know.
func mustBePublished(ctx context.Context, tx *db.Tx, card, field string) error {
	if o, err := selectOfficer(ctx, tx, card); err != nil || o.State != Published {
		return errs.Field(field, "err.patrol.officer", "name officer: no published card")
	}
	return nil
}

// change reads a shift that has not ended, lets do change it, and keeps it.
func (s *Service) change(ctx context.Context, by access.Actor, verb, shift string, do func(*db.Tx, *Shift) (detail string, err error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		one, err := s.coming(ctx, tx, shift)
		if err != nil {
			return err
		}
		detail, err := do(tx, &one)
		if err != nil {
			return err
		}
		if err := updateShift(ctx, tx, one); err != nil {
			return errs.Wrap(err, "change shift")
		}
		return s.account(ctx, tx, by, verb, "patrol_shifts", one.ID, detail)
	})
}

// coming is a shift that has not ended. What was, stays as it was: the figures
// of a week are made from it.
func (s *Service) coming(ctx context.Context, tx *db.Tx, shift string) (Shift, error) {
	one, err := selectShift(ctx, tx, shift)
	if err != nil {
		return one, db.One(err, "read shift")
	}
	if one.span(s.zone).To.UnixMicro() <= tx.Now {
		return one, errs.New(errs.Conflict, "err.patrol.past", "change shift: it is over")
	}
	return one, nil
}

// AssignShift puts a card on a shift, or a unit when card is empty.
func (s *Service) AssignShift(ctx context.Context, by access.Actor, shift, card, unit string) error {
	if err := mayPlan(by); err != nil {
		return err
	}
	return s.change(ctx, by, "roster.assign", shift, func(tx *db.Tx, one *Shift) (string, error) {
		one.Officer, one.Unit, one.Offered = card, "", false
		if card == "" {
			one.Unit = strings.TrimSpace(unit)
		} else if err := mustBePublished(ctx, tx, card, "who"); err != nil {
			return "", err
		}
		if err := one.check(); err != nil {
			return "", err
		}
		return "", s.free(ctx, tx, *one)
	})
}

// free refuses a shift whose card stands on that channel at that time already,
// or is away.
func (s *Service) free(ctx context.Context, tx *db.Tx, one Shift) error {
	day, err := parseDay("day", one.Day)
	if err != nil {
		return err
	}
	there, err := s.roster(ctx, tx, day.AddDate(0, 0, -1), day.AddDate(0, 0, 1))
	if err != nil {
		return errs.Wrap(err, "read roster")
	}
	for _, o := range there.shifts {
		if o.ID != one.ID && o.overlaps(one) {
			return errs.Field("who", "err.patrol.shift_twice", "give shift: they stand there at that time")
		}
	}
	if there.stands(one) == OnLeave {
		return errs.Field("who", "err.patrol.away", "give shift: they are away")
	}
	return nil
}

// RemoveShift takes a shift that has not ended out of the roster.
func (s *Service) RemoveShift(ctx context.Context, by access.Actor, shift string) error {
	if err := mayPlan(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		one, err := s.coming(ctx, tx, shift)
		if err != nil {
			return err
		}
		return s.dropShift(ctx, tx, by, one, "roster.remove")
	})
}

func (s *Service) dropShift(ctx context.Context, tx *db.Tx, by access.Actor, one Shift, verb string) error {
	if err := deleteShift(ctx, tx, one.ID); err != nil {
		return errs.Wrap(err, "remove shift")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: "patrol_shifts", ID: one.ID, By: by, Detail: "channel " + one.Channel, Gone: true})
}

// ClearWeek takes every shift of a week out that has not ended, of one channel
// or of all, and says how many.
func (s *Service) ClearWeek(ctx context.Context, by access.Actor, week, channel string) (n int, err error) {
	if err := mayPlan(by); err != nil {
		return 0, err
	}
	day, err := parseDay("week", week)
	if err != nil {
		return 0, err
	}
	first := monday(day)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectShifts(ctx, tx, first.Format(dateForm), first.AddDate(0, 0, 6).Format(dateForm))
		if err != nil {
			return errs.Wrap(err, "clear week")
		}
		n = 0
		for _, one := range all {
			if channel != "" && one.Channel != channel || one.span(s.zone).To.UnixMicro() <= tx.Now {
				continue
			}
			if err := s.dropShift(ctx, tx, by, one, "roster.remove"); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// Template is a week to plan other weeks by.
type Template struct {
	ID    string // tpl_…
	Name  string
	lines string
}

// Shifts is how many shifts it has.
func (t Template) Shifts() int { return strings.Count(t.lines, "\n") + 1 }

// MaxTemplates bounds how many there are.
const MaxTemplates = 40

// SaveTemplate keeps a week of the roster under a name; the same name again
// replaces it.
func (s *Service) SaveTemplate(ctx context.Context, by access.Actor, week, name string) error {
	if err := mayPlan(by); err != nil {
		return err
	}
	if name = strings.TrimSpace(name); hiddenHandle.MatchString(name) {
		return errs.New(errs.Denied, "err.patrol.hidden", "save template: a hidden service handle stands in it")
	}
	if err := line("template", name, MaxName); err != nil {
		return err
	}
	day, err := parseDay("week", week)
	if err != nil {
		return err
	}
	first := monday(day)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectShifts(ctx, tx, first.Format(dateForm), first.AddDate(0, 0, 6).Format(dateForm))
		if err != nil {
			return errs.Wrap(err, "save template")
		}
		if len(all) == 0 {
			return errs.Field("template", "err.patrol.no_shift", "save template: the week is empty")
		}
		others, err := selectTemplates(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "save template")
		}
		if len(others) >= MaxTemplates && !slices.ContainsFunc(others, func(t Template) bool { return t.Name == name }) {
			return errs.New(errs.Limit, "err.limit", "save template: too many")
		}
		var lines []string
		for _, one := range all {
			lines = append(lines, one.text())
		}
		t := Template{ID: tx.NewID("tpl"), Name: name, lines: strings.Join(lines, "\n")}
		if t.ID, err = upsertTemplate(ctx, tx, t); err != nil {
			return errs.Wrap(err, "save template")
		}
		return s.account(ctx, tx, by, "roster.template", "patrol_templates", t.ID, countText(len(all), "rows"))
	})
}

// RemoveTemplate forgets a template; what was planned by it stays.
func (s *Service) RemoveTemplate(ctx context.Context, by access.Actor, template string) error {
	if err := mayPlan(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := deleteTemplate(ctx, tx, template); err != nil {
			return db.One(err, "remove template")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "roster.template", Table: "patrol_templates", ID: template, By: by, Detail: "removed", Gone: true})
	})
}

// ApplyTemplate plans some weeks by a template and says how many shifts it
// made. What stands there already stays, and is not planned twice; a card that
// is not published any more is passed over and counted.
func (s *Service) ApplyTemplate(ctx context.Context, by access.Actor, template, week string, weeks int) (made, left int, err error) {
	if err := mayPlan(by); err != nil {
		return 0, 0, err
	}
	day, err := parseDay("week", week)
	if err != nil {
		return 0, 0, err
	}
	if weeks < 1 || weeks > MaxWeeks {
		return 0, 0, errs.Field("weeks", "err.patrol.weeks", "apply template: too many weeks", "max", MaxWeeks)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectTemplates(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "apply template")
		}
		i := slices.IndexFunc(all, func(t Template) bool { return t.ID == template })
		if i < 0 {
			return errs.New(errs.NotFound, "err.not_found", "apply template: no such template")
		}
		var plan []Shift
		left = 0
		for n := range weeks {
			for l := range strings.SplitSeq(all[i].lines, "\n") {
				one, err := templated(l, monday(day).AddDate(0, 0, 7*n))
				if err != nil {
					return err
				}
				if one.Officer != "" && mustBePublished(ctx, tx, one.Officer, "who") != nil {
					left++
					continue
				}
				plan = append(plan, one)
			}
		}
		made, err = s.addShifts(ctx, tx, by, plan)
		return err
	})
	return made, left, err
}
