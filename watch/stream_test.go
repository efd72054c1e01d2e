package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/mandate"
)

func (w *world) key() string {
	w.t.Helper()
	key, err := w.Mandates.IssueKey(ctx, analyst, w.src[mandate.Stream].ID)
	must(w.t, err)
	return key
}

func TestStreamAnswersAfterTheVerdict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		lines := []string{
			`{"id":"a","text":"arrivage neige numéro 1 ","lang":"fr","at":"2026-11-23T08:00:00+01:00","extra":{"x":[1]}}`,
			`not json`, ``, `[]`, `{"text":7}`, `{"text":""}`, `{"text":"a","at":"yesterday"}`, `{"text":"a","author":{}}`,
			`{"text":"` + strings.Repeat("a", channel.MaxText+1) + `"}`,
			`{"text":"` + strings.Repeat("a", MaxLine) + `"}`,
			`{"id":17,"text":"joli \ud83c\udf1e matin","at":"2099-01-01T00:00:00Z"}`,
			"{\"text\":\"bytes \xff\xfe\"}",
			`{"id":"b","text":"arrivage neige numéro 1 "}`, // no line feed at the end
		}
		got, err := w.PostStream(ctx, w.key(), strings.NewReader(strings.Join(lines, "\n")))
		must(t, err)
		if got.Read != 4 || got.Flagged != 1 || got.Reposts != 1 || got.RefusedTotal != 8 || got.NotRead != 0 {
			t.Fatalf("%+v", got)
		}
		var at []int
		for _, b := range got.Refused {
			at = append(at, b.Line)
			if b.Reason == "" || strings.Contains(b.Reason, "yesterday") {
				t.Errorf("line %d: %q", b.Line, b.Reason)
			}
		}
		if !slices.Equal(at, []int{2, 4, 5, 6, 7, 8, 9, 10}) {
			t.Errorf("lines %v", at)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			all, err := w.Mandates.Readings(ctx, tx, w.man)
			if len(all) != 1 || all[0].Read != 4 || all[0].NotRead != 8 {
				t.Errorf("totals %+v", all)
			}
			return err
		}))
	})
}

func TestStreamKeyAndBounds(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	if _, err := w.PostStream(ctx, "guess", strings.NewReader("{}")); !errs.Is(err, errs.Denied) {
		t.Errorf("a guessed key: %v", err)
	}
	got, err := w.PostStream(ctx, w.key(), io.LimitReader(endless{}, 64<<20))
	must(t, err)
	if got.Read != 0 || got.RefusedTotal != 1 || len(got.Refused) != 1 {
		t.Errorf("an endless line: %+v", got)
	}
	got, err = w.PostStream(ctx, w.key(), strings.NewReader(strings.Repeat("x\n", 5000)))
	must(t, err)
	if len(got.Refused) != MaxNamed || got.RefusedTotal != 5000 {
		t.Errorf("%d named of %d", len(got.Refused), got.RefusedTotal)
	}
	got, err = w.PostStream(ctx, w.key(), io.MultiReader(strings.NewReader(`{"text":"arrivage neige"}`+"\n"), broken{}))
	if !errs.Is(err, errs.Invalid) || got.Read != 1 || got.Flagged != 1 {
		t.Errorf("a stream that breaks off: %+v %v", got, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestSubmitWithoutAnybodyToJudge(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	w.Bus.Close()
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if _, err := w.Submit(short, w.src[mandate.Stream], []channel.Post{offer(1)}); !errs.Is(err, errs.Unavailable) {
		t.Fatalf("%v", err)
	}
}

func TestFeedsMoveTheCursorAfterTheVerdict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		w.feed.add(offer(1), harmless(1))
		step := func() int {
			t.Helper()
			did, err := w.FeedStep(ctx)
			must(t, err)
			return did
		}
		if step() != 1 || w.count("watch_alerts") != 1 || w.count("channel_cursors") != 1 {
			t.Fatal("the feed was not read")
		}
		if step() != 0 {
			t.Fatal("read again before its time")
		}
		c.Move(6 * time.Minute)
		w.feed.add(offer(2))
		if step() != 1 || w.count("watch_alerts") != 2 {
			t.Fatal("the new post was not read")
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			all, err := w.Mandates.Readings(ctx, tx, w.man)
			if len(all) != 1 || all[0].Read != 3 {
				t.Errorf("a post was read twice: %+v", all)
			}
			return err
		}))
		w.feed.mu.Lock()
		w.feed.broken = true
		w.feed.mu.Unlock()
		c.Move(6 * time.Minute)
		step()
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			h, err := w.Channels.Healths(ctx, tx)
			if got := h[w.src[mandate.Feed].ID]; got.Failures != 1 || got.Error != "err.feed.status" {
				t.Errorf("%+v", got)
			}
			return err
		}))
	})
}

// TestDeathBeforeTheCursor stands between crash.AlertKept and
// crash.CursorMoved: the posts were judged, the cursor did not move. Reading
// again raises no second alert.
func TestDeathBeforeTheCursor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		w.feed.add(offer(1), offer(2))
		src := w.src[mandate.Feed]
		got, err := w.Feeds.Read(ctx, src.Address, src.ID, channel.Cursor{})
		must(t, err)
		_, err = w.Submit(ctx, src, got.Posts)
		must(t, err)
		_, err = w.FeedStep(ctx)
		must(t, err)
		if n := w.count("watch_alerts"); n != 2 {
			t.Fatalf("%d alerts", n)
		}
		if a := w.raised(1); a.Copies != 0 {
			t.Errorf("the same post counted as a repost: %d", a.Copies)
		}
	})
}

func TestBatchesKeepTheirBounds(t *testing.T) {
	var posts []channel.Post
	for i := range 3000 {
		posts = append(posts, channel.Post{ID: fmt.Sprint(i), Text: strings.Repeat("é", i%700)})
	}
	posts = append(posts, channel.Post{Text: strings.Repeat("a", channel.MaxText)})
	n := 0
	for _, piece := range batches(posts) {
		b := batch{"man_1", "src_1", piece}
		data := b.encode()
		if len(piece) > MaxBatchPosts || len(piece) > 1 && len(data) > MaxBatchBytes+64 {
			t.Fatalf("%d posts, %d bytes", len(piece), len(data))
		}
		back, err := decodeBatch(data)
		must(t, err)
		if back.mandate != "man_1" || !slices.Equal(back.posts, piece) {
			t.Fatal("a batch came back changed")
		}
		n += len(piece)
	}
	if n != len(posts) {
		t.Fatalf("%d of %d posts", n, len(posts))
	}
}

func FuzzDecodeBatch(f *testing.F) {
	f.Add(batch{"man_1", "src_1", []channel.Post{{ID: "1", Text: "a"}}}.encode())
	f.Add([]byte{wireVersion, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := decodeBatch(data)
		if err == nil && len(b.posts) > MaxBatchPosts {
			t.Fatal("too many posts")
		}
	})
}

func FuzzStreamLine(f *testing.F) {
	f.Add([]byte(`{"id":1,"text":"a","at":"2026-11-23T08:00:00Z"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		st := &stream{}
		if p, err := st.parse(line); err == nil {
			if _, _, err := channel.Clean(p, 1); err == nil && strings.TrimSpace(p.Text) == "" {
				t.Fatal("an empty post was taken")
			}
		}
	})
}
