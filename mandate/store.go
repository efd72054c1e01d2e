package mandate

import (
	"context"
	"database/sql"
	"strings"

	"ronde/internal/db"
)

const mandateColumns = `id, unit, law, basis, regime, categories, languages, excluded, daily_volume, starts, ends, review, renewal_of,
	state, drafter, drafter_key, decider, drafted_at, decided_at, sealed`

type scanner interface{ Scan(...any) error }

func scanMandate(row scanner) (*Mandate, []byte, error) {
	m := &Mandate{}
	var categories, languages, excluded, state string
	var sealed []byte
	err := row.Scan(&m.ID, &m.Unit, &m.LegalProfile, &m.Basis, &m.Regime, &categories, &languages, &excluded, &m.DailyVolume, &m.Starts, &m.Ends,
		&m.Review, &m.RenewalOf, &state, &m.Drafter, &m.drafterKey, &m.Decider, &m.DraftedAt, &m.DecidedAt, &sealed)
	m.Categories, m.Languages, m.Excluded, m.stored = split(categories), split(languages), split(excluded), State(state)
	return m, sealed, err
}

func join(list []string) string { return strings.Join(list, ",") }

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func insertMandate(ctx context.Context, tx *db.Tx, m *Mandate, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO mandate_mandates (`+mandateColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		m.ID, m.Unit, m.LegalProfile, m.Basis, m.Regime, join(m.Categories), join(m.Languages), join(m.Excluded), m.DailyVolume, m.Starts, m.Ends,
		m.Review, m.RenewalOf, string(m.stored), m.Drafter, m.drafterKey, m.Decider, m.DraftedAt, m.DecidedAt, sealed)
	return err
}

func selectMandate(ctx context.Context, tx *db.Tx, id string) (*Mandate, []byte, error) {
	return scanMandate(tx.QueryRow(ctx, `SELECT `+mandateColumns+` FROM mandate_mandates WHERE id = $1`, id))
}

type sealedMandate struct {
	m      *Mandate
	sealed []byte
}

func selectMandates(ctx context.Context, tx *db.Tx) ([]sealedMandate, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (sealedMandate, error) {
		m, sealed, err := scanMandate(rows)
		return sealedMandate{m, sealed}, err
	}, `SELECT `+mandateColumns+` FROM mandate_mandates ORDER BY drafted_at DESC, id DESC`)
}

// decide moves a draft, unless the one who decides drafted it: the two-person
// rule stands here too, whatever the policy says.
func decide(ctx context.Context, tx *db.Tx, id string, to State, handle string, key []byte) (int64, error) {
	return tx.Exec(ctx, `UPDATE mandate_mandates SET state = $2, decider = $3, decider_key = $4, decided_at = $5
		WHERE id = $1 AND state = 'draft' AND drafter_key <> $4`, id, string(to), handle, key, tx.Now)
}

func setText(ctx context.Context, tx *db.Tx, id string, sealed []byte) error {
	_, err := tx.Exec(ctx, `UPDATE mandate_mandates SET sealed = $2 WHERE id = $1`, id, sealed)
	return err
}

func move(ctx context.Context, tx *db.Tx, id string, from, to State) (int64, error) {
	return tx.Exec(ctx, `UPDATE mandate_mandates SET state = $3 WHERE id = $1 AND state = $2`, id, string(from), string(to))
}

type sealedSource struct {
	Source
	sealed []byte
}

const sourceColumns = `id, mandate, kind, key_hash, removed, sealed`

func scanSource(row scanner) (sealedSource, error) {
	var s sealedSource
	var kind string
	var key []byte
	var removed int64
	err := row.Scan(&s.ID, &s.Mandate, &kind, &key, &removed, &s.sealed)
	s.Kind, s.HasKey, s.Removed = SourceKind(kind), key != nil, removed != 0
	return s, err
}

func insertSource(ctx context.Context, tx *db.Tx, s Source, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO mandate_sources (id, mandate, kind, removed, sealed) VALUES ($1, $2, $3, 0, $4)`,
		s.ID, s.Mandate, string(s.Kind), sealed)
	return err
}

func selectSources(ctx context.Context, tx *db.Tx, mandate string) ([]sealedSource, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (sealedSource, error) { return scanSource(rows) },
		`SELECT `+sourceColumns+` FROM mandate_sources WHERE mandate = $1 ORDER BY id`, mandate)
}

