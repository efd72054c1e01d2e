package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

const textColumns = `id, name, lang, kind, body, state, drafter, person, at, approver, decided, changed`

func scanAgreed(scan func(...any) error) (t Text, err error) {
	err = scan(&t.ID, &t.Name, &t.Lang, &t.Kind, &t.Body, &t.State, &t.Drafter, &t.person, &t.At, &t.Approver, &t.Decided, &t.Changed)
	return t, err
}

func collectTexts(ctx context.Context, tx *db.Tx, query string, args ...any) ([]Text, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Text, error) { return scanAgreed(r.Scan) }, query, args...)
}

func insertText(ctx context.Context, tx *db.Tx, t Text) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_texts (id, name, lang, kind, body, state, drafter, person, at, approver, decided, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, $9)`,
		t.ID, t.Name, t.Lang, t.Kind, t.Body, t.State, t.Drafter, t.person, t.At)
	return err
}

func updateText(ctx context.Context, tx *db.Tx, t Text) error {
	_, err := tx.Exec(ctx, `UPDATE desk_texts SET state = $2, approver = $3, decided = $4, changed = $5 WHERE id = $1`, t.ID, t.State, t.Approver, t.Decided, t.Changed)
	return err
}

func findText(ctx context.Context, tx *db.Tx, id string) (Text, bool, error) {
	t, err := scanAgreed(tx.QueryRow(ctx, `SELECT `+textColumns+` FROM desk_texts WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Text{}, false, nil
	}
	return t, err == nil, err
}

func countTexts(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_texts WHERE state IN ('draft', 'approved')`).Scan(&n)
	return n, err
}

func approvedTexts(ctx context.Context, tx *db.Tx, kind, lang, name string) ([]Text, error) {
	return collectTexts(ctx, tx, `SELECT `+textColumns+` FROM desk_texts WHERE state = 'approved' AND kind = $1 AND lang = $2 AND name = $3 ORDER BY id`, kind, lang, name)
}

// awayText is the newest automatic answer in a language.
func awayText(ctx context.Context, tx *db.Tx, lang string) (Text, bool, error) {
	t, err := scanAgreed(tx.QueryRow(ctx, `SELECT `+textColumns+` FROM desk_texts WHERE state = 'approved' AND kind = 'away' AND lang = $1 ORDER BY decided DESC, id DESC LIMIT 1`, lang).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Text{}, false, nil
	}
	return t, err == nil, err
}

func selectTexts(ctx context.Context, tx *db.Tx, all bool) ([]Text, error) {
	return collectTexts(ctx, tx, `SELECT `+textColumns+` FROM desk_texts WHERE state IN ('draft', 'approved') OR $1 ORDER BY kind DESC, name, lang, at DESC LIMIT 1000`, all)
}

// insertAuto reports false when the conversation had its automatic answer today.
func insertAuto(ctx context.Context, tx *db.Tx, conversation, day string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO desk_autos (conversation, day) VALUES ($1, $2) ON CONFLICT (conversation, day) DO NOTHING`, conversation, day)
	return n == 1, err
}

// unanswered lists what waits, whose newest message came since a time, and
// that had no automatic answer on a day.
func unanswered(ctx context.Context, tx *db.Tx, since int64, day string, most int) ([]conversation, error) {
	return collect(ctx, tx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE changed > $1 AND state IN ('new', 'taken', 'added') AND head = ''
		AND EXISTS (SELECT id FROM desk_messages WHERE desk_messages.id = desk_conversations.last AND desk_messages.at > $1 AND desk_messages.incoming = TRUE)
		AND id NOT IN (SELECT conversation FROM desk_autos WHERE day = $2) ORDER BY id LIMIT $3`, since, day, most)
}
