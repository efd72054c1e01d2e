package desk

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

func selectSettings(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (kv [2]string, err error) {
		err = r.Scan(&kv[0], &kv[1])
		return kv, err
	}, `SELECT id, value FROM desk_settings`)
	for _, kv := range rows {
		out[kv[0]] = kv[1]
	}
	return out, err
}

func putSetting(ctx context.Context, tx *db.Tx, name, value, handle string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_settings (id, value, handle, at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET value = $2, handle = $3, at = $4`, name, value, handle, tx.Now)
	return err
}
