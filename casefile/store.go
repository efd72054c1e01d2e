package casefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/watch"
)

const columns = `id, number, state, unit, lead, from_kind, from_id, mandate, category, opened_at, closed_at, outcome, review_at, container, sealed`

func scan(r interface{ Scan(...any) error }) (c Case, err error) {
	err = r.Scan(&c.ID, &c.Number, &c.State, &c.Unit, &c.Lead, &c.FromKind, &c.FromID, &c.Mandate, &c.Category, &c.OpenedAt,
		&c.ClosedAt, &c.Outcome, &c.ReviewAt, &c.container, &c.sealed)
	return c, err
}

func insert(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.Exec(ctx, `INSERT INTO casefile_cases (id, number, state, unit, lead, from_kind, from_id, mandate, category, opened_at, closed_at, outcome, review_at, container, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		c.ID, c.Number, c.State, c.Unit, c.Lead, c.FromKind, c.FromID, c.Mandate, c.Category, c.OpenedAt, c.ClosedAt, c.Outcome, c.ReviewAt, c.container, c.sealed)
	return err
}

// nextNumber counts the cases of the year; case rows are never deleted.
func nextNumber(ctx context.Context, tx *db.Tx) (string, error) {
	year := time.UnixMicro(tx.Now).UTC().Year()
	from := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM casefile_cases WHERE opened_at >= $1`, from).Scan(&n)
	return fmt.Sprintf("%d-%04d", year, n+1), err
}

func byID(ctx context.Context, tx *db.Tx, id string) (Case, error) {
	c, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM casefile_cases WHERE id = $1`, id))
	return c, db.One(err, "find case")
}

func bySource(ctx context.Context, tx *db.Tx, kind, id string) (Case, error) {
	c, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM casefile_cases WHERE from_kind = $1 AND from_id = $2`, kind, id))
	return c, db.One(err, "find case")
}

// listFor asks for the cases in the viewer's scope: the unit's when unit is
// not empty, and those the handle leads or works on; never a denied one, and a
// guarded one only for who may.
func listFor(ctx context.Context, tx *db.Tx, scope access.Scope, unit, handle, before string, limit int) ([]Case, error) {
	guarded := "," + strings.Join(watch.GuardedCategories(), ",") + ","
	return db.Collect(ctx, tx, func(r *sql.Rows) (Case, error) { return scan(r) }, `SELECT `+columns+` FROM casefile_cases
		WHERE ($1 OR (unit = $2 AND $2 <> '') OR lead = $3 OR id IN (SELECT case_id FROM casefile_team WHERE handle = $3 AND stands = 'member'))
		AND id NOT IN (SELECT case_id FROM casefile_team WHERE handle = $3 AND stands = 'denied')
		AND ($6 OR $7 NOT LIKE '%,' || category || ',%' OR lead = $3 OR id IN (SELECT case_id FROM casefile_team WHERE handle = $3 AND stands = 'member'))
		AND ($4 = '' OR id < $4) ORDER BY id DESC LIMIT $5`, scope.All, unit, handle, before, limit, scope.Guarded, guarded)
}

func standing(ctx context.Context, tx *db.Tx, caseID, handle string) (string, error) {
	var s string
	err := tx.QueryRow(ctx, `SELECT stands FROM casefile_team WHERE case_id = $1 AND handle = $2`, caseID, handle).Scan(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return s, err
}

func setStanding(ctx context.Context, tx *db.Tx, caseID, handle, stands string) error {
	_, err := tx.Exec(ctx, `INSERT INTO casefile_team (case_id, handle, stands) VALUES ($1, $2, $3)
		ON CONFLICT (case_id, handle) DO UPDATE SET stands = $3`, caseID, handle, stands)
	return err
}

func closeCase(ctx context.Context, tx *db.Tx, id, outcome string) error {
	_, err := tx.Exec(ctx, `UPDATE casefile_cases SET state = 'closed', outcome = $1, closed_at = $2 WHERE id = $3`, outcome, tx.Now, id)
	return err
}

func insertNote(ctx context.Context, tx *db.Tx, caseID string, n Note) error {
	_, err := tx.Exec(ctx, `INSERT INTO casefile_notes (id, case_id, at, author, standing, container, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		n.ID, caseID, n.At, n.Author, n.Standing, n.container, n.sealed)
	return err
}

func notesOf(ctx context.Context, tx *db.Tx, caseID string) ([]Note, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (n Note, err error) {
		err = r.Scan(&n.ID, &n.At, &n.Author, &n.Standing, &n.container, &n.sealed)
		return n, err
	}, `SELECT id, at, author, standing, container, sealed FROM casefile_notes WHERE case_id = $1 ORDER BY at, id`, caseID)
}

func count(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO casefile_counts (day, name, n) VALUES ($1, $2, 1)
		ON CONFLICT (day, name) DO UPDATE SET n = casefile_counts.n + 1`, db.Day(tx.Now), name)
	return err
}

func counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	return db.Counts(ctx, tx, `SELECT name, sum(n) FROM casefile_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
}
