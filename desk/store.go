package desk

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"ronde/access"
	"ronde/internal/db"
)

const conversationColumns = `id, channel, lang, identify, state, danger, holder, unit, head, same, received, waiting, last, unread, seen, closed, outcome, asked, held, basis, erased, revision, changed, sealed`

func scanConversation(scan func(...any) error) (c conversation, err error) {
	err = scan(&c.ID, &c.Channel, &c.Lang, &c.Identify, &c.State, &c.Danger, &c.Holder, &c.Unit, &c.Head, &c.Same, &c.Received, &c.Waiting, &c.Last,
		&c.Unread, &c.Seen, &c.Closed, &c.Outcome, &c.Asked, &c.Held, &c.Basis, &c.Erased, &c.Revision, &c.Changed, &c.sealed)
	return c, err
}

func collect(ctx context.Context, tx *db.Tx, query string, args ...any) ([]conversation, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (conversation, error) { return scanConversation(r.Scan) }, query, args...)
}

func insertConversation(ctx context.Context, tx *db.Tx, c conversation, code []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_conversations (id, code, channel, lang, identify, state, danger, holder, unit, head, same, received, waiting, last, unread, seen, closed, outcome, asked, held, basis, erased, revision, changed, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		c.ID, code, c.Channel, c.Lang, c.Identify, c.State, c.Danger, c.Holder, c.Unit, c.Head, c.Same, c.Received, c.Waiting, c.Last,
		c.Unread, c.Seen, c.Closed, c.Outcome, c.Asked, c.Held, c.Basis, c.Erased, c.Revision, tx.Now, c.sealed)
	return err
}

func updateConversation(ctx context.Context, tx *db.Tx, c conversation) error {
	n, err := tx.Exec(ctx, `UPDATE desk_conversations SET state = $2, danger = $3, holder = $4, unit = $5, head = $6, same = $7, waiting = $8, last = $9, unread = $10,
		seen = $11, closed = $12, outcome = $13, asked = $14, held = $15, basis = $16, erased = $17, revision = $18, changed = $19, sealed = $20 WHERE id = $1`,
		c.ID, c.State, c.Danger, c.Holder, c.Unit, c.Head, c.Same, c.Waiting, c.Last, c.Unread,
		c.Seen, c.Closed, c.Outcome, c.Asked, c.Held, c.Basis, c.Erased, c.Revision, c.Changed, c.sealed)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

func selectConversation(ctx context.Context, tx *db.Tx, id string) (conversation, error) {
	return scanConversation(tx.QueryRow(ctx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE id = $1`, id).Scan)
}

func selectByCode(ctx context.Context, tx *db.Tx, code []byte) (conversation, error) {
	return scanConversation(tx.QueryRow(ctx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE code = $1`, code).Scan)
}

func replaceCode(ctx context.Context, tx *db.Tx, id string, code []byte) error {
	_, err := tx.Exec(ctx, `UPDATE desk_conversations SET code = $2 WHERE id = $1`, id, code)
	return err
}

// reduce takes what leads to a person from a row: its code, and the forms.
func reduce(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `UPDATE desk_conversations SET code = NULL WHERE id = $1`, id); err != nil {
		return err
	}
	return deleteForms(ctx, tx, id)
}

func deleteConversation(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM desk_conversations WHERE id = $1`, id); err != nil {
		return err
	}
	if err := deleteLine(ctx, tx, id); err != nil {
		return err
	}
	return deleteForms(ctx, tx, id)
}

func deleteForms(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM desk_nonces WHERE conversation = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM desk_marks WHERE conversation = $1`, id); err != nil {
		return err
	}
	return deleteThreads(ctx, tx, id)
}

func selectSame(ctx context.Context, tx *db.Tx, head string) ([]conversation, error) {
	return collect(ctx, tx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE head = $1 ORDER BY id`, head)
}

// selectFlood lists those that brought the same text, without joined threads.
func selectFlood(ctx context.Context, tx *db.Tx, head string) ([]conversation, error) {
	return collect(ctx, tx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE head = $1
		AND id NOT IN (SELECT conversation FROM desk_merges WHERE head = $1 AND undone = 0) ORDER BY id`, head)
}

// term is a channel, and the line of it, whose closed conversations end together.
type term struct{ channel, line string }

func closedChannels(ctx context.Context, tx *db.Tx) ([]term, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (t term, err error) {
		err = r.Scan(&t.channel, &t.line)
		return t, err
	}, `SELECT DISTINCT channel, COALESCE(line, '') AS by_line FROM desk_conversations LEFT JOIN desk_lines ON desk_lines.conversation = desk_conversations.id
		WHERE state = 'closed' AND held = FALSE ORDER BY channel, by_line`)
}

