package patrol

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

func insertCode(ctx context.Context, tx *db.Tx, c vouch, mark []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_codes (id, mark, card, platform, made, ends) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.id, mark, c.card, c.platform, c.made, c.ends)
	return err
}

// selectCode is the living code with this mark; sql.ErrNoRows when there is none.
func selectCode(ctx context.Context, tx *db.Tx, mark []byte) (c vouch, err error) {
	err = tx.QueryRow(ctx, `SELECT id, card, platform, made, ends FROM patrol_codes WHERE mark = $1 AND ends > $2`, mark, tx.Now).
		Scan(&c.id, &c.card, &c.platform, &c.made, &c.ends)
	return c, err
}

func countCodes(ctx context.Context, tx *db.Tx, card string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_codes WHERE card = $1 AND ends > $2`, card, tx.Now).Scan(&n)
	return n, err
}

// selectOverCodes lists codes whose time is over, or that a card gave.
func selectOverCodes(ctx context.Context, tx *db.Tx, card string, most int) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (id string, err error) {
		err = r.Scan(&id)
		return id, err
	}, `SELECT id FROM patrol_codes WHERE ends <= $1 OR card = $2 ORDER BY ends, id LIMIT $3`, tx.Now, card, most)
}

func deleteCode(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM patrol_codes WHERE id = $1`, id)
	return n == 1, err
}
