package desk

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"ronde/internal/db"
)

// present is a row of desk_present.
type present struct {
	conversation, handle string
	typed                int64
}

func putPresent(ctx context.Context, tx *db.Tx, conversation, handle string, writing bool) error {
	typed := int64(0)
	if writing {
		typed = tx.Now
	}
	_, err := tx.Exec(ctx, `INSERT INTO desk_present (conversation, handle, opened, typed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (conversation, handle) DO UPDATE SET opened = $3, typed = CASE WHEN $4 > 0 THEN $4 ELSE desk_present.typed END`, conversation, handle, tx.Now, typed)
	return err
}

func deletePresent(ctx context.Context, tx *db.Tx, conversation, handle string) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_present WHERE conversation = $1 AND handle = $2`, conversation, handle)
	return err
}

// stopTyping ends "is writing" when the answer is sent.
func stopTyping(ctx context.Context, tx *db.Tx, conversation, handle string) error {
	_, err := tx.Exec(ctx, `UPDATE desk_present SET typed = 0 WHERE conversation = $1 AND handle = $2`, conversation, handle)
	return err
}

func forgetPresent(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM desk_present WHERE opened <= $1`, before)
	return err
}

func selectPresent(ctx context.Context, tx *db.Tx, ids []string, since int64) ([]present, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in, args := marks(ids, since)
	return db.Collect(ctx, tx, func(r *sql.Rows) (p present, err error) {
		err = r.Scan(&p.conversation, &p.handle, &p.typed)
		return p, err
	}, `SELECT conversation, handle, typed FROM desk_present WHERE opened > $1 AND conversation IN (`+in+`) ORDER BY handle`, args...)
}

// marks are the places of a list of ids in a query, after what stands first.
func marks(ids []string, first ...any) (string, []any) {
	args := first
	var places []string
	for _, id := range ids {
		args = append(args, id)
		places = append(places, `$`+strconv.Itoa(len(args)))
	}
	return strings.Join(places, `, `), args
}

// selectMine lists what somebody has and is not closed, in the order in which
// it came: the strip does not move when something is added.
func selectMine(ctx context.Context, tx *db.Tx, handle string, most int) ([]conversation, error) {
	return collect(ctx, tx, `SELECT `+conversationColumns+` FROM desk_conversations WHERE holder = $1 AND state <> 'closed' AND head = '' ORDER BY id LIMIT $2`, handle, most)
}
