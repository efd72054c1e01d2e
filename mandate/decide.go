package mandate

import (
	"context"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// MinReason is the shortest reason, in bytes, of a decision that stops or
// refuses something.
const MinReason = 3

// maxReason bounds a reason, in bytes.
const maxReason = 4000

// Approve lets a draft begin. The one who approves is an authority that the
// legal profile names for the act, and never the drafter.
func (s *Service) Approve(ctx context.Context, by access.Actor, mandate string) error {
	return s.ApproveFor(ctx, by, mandate, "")
}

// ApproveFor approves with a reason, that stands in the mandate from then on.
func (s *Service) ApproveFor(ctx context.Context, by access.Actor, mandate, reason string) error {
	if len(reason) > maxReason {
		return errs.Field("reason", "err.too_long", "approve mandate: the reason is too long", "max", maxReason)
	}
	return s.decide(ctx, by, mandate, "mandate.approve", Approved, reason)
}

// checkReason wants a reason for what stops or refuses something.
func checkReason(act, reason string) error {
	switch {
	case len(reason) < MinReason:
		return errs.Field("reason", "err.required", act+": no reason")
	case len(reason) > maxReason:
		return errs.Field("reason", "err.too_long", act+": the reason is too long", "max", maxReason)
	}
	return nil
}

// Refuse ends a draft, with a reason that the drafter reads.
func (s *Service) Refuse(ctx context.Context, by access.Actor, mandate, reason string) error {
	if err := checkReason("refuse mandate", reason); err != nil {
		return err
	}
	return s.decide(ctx, by, mandate, "mandate.refuse", Refused, reason)
}

func (s *Service) decide(ctx context.Context, by access.Actor, mandate, verb string, to State, reason string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.load(ctx, tx, mandate)
		if err != nil {
			return err
		}
		if err := people.Allow(by, verb, s.resource(m, by, tx.Now)); err != nil {
			return err
		}
		if err := s.mayDecide(m, by, to, tx.Now); err != nil {
			return err
		}
		n, err := decide(ctx, tx, mandate, to, by.Handle, s.personKey(by))
		if err != nil {
			return errs.Wrap(err, "decide mandate")
		}
		if n == 0 {
			return errs.New(errs.Conflict, "err.mandate.state", "decide mandate: it is not a draft any more")
		}
		if err := s.annotate(ctx, tx, mandate, func(t *Text) { t.Decision = reason }); err != nil {
			return err
		}
		if err := addCount(ctx, tx, dayOf(tx.Now), "mandate."+string(to), 1); err != nil {
			return errs.Wrap(err, "decide mandate")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: mandate, By: by, Permit: mandate,
			Detail: m.LegalProfile + " " + m.Basis, Reason: reason})
	})
}

// mayDecide asks the law, after the policy: an authority by the profile, not
// the drafter, and a window that still lies ahead.
func (s *Service) mayDecide(m *Mandate, by access.Actor, to State, now int64) error {
	if string(s.personKey(by)) == string(m.drafterKey) || by.Person == "" {
		return errs.New(errs.Denied, "err.mandate.own_draft", "decide mandate: the drafter may not")
	}
	if m.stored != Draft {
		return errs.New(errs.Conflict, "err.mandate.state", "decide mandate: it is not a draft any more")
	}
	act := s.law.Act(m.Basis)
	if !act.Allowed || m.LegalProfile != s.law.Code {
		return errs.New(errs.Denied, "err.mandate.not_allowed", "decide mandate: the legal profile does not allow "+m.Basis)
	}
	if !slices.ContainsFunc(act.Authorises, by.Has) {
		return errs.New(errs.Denied, "err.denied", "decide mandate: not an authority for "+m.Basis)
	}
	if to == Approved && now >= m.Ends {
		return errs.New(errs.Lapsed, "err.mandate.lapsed", "approve mandate: its end has passed")
	}
	return nil
}

// Suspend stops a mandate at once; permits that were given stop with it.
func (s *Service) Suspend(ctx context.Context, by access.Actor, mandate, reason string) error {
	if err := checkReason("suspend mandate", reason); err != nil {
		return err
	}
	return s.stop(ctx, by, mandate, Approved, Suspended, "mandate.suspend", reason)
}

// Resume lets a suspended mandate go on until its end.
func (s *Service) Resume(ctx context.Context, by access.Actor, mandate, reason string) error {
	if err := checkReason("resume mandate", reason); err != nil {
		return err
	}
	return s.stop(ctx, by, mandate, Suspended, Approved, "mandate.resume", reason)
}

func (s *Service) stop(ctx context.Context, by access.Actor, mandate string, from, to State, verb, reason string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.load(ctx, tx, mandate)
		if err != nil {
			return err
		}
		if err := people.Allow(by, verb, s.resource(m, by, tx.Now)); err != nil {
			return err
		}
		if m.State == Lapsed {
			return errs.New(errs.Lapsed, "err.mandate.lapsed", verb+": it has lapsed")
		}
		n, err := move(ctx, tx, mandate, from, to)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "err.mandate.state", verb+": it is not "+string(from))
		}
		if err := s.annotate(ctx, tx, mandate, func(t *Text) { t.Stopped = reason }); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: mandate, By: by, Permit: mandate, Reason: reason})
	})
}

// annotate adds to the sealed text what a decision says.
func (s *Service) annotate(ctx context.Context, tx *db.Tx, mandate string, set func(*Text)) error {
	_, sealed, err := selectMandate(ctx, tx, mandate)
	if err != nil {
		return db.One(err, "annotate mandate")
	}
	var t Text
	if err := s.openJSON(mandate, textPurpose, sealed, &t); err != nil {
		return errs.Wrap(err, "annotate mandate")
	}
	set(&t)
	if sealed, err = s.sealJSON(mandate, textPurpose, t); err != nil {
		return errs.Wrap(err, "annotate mandate")
	}
	return errs.Wrap(setText(ctx, tx, mandate, sealed), "annotate mandate")
}
