package watch

import (
	"context"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// Begun names the alerts that left the watch because somebody asked, newest
// first: so that they can be told what came of it (D 7.20).
func (s *Service) Begun(ctx context.Context, tx *db.Tx, handle string, most int) ([]string, error) {
	ids, err := selectBegun(ctx, tx, handle, most)
	return ids, errs.Wrap(err, "read begun alerts")
}
