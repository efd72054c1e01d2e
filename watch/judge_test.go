package watch

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
)

func TestOffersAreRaisedWithEverySignal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		r := w.judged(offer(1), harmless(1), harmless(2), channel.Post{ID: "x"})
		if r != (Result{Read: 3, Flagged: 1, Refused: 1}) {
			t.Fatalf("%+v", r)
		}
		a := w.raised(1)
		v, err := w.Open(ctx, analyst, a.ID)
		must(t, err)
		if v.Post.Author != "@invente1" || v.Category != "drugs-offer" || v.Lexicon != small().Hash() || v.Unit != "uni_watch" || len(v.Signals) < 2 {
			t.Fatalf("%+v", v)
		}
		found := false
		for _, s := range v.Signals {
			if s.Text != v.Post.Text[s.Start:s.End] {
				t.Errorf("signal %q is not at its place", s.Text)
			}
			found = found || s.Family == "product" && s.Sense == "powder" && s.Source != "" && len(s.Innocent) == 1 && s.Innocent[0].Reading == "weather"
		}
		if !found {
			t.Errorf("signals are not explained: %+v", v.Signals)
		}
	})
}

// TestNoTrace is promise 3: text, author, id and address of a post that does
// not match are in no file, whichever door it came by.
func TestNoTrace(t *testing.T) {
	dir := t.TempDir()
	c := dbtest.NewClock()
	d, err := db.Open(ctx, filepath.Join(dir, "ronde.db"), c.Now)
	must(t, err)
	must(t, d.Migrate(ctx))
	w := open(t, d, c)
	w.judged(harmless(1), offer(1))
	key, err := w.Mandates.IssueKey(ctx, analyst, w.src[mandate.Stream].ID)
	must(t, err)
	_, err = w.PostStream(ctx, key, strings.NewReader(`{"id":"canary-id-2","text":"canary-text-2","author":"@canary-author-2","url":"http://canary-url-2.example/"}`+"\n"+`{"id":"canary-id-3","text":17,"author":"@canary-author-3"}`+"\ncanary-text-4 is no JSON\n"))
	must(t, err)
	w.feed.add(harmless(5))
	_, err = w.FeedStep(ctx)
	must(t, err)
	if w.feed.asked != 1 {
		t.Fatal("the feed was not read")
	}
	_, err = w.Paste(ctx, analyst, w.man, harmless(6))
	must(t, err)
	offered := w.raised(1)
	search := func(when string) {
		t.Helper()
		for _, root := range []string{dir, w.dir} {
			must(t, filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				if strings.Contains(p, "canary") {
					t.Errorf("%s: a file is named %s", when, p)
				}
				raw, err := os.ReadFile(p)
				for _, word := range []string{"canary", "@invente1", "arrivage neige", "offer-1", "place.example"} {
					if strings.Contains(string(raw), word) {
						t.Errorf("%s: %q is in %s", when, word, filepath.Base(p))
					}
				}
				return err
			}))
		}
	}
	search("while open")
	must(t, w.Verdict(ctx, analyst, offered.ID, VerdictHarmless, "météo"))
	must(t, d.Close())
	search("after closing")
}

func TestNothingWithoutMandate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		p := w.permit()
		if _, err := w.Judge(ctx, mandate.Permit{}, []channel.Post{offer(1)}); !errs.Is(err, errs.Lapsed) {
			t.Errorf("the empty permit judged: %v", err)
		}
		key, err := w.Mandates.IssueKey(ctx, analyst, w.src[mandate.Stream].ID)
		must(t, err)
		must(t, w.Mandates.Suspend(ctx, deciding, w.man, "contrôle"))
		if _, err := w.Judge(ctx, p, []channel.Post{offer(1)}); !errs.Is(err, errs.Lapsed) {
			t.Errorf("a held permit judged while suspended: %v", err)
		}
		read := &counting{r: strings.NewReader(`{"text":"arrivage neige"}`)}
		if _, err := w.PostStream(ctx, key, read); !errs.Is(err, errs.Lapsed) || read.n != 0 {
			t.Errorf("a stream was read while suspended: %v, %d bytes", err, read.n)
		}
		w.feed.add(offer(2))
		if did, err := w.FeedStep(ctx); err != nil || did != 0 || w.feed.asked != 0 {
			t.Errorf("a feed was read while suspended: %d %v, asked %d", did, err, w.feed.asked)
		}
		if _, err := w.Paste(ctx, analyst, w.man, offer(3)); !errs.Is(err, errs.Lapsed) {
			t.Errorf("a paste was judged while suspended: %v", err)
		}
		if _, err := w.Submit(ctx, w.src[mandate.Stream], []channel.Post{offer(4)}); !errs.Is(err, errs.Lapsed) {
			t.Errorf("a batch was judged while suspended: %v", err)
		}
		if n := w.count("watch_alerts"); n != 0 {
			t.Errorf("%d alerts without a mandate", n)
		}
		must(t, w.Mandates.Resume(ctx, deciding, w.man, "vérifié"))
		c.Move(31 * 24 * time.Hour)
		if _, err := w.Judge(ctx, p, []channel.Post{offer(1)}); !errs.Is(err, errs.Lapsed) {
			t.Errorf("a held permit judged after the lapse: %v", err)
		}
	})
}

