package patrol

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"ronde/internal/db"
)

// --- The roster ---

const shiftColumns = `id, day, begins, ends, channel, languages, purpose, officer, unit, holiday, offered, made`

func scanShift(scan func(...any) error) (s Shift, err error) {
	var languages string
	err = scan(&s.ID, &s.Day, &s.From, &s.To, &s.Channel, &languages, &s.Purpose, &s.Officer, &s.Unit, &s.Holiday, &s.Offered, &s.Made)
	s.Languages = split(languages)
	return s, err
}

func selectShift(ctx context.Context, tx *db.Tx, id string) (Shift, error) {
	return scanShift(tx.QueryRow(ctx, `SELECT `+shiftColumns+` FROM patrol_shifts WHERE id = $1`, id).Scan)
}

// selectShifts lists the shifts that begin on some days, in order.
func selectShifts(ctx context.Context, tx *db.Tx, first, last string) ([]Shift, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Shift, error) { return scanShift(r.Scan) },
		`SELECT `+shiftColumns+` FROM patrol_shifts WHERE day >= $1 AND day <= $2 ORDER BY day, begins, channel, id`, first, last)
}

func countShifts(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_shifts`).Scan(&n)
	return n, err
}

func insertShift(ctx context.Context, tx *db.Tx, s Shift) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_shifts (id, day, begins, ends, channel, languages, purpose, officer, unit, holiday, offered, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.ID, s.Day, s.From, s.To, s.Channel, strings.Join(s.Languages, ","), s.Purpose, s.Officer, s.Unit, s.Holiday, s.Offered, s.Made)
	return err
}

func updateShift(ctx context.Context, tx *db.Tx, s Shift) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_shifts SET officer = $2, unit = $3, offered = $4 WHERE id = $1`, s.ID, s.Officer, s.Unit, s.Offered)
	return err
}

func deleteShift(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM patrol_shifts WHERE id = $1`, id)
	return err
}

type reachRow struct {
	channel, officer string
	reach
}

func selectReaches(ctx context.Context, tx *db.Tx) ([]reachRow, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (w reachRow, err error) {
		err = r.Scan(&w.channel, &w.officer, &w.first, &w.last)
		return w, err
	}, `SELECT channel, officer, MIN(day), MAX(day) FROM patrol_shifts GROUP BY channel, officer`)
}

func selectHolidays(ctx context.Context, tx *db.Tx, first, last string) ([]Holiday, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (h Holiday, err error) {
		err = r.Scan(&h.ID, &h.Day, &h.Name)
		return h, err
	}, `SELECT id, day, name FROM patrol_holidays WHERE day >= $1 AND day <= $2 ORDER BY day`, first, last)
}

// insertHoliday reports false when the day is one.
func insertHoliday(ctx context.Context, tx *db.Tx, h Holiday) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO patrol_holidays (id, day, name) VALUES ($1, $2, $3) ON CONFLICT (day) DO NOTHING`, h.ID, h.Day, h.Name)
	return n == 1, err
}

// deleteHoliday says sql.ErrNoRows when there is none.
func deleteHoliday(ctx context.Context, tx *db.Tx, id string) error {
	return gone(tx.Exec(ctx, `DELETE FROM patrol_holidays WHERE id = $1`, id))
}

// gone says sql.ErrNoRows when nothing was changed.
func gone(n int64, err error) error {
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

func selectAbsences(ctx context.Context, tx *db.Tx, first, last string) ([]Absence, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (a Absence, err error) {
		err = r.Scan(&a.ID, &a.Officer, &a.First, &a.Last)
		return a, err
	}, `SELECT id, officer, first, last FROM patrol_absences WHERE last >= $1 AND first <= $2 ORDER BY first, id`, first, last)
}

func selectAbsence(ctx context.Context, tx *db.Tx, id string) (a Absence, err error) {
	err = tx.QueryRow(ctx, `SELECT id, officer, first, last FROM patrol_absences WHERE id = $1`, id).Scan(&a.ID, &a.Officer, &a.First, &a.Last)
	return a, err
}

func insertAbsence(ctx context.Context, tx *db.Tx, a Absence) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_absences (id, officer, first, last) VALUES ($1, $2, $3, $4)`, a.ID, a.Officer, a.First, a.Last)
	return err
}

func deleteAbsence(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM patrol_absences WHERE id = $1`, id)
	return err
}

func selectTemplates(ctx context.Context, tx *db.Tx) ([]Template, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (t Template, err error) {
		err = r.Scan(&t.ID, &t.Name, &t.lines)
		return t, err
	}, `SELECT id, name, lines FROM patrol_templates ORDER BY name, id`)
}

// upsertTemplate returns the id of the template of that name, which may be an
// older one.
func upsertTemplate(ctx context.Context, tx *db.Tx, t Template) (id string, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO patrol_templates (id, name, lines) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET lines = $3 RETURNING id`, t.ID, t.Name, t.lines).Scan(&id)
	return id, err
}

func deleteTemplate(ctx context.Context, tx *db.Tx, id string) error {
	return gone(tx.Exec(ctx, `DELETE FROM patrol_templates WHERE id = $1`, id))
}

func upsertFeed(ctx context.Context, tx *db.Tx, card string, mark []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_feeds (id, mark, made) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET mark = $2, made = $3`, card, mark, tx.Now)
	return err
}

// dropFeed reports whether there was an address.
func dropFeed(ctx context.Context, tx *db.Tx, card string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE patrol_feeds SET mark = NULL WHERE id = $1 AND mark IS NOT NULL`, card)
	return n > 0, err
}

func selectFeed(ctx context.Context, tx *db.Tx, mark []byte) (card string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM patrol_feeds WHERE mark = $1`, mark).Scan(&card)
	return card, err
}

// selectFed says since when a card has a secret address; 0: it has none.
func selectFed(ctx context.Context, tx *db.Tx, card string) (made int64, err error) {
	err = tx.QueryRow(ctx, `SELECT made FROM patrol_feeds WHERE id = $1 AND mark IS NOT NULL`, card).Scan(&made)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return made, err
}

// --- Signs of work ---

func insertSign(ctx context.Context, tx *db.Tx, channel string, slot int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_signs (channel, slot) VALUES ($1, $2) ON CONFLICT (channel, slot) DO NOTHING`, channel, slot)
	return err
}

func selectSigns(ctx context.Context, tx *db.Tx, channel string, from, to int64) ([]int64, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (slot int64, err error) {
		err = r.Scan(&slot)
		return slot, err
	}, `SELECT slot FROM patrol_signs WHERE channel = $1 AND slot >= $2 AND slot < $3 ORDER BY slot`, channel, from, to)
}

func deleteSigns(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM patrol_signs WHERE slot < $1`, before)
	return err
}

// insertKept reports false when the week of the channel was closed before.
func insertKept(ctx context.Context, tx *db.Tx, id string, k Kept) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO patrol_presence (id, channel, week, minutes, parts, kept, alone) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (channel, week) DO NOTHING`, id, k.Channel, k.Week, k.Minutes, k.Parts, k.Kept, k.Alone)
	return n == 1, err
}

func selectKept(ctx context.Context, tx *db.Tx, since string) ([]Kept, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (k Kept, err error) {
		err = r.Scan(&k.Channel, &k.Week, &k.Minutes, &k.Parts, &k.Kept, &k.Alone)
		return k, err
	}, `SELECT channel, week, minutes, parts, kept, alone FROM patrol_presence WHERE week >= $1 ORDER BY week DESC, channel`, since)
}
