package patrol

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/people"
)

// The limits of a booking.
const (
	MaxBookings   = 5000 // not forgotten, at one time
	MaxLetters    = 40
	MaxLetter     = 3000 // runes
	MaxHeads      = 100_000
	KeepBooking   = 90 // days after its end; taken back: none; never answered: a year
	bookingGroups = 5  // of four letters: 100 random bits
)

const purposeBooking = "patrol_bookings.text"

// BookingKinds are what can be asked for.
var BookingKinds = []string{"class", "parents", "staff", "webinar", "visit"}

// The states of a booking.
const (
	Requested = "asked"
	Offered   = "offered" // a date is offered
	Confirmed = "confirmed"
	Declined  = "declined"
	TakenBack = "withdrawn" // by who asked
	Forgotten = "forgotten"
)

// Booking is somebody's wish for a talk. Who asks and what was written is
// sealed under a key of its own.
type Booking struct {
	ID       string // boo_…
	Kind     string
	Heads    int
	Language string
	State    string
	Starts   int64 // the date that is offered or confirmed, microseconds UTC
	Ends     int64
	Event    string // evt_… once confirmed
	Received int64
	Changed  int64
	Unread   bool // they wrote and nobody has answered
	BookingText
}

// BookingText is the sealed part.
type BookingText struct {
	Org     string   `json:"org"`     // school, town, club
	Name    string   `json:"name"`    // who asks
	Contact string   `json:"contact"` // optional: the code is enough
	Place   string   `json:"place"`
	Letters []Letter `json:"letters"`
}

// Letter is one message of a booking.
type Letter struct {
	Ours bool   `json:"ours"`
	At   int64  `json:"at"`
	Text string `json:"text"`
}

// BookingIn is what the form holds.
type BookingIn struct {
	Kind, Language, Org, Name, Contact, Place, Text string
	Heads                                           int
}

func (in BookingIn) booking() (Booking, error) {
	b := Booking{Kind: in.Kind, Language: in.Language, Heads: in.Heads, State: Requested, Unread: true,
		BookingText: BookingText{Org: strings.TrimSpace(in.Org), Name: strings.TrimSpace(in.Name), Contact: strings.TrimSpace(in.Contact), Place: strings.TrimSpace(in.Place)}}
	known := false
	for _, k := range BookingKinds {
		known = known || k == b.Kind
	}
	switch {
	case !known:
		return b, errs.Field("kind", "err.patrol.event_kind", "ask for talk: no such kind")
	case !tongue.MatchString(b.Language):
		return b, errs.Field("language", "err.patrol.word", "ask for talk: not a language", "word", clip(b.Language))
	case b.Heads < 1 || b.Heads > MaxHeads:
		return b, errs.Field("heads", "err.patrol.number", "ask for talk: how many", "max", MaxHeads)
	}
	for _, f := range []struct {
		name, text string
		needed     bool
	}{{"org", b.Org, true}, {"place", b.Place, true}, {"name", b.Name, false}, {"contact", b.Contact, false}} {
		if f.text == "" && !f.needed {
			continue
		}
		if err := line(f.name, f.text, MaxUnit); err != nil {
			return b, err
		}
	}
	return b, letter("text", in.Text)
}

// letter accepts a message of a booking.
func letter(field, text string) error {
	if strings.TrimSpace(text) == "" {
		return errs.Field(field, "err.patrol.missing", "read letter: it is empty")
	}
	return passage(field, text, MaxLetter)
}

