package mandate

import (
	"context"
	"slices"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// Permit gives the right to one act under a mandate, or errs.Lapsed when the
// mandate does not permit it at this moment. source is the id of the source
// that will be read; empty for acts on what was already collected.
func (s *Service) Permit(ctx context.Context, mandate, act, source string) (Permit, error) {
	var p Permit
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		p, err = s.PermitIn(ctx, tx, mandate, act, source)
		return err
	})
	return p, err
}

// PermitIn is Permit inside a transaction of a higher room.
func (s *Service) PermitIn(ctx context.Context, tx *db.Tx, mandate, act, source string) (Permit, error) {
	m, err := s.load(ctx, tx, mandate)
	if err != nil {
		return Permit{}, err
	}
	p := Permit{mandate: m.ID, act: act, source: source, starts: m.Starts, ends: m.Ends, categories: m.Categories, languages: m.Languages}
	if err := s.check(ctx, tx, p, m); err != nil {
		return Permit{}, err
	}
	return p, nil
}

// Check reads the mandate and the source again, at the transaction's time: a
// suspension, a removed source or a lapse since the permit was given stops it.
func (s *Service) Check(ctx context.Context, tx *db.Tx, p Permit) error {
	if err := p.Check(tx.Now); err != nil {
		return err
	}
	m, err := s.load(ctx, tx, p.mandate)
	if err != nil {
		return err
	}
	return s.check(ctx, tx, p, m)
}

func (s *Service) check(ctx context.Context, tx *db.Tx, p Permit, m *Mandate) error {
	if err := m.refusal(tx.Now); err != nil {
		return err
	}
	act := s.law.Act(m.Basis)
	if !act.Allowed || m.LegalProfile != s.law.Code || !slices.Contains(act.Permits, p.act) {
		return errs.New(errs.Lapsed, "err.mandate.not_allowed", "check permit: the legal profile does not allow "+p.act)
	}
	if p.source == "" {
		return nil
	}
	src, err := selectSource(ctx, tx, p.source)
	if err != nil {
		return db.One(err, "check permit: source")
	}
	if src.Mandate != m.ID || src.Removed {
		return errs.New(errs.Lapsed, "err.mandate.source_removed", "check permit: the source is not in the mandate, or removed")
	}
	return nil
}

// Reading is what was read and what was left out of one source on one day, in
// posts. There is nothing about a single post.
type Reading struct {
	Mandate string
	Source  string
	Day     string // YYYY-MM-DD, UTC
	Read    int64
	NotRead int64
}

// Take checks the permit and grants at most n posts of today's volume. What is
// granted counts as read, the rest as not read; the sender is told.
func (s *Service) Take(ctx context.Context, tx *db.Tx, p Permit, n int) (granted int, err error) {
	if err := s.Check(ctx, tx, p); err != nil {
		return 0, err
	}
	m, err := s.load(ctx, tx, p.mandate)
	if err != nil {
		return 0, err
	}
	today := dayOf(tx.Now)
	used, err := taken(ctx, tx, p.mandate, today)
	if err != nil {
		return 0, errs.Wrap(err, "take volume")
	}
	granted = int(min(int64(n), max(0, m.DailyVolume-used)))
	err = addReading(ctx, tx, Reading{p.mandate, p.source, today, int64(granted), int64(n - granted)})
	return granted, errs.Wrap(err, "take volume")
}

// LeaveOut counts posts of a source that were offered and not read: unreadable
// lines, gaps, what came while a mandate was suspended.
func (s *Service) LeaveOut(ctx context.Context, tx *db.Tx, mandate, source string, n int) error {
	if n <= 0 {
		return nil
	}
	return errs.Wrap(addReading(ctx, tx, Reading{mandate, source, dayOf(tx.Now), 0, int64(n)}), "count what was not read")
}

// Readings lists the totals of a mandate, by day and source.
func (s *Service) Readings(ctx context.Context, tx *db.Tx, mandate string) ([]Reading, error) {
	all, err := selectReading(ctx, tx, mandate)
	return all, errs.Wrap(err, "read totals")
}

// Ended lists the mandates that are lapsed or refused at this moment, oldest
// first: what was collected under them is to be purged.
func (s *Service) Ended(ctx context.Context, tx *db.Tx) ([]string, error) {
	all, err := selectMandates(ctx, tx)
	if err != nil {
		return nil, errs.Wrap(err, "list ended mandates")
	}
	var out []string
	for _, r := range slices.Backward(all) {
		if st := r.m.StateAt(tx.Now); st == Lapsed || st == Refused {
			out = append(out, r.m.ID)
		}
	}
	return out, nil
}

// Units maps mandates to the unit that holds them.
func (s *Service) Units(ctx context.Context, tx *db.Tx, mandates []string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range mandates {
		m, err := s.load(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		out[id] = m.Unit
	}
	return out, nil
}

// Counts sums the counters of the days from and to, both included.
func (s *Service) Counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	c, err := selectCounts(ctx, tx, from, to)
	return c, errs.Wrap(err, "read counts")
}
