package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

const revealColumns = `id, conversation, asker, person, at, second, state, decided, sealed`

func scanReveal(scan func(...any) error) (r Reveal, err error) {
	err = scan(&r.ID, &r.Conversation, &r.Asker, &r.person, &r.At, &r.Second, &r.State, &r.Decided, &r.sealed)
	return r, err
}

func oneReveal(r Reveal, err error) (Reveal, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return Reveal{}, false, nil
	}
	return r, err == nil, err
}

func insertReveal(ctx context.Context, tx *db.Tx, r Reveal) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_reveals (id, conversation, asker, person, at, second, state, decided, sealed) VALUES ($1, $2, $3, $4, $5, '', $6, 0, $7)`,
		r.ID, r.Conversation, r.Asker, r.person, r.At, r.State, r.sealed)
	return err
}

func updateReveal(ctx context.Context, tx *db.Tx, r Reveal) error {
	_, err := tx.Exec(ctx, `UPDATE desk_reveals SET second = $2, state = $3, decided = $4 WHERE id = $1`, r.ID, r.Second, r.State, r.Decided)
	return err
}

func findReveal(ctx context.Context, tx *db.Tx, id string) (Reveal, bool, error) {
	return oneReveal(scanReveal(tx.QueryRow(ctx, `SELECT `+revealColumns+` FROM desk_reveals WHERE id = $1`, id).Scan))
}

func lastReveal(ctx context.Context, tx *db.Tx, conversation string) (Reveal, error) {
	r, _, err := oneReveal(scanReveal(tx.QueryRow(ctx, `SELECT `+revealColumns+` FROM desk_reveals WHERE conversation = $1 ORDER BY at DESC, id DESC LIMIT 1`, conversation).Scan))
	return r, err
}

func selectAsked(ctx context.Context, tx *db.Tx, since int64) ([]Reveal, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Reveal, error) { return scanReveal(r.Scan) },
		`SELECT `+revealColumns+` FROM desk_reveals WHERE state = 'asked' AND at > $1 ORDER BY at, id LIMIT 100`, since)
}

func deleteReveals(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_reveals WHERE conversation = $1 RETURNING id`, conversation)
}

const handoverColumns = `id, giver, taker, at, seen`

func insertHandover(ctx context.Context, tx *db.Tx, conversation string, h Handed) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_handovers (id, conversation, giver, taker, at, seen) VALUES ($1, $2, $3, $4, $5, 0)`, h.ID, conversation, h.Giver, h.Taker, h.At)
	return err
}

func lastHandover(ctx context.Context, tx *db.Tx, conversation string) (h Handed, err error) {
	err = tx.QueryRow(ctx, `SELECT `+handoverColumns+` FROM desk_handovers WHERE conversation = $1 ORDER BY at DESC, id DESC LIMIT 1`, conversation).
		Scan(&h.ID, &h.Giver, &h.Taker, &h.At, &h.Seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Handed{}, nil
	}
	return h, err
}

func seeHandover(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE desk_handovers SET seen = $2 WHERE id = $1`, id, tx.Now)
	return err
}

func deleteHandovers(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_handovers WHERE conversation = $1 RETURNING id`, conversation)
}
