package desk

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

const fileColumns = `id, conversation, message, incoming, handle, state, class, type, size, line, at, blob, blob_sum, sealed`

func scanFile(scan func(...any) error) (f file, err error) {
	err = scan(&f.ID, &f.Conversation, &f.Message, &f.Incoming, &f.Handle, &f.State, &f.Class, &f.Type, &f.Size, &f.Line, &f.At, &f.blob, &f.blobSum, &f.sealed)
	if f.blobSum == nil { // one engine gives empty bytes back as none
		f.blobSum = []byte{}
	}
	return f, err
}

func collectFiles(ctx context.Context, tx *db.Tx, query string, args ...any) ([]file, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (file, error) { return scanFile(r.Scan) }, query, args...)
}

func insertFile(ctx context.Context, tx *db.Tx, f file) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_files (id, conversation, message, incoming, handle, state, class, type, size, line, at, blob, blob_sum, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		f.ID, f.Conversation, f.Message, f.Incoming, f.Handle, f.State, f.Class, f.Type, f.Size, f.Line, f.At, f.blob, f.blobSum, f.sealed)
	return err
}

func updateFile(ctx context.Context, tx *db.Tx, f file) error {
	n, err := tx.Exec(ctx, `UPDATE desk_files SET state = $2, class = $3, type = $4, size = $5, line = $6, blob = $7, blob_sum = $8, sealed = $9 WHERE id = $1`,
		f.ID, f.State, f.Class, f.Type, f.Size, f.Line, f.blob, f.blobSum, f.sealed)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

func selectFile(ctx context.Context, tx *db.Tx, id string) (file, error) {
	return scanFile(tx.QueryRow(ctx, `SELECT `+fileColumns+` FROM desk_files WHERE id = $1`, id).Scan)
}

func selectFiles(ctx context.Context, tx *db.Tx, conversation string) ([]file, error) {
	return collectFiles(ctx, tx, `SELECT `+fileColumns+` FROM desk_files WHERE conversation = $1 ORDER BY at, id`, conversation)
}

func selectGuarded(ctx context.Context, tx *db.Tx, most int) ([]file, error) {
	return collectFiles(ctx, tx, `SELECT `+fileColumns+` FROM desk_files WHERE state = 'guarded' ORDER BY at DESC, id DESC LIMIT $1`, most)
}

func selectBlobs(ctx context.Context, tx *db.Tx) ([]file, error) {
	return collectFiles(ctx, tx, `SELECT `+fileColumns+` FROM desk_files WHERE blob <> '' ORDER BY id`)
}

func sumFiles(ctx context.Context, tx *db.Tx, conversation string) (n int, size int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN state IN ('kept', 'guarded') THEN size ELSE 0 END), 0) FROM desk_files WHERE conversation = $1`, conversation).Scan(&n, &size)
	return n, size, err
}

func deleteFiles(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_files WHERE conversation = $1 RETURNING id`, conversation)
}
