package jobs

import (
	"context"

	"ronde/internal/db"
)

// take changes the row only when it is free, over, or ours.
func take(ctx context.Context, tx *db.Tx, name, holder string, until int64) (int64, error) {
	return tx.Exec(ctx, `INSERT INTO jobs_leases (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3 WHERE jobs_leases.holder = $2 OR jobs_leases.until <= $4`, name, holder, until, tx.Now)
}

func release(ctx context.Context, tx *db.Tx, holder string) error {
	_, err := tx.Exec(ctx, `DELETE FROM jobs_leases WHERE holder = $1`, holder)
	return err
}