// selectPast lists what was closed before a time, those without anybody under
// them first in the order of closing.
func selectPast(ctx context.Context, tx *db.Tx, t term, before int64, most int) ([]conversation, error) {
	return collect(ctx, tx, `SELECT `+conversationColumns+` FROM desk_conversations
		WHERE state = 'closed' AND held = FALSE AND channel = $1 AND closed <= $2
		AND COALESCE((SELECT line FROM desk_lines WHERE desk_lines.conversation = desk_conversations.id), '') = $3
		ORDER BY closed, id LIMIT $4`, t.channel, before, t.line, most)
}

func lastChange(ctx context.Context, tx *db.Tx) (n int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(MAX(changed), 0) + (SELECT COUNT(*) + COALESCE(SUM(typed / 8000000), 0) FROM desk_present) FROM desk_conversations`).Scan(&n)
	return n, err
}

// sqlViews are the views of the inbox; $1 is the handle of who looks.
var sqlViews = map[string]string{
	ShowOpen:     `state IN ('new', 'taken', 'added') AND $1 <> ''`,
	ShowMine:     `holder = $1 AND state <> 'closed'`,
	ShowAnswered: `state = 'answered' AND $1 <> ''`,
	ShowClosed:   `state = 'closed' AND $1 <> ''`,
}

// inView builds the condition of a view within somebody's scope: all rows, the
// rows of their units, and those they have taken. An unknown view is empty.
func inView(scope access.Scope, handle, view string, args ...any) (string, []any) {
	args = append([]any{handle}, args...)
	cond, ok := sqlViews[view]
	if !ok {
		cond = `1 = 0 AND $1 <> ''`
	}
	cond = `head = '' AND (` + cond + `)`
	if scope.All {
		return cond, args
	}
	reach := []string{`1 = 0`}
	if scope.Person != "" {
		reach = append(reach, `holder = $1`)
	}
	for _, unit := range scope.Units {
		args = append(args, unit)
		reach = append(reach, `unit = $`+strconv.Itoa(len(args)))
	}
	return cond + ` AND (` + strings.Join(reach, ` OR `) + `)`, args
}

func countInbox(ctx context.Context, tx *db.Tx, scope access.Scope, handle, view string) (n int, err error) {
	cond, args := inView(scope, handle, view)
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_conversations WHERE `+cond, args...).Scan(&n)
	return n, err
}

func countShows(ctx context.Context, tx *db.Tx, scope access.Scope, handle string) (map[string]int, error) {
	out := map[string]int{}
	for _, name := range Shows {
		n, err := countInbox(ctx, tx, scope, handle, name)
		if err != nil {
			return out, err
		}
		out[name] = n
	}
	return out, nil
}

// nobodys counts who waits for us and is in nobody's hands, and since when the
// longest of them waits.
func nobodys(ctx context.Context, tx *db.Tx, scope access.Scope, handle string) (n int, since int64, err error) {
	cond, args := inView(scope, handle, ShowOpen)
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MIN(waiting), 0) FROM desk_conversations WHERE holder = '' AND `+cond, args...).Scan(&n, &since)
	return n, since, err
}

// selectInbox lists a view in the order of Before; closed ones by their end.
func selectInbox(ctx context.Context, tx *db.Tx, scope access.Scope, handle, view string, skip, most int) ([]conversation, error) {
	cond, args := inView(scope, handle, view, skip, most)
	order := `danger DESC, CASE WHEN state IN ('new', 'taken', 'added') THEN 0 ELSE 1 END, waiting, id`
	if view == ShowClosed {
		order = `closed DESC, id DESC`
	}
	return collect(ctx, tx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE `+cond+` ORDER BY `+order+` LIMIT $3 OFFSET $2`, args...)
}

// selectNewest reads the newest message of who wrote, for each row of a page.
func selectNewest(ctx context.Context, tx *db.Tx, rows []conversation) (map[string][]byte, error) {
	out := map[string][]byte{}
	if len(rows) == 0 {
		return out, nil
	}
	last := make([]string, len(rows))
	for i, c := range rows {
		last[i] = c.Last
	}
	in, args := marks(last)
	found, err := tx.Query(ctx, `SELECT id, sealed FROM desk_messages WHERE id IN (`+in+`)`, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var id string
		var sealed []byte
		if err := found.Scan(&id, &sealed); err != nil {
			return nil, err
		}
		out[id] = sealed
	}
	return out, found.Err()
}