type counting struct {
	r interface{ Read([]byte) (int, error) }
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestOnlyTheMandatesCategories(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	narrow := w.draft("crime-recruitment")
	must(t, w.Mandates.Approve(ctx, deciding, narrow))
	w.man = narrow
	if r := w.judged(offer(1)); r.Flagged != 0 || r.Read != 1 {
		t.Fatalf("a category that was not asked for: %+v", r)
	}
	if n := w.count("watch_alerts"); n != 0 {
		t.Fatalf("%d alerts", n)
	}
}

func TestRepostsAreOneAlert(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		again := offer(1)
		again.ID, again.Author, again.Text = "other", "@autre", "ARRIVAGE  neige numéro 1 "
		if r := w.judged(offer(1), again); r.Flagged+r.Reposts != 2 || r.Flagged < 1 {
			t.Fatalf("%+v", r)
		}
		again.Text = offer(1).Text
		again.ID = "third"
		if r := w.judged(again); r != (Result{Read: 1, Reposts: 1}) {
			t.Fatalf("repost: %+v", r)
		}
		before := w.raised(1).Copies
		if r := w.judged(again, offer(1)); r != (Result{Read: 2}) {
			t.Fatalf("sent again: %+v", r)
		}
		if after := w.raised(1).Copies; after != before || before < 1 {
			t.Fatalf("copies %d, then %d", before, after)
		}
		other := w.draft("drugs-offer")
		must(t, w.Mandates.Approve(ctx, deciding, other))
		w.man = other
		if r := w.judged(offer(1)); r.Flagged != 1 {
			t.Fatalf("another mandate has its own alerts: %+v", r)
		}
	})
}

func TestSideBySideNoPostIsTwoAlerts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		p := w.permit()
		done := make(chan error)
		for range 8 {
			go func() {
				_, err := w.Judge(ctx, p, []channel.Post{offer(1), offer(2), harmless(1)})
				done <- err
			}()
		}
		var err error
		for range 8 {
			err = errors.Join(err, <-done)
		}
		must(t, err)
		if n := w.count("watch_alerts"); n != 2 {
			t.Fatalf("%d alerts of 2 posts", n)
		}
		w.noOrphans()
	})
}

// noOrphans: every alert with a text has its key, and no key is left over.
func (w *world) noOrphans() {
	w.t.Helper()
	alive := map[string]bool{}
	must(w.t, w.d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, "SELECT id FROM watch_alerts WHERE sealed IS NOT NULL")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			alive[id] = true
		}
		return rows.Err()
	}))
	must(w.t, filepath.WalkDir(filepath.Join(w.dir, "keys"), func(p string, e fs.DirEntry, err error) error {
		if name := filepath.Base(p); err == nil && strings.HasPrefix(name, "ale_") {
			if !alive[name] {
				w.t.Errorf("key %s has no alert", name)
			}
			delete(alive, name)
		}
		return err
	}))
	for id := range alive {
		w.t.Errorf("alert %s has no key", id)
	}
}

func TestVolumeOfTheDay(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	must(t, w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE mandate_mandates SET daily_volume = 2")
		return err
	}))
	if r := w.judged(harmless(1), offer(1), offer(2)); r != (Result{Read: 2, Flagged: 1, NotRead: 1}) {
		t.Fatalf("%+v", r)
	}
	if r := w.judged(offer(3)); r != (Result{NotRead: 1}) {
		t.Fatalf("%+v", r)
	}
}

