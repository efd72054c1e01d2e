package patrol

import (
	"context"
	"database/sql"
	"strings"

	"ronde/internal/db"
)

const eventColumns = `id, kind, title, about, rules, language, channel, place, url, starts, ends, officer, second, chat, public, capacity, seats, state, booking,
	attended, contacts, advice, referred, reports, handed, made, changed`

func scanEvent(scan func(...any) error) (e Event, err error) {
	var rules string
	err = scan(&e.ID, &e.Kind, &e.Title, &e.About, &rules, &e.Language, &e.Channel, &e.Place, &e.URL, &e.Starts, &e.Ends, &e.Officer, &e.Second, &e.Chat, &e.Public, &e.Capacity, &e.Seats, &e.State, &e.Booking,
		&e.Attended, &e.Contacts, &e.Advice, &e.Referred, &e.Reports, &e.Handed, &e.Made, &e.Changed)
	if rules != "" {
		e.Rules = strings.Split(rules, "\n")
	}
	return e, err
}

func selectEvent(ctx context.Context, tx *db.Tx, id string) (Event, error) {
	return scanEvent(tx.QueryRow(ctx, `SELECT `+eventColumns+` FROM patrol_events WHERE id = $1`, id).Scan)
}

// selectEvents lists every event, newest first.
func selectEvents(ctx context.Context, tx *db.Tx) ([]Event, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Event, error) { return scanEvent(r.Scan) },
		`SELECT `+eventColumns+` FROM patrol_events ORDER BY starts DESC, id DESC LIMIT $1`, MaxEvents)
}

func countEvents(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_events`).Scan(&n)
	return n, err
}

func insertEvent(ctx context.Context, tx *db.Tx, e Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_events (id, kind, title, about, rules, language, channel, place, url, starts, ends, officer, second, chat, public, capacity, seats, state, booking,
		attended, contacts, advice, referred, reports, handed, made, changed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
		e.ID, e.Kind, e.Title, e.About, strings.Join(e.Rules, "\n"), e.Language, e.Channel, e.Place, e.URL, e.Starts, e.Ends, e.Officer, e.Second, e.Chat, e.Public, e.Capacity, e.Seats, e.State, e.Booking,
		e.Attended, e.Contacts, e.Advice, e.Referred, e.Reports, e.Handed, e.Made, e.Changed)
	return err
}

func updateEvent(ctx context.Context, tx *db.Tx, e Event) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_events SET kind = $2, title = $3, about = $4, rules = $5, language = $6, channel = $7, place = $8, url = $9, starts = $10, ends = $11, officer = $12, second = $13, chat = $14, public = $15,
		capacity = $16, seats = $17, state = $18, attended = $19, contacts = $20, advice = $21, referred = $22, reports = $23, handed = $24, changed = $25 WHERE id = $1`,
		e.ID, e.Kind, e.Title, e.About, strings.Join(e.Rules, "\n"), e.Language, e.Channel, e.Place, e.URL, e.Starts, e.Ends, e.Officer, e.Second, e.Chat, e.Public,
		e.Capacity, e.Seats, e.State, e.Attended, e.Contacts, e.Advice, e.Referred, e.Reports, e.Handed, e.Changed)
	return err
}

func selectOldEvents(ctx context.Context, tx *db.Tx, before int64) ([]string, error) {
	return db.Collect(ctx, tx, oneText, `SELECT id FROM patrol_events WHERE ends < $1 ORDER BY ends LIMIT 200`, before)
}

func oneText(r *sql.Rows) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

func deleteEvent(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM patrol_events WHERE id = $1`, id)
	return err
}

// insertForm reports false when the form was sent before.
func insertForm(ctx context.Context, tx *db.Tx, about string, mark []byte) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO patrol_forms (about, mark, at) VALUES ($1, $2, $3) ON CONFLICT (about, mark) DO NOTHING`, about, mark, tx.Now)
	return n == 1, err
}

