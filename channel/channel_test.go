package channel

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCleanBoundsAPost(t *testing.T) {
	now := int64(1_800_000_000_000_000)
	good := Post{ID: "1", Text: "bonjour", At: now - 5}
	if p, c, err := Clean(good, now); err != nil || p != good || c != (Changed{}) {
		t.Fatalf("%+v %+v %v", p, c, err)
	}
	for name, test := range map[string]struct {
		post Post
		kind errs.Kind
		key  string
	}{
		"no text":         {Post{ID: "1"}, errs.Invalid, "err.post.no_text"},
		"spaces":          {Post{Text: " \n\t"}, errs.Invalid, "err.post.no_text"},
		"text too long":   {Post{Text: strings.Repeat("a", MaxText+1)}, errs.Limit, "err.post.too_long"},
		"id too long":     {Post{Text: "a", ID: strings.Repeat("a", MaxID+1)}, errs.Limit, "err.post.too_long"},
		"author":          {Post{Text: "a", Author: strings.Repeat("a", MaxID+1)}, errs.Limit, "err.post.too_long"},
		"url too long":    {Post{Text: "a", URL: strings.Repeat("a", MaxURL+1)}, errs.Limit, "err.post.too_long"},
		"lang too long":   {Post{Text: "a", Lang: strings.Repeat("a", MaxLang+1)}, errs.Limit, "err.post.too_long"},
		"grown by U+FFFD": {Post{Text: strings.Repeat("a", MaxText) + "\xff"}, errs.Limit, "err.post.too_long"},
	} {
		_, _, err := Clean(test.post, now)
		key, _ := errs.Message(err)
		if errs.KindOf(err) != test.kind || key != test.key {
			t.Errorf("%s: %v %q", name, err, key)
		}
	}
	p, c, err := Clean(Post{Text: "a\xffb", At: now + Skew + 1}, now)
	if err != nil || p.Text != "a\uFFFDb" || p.At != now || !c.Replaced || !c.Redated {
		t.Fatalf("%+v %+v %v", p, c, err)
	}
	if p, _, _ := Clean(Post{Text: "a", At: now + Skew}, now); p.At != now+Skew {
		t.Error("a small difference of clocks was not borne")
	}
}

func service(t testing.TB, d *db.DB) *Service {
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	must(t, keys.Create("man_1"))
	return New(d, keys)
}

func TestCursorsAreSealedAndComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		s := service(t, d)
		want := Cursor{ETag: `W/"post-77"`, Modified: "Mon, 23 Nov 2026 08:00:00 GMT"}
		for range 2 {
			must(t, d.Write(ctx, func(tx *db.Tx) error { return s.Move(ctx, tx, "src_1", "man_1", want) }))
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			got, err := s.Cursor(ctx, tx, "src_1", "man_1")
			if got != want {
				t.Errorf("%+v", got)
			}
			sealed, _ := selectCursor(ctx, tx, "src_1")
			if bytes.Contains(sealed, []byte("post-77")) {
				t.Error("the cursor is in clear")
			}
			return err
		}))
	})
}

func TestSeenExpiresAndChangesCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		s := service(t, d)
		posts := []Post{{ID: "1", Text: "a", Source: "src_1"}, {ID: "2", Text: "b", Source: "src_1"}}
		unseen := func(posts ...Post) (n int) {
			must(t, d.Read(ctx, func(tx *db.Tx) error {
				got, err := s.Unseen(ctx, tx, posts)
				n = len(got)
				return err
			}))
			return n
		}
		if unseen(posts...) != 2 {
			t.Fatal("seen before they were")
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return s.MarkSeen(ctx, tx, posts) }))
		if unseen(posts...) != 0 {
			t.Fatal("not seen")
		}
		if unseen(Post{ID: "1", Text: "changed", Source: "src_1"}, Post{ID: "1", Text: "a", Source: "src_2"}) != 2 {
			t.Fatal("a changed post, or another source's, counts as seen")
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return trimSeen(ctx, tx, 1) }))
		if unseen(posts...) != 1 {
			t.Fatal("not trimmed to one")
		}
		c.Move(4 * 24 * time.Hour)
		must(t, s.Sweep(ctx))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			var n int
			err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM channel_seen").Scan(&n)
			if n != 0 {
				t.Errorf("%d hashes outlived their expiry", n)
			}
			return err
		}))
	})
}

func TestHealthAndBackoff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		s := service(t, d)
		note := func(fn func(*db.Tx) error) Health {
			must(t, d.Write(ctx, fn))
			var h Health
			must(t, d.Read(ctx, func(tx *db.Tx) error {
				all, err := s.Healths(ctx, tx)
				h = all["src_1"]
				return err
			}))
			return h
		}
		h := note(func(tx *db.Tx) error { return s.Received(ctx, tx, "src_1", 3) })
		first := h.ReceivedAt
		if first == 0 || h.NextAt(Interval) != h.TriedAt+Interval {
			t.Fatalf("%+v", h)
		}
		for range 3 {
			c.Move(time.Hour)
			h = note(func(tx *db.Tx) error {
				return s.Failed(ctx, tx, "src_1", errs.As(errors.New("secret of the network"), errs.Unavailable, "err.feed.unreachable"))
			})
		}
		if h.Failures != 3 || h.Error != "err.feed.unreachable" || h.ReceivedAt != first || h.NextAt(Interval) != h.TriedAt+8*Interval {
			t.Fatalf("%+v", h)
		}
		h.Failures = 1000
		if h.NextAt(Interval) != h.TriedAt+MaxInterval {
			t.Fatal("backoff has no bound")
		}
		h = note(func(tx *db.Tx) error { return s.Received(ctx, tx, "src_1", 0) })
		if h.Failures != 0 || h.Error != "" || h.ReceivedAt != first {
			t.Fatalf("%+v", h)
		}
	})
}

func TestGapsAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		s := service(t, d)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return errors.Join(s.CountGap(ctx, tx, "line", 2), s.CountGap(ctx, tx, "line", 3), s.CountGap(ctx, tx, "items", 0))
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			got, err := s.Counts(ctx, tx, "2026-11-23", "2026-11-23")
			if len(got) != 1 || got["gap.line"] != 5 {
				t.Errorf("%v", got)
			}
			return err
		}))
	})
}
