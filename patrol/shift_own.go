package patrol

import (
	"context"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/people"
)

// asCard is who the book names for what officers do to their own shifts, codes
// and rounds: the holder of a public card. The service handle beside the card would be a way
// from the street to the account (promise 6); whoever must know asks "is this
// card yours?" ([Service.OwnCard]).
func asCard(by access.Actor, card string) access.Actor {
	by.Handle, by.Person = "card:"+card, ""
	return by
}

// cardOf is the published card of who asks; empty when they have none.
func (s *Service) cardOf(ctx context.Context, tx *db.Tx, by access.Actor) (string, error) {
	card, err := selectHeld(ctx, tx, s.mark(by.Handle))
	if err != nil || card == "" {
		return "", err
	}
	if o, err := selectOfficer(ctx, tx, card); err != nil || o.State != Published {
		return "", err
	}
	return card, nil
}

// own lets somebody with a card of their own through.
func (s *Service) own(ctx context.Context, tx *db.Tx, by access.Actor) (string, error) {
	card, err := s.cardOf(ctx, tx, by)
	if err == nil && card == "" {
		err = errs.New(errs.Conflict, "err.patrol.no_card", "change own roster: who asks has no card")
	}
	return card, err
}

func mayOwn(by access.Actor) error {
	return people.Allow(by, "hours.own", access.Resource{Kind: "hours"})
}

// OfferShift says that the officer of a shift looks for somebody to take it
// over, or (false) that they do not any more. The shift stands until then.
func (s *Service) OfferShift(ctx context.Context, by access.Actor, shift string, offered bool) error {
	return s.changeOwn(ctx, by, "roster.offer", shift, func(_ *db.Tx, card string, one *Shift) error {
		if one.Officer != card {
			return errs.New(errs.Conflict, "err.patrol.not_yours", "offer shift: it is somebody else's")
		}
		one.Offered = offered
		return nil
	})
}

// TakeShift takes over a shift that its officer offers.
func (s *Service) TakeShift(ctx context.Context, by access.Actor, shift string) error {
	return s.changeOwn(ctx, by, "roster.take", shift, func(tx *db.Tx, card string, one *Shift) error {
		if !one.Offered || one.Officer == card {
			return errs.New(errs.Conflict, "err.patrol.not_offered", "take shift: it is not offered")
		}
		one.Officer, one.Offered = card, false
		return s.free(ctx, tx, *one)
	})
}

func (s *Service) changeOwn(ctx context.Context, by access.Actor, verb, shift string, do func(*db.Tx, string, *Shift) error) error {
	if err := mayOwn(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		card, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		one, err := s.coming(ctx, tx, shift)
		if err != nil {
			return err
		}
		if err := do(tx, card, &one); err != nil {
			return err
		}
		if err := updateShift(ctx, tx, one); err != nil {
			return errs.Wrap(err, "change own shift")
		}
		return s.account(ctx, tx, asCard(by, card), verb, "patrol_shifts", one.ID, "")
	})
}

// The limits of an absence.
const (
	MaxAway     = 400 // days
	MaxAbsences = 2000
)

// ReportAbsence says that a card's shifts do not stand for some days. The
// officer says it of their own card (card empty), the lead of any. Why is not
// asked: it is nobody's business here.
func (s *Service) ReportAbsence(ctx context.Context, by access.Actor, card, first, last string) error {
	verb := "hours.own"
	if card != "" {
		verb = "hours.publish"
	}
	if err := people.Allow(by, verb, access.Resource{Kind: "hours"}); err != nil {
		return err
	}
	from, err := parseDay("first", first)
	if err != nil {
		return err
	}
	to, err := parseDay("last", last)
	if err != nil {
		return err
	}
	if to.Before(from) || to.Sub(from).Hours() > MaxAway*24 {
		return errs.Field("last", "err.patrol.away_span", "report absence: it ends before it begins, or is too long", "max", MaxAway)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		who := by
		if card == "" {
			if card, err = s.own(ctx, tx, by); err != nil {
				return err
			}
			who = asCard(by, card)
		}
		if err := mustBePublished(ctx, tx, card, "who"); err != nil {
			return err
		}
		if last < s.today(tx.Now).Format(dateForm) {
			return errs.Field("last", "err.patrol.past", "report absence: it is over")
		}
		known, err := selectAbsences(ctx, tx, "", farDay)
		if err != nil {
			return errs.Wrap(err, "report absence")
		}
		if len(known) >= MaxAbsences {
			return errs.New(errs.Limit, "err.limit", "report absence: too many")
		}
		a := Absence{ID: tx.NewID("abs"), Officer: card, First: first, Last: last}
		if err := insertAbsence(ctx, tx, a); err != nil {
			return errs.Wrap(err, "report absence")
		}
		return s.account(ctx, tx, who, "roster.absence", "patrol_absences", a.ID, "")
	})
}

