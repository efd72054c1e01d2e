package patrol

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

const trainingColumns = `id, handle, name, given, ends, gone`

func scanTraining(scan func(...any) error) (t Training, err error) {
	err = scan(&t.ID, &t.Handle, &t.Name, &t.Given, &t.Ends, &t.Gone)
	return t, err
}

func insertTraining(ctx context.Context, tx *db.Tx, t Training) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_trainings (id, handle, name, given, ends, gone) VALUES ($1, $2, $3, $4, $5, 0)`, t.ID, t.Handle, t.Name, t.Given, t.Ends)
	return err
}

func selectTraining(ctx context.Context, tx *db.Tx, id string) (Training, error) {
	return scanTraining(tx.QueryRow(ctx, `SELECT `+trainingColumns+` FROM patrol_trainings WHERE id = $1`, id).Scan)
}

// selectTrainings lists those of a handle, or of all for "", what holds first
// and of that what ends soonest.
func selectTrainings(ctx context.Context, tx *db.Tx, handle string, most int) ([]Training, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Training, error) { return scanTraining(r.Scan) },
		`SELECT `+trainingColumns+` FROM patrol_trainings WHERE handle = $1 OR $1 = '' ORDER BY gone, ends, id LIMIT $2`, handle, most)
}

func countTrainings(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_trainings`).Scan(&n)
	return n, err
}

func endTraining(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_trainings SET gone = $2 WHERE id = $1`, id, tx.Now)
	return err
}

func upsertNeed(ctx context.Context, tx *db.Tx, n Need) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_needs (id, training) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET training = $2`, n.Act, n.Training)
	return err
}

func selectNeeds(ctx context.Context, tx *db.Tx) ([]Need, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (n Need, err error) {
		err = r.Scan(&n.Act, &n.Training)
		return n, err
	}, `SELECT id, training FROM patrol_needs ORDER BY id`)
}