// AskTalk keeps a wish for a talk and returns the code with which who asked
// comes back; the same form again is errs.Conflict. caller is opaque and kept
// in memory alone.
func (s *Service) AskTalk(ctx context.Context, caller, form string, in BookingIn) (code string, err error) {
	by := access.AsCitizen()
	if err := people.Allow(by, "booking.create", access.Resource{Kind: "booking"}); err != nil {
		return "", err
	}
	b, err := in.booking()
	if err != nil {
		return "", err
	}
	now := s.db.Now()
	if s.asks.full(caller, now) {
		return "", errs.New(errs.Limit, "err.patrol.joins", "ask for talk: too many from one place")
	}
	s.asks.count(caller, now)
	b.ID, b.Received, b.Changed = id.New("boo", now, 0), now, now
	b.Letters = []Letter{{At: now, Text: in.Text}}
	if err := s.keys.Create(b.ID); err != nil {
		return "", errs.Wrap(err, "ask for talk")
	}
	code, kept := id.Secret(bookingGroups), false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		kept = false
		n, err := countBookings(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "ask for talk")
		}
		if n >= MaxBookings {
			return errs.New(errs.Limit, "err.limit", "ask for talk: too many")
		}
		fresh, err := insertForm(ctx, tx, "booking", s.keys.Hash("patrol_forms.mark", []byte(form)))
		if err != nil {
			return errs.Wrap(err, "ask for talk")
		}
		if !fresh {
			return errs.New(errs.Conflict, "err.patrol.booked", "ask for talk: the form was sent before")
		}
		sealed, err := s.sealBooking(b)
		if err != nil {
			return err
		}
		if err := insertBooking(ctx, tx, b, s.bookingMark(code), sealed); err != nil {
			return errs.Wrap(err, "ask for talk")
		}
		if err := count(ctx, tx, dayOf(tx.Now), "booking."+b.Kind); err != nil {
			return errs.Wrap(err, "ask for talk")
		}
		kept = true
		return s.account(ctx, tx, by, "booking.create", "patrol_bookings", b.ID, "")
	})
	if err != nil || !kept {
		return "", firstOf(err, s.keys.Destroy(b.ID, s.db.Now()))
	}
	return code, nil
}

func (s *Service) bookingMark(code string) []byte {
	return s.keys.Hash("patrol_bookings.code", []byte(id.FoldSecret(code)))
}

func (s *Service) sealBooking(b Booking) ([]byte, error) {
	text, err := json.Marshal(b.BookingText)
	if err != nil {
		return nil, errs.Wrap(err, "seal booking")
	}
	sealed, err := s.keys.Seal(b.ID, purposeBooking, text)
	return sealed, errs.Wrap(err, "seal booking")
}

func (s *Service) unsealBooking(b Booking, sealed []byte) (Booking, error) {
	if b.State == Forgotten {
		return b, errs.New(errs.NotFound, "err.erased", "open booking: it is forgotten")
	}
	text, err := s.keys.Open(b.ID, purposeBooking, sealed)
	if err != nil {
		return b, errs.Wrap(err, "open booking")
	}
	return b, errs.Wrap(json.Unmarshal(text, &b.BookingText), "open booking")
}

// Talk opens a booking with its code. A wrong code, a malformed one and one of
// a forgotten booking get the same answer; after some a caller waits.
func (s *Service) Talk(ctx context.Context, caller, code string) (b Booking, err error) {
	err = s.withCode(ctx, caller, code, func(_ *db.Tx, found *Booking) (string, error) {
		b = *found
		return "", nil
	})
	return b, err
}

// withCode opens the booking of a code and lets do change it; a verb says that
// it was changed.
func (s *Service) withCode(ctx context.Context, caller, code string, do func(*db.Tx, *Booking) (verb string, err error)) error {
	by, now := access.AsCitizen(), s.db.Now()
	if err := people.Allow(by, "booking.return", access.Resource{Kind: "booking"}); err != nil {
		return err
	}
	if s.guesses.full(caller, now) {
		return errs.New(errs.Limit, "err.patrol.guesses", "open booking: too many wrong codes")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		b, sealed, err := selectBookingByCode(ctx, tx, s.bookingMark(code))
		if err != nil {
			return db.One(err, "open booking")
		}
		if b, err = s.unsealBooking(b, sealed); err != nil {
			return err
		}
		verb, err := do(tx, &b)
		if err != nil || verb == "" {
			return err
		}
		return s.keepBooking(ctx, tx, by, verb, b)
	})
	if errs.Is(err, errs.NotFound) {
		s.guesses.count(caller, now)
		return errs.As(err, errs.NotFound, "err.patrol.booking_code")
	}
	return err
}

func (s *Service) keepBooking(ctx context.Context, tx *db.Tx, by access.Actor, verb string, b Booking) error {
	sealed, err := s.sealBooking(b)
	if err != nil {
		return err
	}
	b.Changed = tx.Now
	if err := updateBooking(ctx, tx, b, sealed); err != nil {
		return errs.Wrap(err, verb)
	}
	return s.account(ctx, tx, by, verb, "patrol_bookings", b.ID, b.State)
}

func (b *Booking) write(ours bool, at int64, text string) error {
	if len(b.Letters) >= MaxLetters {
		return errs.New(errs.Limit, "err.patrol.letters", "write letter: too many", "max", MaxLetters)
	}
	b.Letters = append(b.Letters, Letter{Ours: ours, At: at, Text: text})
	b.Unread = !ours
	return nil
}

func (b Booking) ended() bool {
	return b.State == Declined || b.State == TakenBack || b.State == Forgotten
}

