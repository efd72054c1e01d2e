package patrol

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Bookings lists what was asked for, those that wait for us first, with the
// name of who asks. It is recorded as a list view.
func (s *Service) Bookings(ctx context.Context, by access.Actor) (out []Booking, err error) {
	if err := people.Allow(by, "booking.list", access.Resource{Kind: "booking"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out = nil
		rows, err := selectBookings(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "list bookings")
		}
		for _, r := range rows {
			b, err := s.unsealBooking(r.Booking, r.sealed)
			if err != nil {
				return err
			}
			b.Letters = nil
			out = append(out, b)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "booking.list", ID: "booking", By: by, Detail: countText(len(out), "rows")})
	})
	return out, err
}

// staffBooking opens a booking for staff.
func (s *Service) staffBooking(ctx context.Context, tx *db.Tx, by access.Actor, verb, booking string) (Booking, error) {
	if err := people.Allow(by, verb, access.Resource{Kind: "booking", ID: booking}); err != nil {
		return Booking{}, err
	}
	b, sealed, err := selectBooking(ctx, tx, booking)
	if err != nil {
		return b, db.One(err, "open booking")
	}
	return s.unsealBooking(b, sealed)
}

// Booking opens one for staff; it is recorded.
func (s *Service) Booking(ctx context.Context, by access.Actor, booking string) (b Booking, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if b, err = s.staffBooking(ctx, tx, by, "booking.open", booking); err != nil {
			return err
		}
		return s.account(ctx, tx, by, "booking.open", "patrol_bookings", b.ID, "")
	})
	return b, err
}

// Offer is an answer to a booking: a letter, with a date or without.
type Offer struct {
	Text, Day, From, To string // Day empty: no date
	Seen                int64  // Booking.Changed of what was read; 0: not compared
}

// AnswerTalk writes to who asked, and offers a date when one is given. The
// offer of another date takes back what was confirmed.
func (s *Service) AnswerTalk(ctx context.Context, by access.Actor, booking string, o Offer) error {
	if err := letter("text", o.Text); err != nil {
		return err
	}
	var e Event
	if o.Day != "" {
		if err := e.when(EventIn{Day: o.Day, From: o.From, To: o.To}, s.zone); err != nil {
			return err
		}
	}
	return s.answerTalk(ctx, by, booking, o.Seen, o.Text, func(tx *db.Tx, b *Booking) error {
		if o.Day == "" {
			return nil
		}
		if e.Starts <= tx.Now {
			return errs.Field("day", "err.patrol.event_past", "offer date: it is past")
		}
		if err := s.dropBooked(ctx, tx, by, b); err != nil {
			return err
		}
		b.State, b.Starts, b.Ends, b.Event = Offered, e.Starts, e.Ends, ""
		return nil
	})
}

// DeclineTalk ends a booking with a word why.
func (s *Service) DeclineTalk(ctx context.Context, by access.Actor, booking string, seen int64, text string) error {
	if err := letter("text", text); err != nil {
		return err
	}
	return s.answerTalk(ctx, by, booking, seen, text, func(tx *db.Tx, b *Booking) error {
		b.State = Declined
		return s.dropBooked(ctx, tx, by, b)
	})
}

func (s *Service) answerTalk(ctx context.Context, by access.Actor, booking string, seen int64, text string, do func(*db.Tx, *Booking) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		b, err := s.staffBooking(ctx, tx, by, "booking.answer", booking)
		if err != nil {
			return err
		}
		switch {
		case b.ended():
			return errs.New(errs.Conflict, "err.patrol.booking_over", "answer booking: it has ended")
		case seen != 0 && seen != b.Changed:
			return errs.New(errs.Conflict, "err.patrol.booking_moved", "answer booking: something was added since it was read")
		}
		if err := do(tx, &b); err != nil {
			return err
		}
		if err := b.write(true, tx.Now, text); err != nil {
			return err
		}
		return s.keepBooking(ctx, tx, by, "booking.answer", b)
	})
}
