package patrol

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

func mayEvent(by access.Actor, verb string) error {
	return people.Allow(by, verb, access.Resource{Kind: "event"})
}

// PlanEvent prepares an event, or changes one that is not over. What is
// announced must stay fit to be.
func (s *Service) PlanEvent(ctx context.Context, by access.Actor, in EventIn) (Event, error) {
	if err := mayEvent(by, "event.plan"); err != nil {
		return Event{}, err
	}
	e, err := in.event(s.zone)
	if err != nil {
		return e, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		for field, card := range map[string]string{"officer": e.Officer, "second": e.Second} {
			if card != "" {
				if err := mustBePublished(ctx, tx, card, field); err != nil {
					return err
				}
			}
		}
		e.Changed = tx.Now
		if in.ID == "" {
			return s.addEvent(ctx, tx, by, &e)
		}
		old, err := selectEvent(ctx, tx, in.ID)
		if err != nil {
			return db.One(err, "change event")
		}
		if old.State == Announced {
			if err := mayEvent(by, "event.publish"); err != nil {
				return err
			}
			if err := e.ready(tx.Now); err != nil {
				return err
			}
		} else if old.State != Drafted {
			return errs.New(errs.Conflict, "err.patrol.event_past", "change event: it is over or called off")
		}
		e.State, e.Seats, e.Booking, e.Made = old.State, old.Seats, old.Booking, old.Made
		if err := updateEvent(ctx, tx, e); err != nil {
			return errs.Wrap(err, "change event")
		}
		return s.account(ctx, tx, by, "event.plan", "patrol_events", e.ID, "changed")
	})
	return e, err
}

func (s *Service) addEvent(ctx context.Context, tx *db.Tx, by access.Actor, e *Event) error {
	n, err := countEvents(ctx, tx)
	if err != nil {
		return errs.Wrap(err, "plan event")
	}
	if n >= MaxEvents {
		return errs.New(errs.Limit, "err.limit", "plan event: too many")
	}
	e.ID, e.Made, e.Changed = tx.NewID("evt"), tx.Now, tx.Now
	if err := insertEvent(ctx, tx, *e); err != nil {
		return errs.Wrap(err, "plan event")
	}
	return s.account(ctx, tx, by, "event.plan", "patrol_events", e.ID, "kind "+e.Kind)
}

// moveEvent brings an event from one of some states to another.
func (s *Service) moveEvent(ctx context.Context, by access.Actor, verb, event, to string, from []string, fit func(*Event, int64) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := selectEvent(ctx, tx, event)
		if err != nil {
			return db.One(err, verb)
		}
		for _, state := range from {
			if e.State == state {
				from = nil
			}
		}
		if from != nil {
			return errs.New(errs.Conflict, "err.patrol.event_state", verb+": it is "+e.State)
		}
		if err := fit(&e, tx.Now); err != nil {
			return err
		}
		e.State, e.Changed = to, tx.Now
		if err := updateEvent(ctx, tx, e); err != nil {
			return errs.Wrap(err, verb)
		}
		return s.account(ctx, tx, by, verb, "patrol_events", e.ID, to)
	})
}

// PublishEvent announces an event: on the portal and in its feeds.
func (s *Service) PublishEvent(ctx context.Context, by access.Actor, event string) error {
	if err := mayEvent(by, "event.publish"); err != nil {
		return err
	}
	return s.moveEvent(ctx, by, "event.publish", event, Announced, []string{Drafted}, func(e *Event, now int64) error { return e.ready(now) })
}

// CancelEvent calls an event off; those who read its feed see that it is.
func (s *Service) CancelEvent(ctx context.Context, by access.Actor, event string) error {
	if err := mayEvent(by, "event.publish"); err != nil {
		return err
	}
	return s.moveEvent(ctx, by, "event.cancel", event, Cancelled, []string{Drafted, Announced}, func(*Event, int64) error { return nil })
}

// RecordEvent writes down what came of an event that has begun, or corrects it.
// The day's figures follow.
func (s *Service) RecordEvent(ctx context.Context, by access.Actor, event string, came Came) error {
	if err := mayEvent(by, "event.plan"); err != nil {
		return err
	}
	if err := came.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := selectEvent(ctx, tx, event)
		if err != nil {
			return db.One(err, "record event")
		}
		if e.State != Announced && e.State != Held || e.Starts > tx.Now {
			return errs.New(errs.Conflict, "err.patrol.event_state", "record event: it has not begun, or was never announced")
		}
		day := dayOf(e.Starts)
		before := e.Came
		if e.State == Announced {
			if err := countBy(ctx, tx, day, "event.held", 1); err != nil {
				return errs.Wrap(err, "record event")
			}
		}
		for name, d := range map[string]int{"attended": came.Attended - before.Attended, "contacts": came.Contacts - before.Contacts, "advice": came.Advice - before.Advice,
			"referred": came.Referred - before.Referred, "reports": came.Reports - before.Reports, "handed": came.Handed - before.Handed} {
			if d == 0 {
				continue
			}
			if err := countBy(ctx, tx, day, "event."+name, d); err != nil {
				return errs.Wrap(err, "record event")
			}
		}
		e.Came, e.State, e.Changed = came, Held, tx.Now
		if err := updateEvent(ctx, tx, e); err != nil {
			return errs.Wrap(err, "record event")
		}
		if err := s.signed(ctx, tx, e.Channel, e.Starts, e.Ends); err != nil {
			return err
		}
		return s.account(ctx, tx, by, "event.record", "patrol_events", e.ID, "")
	})
}

