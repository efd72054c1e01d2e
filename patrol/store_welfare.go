package patrol

import (
	"context"

	"ronde/internal/db"
)

// selectWelfare says sql.ErrNoRows when there is none.
func selectWelfare(ctx context.Context, tx *db.Tx, row string) (sealed []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT sealed FROM patrol_welfare WHERE id = $1`, row).Scan(&sealed)
	return sealed, err
}

func upsertWelfare(ctx context.Context, tx *db.Tx, row string, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_welfare (id, sealed) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET sealed = $2`, row, sealed)
	return err
}