// WriteTalk adds a letter of who asked.
func (s *Service) WriteTalk(ctx context.Context, caller, code, text string) error {
	if err := letter("text", text); err != nil {
		return err
	}
	return s.withCode(ctx, caller, code, func(tx *db.Tx, b *Booking) (string, error) {
		if b.ended() {
			return "", errs.New(errs.Conflict, "err.patrol.booking_over", "write letter: the booking has ended")
		}
		return "booking.write", b.write(false, tx.Now, text)
	})
}

// ConfirmTalk takes the offered date. What is confirmed is what was read: a
// date that changed meanwhile is errs.Conflict. It becomes an event that is
// not public, whose totals are recorded like others.
func (s *Service) ConfirmTalk(ctx context.Context, caller, code string, starts int64) error {
	return s.withCode(ctx, caller, code, func(tx *db.Tx, b *Booking) (string, error) {
		if b.State != Offered || b.Starts != starts || b.Starts <= tx.Now {
			return "", errs.New(errs.Conflict, "err.patrol.offer_moved", "confirm talk: another date, or none, is offered")
		}
		kind := map[string]string{"webinar": "webinar", "visit": "visit"}[b.Kind]
		if kind == "" {
			kind = "class"
		}
		e := Event{Kind: kind, Title: eventTitle, Language: b.Language, Place: eventTitle, Starts: b.Starts, Ends: b.Ends, Capacity: 0, State: Announced, Booking: b.ID}
		if err := s.addEvent(ctx, tx, access.AsCitizen(), &e); err != nil {
			return "", err
		}
		b.State, b.Event, b.Unread = Confirmed, e.ID, true
		return "booking.confirm", nil
	})
}

// eventTitle stands for what a booked event is called: who booked it is sealed
// with the booking, and pages show the kind.
const eventTitle = "–"

// WithdrawTalk ends a booking by who asked; it is forgotten at once.
func (s *Service) WithdrawTalk(ctx context.Context, caller, code string) error {
	return s.withCode(ctx, caller, code, func(tx *db.Tx, b *Booking) (string, error) {
		if b.ended() {
			return "", errs.New(errs.Conflict, "err.patrol.booking_over", "withdraw booking: it has ended")
		}
		b.State, b.Unread = TakenBack, false
		return "booking.withdraw", s.dropBooked(ctx, tx, access.AsCitizen(), b)
	})
}

// dropBooked calls off the event of a booking.
func (s *Service) dropBooked(ctx context.Context, tx *db.Tx, by access.Actor, b *Booking) error {
	if b.Event == "" {
		return nil
	}
	e, err := selectEvent(ctx, tx, b.Event)
	if err != nil {
		return db.One(err, "call off talk")
	}
	if e.State != Announced {
		return nil
	}
	e.State, e.Changed = Cancelled, tx.Now
	if err := updateEvent(ctx, tx, e); err != nil {
		return errs.Wrap(err, "call off talk")
	}
	return s.account(ctx, tx, by, "event.cancel", "patrol_events", e.ID, "")
}

// ForgetTalks makes what is past its term unreadable: the rows first, then the
// keys. A program that dies in between finishes with its next step. Events and
// forms long past go with it.
func (s *Service) ForgetTalks(ctx context.Context) (did int, err error) {
	by := access.AsMachine("roster")
	day := (24 * time.Hour).Microseconds()
	var keys []string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		due, err := selectDueBookings(ctx, tx, tx.Now-KeepBooking*day, tx.Now-365*day)
		if err != nil {
			return errs.Wrap(err, "forget bookings")
		}
		for _, booking := range due {
			if err := forgetBooking(ctx, tx, booking); err != nil {
				return errs.Wrap(err, "forget booking")
			}
			if err := s.account(ctx, tx, by, "booking.purge", "patrol_bookings", booking, "term over"); err != nil {
				return err
			}
		}
		if keys, err = selectKeptKeys(ctx, tx); err != nil {
			return errs.Wrap(err, "forget bookings")
		}
		return s.forgetEvents(ctx, tx, by)
	})
	if err != nil {
		return 0, err
	}
	for _, booking := range keys {
		if err := s.keys.Destroy(booking, s.db.Now()); err != nil {
			return did, errs.Wrap(err, "forget booking")
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			if err := endBooking(ctx, tx, booking); err != nil {
				return errs.Wrap(err, "forget booking")
			}
			return s.account(ctx, tx, by, "booking.purge", "patrol_bookings", booking, "removed")
		})
		if err != nil {
			return did, err
		}
		did++
	}
	return did, nil
}
