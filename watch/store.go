package watch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
)

const alertColumns = `id, mandate, unit, source, category, categories, language, lexicon, severity, danger, minor, blur, state, verdict,
	posted_at, raised_at, expires_at, text_hash, decider, leave_to, grade, asker, asker_key, confirmer, glass, review_by, reviewed_at, sealed, reasons`

const fromAlerts = ` FROM watch_alerts JOIN watch_reposts ON watch_reposts.alert = watch_alerts.id`

// queueOrder is a human's mark, the kind of harm, the post's own words, then
// freshness; never the author.
const queueOrder = ` ORDER BY minor DESC, severity DESC, danger DESC, last_at DESC, id DESC`

type scanner interface{ Scan(...any) error }

func scanAlert(row scanner) (*Alert, error) {
	a := &Alert{}
	var categories, state, verdict string
	err := row.Scan(&a.ID, &a.Mandate, &a.Unit, &a.Source, &a.Category, &categories, &a.Language, &a.Lexicon, &a.severity, &a.Danger, &a.Minor, &a.Blur,
		&state, &verdict, &a.PostedAt, &a.RaisedAt, &a.ExpiresAt, &a.textHash, &a.Decider, &a.To, &a.Grade, &a.Asker, &a.askerKey, &a.Confirmer,
		&a.Glass, &a.ReviewBy, &a.ReviewedAt, &a.sealed, &a.reasons, &a.Copies, &a.LastAt)
	a.Categories, a.State, a.Verdict = strings.Split(categories, ","), State(state), Verdict(verdict)
	return a, err
}

// insertAlert leaves the alert out when another copy of the program was first
// with this text (on PostgreSQL the engine then asks to run again).
func insertAlert(ctx context.Context, tx *db.Tx, a *Alert) error {
	n, err := tx.Exec(ctx, `INSERT INTO watch_alerts (id, mandate, unit, source, category, categories, language, lexicon, severity, danger, minor, blur,
			state, verdict, posted_at, raised_at, expires_at, text_hash, decider, leave_to, grade, asker, confirmer, glass, review_by, reviewed_at, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, FALSE, $11, 'open', '', $12, $13, $14, $15, '', '', '', '', '', FALSE, 0, 0, $16)
		ON CONFLICT (mandate, text_hash) DO NOTHING`,
		a.ID, a.Mandate, a.Unit, a.Source, a.Category, strings.Join(a.Categories, ","), a.Language, a.Lexicon, a.severity, a.Danger, a.Blur,
		a.PostedAt, a.RaisedAt, a.ExpiresAt, a.textHash, a.sealed)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "err.conflict", "raise alert: another was first with this text")
	}
	_, err = tx.Exec(ctx, `INSERT INTO watch_reposts (alert, n, last_at) VALUES ($1, 0, $2)`, a.ID, a.LastAt)
	return err
}

func selectAlert(ctx context.Context, tx *db.Tx, id string) (*Alert, error) {
	return scanAlert(tx.QueryRow(ctx, `SELECT `+alertColumns+`, n, last_at`+fromAlerts+` WHERE id = $1`, id))
}

// idByText finds the alert of a mandate that has this text; empty when none.
func idByText(ctx context.Context, tx *db.Tx, mandate string, hash []byte) (string, error) {
	return oneID(tx.QueryRow(ctx, `SELECT id FROM watch_alerts WHERE mandate = $1 AND text_hash = $2`, mandate, hash))
}

func idByCopy(ctx context.Context, tx *db.Tx, hash []byte) (string, error) {
	return oneID(tx.QueryRow(ctx, `SELECT alert FROM watch_copies WHERE hash = $1`, hash))
}

func oneID(row *sql.Row) (string, error) {
	var id string
	err := row.Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func insertCopy(ctx context.Context, tx *db.Tx, hash []byte, alert string) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_copies (hash, alert) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, alert)
	return err
}

