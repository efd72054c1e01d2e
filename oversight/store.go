package oversight

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

const columns = `id, asks, about_kind, about_id, state, decision, ground, received_at, due_at, prepared_by, decided_by, decided_at, done_at, code, container, sealed`

func scan(r interface{ Scan(...any) error }) (q Request, err error) {
	err = r.Scan(&q.ID, &q.Asks, &q.AboutKind, &q.AboutID, &q.State, &q.Decision, &q.Ground, &q.ReceivedAt, &q.DueAt,
		&q.PreparedBy, &q.DecidedBy, &q.DecidedAt, &q.DoneAt, &q.code, &q.container, &q.sealed)
	return q, err
}

func scanRows(r *sql.Rows) (Request, error) { return scan(r) }

func insert(ctx context.Context, tx *db.Tx, q Request) error {
	_, err := tx.Exec(ctx, `INSERT INTO oversight_requests (id, asks, about_kind, about_id, state, decision, ground, received_at, due_at, prepared_by, decided_by, decided_at, done_at, code, container, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		q.ID, q.Asks, q.AboutKind, q.AboutID, q.State, q.Decision, q.Ground, q.ReceivedAt, q.DueAt, q.PreparedBy, q.DecidedBy, q.DecidedAt, q.DoneAt, q.code, q.container, q.sealed)
	return err
}

// update writes what changes while a request is handled.
func update(ctx context.Context, tx *db.Tx, q Request) error {
	_, err := tx.Exec(ctx, `UPDATE oversight_requests SET state = $1, decision = $2, ground = $3, prepared_by = $4, decided_by = $5, decided_at = $6, done_at = $7, sealed = $8 WHERE id = $9`,
		q.State, q.Decision, q.Ground, q.PreparedBy, q.DecidedBy, q.DecidedAt, q.DoneAt, q.sealed, q.ID)
	return err
}

func byID(ctx context.Context, tx *db.Tx, id string) (Request, error) {
	q, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM oversight_requests WHERE id = $1`, id))
	return q, db.One(err, "find rights request")
}

func byCode(ctx context.Context, tx *db.Tx, code []byte) (Request, error) {
	q, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM oversight_requests WHERE code = $1`, code))
	return q, db.One(err, "find rights request")
}

func list(ctx context.Context, tx *db.Tx, done bool, limit int) ([]Request, error) {
	return db.Collect(ctx, tx, scanRows, `SELECT `+columns+` FROM oversight_requests WHERE (state = 'done') = $1 ORDER BY due_at, id LIMIT $2`, done, limit)
}

func countRequests(ctx context.Context, tx *db.Tx) (q Queue, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FILTER (WHERE state <> 'done'), COUNT(*) FILTER (WHERE state = 'done') FROM oversight_requests`).Scan(&q.Open, &q.Done)
	return q, err
}

func decided(ctx context.Context, tx *db.Tx) ([]Request, error) {
	return db.Collect(ctx, tx, scanRows, `SELECT `+columns+` FROM oversight_requests WHERE state = 'decided' ORDER BY id`)
}

// past returns requests that were done at or before a time and still have
// their words.
func past(ctx context.Context, tx *db.Tx, before int64, limit int) ([]Request, error) {
	return db.Collect(ctx, tx, scanRows, `SELECT `+columns+` FROM oversight_requests WHERE state = 'done' AND done_at <= $1 AND sealed IS NOT NULL ORDER BY done_at, id LIMIT $2`, before, limit)
}

// endings returns the containers whose keys have to die.
func endings(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (c string, err error) {
		err = r.Scan(&c)
		return c, err
	}, `SELECT container FROM oversight_endings ORDER BY container`)
}

// silence takes the words and the receipt code from a request, and notes that
// its key has to die.
func silence(ctx context.Context, tx *db.Tx, q Request, code []byte) error {
	if _, err := tx.Exec(ctx, `UPDATE oversight_requests SET sealed = NULL, code = $1 WHERE id = $2`, code, q.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO oversight_endings (container, at) VALUES ($1, $2)`, q.container, tx.Now)
	return err
}

func deleteEnding(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `DELETE FROM oversight_endings WHERE container = $1`, container)
	return err
}

func insertCertificate(ctx context.Context, tx *db.Tx, c Certificate) error {
	_, err := tx.Exec(ctx, `INSERT INTO oversight_certificates (id, kind, subject, at, n, digest, basis, maker) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, c.Kind, c.Subject, c.At, c.N, c.Digest, c.Basis, c.Maker)
	return err
}

func certificates(ctx context.Context, tx *db.Tx, limit int) ([]Certificate, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (c Certificate, err error) {
		err = r.Scan(&c.ID, &c.Kind, &c.Subject, &c.At, &c.N, &c.Digest, &c.Basis, &c.Maker)
		return c, err
	}, `SELECT id, kind, subject, at, n, digest, basis, maker FROM oversight_certificates ORDER BY id DESC LIMIT $1`, limit)
}

func count(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO oversight_counts (day, name, n) VALUES ($1, $2, 1)
		ON CONFLICT (day, name) DO UPDATE SET n = oversight_counts.n + 1`, db.Day(tx.Now), name)
	return err
}

func counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	return db.Counts(ctx, tx, `SELECT name, sum(n) FROM oversight_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
}
