package patrol

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

const roundColumns = `id, platform, admission, card, purpose, shown, started, ended, contacts, outcomes`

func scanRound(scan func(...any) error) (r Round, err error) {
	var outcomes string
	err = scan(&r.ID, &r.Platform, &r.Admission, &r.Card, &r.Purpose, &r.Shown, &r.Started, &r.Ended, &r.Contacts, &outcomes)
	r.Outcomes = readTally(outcomes)
	return r, err
}

func insertRound(ctx context.Context, tx *db.Tx, r Round) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_rounds (id, platform, admission, card, purpose, shown, started, ended, contacts, outcomes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '')`, r.ID, r.Platform, r.Admission, r.Card, r.Purpose, r.Shown, r.Started)
	return err
}

func updateRound(ctx context.Context, tx *db.Tx, r Round) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_rounds SET ended = $2, contacts = $3, outcomes = $4 WHERE id = $1`, r.ID, r.Ended, r.Contacts, tally(r.Outcomes))
	return err
}

func selectRound(ctx context.Context, tx *db.Tx, id string) (Round, error) {
	return scanRound(tx.QueryRow(ctx, `SELECT `+roundColumns+` FROM patrol_rounds WHERE id = $1`, id).Scan)
}

func selectOpenRounds(ctx context.Context, tx *db.Tx) ([]Round, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Round, error) { return scanRound(r.Scan) },
		`SELECT `+roundColumns+` FROM patrol_rounds WHERE ended = 0 ORDER BY started, id LIMIT $1`, MaxOfficers)
}

// selectRounds lists what goes on, then what ended last.
func selectRounds(ctx context.Context, tx *db.Tx, most int) ([]Round, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Round, error) { return scanRound(r.Scan) },
		`SELECT `+roundColumns+` FROM patrol_rounds ORDER BY CASE WHEN ended = 0 THEN 0 ELSE 1 END, started DESC, id LIMIT $1`, most)
}

const admissionColumns = `id, platform, card, state, asked, answered, sealed`

func scanAdmission(scan func(...any) error) (a Admission, err error) {
	err = scan(&a.ID, &a.Platform, &a.Card, &a.State, &a.Asked, &a.Answered, &a.sealed)
	return a, err
}

func insertAdmission(ctx context.Context, tx *db.Tx, a Admission) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_admissions (id, platform, card, state, asked, answered, sealed) VALUES ($1, $2, $3, $4, $5, 0, $6)`,
		a.ID, a.Platform, a.Card, a.State, a.Asked, a.sealed)
	return err
}

func selectAdmission(ctx context.Context, tx *db.Tx, id string) (Admission, error) {
	return scanAdmission(tx.QueryRow(ctx, `SELECT `+admissionColumns+` FROM patrol_admissions WHERE id = $1`, id).Scan)
}

func selectAdmissions(ctx context.Context, tx *db.Tx, most int) ([]Admission, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Admission, error) { return scanAdmission(r.Scan) },
		`SELECT `+admissionColumns+` FROM patrol_admissions ORDER BY asked DESC, id LIMIT $1`, most)
}

func setAdmission(ctx context.Context, tx *db.Tx, id, state string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_admissions SET state = $2, answered = $3 WHERE id = $1`, id, state, tx.Now)
	return err
}

func selectOldAdmissions(ctx context.Context, tx *db.Tx, before int64, most int) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (id string, err error) {
		err = r.Scan(&id)
		return id, err
	}, `SELECT id FROM patrol_admissions WHERE sealed IS NOT NULL AND state <> $1 AND CASE WHEN answered = 0 THEN asked ELSE answered END < $2 ORDER BY id LIMIT $3`, Admitted, before, most)
}

func blankAdmission(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_admissions SET sealed = NULL WHERE id = $1`, id)
	return err
}