func deleteForms(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM patrol_forms WHERE at < $1`, before)
	return err
}

// countBy adds to a counter.
func countBy(ctx context.Context, tx *db.Tx, day, name string, n int) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_counts (day, name, n) VALUES ($1, $2, $3) ON CONFLICT (day, name) DO UPDATE SET n = patrol_counts.n + $3`, day, name, n)
	return err
}

const bookingColumns = `id, kind, heads, language, state, starts, ends, event, received, changed, unread, sealed`

type bookingRow struct {
	Booking
	sealed []byte
}

func scanBooking(scan func(...any) error) (b bookingRow, err error) {
	err = scan(&b.ID, &b.Kind, &b.Heads, &b.Language, &b.State, &b.Starts, &b.Ends, &b.Event, &b.Received, &b.Changed, &b.Unread, &b.sealed)
	return b, err
}

func selectBooking(ctx context.Context, tx *db.Tx, id string) (Booking, []byte, error) {
	b, err := scanBooking(tx.QueryRow(ctx, `SELECT `+bookingColumns+` FROM patrol_bookings WHERE id = $1`, id).Scan)
	return b.Booking, b.sealed, err
}

func selectBookingByCode(ctx context.Context, tx *db.Tx, code []byte) (Booking, []byte, error) {
	b, err := scanBooking(tx.QueryRow(ctx, `SELECT `+bookingColumns+` FROM patrol_bookings WHERE code = $1`, code).Scan)
	return b.Booking, b.sealed, err
}

// selectBookings lists those that are not forgotten: who waits for us first.
func selectBookings(ctx context.Context, tx *db.Tx) ([]bookingRow, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (bookingRow, error) { return scanBooking(r.Scan) },
		`SELECT `+bookingColumns+` FROM patrol_bookings WHERE state <> $1 ORDER BY unread DESC, changed DESC, id LIMIT 500`, Forgotten)
}

func countBookings(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_bookings WHERE state <> $1`, Forgotten).Scan(&n)
	return n, err
}

func insertBooking(ctx context.Context, tx *db.Tx, b Booking, code, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_bookings (id, code, kind, heads, language, state, starts, ends, event, received, changed, unread, sealed, gone)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', $7, $7, $8, $9, FALSE)`, b.ID, code, b.Kind, b.Heads, b.Language, b.State, b.Received, b.Unread, sealed)
	return err
}

func updateBooking(ctx context.Context, tx *db.Tx, b Booking, sealed []byte) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_bookings SET state = $2, starts = $3, ends = $4, event = $5, changed = $6, unread = $7, sealed = $8 WHERE id = $1`,
		b.ID, b.State, b.Starts, b.Ends, b.Event, b.Changed, b.Unread, sealed)
	return err
}

// selectDueBookings lists those that were taken back, those that ended before a
// time, and those that nobody touched since an earlier one.
func selectDueBookings(ctx context.Context, tx *db.Tx, ended, idle int64) ([]string, error) {
	return db.Collect(ctx, tx, oneText, `SELECT id FROM patrol_bookings WHERE state <> $1 AND (state = $2 OR state = $3 AND changed < $5 OR state = $4 AND ends < $5 AND changed < $5 OR changed < $6) ORDER BY id LIMIT 200`,
		Forgotten, TakenBack, Declined, Confirmed, ended, idle)
}

func forgetBooking(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_bookings SET state = $2, code = NULL, sealed = NULL, unread = FALSE WHERE id = $1`, id, Forgotten)
	return err
}

// selectKeptKeys lists forgotten bookings whose key is not yet destroyed.
func selectKeptKeys(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, oneText, `SELECT id FROM patrol_bookings WHERE state = $1 AND gone = FALSE ORDER BY id LIMIT 200`, Forgotten)
}

func endBooking(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_bookings SET gone = TRUE WHERE id = $1`, id)
	return err
}