func selectSource(ctx context.Context, tx *db.Tx, id string) (sealedSource, error) {
	return scanSource(tx.QueryRow(ctx, `SELECT `+sourceColumns+` FROM mandate_sources WHERE id = $1`, id))
}

func selectSourceByKey(ctx context.Context, tx *db.Tx, hash []byte) (sealedSource, error) {
	return scanSource(tx.QueryRow(ctx, `SELECT `+sourceColumns+` FROM mandate_sources WHERE key_hash = $1 AND removed = 0`, hash))
}

func setSourceKey(ctx context.Context, tx *db.Tx, id string, hash []byte) error {
	_, err := tx.Exec(ctx, `UPDATE mandate_sources SET key_hash = $2 WHERE id = $1 AND removed = 0`, id, hash)
	return err
}

func removeSource(ctx context.Context, tx *db.Tx, id string) (int64, error) {
	return tx.Exec(ctx, `UPDATE mandate_sources SET removed = $2, key_hash = NULL WHERE id = $1 AND removed = 0`, id, tx.Now)
}

// taken is how many posts a mandate read on a day, over all its sources.
func taken(ctx context.Context, tx *db.Tx, mandate, day string) (int64, error) {
	var n int64
	err := tx.QueryRow(ctx, `SELECT COALESCE(SUM(taken), 0) FROM mandate_reading WHERE mandate = $1 AND day = $2`, mandate, day).Scan(&n)
	return n, err
}

func addReading(ctx context.Context, tx *db.Tx, r Reading) error {
	_, err := tx.Exec(ctx, `INSERT INTO mandate_reading (mandate, source, day, taken, left_out) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (mandate, source, day) DO UPDATE SET taken = mandate_reading.taken + $4, left_out = mandate_reading.left_out + $5`,
		r.Mandate, r.Source, r.Day, r.Read, r.NotRead)
	return err
}

func selectReading(ctx context.Context, tx *db.Tx, mandate string) ([]Reading, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (Reading, error) {
		var r Reading
		err := rows.Scan(&r.Mandate, &r.Source, &r.Day, &r.Read, &r.NotRead)
		return r, err
	}, `SELECT mandate, source, day, taken, left_out FROM mandate_reading WHERE mandate = $1 ORDER BY day, source`, mandate)
}

func insertHold(ctx context.Context, tx *db.Tx, h Hold) error {
	_, err := tx.Exec(ctx, `INSERT INTO mandate_holds (id, kind, object, basis, handle, placed_at, lifted_at) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		h.ID, h.Kind, h.Object, h.Basis, h.Handle, h.PlacedAt)
	return err
}

func countHolds(ctx context.Context, tx *db.Tx, kind, object string) (int64, error) {
	var n int64
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM mandate_holds WHERE kind = $1 AND object = $2 AND lifted_at = 0`, kind, object).Scan(&n)
	return n, err
}

func selectHolds(ctx context.Context, tx *db.Tx, kind, object string) ([]Hold, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (Hold, error) {
		var h Hold
		err := rows.Scan(&h.ID, &h.Kind, &h.Object, &h.Basis, &h.Handle, &h.PlacedAt, &h.LiftedAt)
		return h, err
	}, `SELECT id, kind, object, basis, handle, placed_at, lifted_at FROM mandate_holds WHERE kind = $1 AND object = $2 ORDER BY id`, kind, object)
}

func liftHold(ctx context.Context, tx *db.Tx, id string) (int64, error) {
	return tx.Exec(ctx, `UPDATE mandate_holds SET lifted_at = $2 WHERE id = $1 AND lifted_at = 0`, id, tx.Now)
}

func addCount(ctx context.Context, tx *db.Tx, day, name string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO mandate_counts (day, name, n) VALUES ($1, $2, $3)
		ON CONFLICT (day, name) DO UPDATE SET n = mandate_counts.n + $3`, day, name, n)
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
	}, `SELECT name, SUM(n) FROM mandate_counts WHERE day >= $1 AND day <= $2 GROUP BY name`, from, to)
	out := map[string]int64{}
	for _, c := range rows {
		out[c.name] = c.n
	}
	return out, err
}
