package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

const lookColumns = `id, conversation, closer, person, unit, at, verdict, handle, looked`

func scanLook(scan func(...any) error) (l Look, err error) {
	err = scan(&l.ID, &l.Conversation, &l.Closer, &l.person, &l.unit, &l.At, &l.Verdict, &l.Handle, &l.Looked)
	return l, err
}

func insertLook(ctx context.Context, tx *db.Tx, l Look) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_looks (id, conversation, closer, person, unit, at, verdict, handle, looked) VALUES ($1, $2, $3, $4, $5, $6, '', '', 0)`,
		l.ID, l.Conversation, l.Closer, l.person, l.unit, l.At)
	return err
}

func updateLook(ctx context.Context, tx *db.Tx, l Look) error {
	_, err := tx.Exec(ctx, `UPDATE desk_looks SET verdict = $2, handle = $3, looked = $4 WHERE id = $1`, l.ID, l.Verdict, l.Handle, l.Looked)
	return err
}

func findLook(ctx context.Context, tx *db.Tx, id string) (Look, bool, error) {
	l, err := scanLook(tx.QueryRow(ctx, `SELECT `+lookColumns+` FROM desk_looks WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Look{}, false, nil
	}
	return l, err == nil, err
}

func selectLooks(ctx context.Context, tx *db.Tx) ([]Look, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Look, error) { return scanLook(r.Scan) },
		`SELECT `+lookColumns+` FROM desk_looks WHERE verdict = '' ORDER BY at, id LIMIT 500`)
}

func deleteLooks(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_looks WHERE conversation = $1 RETURNING id`, conversation)
}

func insertReferral(ctx context.Context, tx *db.Tx, conversation string, r Referral) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_referrals (id, conversation, service, consent, giver, at, taken, receiver, sealed) VALUES ($1, $2, $3, $4, $5, $6, 0, '', $7)`,
		r.ID, conversation, r.Service, r.Consent, r.Giver, r.At, r.sealed)
	return err
}

func updateReferral(ctx context.Context, tx *db.Tx, r Referral) error {
	_, err := tx.Exec(ctx, `UPDATE desk_referrals SET taken = $2, receiver = $3, sealed = $4 WHERE id = $1`, r.ID, r.Taken, r.Receiver, r.sealed)
	return err
}

func selectReferrals(ctx context.Context, tx *db.Tx, conversation string) ([]Referral, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (r Referral, err error) {
		err = rows.Scan(&r.ID, &r.Service, &r.Consent, &r.Giver, &r.At, &r.Taken, &r.Receiver, &r.sealed)
		return r, err
	}, `SELECT id, service, consent, giver, at, taken, receiver, sealed FROM desk_referrals WHERE conversation = $1 ORDER BY at, id`, conversation)
}

func deleteReferrals(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_referrals WHERE conversation = $1 RETURNING id`, conversation)
}
