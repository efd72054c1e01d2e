package watch

import (
	"context"

	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// Totals are what became of a mandate's posts; nothing of a single one.
type Totals struct {
	Read, NotRead                             int64 // posts
	Alerts, Confirmed, Harmless, Left, Purged int64
}

// Totals counts what was read under a mandate, and what was not. Who may read
// the mandate may read its totals: the caller has opened it.
func (s *Service) Totals(ctx context.Context, mandate string) (t Totals, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if t, err = selectTotals(ctx, tx, mandate); err != nil {
			return err
		}
		readings, err := s.Mandates.Readings(ctx, tx, mandate)
		for _, r := range readings {
			t.Read += r.Read
			t.NotRead += r.NotRead
		}
		return err
	})
	return t, errs.Wrap(err, "count what was read")
}

// Healths reads how each source is.
func (s *Service) Healths(ctx context.Context) (out map[string]channel.Health, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = s.Channels.Healths(ctx, tx)
		return err
	})
	return out, errs.Wrap(err, "read health of sources")
}

// EntryVerdicts reads the verdicts on posts in which one entry stood.
func (s *Service) EntryVerdicts(ctx context.Context, entry string) (out []EntryCount, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectEntryCount(ctx, tx, entry)
		return err
	})
	return out, errs.Wrap(err, "read verdicts on entry")
}
