package oversight

import (
	"context"
	"maps"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// MandateDelayDays is how late figures are on mandates and on all that is done
// under them: an open mandate is secret, and a fresh total would tell that one
// was opened. A total of today would also answer whoever posts a code and
// looks whether the number of alerts goes up.
const MandateDelayDays = 90

// Figures are the public figures of a span of days, inclusive.
type Figures struct {
	From, To string // days
	Tables   []Table
}

// Publish makes the public figures from the rooms' own counters, small cells
// hidden. Counters of the watch, and of mandates and cases, are included only up
// to ninety days ago.
func (s *Service) Publish(ctx context.Context, from, to string) (Figures, error) {
	f := Figures{From: from, To: to}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		all := map[string]int64{}
		late := min(to, db.Day(tx.Now-(MandateDelayDays*24*time.Hour).Microseconds()))
		for _, room := range []struct {
			counts func(context.Context, *db.Tx, string, string) (map[string]int64, error)
			to     string
		}{{s.desk.Counts, to}, {counts, to}, {s.mandates.Counts, late}, {s.watch.Counts, late}, {s.cases.Counts, late}, {s.exhibits.Counts, late}} {
			if room.to < from {
				continue
			}
			m, err := room.counts(ctx, tx, from, room.to)
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
