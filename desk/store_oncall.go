package desk

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ronde/internal/db"
)

func insertContact(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_contacts (id, handle, place, way, room, wait, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, c.Handle, c.Place, c.Way, c.Room, int64(c.Wait)*time.Minute.Microseconds(), c.sealed)
	return err
}

func selectContacts(ctx context.Context, tx *db.Tx, handle string) ([]Contact, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (c Contact, err error) {
		var wait int64
		err = r.Scan(&c.ID, &c.Handle, &c.Place, &c.Way, &c.Room, &wait, &c.sealed)
		c.Wait = int(wait / time.Minute.Microseconds())
		return c, err
	}, `SELECT id, handle, place, way, room, wait, sealed FROM desk_contacts WHERE handle = $1 ORDER BY place, id`, handle)
}

func placeContact(ctx context.Context, tx *db.Tx, id string, place int64) error {
	_, err := tx.Exec(ctx, `UPDATE desk_contacts SET place = $2 WHERE id = $1`, id, place)
	return err
}

func deleteContact(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_contacts WHERE id = $1`, id)
	return err
}

const callColumns = `id, conversation, kind, target, at, due, step, state, answered, handle`

func scanCall(scan func(...any) error) (c Call, err error) {
	err = scan(&c.ID, &c.Conversation, &c.Kind, &c.Target, &c.At, &c.Due, &c.Step, &c.State, &c.Answered, &c.Handle)
	return c, err
}

func insertCall(ctx context.Context, tx *db.Tx, c Call) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_calls (id, conversation, kind, target, at, due, step, state, answered, handle) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
		c.ID, c.Conversation, c.Kind, c.Target, c.At, c.Due, c.Step, c.State)
	return err
}

func updateCall(ctx context.Context, tx *db.Tx, c Call) error {
	_, err := tx.Exec(ctx, `UPDATE desk_calls SET due = $2, step = $3, state = $4, answered = $5, handle = $6 WHERE id = $1`, c.ID, c.Due, c.Step, c.State, c.Answered, c.Handle)
	return err
}

func selectCall(ctx context.Context, tx *db.Tx, id string) (Call, error) {
	return scanCall(tx.QueryRow(ctx, `SELECT `+callColumns+` FROM desk_calls WHERE id = $1`, id).Scan)
}

func waitingCalls(ctx context.Context, tx *db.Tx, conversation string) ([]Call, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Call, error) { return scanCall(r.Scan) },
		`SELECT `+callColumns+` FROM desk_calls WHERE conversation = $1 AND state = 'waiting' ORDER BY id`, conversation)
}

// dueCall is the first that waits and is due.
func dueCall(ctx context.Context, tx *db.Tx) (c Call, found bool, err error) {
	c, err = scanCall(tx.QueryRow(ctx, `SELECT `+callColumns+` FROM desk_calls WHERE state = 'waiting' AND due <= $1 ORDER BY due, id LIMIT 1`, tx.Now).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Call{}, false, nil
	}
	return c, err == nil, err
}

// selectCalls lists the newest calls of the on-call list.
func selectCalls(ctx context.Context, tx *db.Tx, most int) ([]Call, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Call, error) { return scanCall(r.Scan) },
		`SELECT `+callColumns+` FROM desk_calls WHERE target = '' ORDER BY at DESC, id DESC LIMIT $1`, most)
}

func countCalls(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_calls WHERE state = 'waiting' AND kind = 'danger'`).Scan(&n)
	return n, err
}

func deleteCalls(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_calls WHERE conversation = $1 RETURNING id`, conversation)
}

func deleteRings(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_rings WHERE call IN (SELECT id FROM desk_calls WHERE conversation = $1) RETURNING id`, conversation)
}

func insertRing(ctx context.Context, tx *db.Tx, id, call, contact string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_rings (id, call, contact, at, ended, result) VALUES ($1, $2, $3, $4, 0, '')`, id, call, contact, tx.Now)
	return err
}

func endRing(ctx context.Context, tx *db.Tx, id, result string) error {
	_, err := tx.Exec(ctx, `UPDATE desk_rings SET ended = $2, result = $3 WHERE id = $1`, id, tx.Now, result)
	return err
}

func lastRing(ctx context.Context, tx *db.Tx, contact string) (at int64, result string, err error) {
	err = tx.QueryRow(ctx, `SELECT at, result FROM desk_rings WHERE contact = $1 ORDER BY at DESC, id DESC LIMIT 1`, contact).Scan(&at, &result)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return at, result, err
}
