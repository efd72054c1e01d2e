package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

func putDraft(ctx context.Context, tx *db.Tx, conversation, handle string, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_drafts (conversation, handle, at, sealed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (conversation, handle) DO UPDATE SET at = $3, sealed = $4`, conversation, handle, tx.Now, sealed)
	return err
}

func selectDraft(ctx context.Context, tx *db.Tx, conversation, handle string) (sealed []byte, at int64, err error) {
	err = tx.QueryRow(ctx, `SELECT sealed, at FROM desk_drafts WHERE conversation = $1 AND handle = $2`, conversation, handle).Scan(&sealed, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return sealed, at, err
}

func deleteDraft(ctx context.Context, tx *db.Tx, conversation, handle string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_drafts WHERE conversation = $1 AND handle = $2`, conversation, handle)
	return err
}

// draftsOf says on which of these somebody has a draft.
func draftsOf(ctx context.Context, tx *db.Tx, handle string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `SELECT conversation FROM desk_drafts WHERE handle = $1`, handle)
}

// deleteWork removes what belongs to the work on a conversation and is no
// record: drafts, presence, steps, the day's automatic answer, kept addresses.
func deleteWork(ctx context.Context, tx *db.Tx, conversation string) error {
	for _, q := range []string{
		`DELETE FROM desk_drafts WHERE conversation = $1`,
		`DELETE FROM desk_present WHERE conversation = $1`,
		`DELETE FROM desk_questions WHERE conversation = $1`,
		`DELETE FROM desk_steps WHERE conversation = $1`,
		`DELETE FROM desk_autos WHERE conversation = $1`,
	} {
		if _, err := tx.Exec(ctx, q, conversation); err != nil {
			return err
		}
	}
	return nil
}

func deleteDrafts(ctx context.Context, tx *db.Tx, conversation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_drafts WHERE conversation = $1`, conversation)
	return err
}
