package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

// threadOf returns the conversation that a thread leads to, or "".
func threadOf(ctx context.Context, tx *db.Tx, thread []byte) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT conversation FROM desk_threads WHERE thread = $1`, thread).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func putThread(ctx context.Context, tx *db.Tx, thread []byte, conversation string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_threads (thread, conversation, at) VALUES ($1, $2, $3) ON CONFLICT (thread) DO UPDATE SET conversation = $2, at = $3`,
		thread, conversation, tx.Now)
	return err
}

func putLine(ctx context.Context, tx *db.Tx, conversation, line string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_lines (conversation, line) VALUES ($1, $2) ON CONFLICT (conversation) DO UPDATE SET line = $2`, conversation, line)
	return err
}

// lineOf returns the line by which a conversation came, or "".
func lineOf(ctx context.Context, tx *db.Tx, conversation string) (line string, err error) {
	err = tx.QueryRow(ctx, `SELECT line FROM desk_lines WHERE conversation = $1`, conversation).Scan(&line)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return line, err
}

// arrived is a message that a network names.
type arrived struct {
	Conversation string
	Message      string // msg_… of theirs, out_… of ours that we sent
}

func selectArrival(ctx context.Context, tx *db.Tx, hash []byte) (a arrived, known bool, err error) {
	err = tx.QueryRow(ctx, `SELECT conversation, message FROM desk_arrivals WHERE arrival = $1`, hash).Scan(&a.Conversation, &a.Message)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, err
}

func insertArrival(ctx context.Context, tx *db.Tx, hash []byte, conversation, message string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_arrivals (arrival, conversation, message, at) VALUES ($1, $2, $3, $4) ON CONFLICT (arrival) DO NOTHING`,
		hash, conversation, message, tx.Now)
	return err
}

// forgetLoose drops the marks of messages that were taken back before they came.
func forgetLoose(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_arrivals WHERE conversation = '' AND at <= $1`, before)
	return err
}

// deleteThreads takes what leads from a network to a conversation.
func deleteThreads(ctx context.Context, tx *db.Tx, conversation string) error {
	for _, q := range []string{`DELETE FROM desk_threads WHERE conversation = $1`, `DELETE FROM desk_arrivals WHERE conversation = $1`, `DELETE FROM desk_outbox WHERE conversation = $1`} {
		if _, err := tx.Exec(ctx, q, conversation); err != nil {
			return err
		}
	}
	return nil
}

func deleteLine(ctx context.Context, tx *db.Tx, conversation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_lines WHERE conversation = $1`, conversation)
	return err
}

func updateMessage(ctx context.Context, tx *db.Tx, id string, sealed []byte) error {
	_, err := tx.Exec(ctx, `UPDATE desk_messages SET sealed = $2 WHERE id = $1`, id, sealed)
	return err
}

// posted is one row of the outbox.
type posted struct {
	ID           string // out_…
	Message      string
	Conversation string
	Line         string
	Part         int
	State        string
	Why          string
	Tries        int
	Tried        int64
	Made         int64
	Due          int64
	Done         int64
	Seen         int64
	sealed       []byte
}

const postedColumns = `id, message, conversation, line, part, state, why, tries, tried, made, due, done, seen, sealed`

func collectPosted(ctx context.Context, tx *db.Tx, query string, args ...any) ([]posted, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (p posted, err error) {
		err = r.Scan(&p.ID, &p.Message, &p.Conversation, &p.Line, &p.Part, &p.State, &p.Why, &p.Tries, &p.Tried, &p.Made, &p.Due, &p.Done, &p.Seen, &p.sealed)
		return p, err
	}, query, args...)
}

func insertPosted(ctx context.Context, tx *db.Tx, p posted) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_outbox (id, message, conversation, line, part, state, why, tries, tried, made, due, done, seen, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Message, p.Conversation, p.Line, p.Part, p.State, p.Why, p.Tries, p.Tried, p.Made, p.Due, p.Done, p.Seen, p.sealed)
	return err
}

// updatePosted writes where a row stands; it reports whether it is still there.
func updatePosted(ctx context.Context, tx *db.Tx, p posted) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE desk_outbox SET state = $2, why = $3, tries = $4, tried = $5, due = $6, done = $7, seen = $8, sealed = $9 WHERE id = $1`,
		p.ID, p.State, p.Why, p.Tries, p.Tried, p.Due, p.Done, p.Seen, p.sealed)
	return n == 1, err
}

// selectDue lists what may be sent on a line now: of each conversation the
// first row that waits, so that answers arrive in the order in which they were
// given.
func selectDue(ctx context.Context, tx *db.Tx, line string, most int) ([]posted, error) {
	return collectPosted(ctx, tx, `SELECT `+postedColumns+` FROM desk_outbox WHERE line = $1 AND state = 'waiting' AND due <= $2
		AND NOT EXISTS (SELECT 1 FROM desk_outbox AS desk_before WHERE desk_before.conversation = desk_outbox.conversation
			AND desk_before.state = 'waiting' AND desk_before.id < desk_outbox.id)
		ORDER BY id LIMIT $3`, line, tx.Now, most)
}

func selectPosted(ctx context.Context, tx *db.Tx, id string) ([]posted, error) {
	return collectPosted(ctx, tx, `SELECT `+postedColumns+` FROM desk_outbox WHERE id = $1`, id)
}

// postedIn lists the rows of a conversation in their order.
func postedIn(ctx context.Context, tx *db.Tx, conversation string) ([]posted, error) {
	return collectPosted(ctx, tx, `SELECT `+postedColumns+` FROM desk_outbox WHERE conversation = $1 ORDER BY id`, conversation)
}

// countWaiting counts the answers that wait, by line.
func countWaiting(ctx context.Context, tx *db.Tx) (map[string]int, error) {
	rows, err := tx.Query(ctx, `SELECT line, COUNT(*) FROM desk_outbox WHERE state = 'waiting' GROUP BY line`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var line string
		var n int
		if err := rows.Scan(&line, &n); err != nil {
			return nil, err
		}
		out[line] = n
	}
	return out, rows.Err()
}

// Totals counts all conversations and messages, for measurements.
func Totals(ctx context.Context, tx *db.Tx) (conversations, messages int, err error) {
	if err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_conversations`).Scan(&conversations); err == nil {
		err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_messages`).Scan(&messages)
	}
	return conversations, messages, err
}
