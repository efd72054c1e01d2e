package desk

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

// selectBegun lists the conversations that somebody had last, newest first.
func selectBegun(ctx context.Context, tx *db.Tx, handle string, most int) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (id string, err error) {
		err = r.Scan(&id)
		return id, err
	}, `SELECT id FROM desk_conversations WHERE holder = $1 ORDER BY id DESC LIMIT $2`, handle, most)
}
