package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

const mergeColumns = `id, conversation, head, handle, at, undone`

func scanMerge(scan func(...any) error) (m merge, err error) {
	err = scan(&m.ID, &m.Conversation, &m.Head, &m.Handle, &m.At, &m.Undone)
	return m, err
}

func insertMerge(ctx context.Context, tx *db.Tx, m merge) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_merges (id, conversation, head, handle, at, undone) VALUES ($1, $2, $3, $4, $5, 0)`, m.ID, m.Conversation, m.Head, m.Handle, m.At)
	return err
}

// selectMerges lists what is shown under a conversation.
func selectMerges(ctx context.Context, tx *db.Tx, head string) ([]merge, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (merge, error) { return scanMerge(r.Scan) },
		`SELECT `+mergeColumns+` FROM desk_merges WHERE head = $1 AND undone = 0 ORDER BY at, id`, head)
}

// findMerge is under what a conversation is shown; without an id, under nothing.
func findMerge(ctx context.Context, tx *db.Tx, conversation string) (merge, error) {
	m, err := scanMerge(tx.QueryRow(ctx, `SELECT `+mergeColumns+` FROM desk_merges WHERE conversation = $1 AND undone = 0`, conversation).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return merge{}, nil
	}
	return m, err
}

func undoMerge(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE desk_merges SET undone = $2 WHERE id = $1`, id, tx.Now)
	return err
}

func deleteMerges(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_merges WHERE conversation = $1 OR head = $1 RETURNING id`, conversation)
}

func isQuestion(ctx context.Context, tx *db.Tx, conversation string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_questions WHERE conversation = $1`, conversation).Scan(&n)
	return n > 0, err
}

func putQuestion(ctx context.Context, tx *db.Tx, conversation, handle string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_questions (conversation, handle, at) VALUES ($1, $2, $3) ON CONFLICT (conversation) DO NOTHING`, conversation, handle, tx.Now)
	return err
}

func deleteQuestion(ctx context.Context, tx *db.Tx, conversation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_questions WHERE conversation = $1`, conversation)
	return err
}