func addRepost(ctx context.Context, tx *db.Tx, alert string, at int64) error {
	_, err := tx.Exec(ctx, `UPDATE watch_reposts SET n = n + 1, last_at = CASE WHEN last_at < $2 THEN $2 ELSE last_at END WHERE alert = $1`, alert, at)
	return err
}

// where builds a condition: every "@" of a part becomes a numbered argument.
type where struct {
	parts []string
	args  []any
}

func (w *where) add(part string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		part = strings.Replace(part, "@", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.parts = append(w.parts, part)
}

// in is one of several values; none is false.
func in[T any](column string, values []T) (string, []any) {
	if len(values) == 0 {
		return "1 = 0", nil
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return column + " IN (" + strings.TrimSuffix(strings.Repeat("@, ", len(values)), ", ") + ")", args
}

func (w *where) scope(s access.Scope) {
	if s.None {
		w.add("1 = 0")
		return
	}
	if !s.Guarded {
		for _, c := range guarded {
			w.add("categories NOT LIKE @", "%"+c+"%")
		}
	}
	if s.All {
		return
	}
	units, unitArgs := in("unit", s.Units)
	states, stateArgs := in("state", withLeft(s.States))
	w.add("("+units+" OR "+states+")", append(unitArgs, stateArgs...)...)
}

func selectAlerts(ctx context.Context, tx *db.Tx, s access.Scope, f Filter) ([]*Alert, error) {
	w := &where{}
	w.scope(s)
	states, args := in("state", f.states())
	w.add(states, args...)
	w.stage(f.Stage)
	if f.Mandate != "" {
		w.add("mandate = @", f.Mandate)
	}
	if f.Category != "" {
		w.add("category = @", f.Category)
	}
	if f.Review {
		w.add("review_by > 0 AND reviewed_at = 0")
	}
	w.args = append(w.args, f.limit())
	return db.Collect(ctx, tx, func(rows *sql.Rows) (*Alert, error) { return scanAlert(rows) },
		`SELECT `+alertColumns+`, n, last_at`+fromAlerts+` WHERE `+strings.Join(w.parts, " AND ")+queueOrder+fmt.Sprintf(" LIMIT $%d", len(w.args)), w.args...)
}

// stage says in SQL what stageOf says of one alert.
func (w *where) stage(s Stage) {
	switch s {
	case Second:
		w.add("state = 'leaving'")
	case Waiting:
		w.add("state = 'open' AND verdict NOT IN ('offer', 'recruitment')")
	case Decided:
		w.add("(state IN ('left', 'taken', 'harmless') OR state = 'open' AND verdict IN ('offer', 'recruitment'))")
	}
}

// standings are how many alerts of a mandate stand alike.
type standings struct {
	mandate string
	state   State
	verdict Verdict
	n       int
}

func selectStandings(ctx context.Context, tx *db.Tx, s access.Scope, category string) ([]standings, error) {
	w := &where{}
	w.scope(s)
	w.add("expires_at > @", tx.Now)
	if category != "" {
		w.add("category = @", category)
	}
	return db.Collect(ctx, tx, func(rows *sql.Rows) (r standings, err error) {
		err = rows.Scan(&r.mandate, &r.state, &r.verdict, &r.n)
		return r, err
	}, `SELECT mandate, state, verdict, COUNT(*) FROM watch_alerts WHERE `+strings.Join(w.parts, " AND ")+` GROUP BY mandate, state, verdict`, w.args...)
}

// selectSealed lists the newest alerts that still have their text.
func selectSealed(ctx context.Context, tx *db.Tx, s access.Scope, limit int) ([]*Alert, error) {
	w := &where{}
	w.scope(s)
	w.add("sealed IS NOT NULL")
	w.args = append(w.args, limit)
	return db.Collect(ctx, tx, func(rows *sql.Rows) (*Alert, error) { return scanAlert(rows) },
		`SELECT `+alertColumns+`, n, last_at`+fromAlerts+` WHERE `+strings.Join(w.parts, " AND ")+fmt.Sprintf(" ORDER BY raised_at DESC, id LIMIT $%d", len(w.args)), w.args...)
}

func setVerdict(ctx context.Context, tx *db.Tx, a *Alert) error {
	_, err := tx.Exec(ctx, `UPDATE watch_alerts SET state = $2, verdict = $3, decider = $4, expires_at = $5, sealed = $6, reasons = $7 WHERE id = $1`,
		a.ID, string(a.State), string(a.Verdict), a.Decider, a.ExpiresAt, a.sealed, a.reasons)
	return err
}

func setMinor(ctx context.Context, tx *db.Tx, a *Alert) error {
	_, err := tx.Exec(ctx, `UPDATE watch_alerts SET minor = $2, reasons = $3 WHERE id = $1`, a.ID, a.Minor, a.reasons)
	return err
}

func setGrade(ctx context.Context, tx *db.Tx, id, grade string) error {
	_, err := tx.Exec(ctx, `UPDATE watch_alerts SET grade = $2 WHERE id = $1`, id, grade)
	return err
}

// selectGlasses lists what one person let out alone; the most urgent first.
func selectGlasses(ctx context.Context, tx *db.Tx, limit int) ([]*Alert, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (*Alert, error) { return scanAlert(rows) },
		`SELECT `+alertColumns+`, n, last_at`+fromAlerts+` WHERE review_by > 0 ORDER BY reviewed_at, review_by, id LIMIT $1`, limit)
}

func setAsked(ctx context.Context, tx *db.Tx, a *Alert) error {
	_, err := tx.Exec(ctx, `UPDATE watch_alerts SET state = $2, leave_to = $3, grade = $4, asker = $5, asker_key = $6, glass = $7, review_by = $8,
		confirmer = '', confirmer_key = NULL, reasons = $9, expires_at = $10 WHERE id = $1`,
		a.ID, string(a.State), a.To, a.Grade, a.Asker, a.askerKey, a.Glass, a.ReviewBy, a.reasons, a.ExpiresAt)
	return err
}

// setConfirmed keeps the two-person rule in the row: nothing changes when the
// one who confirms is the one who asked.
func setConfirmed(ctx context.Context, tx *db.Tx, a *Alert, key []byte) (int64, error) {
	return tx.Exec(ctx, `UPDATE watch_alerts SET state = $2, confirmer = $3, confirmer_key = $4, reviewed_at = $5, reasons = $6
		WHERE id = $1 AND (asker_key IS NULL OR asker_key <> $4)`, a.ID, string(a.State), a.Confirmer, key, a.ReviewedAt, a.reasons)
}

func setTaken(ctx context.Context, tx *db.Tx, id string, expires int64) (int64, error) {
	return tx.Exec(ctx, `UPDATE watch_alerts SET state = 'taken', expires_at = $2 WHERE id = $1 AND state = 'left'`, id, expires)
}

// selectUnconfirmed lists the alerts of a mandate that nobody confirmed.
func selectUnconfirmed(ctx context.Context, tx *db.Tx, mandate string, limit int) ([]*Alert, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (*Alert, error) { return scanAlert(rows) },
		`SELECT `+alertColumns+`, n, last_at`+fromAlerts+` WHERE mandate = $1 AND state IN ('open', 'harmless') AND verdict IN ('', 'unclear', 'harmless')
		ORDER BY id LIMIT $2`, mandate, limit)
}

