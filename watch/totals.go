package watch

import (
	"context"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/mandate"
)

// Totals are what became of a mandate's posts; nothing of a single one.
type Totals struct {
	Read, NotRead                             int64 // posts
	Alerts, Confirmed, Harmless, Left, Purged int64
	Judged                                    Precision // how often its alerts were what they seemed
	Hidden                                    bool      // the alerts are not for this reader to count
}

// Totals counts what was read under a mandate that the caller has opened, and
// what was not. Alerts are counted for who may: under a mandate that asks for
// material for specialised staff, the others read no number of alerts at all,
// whether there are any or not.
func (s *Service) Totals(ctx context.Context, by access.Actor, m *mandate.Mandate) (t Totals, err error) {
	hidden := !access.Decide(by, "alert.count", access.Resource{Kind: "alert", ID: m.ID, Unit: m.Unit, Guarded: MayRaiseGuarded(m)}).Allowed
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		t = Totals{Hidden: hidden}
		if !hidden {
			if t, err = selectTotals(ctx, tx, m.ID); err != nil {
				return err
			}
			if t.Judged, err = judgedUnder(ctx, tx, m.ID); err != nil {
				return err
			}
			t.Confirmed, t.Harmless = t.Judged.Right, t.Judged.Harmless
		}
		readings, err := s.Mandates.Readings(ctx, tx, m.ID)
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
