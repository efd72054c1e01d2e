package evidence

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

const columns = `id, number, case_id, kind, state, permit, captured_at, sealed_at, sealed_by, size, blob, blob_sum, container, sealed`

func scan(r interface{ Scan(...any) error }) (e Exhibit, err error) {
	err = r.Scan(&e.ID, &e.Number, &e.Case, &e.Kind, &e.State, &e.Permit, &e.CapturedAt, &e.SealedAt, &e.SealedBy, &e.Size,
		&e.blob, &e.blobSum, &e.container, &e.sealed)
	return e, err
}

func scanRows(r *sql.Rows) (Exhibit, error) { return scan(r) }

func insert(ctx context.Context, tx *db.Tx, e Exhibit) error {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_exhibits (id, number, case_id, kind, state, permit, captured_at, sealed_at, sealed_by, size, blob, blob_sum, container, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		e.ID, e.Number, e.Case, e.Kind, e.State, e.Permit, e.CapturedAt, e.SealedAt, e.SealedBy, e.Size, e.blob, e.blobSum, e.container, e.sealed)
	return err
}

func nextNumber(ctx context.Context, tx *db.Tx, caseID string) (n int64, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(max(number), 0) + 1 FROM evidence_exhibits WHERE case_id = $1`, caseID).Scan(&n)
	return n, err
}

func byID(ctx context.Context, tx *db.Tx, id string) (Exhibit, error) {
	e, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM evidence_exhibits WHERE id = $1`, id))
	return e, db.One(err, "find exhibit")
}

func ofCase(ctx context.Context, tx *db.Tx, caseID string) ([]Exhibit, error) {
	return db.Collect(ctx, tx, scanRows, `SELECT `+columns+` FROM evidence_exhibits WHERE case_id = $1 ORDER BY number`, caseID)
}

func withBlob(ctx context.Context, tx *db.Tx) ([]Exhibit, error) {
	return db.Collect(ctx, tx, scanRows, `SELECT `+columns+` FROM evidence_exhibits WHERE blob <> '' ORDER BY id`)
}

func markDestroyed(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE evidence_exhibits SET state = 'destroyed', blob = '', sealed = NULL WHERE id = $1`, id)
	return err
}

func setKind(ctx context.Context, tx *db.Tx, id, kind string) error {
	_, err := tx.Exec(ctx, `UPDATE evidence_exhibits SET kind = $1 WHERE id = $2`, kind, id)
	return err
}

func setState(ctx context.Context, tx *db.Tx, id, state string) error {
	_, err := tx.Exec(ctx, `UPDATE evidence_exhibits SET state = $1 WHERE id = $2`, state, id)
	return err
}

func count(ctx context.Context, tx *db.Tx, day, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_counts (day, name, n) VALUES ($1, $2, 1)
		ON CONFLICT (day, name) DO UPDATE SET n = evidence_counts.n + 1`, day, name)
	return err
}

func counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	return db.Counts(ctx, tx, `SELECT name, sum(n) FROM evidence_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
}
