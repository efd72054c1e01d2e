package oversight

import (
	"context"
	"maps"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// MandateDelayDays is how late figures on mandates are: an open mandate is
// secret, and a fresh total would tell that one was opened.
const MandateDelayDays = 90

// Figures are the public figures of a span of days, inclusive.
type Figures struct {
	From, To string // days
	Tables   []Table
}

// Publish makes the public figures from the rooms' own counters, small cells
// hidden. Counters of mandates are included only up to ninety days ago.
func (s *Service) Publish(ctx context.Context, from, to string) (Figures, error) {
	f := Figures{From: from, To: to}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		all := map[string]int64{}
		for _, counts := range []func(context.Context, *db.Tx, string, string) (map[string]int64, error){
			s.desk.Counts, s.watch.Counts, s.cases.Counts, s.exhibits.Counts, counts} {
			m, err := counts(ctx, tx, from, to)
			if err != nil {
				return err
			}
			maps.Copy(all, m)
		}
		late := db.Day(tx.Now - (MandateDelayDays * 24 * time.Hour).Microseconds())
		if late >= from {
			m, err := s.mandates.Counts(ctx, tx, from, min(to, late))
			if err != nil {
				return err
			}
			maps.Copy(all, m)
		}
		f.Tables = tabulate(all)
		return nil
	})
	return f, errs.Wrap(err, "make public figures")
}