func insertMessage(ctx context.Context, tx *db.Tx, m message) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_messages (id, conversation, incoming, handle, at, sealed) VALUES ($1, $2, $3, $4, $5, $6)`,
		m.ID, m.Conversation, m.Incoming, m.Handle, m.At, m.sealed)
	return err
}

func selectMessages(ctx context.Context, tx *db.Tx, conversation string) ([]message, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (m message, err error) {
		err = r.Scan(&m.ID, &m.Conversation, &m.Incoming, &m.Handle, &m.At, &m.sealed)
		return m, err
	}, `SELECT id, conversation, incoming, handle, at, sealed FROM desk_messages WHERE conversation = $1 ORDER BY at, id`, conversation)
}

func countMessages(ctx context.Context, tx *db.Tx, conversation string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_messages WHERE conversation = $1`, conversation).Scan(&n)
	return n, err
}

func deleteMessages(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_messages WHERE conversation = $1 RETURNING id`, conversation)
}

func insertNote(ctx context.Context, tx *db.Tx, n message) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_notes (id, conversation, handle, at, sealed) VALUES ($1, $2, $3, $4, $5)`, n.ID, n.Conversation, n.Handle, n.At, n.sealed)
	return err
}

func selectNotes(ctx context.Context, tx *db.Tx, conversation string) ([]message, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (m message, err error) {
		err = r.Scan(&m.ID, &m.Conversation, &m.Handle, &m.At, &m.sealed)
		return m, err
	}, `SELECT id, conversation, handle, at, sealed FROM desk_notes WHERE conversation = $1 ORDER BY at, id`, conversation)
}

func countNotes(ctx context.Context, tx *db.Tx, conversation string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_notes WHERE conversation = $1`, conversation).Scan(&n)
	return n, err
}

func deleteNotes(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_notes WHERE conversation = $1 RETURNING id`, conversation)
}

func scanText(r *sql.Rows) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

// form is a form that was sent.
type form struct {
	conversation string
	text         []byte
	at           int64
	shown        bool
}

// insertNonce reports false when the form was sent before.
func insertNonce(ctx context.Context, tx *db.Tx, nonce, text []byte, conversation string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO desk_nonces (nonce, text, conversation, at, shown) VALUES ($1, $2, $3, $4, FALSE) ON CONFLICT (nonce) DO NOTHING`, nonce, text, conversation, tx.Now)
	return n == 1, err
}

func selectNonce(ctx context.Context, tx *db.Tx, nonce []byte) (f form, known bool, err error) {
	err = tx.QueryRow(ctx, `SELECT conversation, text, at, shown FROM desk_nonces WHERE nonce = $1`, nonce).Scan(&f.conversation, &f.text, &f.at, &f.shown)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	return f, err == nil, err
}

func markShown(ctx context.Context, tx *db.Tx, nonce []byte) error {
	_, err := tx.Exec(ctx, `UPDATE desk_nonces SET shown = TRUE WHERE nonce = $1`, nonce)
	return err
}

// findMark returns the conversation that brought this text since a time, or "".
func findMark(ctx context.Context, tx *db.Tx, text []byte, since int64) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT conversation FROM desk_marks WHERE text = $1 AND at > $2`, text, since).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func putMark(ctx context.Context, tx *db.Tx, text []byte, conversation string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_marks (text, conversation, at) VALUES ($1, $2, $3) ON CONFLICT (text) DO UPDATE SET conversation = $2, at = $3`, text, conversation, tx.Now)
	return err
}

func forget(ctx context.Context, tx *db.Tx, nonces, marks int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM desk_nonces WHERE at <= $1`, nonces); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM desk_marks WHERE at <= $1`, marks)
	return err
}

func putEnding(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_endings (container, at) VALUES ($1, $2) ON CONFLICT (container) DO NOTHING`, container, tx.Now)
	return err
}

func selectEndings(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `SELECT container FROM desk_endings ORDER BY container`)
}

func deleteEnding(ctx context.Context, tx *db.Tx, container string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_endings WHERE container = $1`, container)
	return err
}

const sqlCounts = `SELECT name, SUM(n) FROM desk_counts WHERE day >= $1 AND day <= $2 GROUP BY name`

// count adds one to each name, today.
func count(ctx context.Context, tx *db.Tx, names ...string) error {
	for _, name := range names {
		if _, err := tx.Exec(ctx, `INSERT INTO desk_counts (day, name, n) VALUES ($1, $2, 1) ON CONFLICT (day, name) DO UPDATE SET n = desk_counts.n + 1`, db.Day(tx.Now), name); err != nil {
			return err
		}
	}
	return nil
}
