package desk

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

func selectSteps(ctx context.Context, tx *db.Tx, conversation string) (map[string]Step, error) {
	rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (s Step, err error) {
		err = r.Scan(&s.Name, &s.By, &s.At)
		return s, err
	}, `SELECT step, handle, at FROM desk_steps WHERE conversation = $1`, conversation)
	out := map[string]Step{}
	for _, s := range rows {
		out[s.Name] = s
	}
	return out, err
}

func putStep(ctx context.Context, tx *db.Tx, conversation, step, handle string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_steps (conversation, step, handle, at) VALUES ($1, $2, $3, $4) ON CONFLICT (conversation, step) DO NOTHING`, conversation, step, handle, tx.Now)
	return err
}

func deleteStep(ctx context.Context, tx *db.Tx, conversation, step string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_steps WHERE conversation = $1 AND step = $2`, conversation, step)
	return err
}

// address is a row of desk_addresses.
type address struct {
	at, until int64
	sealed    []byte
}

func insertAddress(ctx context.Context, tx *db.Tx, id, conversation string, until int64, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_addresses (id, conversation, at, until, sealed) VALUES ($1, $2, $3, $4, $5)`, id, conversation, tx.Now, until, sealed)
	return err
}

func countAddresses(ctx context.Context, tx *db.Tx, conversation string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_addresses WHERE conversation = $1`, conversation).Scan(&n)
	return n, err
}

// selectAddresses lists what is still within its hours: expiry is checked here
// and not left to the clock that purges.
func selectAddresses(ctx context.Context, tx *db.Tx, conversation string) ([]address, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (a address, err error) {
		err = r.Scan(&a.at, &a.until, &a.sealed)
		return a, err
	}, `SELECT at, until, sealed FROM desk_addresses WHERE conversation = $1 AND until > $2 ORDER BY at, id`, conversation, tx.Now)
}

func deletePastAddresses(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_addresses WHERE until <= $1 RETURNING id`, tx.Now)
}

func deleteAddresses(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_addresses WHERE conversation = $1 RETURNING id`, conversation)
}
