package patrol

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

// accountColumns read an account with what the last look found. Without a look
// the day on which a person looked counts.
const accountColumns = `a.id, a.platform, a.handle, a.url, a.proof, a.proof_at, COALESCE(p.good, a.proven), a.officer, a.state, a.published, a.withdrawn,
	COALESCE(p.result, ''), COALESCE(p.tried, 0)
	FROM patrol_accounts a LEFT JOIN patrol_proofs p ON p.id = a.id`

func scanAccount(r *sql.Rows) (a Account, err error) {
	err = r.Scan(&a.ID, &a.Platform, &a.Handle, &a.URL, &a.Proof, &a.ProofAt, &a.Proven, &a.Officer, &a.State, &a.Published, &a.Withdrawn, &a.Result, &a.Tried)
	return a, err
}

// selectDueAccounts lists published accounts that a machine looks at, and has
// to look at now.
func selectDueAccounts(ctx context.Context, tx *db.Tx, most int) ([]Account, error) {
	return db.Collect(ctx, tx, scanAccount, `SELECT `+accountColumns+`
		WHERE a.state = $1 AND a.proof <> $2 AND COALESCE(p.due, 0) <= $3 ORDER BY COALESCE(p.due, 0), a.id LIMIT $4`, Published, ProofSeen, tx.Now, most)
}

func upsertProof(ctx context.Context, tx *db.Tx, account, result string, good, due int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_proofs (id, result, good, tried, due) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET result = $2, good = $3, tried = $4, due = $5`, account, result, good, tx.Now, due)
	return err
}

func deleteProof(ctx context.Context, tx *db.Tx, account string) error {
	_, err := tx.Exec(ctx, `DELETE FROM patrol_proofs WHERE id = $1`, account)
	return err
}

func setProven(ctx context.Context, tx *db.Tx, account string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_accounts SET proven = $2 WHERE id = $1`, account, tx.Now)
	return err
}

func updateProof(ctx context.Context, tx *db.Tx, account, way, place string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_accounts SET proof = $2, proof_at = $3, proven = $4 WHERE id = $1`, account, way, place, tx.Now)
	return err
}

// notice is what was done about an incident at its platform.
type notice struct {
	told, again int64
	state       string
}

func upsertNotice(ctx context.Context, tx *db.Tx, incident string, n notice) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_notices (id, told, again, state) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET told = $2, again = $3, state = $4`, incident, n.told, n.again, n.state)
	return err
}

func selectNotices(ctx context.Context, tx *db.Tx) (map[string]notice, error) {
	type row struct {
		id string
		notice
	}
	rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (n row, err error) {
		err = r.Scan(&n.id, &n.told, &n.again, &n.state)
		return n, err
	}, `SELECT n.id, n.told, n.again, n.state FROM patrol_notices n JOIN patrol_incidents i ON i.id = n.id ORDER BY n.told DESC LIMIT $1`, MaxIncidents)
	out := map[string]notice{}
	for _, n := range rows {
		out[n.id] = n.notice
	}
	return out, err
}

// selectIncidentState says sql.ErrNoRows when there is none.
func selectIncidentState(ctx context.Context, tx *db.Tx, incident string) (state string, err error) {
	err = tx.QueryRow(ctx, `SELECT state FROM patrol_incidents WHERE id = $1`, incident).Scan(&state)
	return state, err
}
