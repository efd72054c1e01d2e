package channel

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

func selectCursor(ctx context.Context, tx *db.Tx, source string) ([]byte, error) {
	var sealed []byte
	err := tx.QueryRow(ctx, `SELECT sealed FROM channel_cursors WHERE source = $1`, source).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return sealed, err
}

func upsertCursor(ctx context.Context, tx *db.Tx, source string, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO channel_cursors (source, moved_at, sealed) VALUES ($1, $2, $3)
		ON CONFLICT (source) DO UPDATE SET moved_at = $2, sealed = $3`, source, tx.Now, sealed)
	return err
}

func hasSeen(ctx context.Context, tx *db.Tx, source string, hash []byte) (bool, error) {
	var n int64
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM channel_seen WHERE source = $1 AND hash = $2 AND expires > $3`, source, hash, tx.Now).Scan(&n)
	return n > 0, err
}

func upsertSeen(ctx context.Context, tx *db.Tx, source string, hash []byte, expires int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO channel_seen (source, hash, expires) VALUES ($1, $2, $3)
		ON CONFLICT (source, hash) DO UPDATE SET expires = $3`, source, hash, expires)
	return err
}

func deleteSeen(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM channel_seen WHERE expires <= $1`, tx.Now)
	return err
}

// trimSeen keeps the newest hashes of each source.
func trimSeen(ctx context.Context, tx *db.Tx, keep int) error {
	_, err := tx.Exec(ctx, `DELETE FROM channel_seen WHERE (source, hash) IN (
		SELECT source, hash FROM (
			SELECT source, hash, ROW_NUMBER() OVER (PARTITION BY source ORDER BY expires DESC, hash) AS place FROM channel_seen
		) AS channel_places WHERE place > $1)`, keep)
	return err
}

func upsertHealth(ctx context.Context, tx *db.Tx, source string, received bool, failure string) error {
	h := Health{Source: source, TriedAt: tx.Now, Error: failure}
	if received {
		h.ReceivedAt = tx.Now
	}
	if failure != "" {
		h.Failures = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO channel_health (source, received_at, tried_at, failures, error) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (source) DO UPDATE SET
			received_at = CASE WHEN excluded.received_at > 0 THEN excluded.received_at ELSE channel_health.received_at END,
			tried_at = excluded.tried_at,
			failures = CASE WHEN excluded.failures > 0 THEN channel_health.failures + 1 ELSE 0 END,
			error = excluded.error`, h.Source, h.ReceivedAt, h.TriedAt, h.Failures, h.Error)
	return err
}

func selectHealths(ctx context.Context, tx *db.Tx) ([]Health, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (Health, error) {
		var h Health
		err := rows.Scan(&h.Source, &h.ReceivedAt, &h.TriedAt, &h.Failures, &h.Error)
		return h, err
	}, `SELECT source, received_at, tried_at, failures, error FROM channel_health ORDER BY source`)
}

func addCount(ctx context.Context, tx *db.Tx, day, name string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO channel_counts (day, name, n) VALUES ($1, $2, $3)
		ON CONFLICT (day, name) DO UPDATE SET n = channel_counts.n + $3`, day, name, n)
	return err
}

func selectCounts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	type count struct {
		name string
		n    int64
	}
	rows, err := db.Collect(ctx, tx, func(rows *sql.Rows) (count, error) {
		var c count
		err := rows.Scan(&c.name, &c.n)
		return c, err
	}, `SELECT name, SUM(n) FROM channel_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
	out := map[string]int64{}
	for _, c := range rows {
		out[c.name] = c.n
	}
	return out, err
}
