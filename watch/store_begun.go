package watch

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

// selectBegun lists the alerts that somebody asked to let leave, newest first.
func selectBegun(ctx context.Context, tx *db.Tx, handle string, most int) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (id string, err error) {
		err = r.Scan(&id)
		return id, err
	}, `SELECT id FROM watch_alerts WHERE asker = $1 AND state IN ('left', 'taken') ORDER BY raised_at DESC, id LIMIT $2`, handle, most)
}
