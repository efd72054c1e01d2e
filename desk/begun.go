package desk

import (
	"context"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// Begun names the conversations that somebody has or had last, newest first: so
// that they can be told what came of it (D 7.20).
func (s *Service) Begun(ctx context.Context, tx *db.Tx, handle string, most int) ([]string, error) {
	ids, err := selectBegun(ctx, tx, handle, most)
	return ids, errs.Wrap(err, "read begun conversations")
}
