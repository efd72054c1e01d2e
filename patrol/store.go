package patrol

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"ronde/internal/db"
)

const officerColumns = `id, name, unit, photo, languages, channels, hours, state, published, withdrawn`

func scanOfficer(scan func(...any) error) (o Officer, err error) {
	var languages, channels, hours string
	if err = scan(&o.ID, &o.Name, &o.Unit, &o.Photo, &languages, &channels, &hours, &o.State, &o.Published, &o.Withdrawn); err != nil {
		return o, err
	}
	o.Languages, o.Channels = split(languages), split(channels)
	o.Hours, err = ParseWeek(hours)
	return o, err
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func insertOfficer(ctx context.Context, tx *db.Tx, o Officer) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_officers (id, name, unit, photo, languages, channels, hours, state, published, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		o.ID, o.Name, o.Unit, o.Photo, strings.Join(o.Languages, ","), strings.Join(o.Channels, ","), o.Hours.String(), o.State, o.Published, o.Withdrawn)
	return err
}

func updateOfficer(ctx context.Context, tx *db.Tx, o Officer) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_officers SET name = $2, unit = $3, photo = $4, languages = $5, channels = $6, hours = $7, state = $8, published = $9, withdrawn = $10
		WHERE id = $1`,
		o.ID, o.Name, o.Unit, o.Photo, strings.Join(o.Languages, ","), strings.Join(o.Channels, ","), o.Hours.String(), o.State, o.Published, o.Withdrawn)
	return err
}

func selectOfficer(ctx context.Context, tx *db.Tx, id string) (Officer, error) {
	return scanOfficer(tx.QueryRow(ctx, `SELECT `+officerColumns+` FROM patrol_officers WHERE id = $1`, id).Scan)
}

// selectOfficers lists the cards of one state, or all for the empty state.
func selectOfficers(ctx context.Context, tx *db.Tx, state string) ([]Officer, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Officer, error) { return scanOfficer(r.Scan) },
		`SELECT `+officerColumns+` FROM patrol_officers WHERE state = $1 OR $1 = '' ORDER BY name, id`, state)
}

func countOfficers(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_officers WHERE state = $1`, Published).Scan(&n)
	return n, err
}

func insertAccount(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_accounts (id, platform, handle, url, proof, proof_at, proven, officer, state, published, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, a.Platform, a.Handle, a.URL, a.Proof, a.ProofAt, a.Proven, a.Officer, a.State, a.Published, a.Withdrawn)
	return err
}

// withdrawAccount says sql.ErrNoRows when the account is not published.
func withdrawAccount(ctx context.Context, tx *db.Tx, id string) error {
	n, err := tx.Exec(ctx, `UPDATE patrol_accounts SET state = $2, withdrawn = $3 WHERE id = $1 AND state = $4`, id, Withdrawn, tx.Now, Published)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

// selectAccounts lists the published accounts and then the withdrawn ones.
func selectAccounts(ctx context.Context, tx *db.Tx) ([]Account, error) {
	return db.Collect(ctx, tx, scanAccount, `SELECT `+accountColumns+` ORDER BY a.state, a.platform, a.handle, a.id`)
}

// upsertHours returns the id of the channel's row, which may be an older one.
func upsertHours(ctx context.Context, tx *db.Tx, h Hours) (id string, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO patrol_hours (id, channel, week, answer_days) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel) DO UPDATE SET week = $3, answer_days = $4 RETURNING id`,
		h.ID, h.Channel, h.Week.String(), h.AnswerDays).Scan(&id)
	return id, err
}

func selectHours(ctx context.Context, tx *db.Tx) ([]Hours, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (h Hours, err error) {
		var week string
		if err = r.Scan(&h.ID, &h.Channel, &week, &h.AnswerDays); err != nil {
			return h, err
		}
		h.Week, err = ParseWeek(week)
		return h, err
	}, `SELECT id, channel, week, answer_days FROM patrol_hours ORDER BY channel`)
}

type incidentRow struct {
	Incident
	sealed []byte
}

// findIncident returns the open incident with this mark, or "", and how many
// are open.
func findIncident(ctx context.Context, tx *db.Tx, mark []byte) (id string, open int, err error) {
	if err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_incidents WHERE state = $1`, Open).Scan(&open); err != nil {
		return "", 0, err
	}
	err = tx.QueryRow(ctx, `SELECT id FROM patrol_incidents WHERE mark = $1`, mark).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, open, err
}

// insertIncident reports false when one with the same mark is open.
func insertIncident(ctx context.Context, tx *db.Tx, i Incident, mark, sealed []byte) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO patrol_incidents (id, platform, mark, reports, first, last, state, outcome, sealed)
		VALUES ($1, $2, $3, 1, $4, $4, $5, '', $6) ON CONFLICT (mark) DO NOTHING`, i.ID, i.Platform, mark, tx.Now, Open, sealed)
	return n == 1, err
}

func addReport(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_incidents SET reports = reports + 1, last = $2 WHERE id = $1`, id, tx.Now)
	return err
}

func selectIncidents(ctx context.Context, tx *db.Tx) ([]incidentRow, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (i incidentRow, err error) {
		err = r.Scan(&i.ID, &i.Platform, &i.Reports, &i.First, &i.Last, &i.State, &i.Outcome, &i.sealed)
		return i, err
	}, `SELECT id, platform, reports, first, last, state, outcome, sealed FROM patrol_incidents ORDER BY state DESC, last DESC, id LIMIT $1`, MaxIncidents)
}

// closeIncident says sql.ErrNoRows when the incident is not open.
func closeIncident(ctx context.Context, tx *db.Tx, id, outcome string) error {
	n, err := tx.Exec(ctx, `UPDATE patrol_incidents SET state = $2, outcome = $3, mark = NULL, sealed = NULL WHERE id = $1 AND state = $4`, id, Closed, outcome, Open)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

func count(ctx context.Context, tx *db.Tx, day, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_counts (day, name, n) VALUES ($1, $2, 1) ON CONFLICT (day, name) DO UPDATE SET n = patrol_counts.n + 1`, day, name)
	return err
}

func selectCounts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	out := map[string]int64{}
	rows, err := tx.Query(ctx, `SELECT name, SUM(n) FROM patrol_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, rows.Err()
}

// selectHeld is the card with this mark, or "".
func selectHeld(ctx context.Context, tx *db.Tx, mark []byte) (card string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM patrol_holders WHERE mark = $1`, mark).Scan(&card)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return card, err
}

// selectSignature is the name on the published card with this mark, or "".
func selectSignature(ctx context.Context, tx *db.Tx, mark []byte) (name string, err error) {
	err = tx.QueryRow(ctx, `SELECT o.name FROM patrol_officers o JOIN patrol_holders h ON h.id = o.id WHERE h.mark = $1 AND o.state = $2`, mark, Published).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return name, err
}

func upsertHolder(ctx context.Context, tx *db.Tx, card string, mark []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_holders (id, mark) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET mark = $2`, card, mark)
	return err
}

func dropHolder(ctx context.Context, tx *db.Tx, card string) (had bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE patrol_holders SET mark = NULL WHERE id = $1 AND mark IS NOT NULL`, card)
	return n > 0, err
}

func selectGiven(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (card string, err error) {
		err = r.Scan(&card)
		return card, err
	}, `SELECT id FROM patrol_holders WHERE mark IS NOT NULL`)
}
