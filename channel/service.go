package channel

import (
	"context"
	"encoding/json"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

const (
	cursorPurpose = "channel_cursors.text"
	seenPurpose   = "channel_seen.post"

	// SeenFor is how long a hash is kept after the source last showed the post.
	SeenFor = int64(3 * 24 * 60 * 60 * 1_000_000)
	// MaxSeen bounds the hashes kept of one source.
	MaxSeen = 50_000
)

// Service keeps cursors, seen-lists, health and counters of sources.
type Service struct {
	db   *db.DB
	keys *seal.Ring
	back time.Duration // the first wait of a line that failed
}

// New makes the service.
func New(d *db.DB, keys *seal.Ring) *Service { return &Service{d, keys, backFirst} }

// Cursor reads where a source's reading goes on; the empty cursor when it was
// never read, or when its container's key is gone. container is the key
// container of the source's mandate.
func (s *Service) Cursor(ctx context.Context, tx *db.Tx, source, container string) (Cursor, error) {
	sealed, err := selectCursor(ctx, tx, source)
	if err != nil || sealed == nil {
		return Cursor{}, errs.Wrap(err, "read cursor")
	}
	text, err := s.keys.Open(container, cursorPurpose, sealed)
	if err != nil {
		return Cursor{}, errs.Wrap(err, "read cursor")
	}
	var c Cursor
	return c, errs.Wrap(json.Unmarshal(text, &c), "read cursor")
}

// Move keeps a cursor, sealed in container. Call it after the verdict.
func (s *Service) Move(ctx context.Context, tx *db.Tx, source, container string, c Cursor) error {
	text, err := json.Marshal(c)
	if err != nil {
		return errs.Wrap(err, "move cursor")
	}
	sealed, err := s.keys.Seal(container, cursorPurpose, text)
	if err != nil {
		return errs.Wrap(err, "move cursor")
	}
	return errs.Wrap(upsertCursor(ctx, tx, source, sealed), "move cursor")
}

// Unseen returns the posts that the source has not given before.
func (s *Service) Unseen(ctx context.Context, tx *db.Tx, posts []Post) ([]Post, error) {
	var out []Post
	for _, p := range posts {
		seen, err := hasSeen(ctx, tx, p.Source, s.mark(p))
		if err != nil {
			return nil, errs.Wrap(err, "look for seen posts")
		}
		if !seen {
			out = append(out, p)
		}
	}
	return out, nil
}

// MarkSeen remembers that the source gave these posts. Call it after the
// verdict, in the transaction that moves the cursor.
func (s *Service) MarkSeen(ctx context.Context, tx *db.Tx, posts []Post) error {
	for _, p := range posts {
		if err := upsertSeen(ctx, tx, p.Source, s.mark(p), tx.Now+SeenFor); err != nil {
			return errs.Wrap(err, "mark seen posts")
		}
	}
	return nil
}

// mark is a keyed hash: a post that was changed has another and is read again.
func (s *Service) mark(p Post) []byte {
	return s.keys.Hash(seenPurpose, []byte(p.Source+"\x00"+p.ID+"\x00"+p.URL+"\x00"+p.Text))
}

// Sweep forgets expired hashes, and the oldest of a source beyond MaxSeen.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := deleteSeen(ctx, tx); err != nil {
			return errs.Wrap(err, "forget seen posts")
		}
		return errs.Wrap(trimSeen(ctx, tx, MaxSeen), "forget seen posts")
	})
}

// Received writes down that a source was asked and answered; got is how many
// posts it gave.
func (s *Service) Received(ctx context.Context, tx *db.Tx, source string, got int) error {
	return errs.Wrap(upsertHealth(ctx, tx, source, got > 0, ""), "note health")
}

// Failed writes down that asking a source failed, and why, as a message key.
func (s *Service) Failed(ctx context.Context, tx *db.Tx, source string, cause error) error {
	key, _ := errs.Message(cause)
	return errs.Wrap(upsertHealth(ctx, tx, source, false, key), "note health")
}

// Healths reads the health of every source that was ever asked.
func (s *Service) Healths(ctx context.Context, tx *db.Tx) (map[string]Health, error) {
	rows, err := selectHealths(ctx, tx)
	if err != nil {
		return nil, errs.Wrap(err, "read health")
	}
	out := make(map[string]Health, len(rows))
	for _, h := range rows {
		out[h.Source] = h
	}
	return out, nil
}

// CountGap counts posts that could not be read, by kind: "line" (an unreadable
// line), "post" (outside the contract), "volume", "items", "changed".
func (s *Service) CountGap(ctx context.Context, tx *db.Tx, kind string, n int) error {
	if n <= 0 {
		return nil
	}
	day := time.UnixMicro(tx.Now).UTC().Format(time.DateOnly)
	return errs.Wrap(addCount(ctx, tx, day, "gap."+kind, int64(n)), "count gap")
}

// Counts sums the counters of the days from and to, both included.
func (s *Service) Counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	c, err := selectCounts(ctx, tx, from, to)
	return c, errs.Wrap(err, "read counts")
}
