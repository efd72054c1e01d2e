package ledger

import (
	"context"
	"database/sql"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
	"ronde/internal/db"
	"ronde/ledger/verify"
)

type row struct {
	Entry
	sealed []byte
}

const columns = `id, at, verb, object, handle, permit, detail, state, mac, container, sealed, sealed_sum, leaf`

func scanEvent(rows interface{ Scan(...any) error }) (row, error) {
	var r row
	var leaf sql.NullInt64
	err := rows.Scan(&r.ID, &r.At, &r.Verb, &r.Object, &r.Handle, &r.Permit, &r.Detail, &r.State, &r.MAC, &r.Container, &r.sealed, &r.SealedSum, &leaf)
	r.Leaf = -1
	if leaf.Valid {
		r.Leaf = leaf.Int64
	}
	r.HasReason = r.sealed != nil
	r.Blanked = r.MAC != nil && r.sealed == nil
	return r, err
}

func insertEvent(ctx context.Context, tx *db.Tx, v verify.Event, container string, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO ledger_events (id, at, verb, object, handle, permit, detail, state, mac, container, sealed, sealed_sum)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.ID, v.At, v.Verb, v.Object, v.Handle, v.Permit, v.Detail, v.State, v.MAC, container, sealed, v.SealedSum)
	return err
}

func selectEvents(ctx context.Context, tx *db.Tx, f Filter) ([]row, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (row, error) { return scanEvent(r) }, `SELECT `+columns+` FROM ledger_events
		WHERE ($1 = '' OR object = $1) AND ($2 = '' OR handle = $2) AND ($3 = '' OR verb = $3)
		AND at >= $4 AND ($5 = 0 OR at < $5) AND ($6 = '' OR id < $6)
		AND (NOT $8 OR NOT (verb LIKE '%.list%' OR verb LIKE '%.open' OR verb LIKE '%.read' OR verb IN ('alert.count', 'lexicon.candidates')))
		ORDER BY id DESC LIMIT $7`, f.Object, f.Handle, f.Verb, f.From, f.To, f.Before, f.Limit, f.Acts)
}

func selectEvent(ctx context.Context, tx *db.Tx, id string) (row, error) {
	return scanEvent(tx.QueryRow(ctx, `SELECT `+columns+` FROM ledger_events WHERE id = $1`, id))
}

func blankEvent(ctx context.Context, tx *db.Tx, id string) (int64, error) {
	return tx.Exec(ctx, `UPDATE ledger_events SET sealed = NULL WHERE id = $1 AND sealed IS NOT NULL`, id)
}

func selectUnsequenced(ctx context.Context, tx *db.Tx, limit int) ([]row, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (row, error) { return scanEvent(r) }, `SELECT `+columns+` FROM ledger_events
		WHERE leaf IS NULL ORDER BY id LIMIT $1`, limit)
}

// eachSequenced calls fn for every leaf in order, a page at a time.
func eachSequenced(ctx context.Context, tx *db.Tx, fn func(row) error) error {
	for next := int64(0); ; {
		rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (row, error) { return scanEvent(r) }, `SELECT `+columns+` FROM ledger_events
			WHERE leaf >= $1 ORDER BY leaf LIMIT 1000`, next)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := fn(r); err != nil {
				return err
			}
			next = r.Leaf + 1
		}
	}
}

func setLeaf(ctx context.Context, tx *db.Tx, id string, leaf int64) error {
	_, err := tx.Exec(ctx, `UPDATE ledger_events SET leaf = $1 WHERE id = $2`, leaf, id)
	return err
}

func selectHead(ctx context.Context, tx *db.Tx) (size int64, root []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT size, root FROM ledger_head WHERE id = 'head'`).Scan(&size, &root)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return size, root, err
}

// moveHead changes the head only from the size it was read at: two copies of
// the program cannot both extend the tree.
func moveHead(ctx context.Context, tx *db.Tx, from, to int64, root tlog.Hash) (bool, error) {
	if from == 0 {
		n, err := tx.Exec(ctx, `INSERT INTO ledger_head (id, size, root) VALUES ('head', $1, $2) ON CONFLICT (id) DO NOTHING`, to, root[:])
		return n == 1, err
	}
	n, err := tx.Exec(ctx, `UPDATE ledger_head SET size = $1, root = $2 WHERE id = 'head' AND size = $3`, to, root[:], from)
	return n == 1, err
}

func insertHash(ctx context.Context, tx *db.Tx, position int64, h tlog.Hash) error {
	_, err := tx.Exec(ctx, `INSERT INTO ledger_hashes (position, hash) VALUES ($1, $2)`, position, h[:])
	return err
}

func selectHash(ctx context.Context, tx *db.Tx, position int64) (h tlog.Hash, err error) {
	var b []byte
	err = tx.QueryRow(ctx, `SELECT hash FROM ledger_hashes WHERE position = $1`, position).Scan(&b)
	copy(h[:], b)
	return h, err
}

func eachHash(ctx context.Context, tx *db.Tx, fn func(position int64, hash []byte) error) error {
	rows, err := tx.Query(ctx, `SELECT position, hash FROM ledger_hashes ORDER BY position`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p int64
		var h []byte
		if err := rows.Scan(&p, &h); err != nil {
			return err
		}
		if err := fn(p, h); err != nil {
			return err
		}
	}
	return rows.Err()
}

func lastCheckpoint(ctx context.Context, tx *db.Tx) (size int64, note []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT size, note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1`).Scan(&size, &note)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return size, note, err
}

func insertCheckpoint(ctx context.Context, tx *db.Tx, size int64, note []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO ledger_checkpoints (size, at, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING`, size, tx.Now, note)
	return err
}

func checkpoints(ctx context.Context, tx *db.Tx) ([][]byte, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (b []byte, err error) { return b, r.Scan(&b) },
		`SELECT note FROM ledger_checkpoints ORDER BY size`)
}

// lastEventOf is the greatest name of an object's events, or empty.
func lastEventOf(ctx context.Context, tx *db.Tx, object string) (last string, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(max(id), '') FROM ledger_events WHERE object = $1`, object).Scan(&last)
	return last, err
}