func TestNothingFromOutsideInAClearColumn(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	p := offer(1)
	p.Lang = "x-jean-martin"
	w.judged(p)
	p = offer(2)
	p.Lang = "FR-be"
	w.judged(p)
	if a := w.raised(1); a.Language != "fr" { // of the words that were found, never what the source wrote
		t.Errorf("language %q", a.Language)
	}
	if a := w.raised(2); a.Language != "fr" {
		t.Errorf("language %q", a.Language)
	}
}

// TestTwoShareTheWork parts the batches between two members of the group and
// takes one away in the middle: every post is judged, none raises two alerts.
func TestTwoShareTheWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		other := New(d, w.keys, w.book, w.Parts)
		stop, err := other.Serve(2)
		must(t, err)
		var posts []channel.Post
		for i := range 5000 {
			if i%100 == 0 {
				posts = append(posts, offer(i))
			} else {
				posts = append(posts, harmless(i))
			}
		}
		gone := make(chan struct{})
		go func() {
			stop()
			close(gone)
		}()
		r, err := w.Submit(ctx, w.src[mandate.Stream], posts)
		must(t, err)
		<-gone
		if r.Read != 5000 || r.Flagged != 50 || w.count("watch_alerts") != 50 {
			t.Fatalf("%+v, %d alerts", r, w.count("watch_alerts"))
		}
	})
}

// TestTwoProgramsOnOneDatabase judges the same posts in two programs at once:
// each has its own connections, both the key ring's folder.
func TestTwoProgramsOnOneDatabase(t *testing.T) {
	c := dbtest.NewClock()
	address := dbtest.PostgresAddress(t)
	d1, err := db.Open(ctx, address, c.Now)
	must(t, err)
	t.Cleanup(func() { d1.Close() })
	must(t, d1.Migrate(ctx))
	d2, err := db.Open(ctx, address, c.Now)
	must(t, err)
	t.Cleanup(func() { d2.Close() })
	w := open(t, d1, c)
	keys, err := seal.Open(filepath.Join(w.dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(w.dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d2, keys, blobs, "test.example/ledger")
	must(t, err)
	parts := w.Parts
	parts.Mandates, parts.Channels = mandate.New(d2, keys, book, w.Mandates.Law()), channel.New(d2, keys)
	programs := []*Service{w.Service, New(d2, keys, book, parts)}
	var posts []channel.Post
	for i := range 39 {
		posts = append(posts, offer(i))
	}
	p := w.permit()
	done := make(chan error)
	for i := range 8 {
		go func() {
			for round := range 10 {
				from := (i*7 + round*4) % 30
				if _, err := programs[i%2].Judge(ctx, p, posts[from:from+10]); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		err = errors.Join(err, <-done)
	}
	must(t, err)
	if n := w.count("watch_alerts"); n != 39 {
		t.Errorf("%d alerts of 39 posts", n)
	}
	w.noOrphans()
	w.accounted()
}

// BenchmarkStream is the whole way from NDJSON to the verdict, with the
// shipped lexicon.
func BenchmarkStream(b *testing.B) {
	for name, open1 := range map[string]func(testing.TB, *dbtest.Clock) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			c := dbtest.NewClock()
			w := open(b, open1(b, c), c)
			lex, err := lexicon.Shipped()
			must(b, err)
			w.Lexicon, w.Files = lex, nil
			key, err := w.Mandates.IssueKey(ctx, analyst, w.src[mandate.Stream].ID)
			must(b, err)
			var body strings.Builder
			const lines = 50_000
			for i := range lines {
				fmt.Fprintf(&body, `{"id":"%d","lang":"fr","text":"Ce matin le marché ouvre à %d h sur la place, il y aura du pain, des fleurs 🌸 et de la musique pour tout le monde, venez nombreux","author":"@a%d"}`+"\n", i, i%24, i)
			}
			for b.Loop() {
				got, err := w.PostStream(ctx, key, strings.NewReader(body.String()))
				if err != nil || got.Read != lines {
					b.Fatal(got, err)
				}
			}
			b.ReportMetric(float64(lines*b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}

func BenchmarkSubmit(b *testing.B) {
	w := open(b, dbtest.SQLite(b, dbtest.NewClock()), dbtest.NewClock())
	posts := make([]channel.Post, 25_600)
	for i := range posts {
		posts[i] = harmless(i)
	}
	for b.Loop() {
		if _, err := w.Submit(ctx, w.src[mandate.Stream], posts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(posts)*b.N)/b.Elapsed().Seconds(), "posts/s")
}