func selectExpired(ctx context.Context, tx *db.Tx, mandate string, limit int) ([]*Alert, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (*Alert, error) { return scanAlert(rows) },
		`SELECT `+alertColumns+`, n, last_at`+fromAlerts+` WHERE mandate = $1 AND expires_at <= $2 ORDER BY id LIMIT $3`, mandate, tx.Now, limit)
}

func mandatesUnconfirmed(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `SELECT DISTINCT mandate FROM watch_alerts
		WHERE state IN ('open', 'harmless') AND verdict IN ('', 'unclear', 'harmless') ORDER BY mandate`)
}

func mandatesWithExpired(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `SELECT DISTINCT mandate FROM watch_alerts WHERE expires_at <= $1 ORDER BY mandate`, tx.Now)
}

func scanText(rows *sql.Rows) (string, error) {
	var s string
	err := rows.Scan(&s)
	return s, err
}

// deleteAlert removes every row about an alert and dooms its key.
func deleteAlert(ctx context.Context, tx *db.Tx, id string) error {
	for _, q := range []string{
		`DELETE FROM watch_alerts WHERE id = $1`,
		`DELETE FROM watch_reposts WHERE alert = $1`,
		`DELETE FROM watch_copies WHERE alert = $1`,
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	return doom(ctx, tx, id)
}

func doom(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_doomed (container, at) VALUES ($1, $2) ON CONFLICT (container) DO NOTHING`, container, tx.Now)
	return err
}

func selectDoomed(ctx context.Context, tx *db.Tx, limit int) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `SELECT container FROM watch_doomed ORDER BY container LIMIT $1`, limit)
}

func deleteDoomed(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `DELETE FROM watch_doomed WHERE container = $1`, container)
	return err
}

func insertPurge(ctx context.Context, tx *db.Tx, p Purge) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_purges (id, at, mandate, reason, alerts, first_at, last_at, ids_sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.At, p.Mandate, p.Reason, p.Alerts, p.FirstAt, p.LastAt, p.Sum)
	return err
}

func selectPurges(ctx context.Context, tx *db.Tx, mandate string) ([]Purge, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (Purge, error) {
		var p Purge
		err := rows.Scan(&p.ID, &p.At, &p.Mandate, &p.Reason, &p.Alerts, &p.FirstAt, &p.LastAt, &p.Sum)
		return p, err
	}, `SELECT id, at, mandate, reason, alerts, first_at, last_at, ids_sum FROM watch_purges WHERE mandate = $1 OR $1 = '' ORDER BY id DESC LIMIT 500`, mandate)
}

func addEntryCount(ctx context.Context, tx *db.Tx, c EntryCount) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_entry_counts (entry, language, category, verdict, n) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (entry, language, category, verdict) DO UPDATE SET n = watch_entry_counts.n + $5`, c.Entry, c.Language, c.Category, string(c.Verdict), c.N)
	return err
}