// EndAbsence takes an absence back: the officer their own, the lead any.
func (s *Service) EndAbsence(ctx context.Context, by access.Actor, absence string) error {
	if err := mayOwn(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := selectAbsence(ctx, tx, absence)
		if err != nil {
			return db.One(err, "end absence")
		}
		card, err := s.cardOf(ctx, tx, by)
		if err != nil {
			return errs.Wrap(err, "end absence")
		}
		who := asCard(by, card)
		if a.Officer != card {
			if mayPlan(by) != nil {
				return errs.New(errs.Conflict, "err.patrol.not_yours", "end absence: it is somebody else's")
			}
			who = by
		}
		if err := deleteAbsence(ctx, tx, a.ID); err != nil {
			return errs.Wrap(err, "end absence")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "roster.absence", Table: "patrol_absences", ID: a.ID, By: who, Detail: "ended", Gone: true})
	})
}

// Board is a week of the roster as staff sees it.
type Board struct {
	Monday    string
	Shifts    []Placed
	Holidays  []Holiday
	Absences  []Absence
	Templates []Template
	Own       string // card of who looks, or empty
	Fed       int64  // since when the own roster has a secret address; 0: none
	Last      string // the last day that any shift stands on; empty: none
}

// Placed is a shift with whether it stands.
type Placed struct {
	Shift
	Span
	Why     string // Stands, OnLeave, Shut or Left
	Officer Officer
	Past    bool
}

// Board shows a week of the roster to patrol staff; it is recorded as a list
// view.
func (s *Service) Board(ctx context.Context, by access.Actor, week string) (b Board, err error) {
	if err := people.Allow(by, "hours.roster", access.Resource{Kind: "hours"}); err != nil {
		return b, err
	}
	day, err := parseDay("week", week)
	if err != nil {
		return b, errs.New(errs.NotFound, "err.not_found", "show roster: no such week")
	}
	first := monday(day)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.roster(ctx, tx, first, first.AddDate(0, 0, 6))
		if err != nil {
			return errs.Wrap(err, "show roster")
		}
		b = Board{Monday: first.Format(dateForm), Absences: r.absences}
		for _, one := range r.shifts {
			sp := one.span(s.zone)
			b.Shifts = append(b.Shifts, Placed{Shift: one, Span: sp, Why: r.stands(one), Officer: r.officers[one.Officer], Past: sp.To.UnixMicro() <= tx.Now})
		}
		if b.Holidays, err = selectHolidays(ctx, tx, first.Format(dateForm), first.AddDate(0, 0, 6).Format(dateForm)); err != nil {
			return errs.Wrap(err, "show roster")
		}
		for _, w := range r.reach {
			b.Last = max(b.Last, w.last)
		}
		if b.Templates, err = selectTemplates(ctx, tx); err != nil {
			return errs.Wrap(err, "show roster")
		}
		if b.Own, err = s.cardOf(ctx, tx, by); err == nil && b.Own != "" {
			b.Fed, err = selectFed(ctx, tx, b.Own)
		}
		if err != nil {
			return errs.Wrap(err, "show roster")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "roster.list", ID: "roster", By: by, Detail: countText(len(b.Shifts), "rows")})
	})
	return b, err
}

// feedGroups are the groups of four letters of a secret address: 160 bits.
const feedGroups = 8

// NewFeed makes a secret address under which a calendar reads the own roster.
// The one before it ends. It is returned once and kept as a keyed hash.
func (s *Service) NewFeed(ctx context.Context, by access.Actor) (secret string, err error) {
	if err := mayOwn(by); err != nil {
		return "", err
	}
	secret = id.Secret(feedGroups)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		card, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := upsertFeed(ctx, tx, card, s.feedMark(secret)); err != nil {
			return errs.Wrap(err, "make feed")
		}
		return s.account(ctx, tx, asCard(by, card), "roster.feed", "patrol_feeds", card, "")
	})
	return secret, err
}

// EndFeed ends the secret address of the own roster.
func (s *Service) EndFeed(ctx context.Context, by access.Actor) error {
	if err := mayOwn(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		card, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		if had, err := dropFeed(ctx, tx, card); err != nil || !had {
			return errs.Wrap(err, "end feed")
		}
		return s.account(ctx, tx, asCard(by, card), "roster.feed", "patrol_feeds", card, "ended")
	})
}

func (s *Service) feedMark(secret string) []byte {
	return s.keys.Hash("patrol_feeds.mark", []byte(id.FoldSecret(secret)))
}

// Feed is the roster behind a secret address: the shifts of one card that
// stand, from yesterday on. It tells nothing that the card's public page does
// not. An unknown address and one that has ended are errs.NotFound.
func (s *Service) Feed(ctx context.Context, secret string) (o Officer, shifts []Planned, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		card, err := selectFeed(ctx, tx, s.feedMark(secret))
		if err != nil {
			return db.One(err, "read feed")
		}
		r, err := s.ahead(ctx, tx, tx.Now)
		if err != nil {
			return errs.Wrap(err, "read feed")
		}
		var ok bool
		if o, ok = r.officers[card]; !ok {
			return errs.New(errs.NotFound, "err.not_found", "read feed: the card is withdrawn")
		}
		shifts = slices.DeleteFunc(r.planned(), func(p Planned) bool { return p.Officer.ID != card || p.Channel == "" })
		return nil
	})
	return o, shifts, err
}
