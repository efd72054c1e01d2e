package casefile

import (
	"context"

	"ronde/internal/db"
)

// Stand says how a person stands to a case: "member" or "denied".
func (s *Service) Stand(ctx context.Context, caseID, handle, stands string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return setStanding(ctx, tx, caseID, handle, stands) })
}