func selectEntryCounts(ctx context.Context, tx *db.Tx) ([]EntryCount, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (EntryCount, error) {
		var c EntryCount
		var verdict string
		err := rows.Scan(&c.Entry, &c.Language, &c.Category, &verdict, &c.N)
		c.Verdict = Verdict(verdict)
		return c, err
	}, `SELECT entry, language, category, verdict, n FROM watch_entry_counts WHERE n > 0 ORDER BY entry, language, category, verdict`)
}

func addCount(ctx context.Context, tx *db.Tx, day, name string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_counts (day, name, n) VALUES ($1, $2, $3)
		ON CONFLICT (day, name) DO UPDATE SET n = watch_counts.n + $3`, day, name, n)
	return err
}

func selectCounts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	type count struct {
		name string
		n    int64
	}
	rows, err := db.Collect(ctx, tx, func(rows *sql.Rows) (count, error) {
		var c count
		err := rows.Scan(&c.name, &c.n)
		return c, err
	}, `SELECT name, SUM(n) FROM watch_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
	out := map[string]int64{}
	for _, c := range rows {
		out[c.name] = c.n
	}
	return out, err
}

func selectTotals(ctx context.Context, tx *db.Tx, mandate string) (t Totals, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE state IN ('left', 'taken')) FROM watch_alerts WHERE mandate = $1`, mandate).Scan(&t.Alerts, &t.Left)
	if err != nil {
		return t, err
	}
	err = tx.QueryRow(ctx, `SELECT coalesce(sum(alerts), 0) FROM watch_purges WHERE mandate = $1`, mandate).Scan(&t.Purged)
	t.Alerts += t.Purged
	return t, err
}

type dayCount struct {
	day, name string
	n         int64
}

// selectDays reads the counters of a group day by day.
func selectDays(ctx context.Context, tx *db.Tx, group, from string) ([]dayCount, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (c dayCount, err error) {
		err = rows.Scan(&c.day, &c.name, &c.n)
		return c, err
	}, `SELECT day, name, n FROM watch_counts WHERE day >= $1 AND name LIKE $2 ORDER BY day, name`, from, group+"%")
}

const proposalColumns = `id, state, language, category, family, proposer, proposer_key, reviewer, proposed_at, trial_at, live_at, ended_at, sealed`

func scanProposal(row scanner) (*Proposal, error) {
	p := &Proposal{}
	var state string
	err := row.Scan(&p.ID, &state, &p.Language, &p.Category, &p.Family, &p.Proposer, &p.proposerKey, &p.Reviewer, &p.ProposedAt, &p.TrialAt, &p.LiveAt, &p.EndedAt, &p.sealed)
	p.State = ProposalState(state)
	return p, err
}

func insertProposal(ctx context.Context, tx *db.Tx, p *Proposal) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_proposals (`+proposalColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, 0, 0, 0, $9)`,
		p.ID, string(p.State), p.Language, p.Category, p.Family, p.Proposer, p.proposerKey, p.ProposedAt, p.sealed)
	return err
}

func selectProposal(ctx context.Context, tx *db.Tx, id string) (*Proposal, error) {
	return scanProposal(tx.QueryRow(ctx, `SELECT `+proposalColumns+` FROM watch_proposals WHERE id = $1`, id))
}

func selectProposals(ctx context.Context, tx *db.Tx) ([]*Proposal, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (*Proposal, error) { return scanProposal(rows) },
		`SELECT `+proposalColumns+` FROM watch_proposals ORDER BY id DESC`)
}

// selectEffective names the proposals that the judge must know, with their
// states.
func selectEffective(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (string, error) {
		var id, state string
		err := rows.Scan(&id, &state)
		return id + "=" + state, err
	}, `SELECT id, state FROM watch_proposals WHERE state IN ('trial', 'live') ORDER BY id`)
}

// setProposal keeps the two-person rule in the row.
func setProposal(ctx context.Context, tx *db.Tx, p *Proposal, reviewer []byte) (int64, error) {
	return tx.Exec(ctx, `UPDATE watch_proposals SET state = $2, reviewer = $3, reviewer_key = $4, trial_at = $5, live_at = $6, ended_at = $7
		WHERE id = $1 AND proposer_key <> $4`, p.ID, string(p.State), p.Reviewer, reviewer, p.TrialAt, p.LiveAt, p.EndedAt)
}

func addTrial(ctx context.Context, tx *db.Tx, proposal, day string, c TrialCounts) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_trials (proposal, day, posts, hits, flagged) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (proposal, day) DO UPDATE SET posts = watch_trials.posts + $3, hits = watch_trials.hits + $4, flagged = watch_trials.flagged + $5`,
		proposal, day, c.Posts, c.Hits, c.Flagged)
	return err
}

func selectTrial(ctx context.Context, tx *db.Tx, proposal string) (c TrialCounts, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(SUM(posts), 0), COALESCE(SUM(hits), 0), COALESCE(SUM(flagged), 0) FROM watch_trials WHERE proposal = $1`,
		proposal).Scan(&c.Posts, &c.Hits, &c.Flagged)
	return c, err
}

// noteEntry remembers on which days an entry stood in a new alert.
func noteEntry(ctx context.Context, tx *db.Tx, entry, day string) error {
	_, err := tx.Exec(ctx, `INSERT INTO watch_entries (entry, alerts, first_day, last_day) VALUES ($1, 1, $2, $2)
		ON CONFLICT (entry) DO UPDATE SET alerts = watch_entries.alerts + 1, last_day = $2`, entry, day)
	return err
}

func selectUses(ctx context.Context, tx *db.Tx) ([]Use, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (Use, error) {
		var u Use
		err := rows.Scan(&u.Entry, &u.Alerts, &u.FirstDay, &u.LastDay)
		return u, err
	}, `SELECT entry, alerts, first_day, last_day FROM watch_entries ORDER BY last_day, entry`)
}
