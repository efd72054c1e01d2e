package logbook

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"ronde/access"
	"ronde/internal/db"
)

const columns = `id, place, unit, handle, at, minutes, talks, outcomes, handed, made, changed, emptied, sealed`

func scan(row func(...any) error) (e Entry, err error) {
	var outcomes string
	err = row(&e.ID, &e.Place, &e.Unit, &e.Handle, &e.At, &e.Minutes, &e.Talks, &outcomes, &e.Handed, &e.Made, &e.Changed, &e.Emptied, &e.sealed)
	e.Outcomes = unspell(outcomes)
	return e, err
}

func insertEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `INSERT INTO logbook_entries (id, place, unit, handle, at, minutes, talks, outcomes, handed, made, changed, emptied, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.ID, e.Place, e.Unit, e.Handle, e.At, e.Minutes, e.Talks, spell(e.Outcomes), e.Handed, e.Made, e.Changed, e.Emptied, e.sealed)
	return err
}

func updateEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `UPDATE logbook_entries SET place = $2, at = $3, minutes = $4, talks = $5, outcomes = $6, handed = $7, changed = $8, emptied = $9, sealed = $10 WHERE id = $1`,
		e.ID, e.Place, e.At, e.Minutes, e.Talks, spell(e.Outcomes), e.Handed, tx.Now, e.Emptied, e.sealed)
	return err
}

func selectEntry(ctx context.Context, tx *db.Tx, id string) (Entry, error) {
	return scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM logbook_entries WHERE id = $1`, id).Scan)
}

// selectEntries lists what somebody may see, newest first.
func selectEntries(ctx context.Context, tx *db.Tx, scope access.Scope, f Filter) ([]Entry, error) {
	args := []any{f.From, f.To, f.Rows, f.Skip}
	reach := []string{`1 = 0`}
	if scope.All {
		reach = []string{`1 = 1`}
	}
	for _, unit := range scope.Units {
		args = append(args, unit)
		reach = append(reach, `unit = $`+strconv.Itoa(len(args)))
	}
	where := `at >= $1 AND at < $2 AND (` + strings.Join(reach, ` OR `) + `)`
	if f.Place != "" {
		args = append(args, f.Place)
		where += ` AND place = $` + strconv.Itoa(len(args))
	}
	return db.Collect(ctx, tx, func(r *sql.Rows) (Entry, error) { return scan(r.Scan) },
		`SELECT `+columns+` FROM logbook_entries WHERE `+where+` ORDER BY at DESC, id DESC LIMIT $3 OFFSET $4`, args...)
}

func lastOf(ctx context.Context, tx *db.Tx, handle string) ([]Entry, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Entry, error) { return scan(r.Scan) },
		`SELECT `+columns+` FROM logbook_entries WHERE handle = $1 AND emptied = 0 ORDER BY made DESC, id DESC LIMIT 1`, handle)
}

func selectOld(ctx context.Context, tx *db.Tx, before int64, most int) ([]Entry, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Entry, error) { return scan(r.Scan) },
		`SELECT `+columns+` FROM logbook_entries WHERE emptied = 0 AND made <= $1 ORDER BY made LIMIT $2`, before, most)
}

func putEnding(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `INSERT INTO logbook_endings (container, at) VALUES ($1, $2) ON CONFLICT (container) DO NOTHING`, container, tx.Now)
	return err
}

func selectEndings(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }, `SELECT container FROM logbook_endings ORDER BY container`)
}

func deleteEnding(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `DELETE FROM logbook_endings WHERE container = $1`, container)
	return err
}

// insertNonce reports the entry of a form that was sent before, or "".
func insertNonce(ctx context.Context, tx *db.Tx, nonce []byte, entry string) (before string, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO logbook_nonces (nonce, entry, at) VALUES ($1, $2, $3) ON CONFLICT (nonce) DO NOTHING`, nonce, entry, tx.Now)
	if err != nil || n == 1 {
		return "", err
	}
	err = tx.QueryRow(ctx, `SELECT entry FROM logbook_nonces WHERE nonce = $1`, nonce).Scan(&before)
	return before, err
}

func forgetNonces(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM logbook_nonces WHERE at <= $1`, before)
	return err
}
