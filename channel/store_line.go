package channel

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

// beginLine makes the row of a line, or says again of which kind it is.
func beginLine(ctx context.Context, tx *db.Tx, name, kind, account string) error {
	_, err := tx.Exec(ctx, `INSERT INTO channel_lines (name, kind, account, began_at, received_at, alive_at, tested_at, passed_at, expires, failures, failing_at, why)
		VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, '') ON CONFLICT (name) DO UPDATE SET kind = $2, began_at = $4`, name, kind, account, tx.Now)
	return err
}

func setAlive(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `UPDATE channel_lines SET alive_at = $2, failures = 0, failing_at = 0, why = '' WHERE name = $1`, name, tx.Now)
	return err
}

func setReceived(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `UPDATE channel_lines SET received_at = $2 WHERE name = $1`, name, tx.Now)
	return err
}

func setPassed(ctx context.Context, tx *db.Tx, name, account string, expires int64) error {
	_, err := tx.Exec(ctx, `UPDATE channel_lines SET tested_at = $2, passed_at = $2, expires = $4, account = CASE WHEN $3 <> '' THEN $3 ELSE account END WHERE name = $1`,
		name, tx.Now, account, expires)
	if err == nil { // what only a good credential can do was done
		_, err = tx.Exec(ctx, `UPDATE channel_lines SET failures = 0, failing_at = 0, why = '' WHERE name = $1 AND why IN ('expired', 'rejected', 'gone')`, name)
	}
	return err
}

func setTested(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `UPDATE channel_lines SET tested_at = $2 WHERE name = $1`, name, tx.Now)
	return err
}

func setFailed(ctx context.Context, tx *db.Tx, name, why string) error {
	_, err := tx.Exec(ctx, `UPDATE channel_lines SET failures = failures + 1, failing_at = CASE WHEN failing_at = 0 THEN $2 ELSE failing_at END, why = $3 WHERE name = $1`,
		name, tx.Now, why)
	return err
}

func selectLines(ctx context.Context, tx *db.Tx) ([]LineHealth, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (h LineHealth, err error) {
		err = r.Scan(&h.Name, &h.Kind, &h.Account, &h.BeganAt, &h.ReceivedAt, &h.AliveAt, &h.TestedAt, &h.PassedAt, &h.Expires, &h.Failures, &h.FailingAt, &h.Why)
		return h, err
	}, `SELECT name, kind, account, began_at, received_at, alive_at, tested_at, passed_at, expires, failures, failing_at, why FROM channel_lines ORDER BY name`)
}

func deleteLine(ctx context.Context, tx *db.Tx, name, source string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM channel_lines WHERE name = $1`, name); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM channel_cursors WHERE source = $1`, source)
	return err
}

func deleteCursor(ctx context.Context, tx *db.Tx, source string) error {
	_, err := tx.Exec(ctx, `DELETE FROM channel_cursors WHERE source = $1`, source)
	return err
}
