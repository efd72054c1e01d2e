package desk

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/db"
)

const roomColumns = `id, conversation, state, link, word, seat, tries, handle, made, until, entered, seen, ended, cause`

func scanRoom(scan func(...any) error) (r room, err error) {
	err = scan(&r.ID, &r.Conversation, &r.State, &r.link, &r.word, &r.seat, &r.Tries, &r.Handle, &r.Made, &r.Until, &r.Entered, &r.Seen, &r.Ended, &r.Cause)
	if r.word == nil { // one engine gives empty bytes back as none
		r.word = []byte{}
	}
	if r.seat == nil {
		r.seat = []byte{}
	}
	return r, err
}

func insertRoom(ctx context.Context, tx *db.Tx, r room) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_rooms (id, conversation, state, link, word, seat, tries, handle, made, until, entered, seen, ended, cause)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.ID, r.Conversation, r.State, r.link, r.word, r.seat, r.Tries, r.Handle, r.Made, r.Until, r.Entered, r.Seen, r.Ended, r.Cause)
	return err
}

func updateRoom(ctx context.Context, tx *db.Tx, r room) error {
	n, err := tx.Exec(ctx, `UPDATE desk_rooms SET state = $2, link = $3, word = $4, seat = $5, tries = $6, until = $7, entered = $8, seen = $9, ended = $10, cause = $11 WHERE id = $1`,
		r.ID, r.State, r.link, r.word, r.seat, r.Tries, r.Until, r.Entered, r.Seen, r.Ended, r.Cause)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

func selectRoom(ctx context.Context, tx *db.Tx, id string) (room, error) {
	return scanRoom(tx.QueryRow(ctx, `SELECT `+roomColumns+` FROM desk_rooms WHERE id = $1`, id).Scan)
}

func selectRoomByLink(ctx context.Context, tx *db.Tx, link []byte) (room, error) {
	return scanRoom(tx.QueryRow(ctx, `SELECT `+roomColumns+` FROM desk_rooms WHERE link = $1`, link).Scan)
}

func selectNewestRoom(ctx context.Context, tx *db.Tx, conversation string) (r room, found bool, err error) {
	r, err = scanRoom(tx.QueryRow(ctx, `SELECT `+roomColumns+` FROM desk_rooms WHERE conversation = $1 ORDER BY made DESC, id DESC LIMIT 1`, conversation).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

func selectPastRooms(ctx context.Context, tx *db.Tx, most int) ([]room, error) {
	return db.Collect(ctx, tx, func(rows *sql.Rows) (room, error) { return scanRoom(rows.Scan) },
		`SELECT `+roomColumns+` FROM desk_rooms WHERE state IN ('waiting', 'open') AND until <= $1 ORDER BY until, id LIMIT $2`, tx.Now, most)
}

func countRooms(ctx context.Context, tx *db.Tx, conversation string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_rooms WHERE conversation = $1`, conversation).Scan(&n)
	return n, err
}

func deleteRooms(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	return db.Collect(ctx, tx, scanText, `DELETE FROM desk_rooms WHERE conversation = $1 RETURNING id`, conversation)
}

func insertSaid(ctx context.Context, tx *db.Tx, message, room string) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_said (message, room) VALUES ($1, $2)`, message, room)
	return err
}

// selectSaid maps the messages of a conversation that were said in a room to
// it.
func selectSaid(ctx context.Context, tx *db.Tx, conversation string) (map[string]string, error) {
	out := map[string]string{}
	rows, err := tx.Query(ctx, `SELECT s.message, s.room FROM desk_said s JOIN desk_rooms r ON r.id = s.room WHERE r.conversation = $1`, conversation)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var message, room string
		if err := rows.Scan(&message, &room); err != nil {
			return nil, err
		}
		out[message] = room
	}
	return out, rows.Err()
}

// deleteSaid deletes the messages of a conversation, and where they were said.
func deleteSaid(ctx context.Context, tx *db.Tx, conversation string) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM desk_said WHERE room IN (SELECT id FROM desk_rooms WHERE conversation = $1)`, conversation); err != nil {
		return nil, err
	}
	return deleteMessages(ctx, tx, conversation)
}

func selectMessage(ctx context.Context, tx *db.Tx, id string) (m message, err error) {
	err = tx.QueryRow(ctx, `SELECT id, conversation, incoming, handle, at, sealed FROM desk_messages WHERE id = $1`, id).Scan(&m.ID, &m.Conversation, &m.Incoming, &m.Handle, &m.At, &m.sealed)
	return m, err
}

func countSaid(ctx context.Context, tx *db.Tx, room string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM desk_said WHERE room = $1`, room).Scan(&n)
	return n, err
}