// signed leaves the signs of work that lasted from one time to another.
func (s *Service) signed(ctx context.Context, tx *db.Tx, channel string, from, to int64) error {
	end := min(to, from+(24*time.Hour).Microseconds())
	for at := from - from%signSlot.Microseconds(); channel != "" && at < end; at += signSlot.Microseconds() {
		if err := insertSign(ctx, tx, channel, at); err != nil {
			return errs.Wrap(err, "record signs of work")
		}
	}
	return nil
}

// JoinEvent says that somebody accepted the rules, and gives them the event
// with its address. The same form twice is one seat; who it was is kept
// nowhere. caller is opaque and kept in memory alone.
func (s *Service) JoinEvent(ctx context.Context, caller, form, event string) (e Event, err error) {
	now := s.db.Now()
	if s.joins.full(caller, now) {
		return e, errs.New(errs.Limit, "err.patrol.joins", "join event: too many from one place")
	}
	s.joins.count(caller, now)
	by := access.AsCitizen()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if e, err = s.open(ctx, tx, event); err != nil {
			return err
		}
		if e.State != Announced || e.Ends <= tx.Now {
			return errs.New(errs.Conflict, "err.patrol.event_over", "join event: it is over or called off")
		}
		fresh, err := insertForm(ctx, tx, e.ID, s.keys.Hash("patrol_forms.mark", []byte(form)))
		if err != nil || !fresh {
			return errs.Wrap(err, "join event")
		}
		if e.Full() {
			return errs.New(errs.Conflict, "err.patrol.event_full", "join event: no seat is left")
		}
		e.Seats++
		if err := updateEvent(ctx, tx, e); err != nil {
			return errs.Wrap(err, "join event")
		}
		return s.account(ctx, tx, by, "event.join", "patrol_events", e.ID, "")
	})
	return e, err
}

// open is an event that the public may see; a draft and one for others is like
// none.
func (s *Service) open(ctx context.Context, tx *db.Tx, event string) (Event, error) {
	e, err := selectEvent(ctx, tx, event)
	if err != nil {
		return e, db.One(err, "read event")
	}
	if !e.Public || e.State == Drafted {
		return Event{}, errs.New(errs.NotFound, "err.not_found", "read event: not announced")
	}
	return e, nil
}

// Event is an announced event, without its address. It is public and not
// recorded.
func (s *Service) Event(ctx context.Context, event string) (e Event, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		e, err = s.open(ctx, tx, event)
		return err
	})
	e.URL = ""
	return e, err
}

// pastEvents is how many events that are over the public sees.
const pastEvents = 30

// Events lists what is announced and not over, soonest first, and what is over,
// newest first. It is public and not recorded.
func (s *Service) Events(ctx context.Context) (coming, past []Event, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := selectEvents(ctx, tx)
		if err != nil {
			return err
		}
		coming, past = nil, nil
		for _, e := range all { // newest first
			e.URL = ""
			switch {
			case !e.Public || e.State == Drafted:
			case e.Ends > tx.Now:
				coming = append([]Event{e}, coming...)
			case e.State == Held && len(past) < pastEvents:
				past = append(past, e)
			}
		}
		return nil
	})
	return coming, past, errs.Wrap(err, "read events")
}

// EventBoard lists every event for patrol staff, newest first; it is recorded
// as a list view.
func (s *Service) EventBoard(ctx context.Context, by access.Actor) (all []Event, err error) {
	if err := mayEvent(by, "event.plan"); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if all, err = selectEvents(ctx, tx); err != nil {
			return errs.Wrap(err, "list events")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "event.list", ID: "event", By: by, Detail: countText(len(all), "rows")})
	})
	return all, err
}

// forgetEvents deletes events long past and forms that nobody sends again.
func (s *Service) forgetEvents(ctx context.Context, tx *db.Tx, by access.Actor) error {
	day := (24 * time.Hour).Microseconds()
	if err := deleteForms(ctx, tx, tx.Now-60*day); err != nil {
		return errs.Wrap(err, "forget forms")
	}
	old, err := selectOldEvents(ctx, tx, tx.Now-keepEvents*day)
	if err != nil {
		return errs.Wrap(err, "forget events")
	}
	for _, event := range old {
		if err := deleteEvent(ctx, tx, event); err != nil {
			return errs.Wrap(err, "forget events")
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "event.forget", Table: "patrol_events", ID: event, By: by, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}
