package watch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/channel/archive"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/mandate"
)

// posts is a CSV file of n posts, each third an offer.
func posts(n int) string {
	var b strings.Builder
	b.WriteString("id,text,author\n")
	for i := range n {
		p := harmless(i)
		if i%3 == 0 {
			p = offer(i)
		}
		fmt.Fprintf(&b, "%s,%s,%s\n", p.ID, p.Text, p.Author)
	}
	return b.String()
}

func (w *world) file(kind archive.Kind, r io.Reader) ArchiveRead {
	w.t.Helper()
	got, err := w.ReadArchive(ctx, analyst, w.man, kind, r)
	must(w.t, err)
	return got
}

func TestAFileIsJudgedAndGoesOnWhereItBrokeOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		text := posts(9000)
		cut := strings.Index(text, "canary-id-7000,")
		got, err := w.ReadArchive(ctx, analyst, w.man, archive.CSV, io.MultiReader(strings.NewReader(text[:cut]), broken{}))
		if key, _ := errs.Message(err); key != "err.archive.broken" || got.Read != 6999 && got.Read != 7000 || got.Flagged == 0 {
			t.Fatalf("a file that breaks off: %+v %v", got, err)
		}
		first := got
		alerts := w.count("watch_alerts")
		if alerts != first.Flagged {
			t.Fatalf("%d alerts, %d flagged", alerts, first.Flagged)
		}
		got = w.file(archive.CSV, strings.NewReader(text))
		whole := first.Read / MaxBatchPosts * MaxBatchPosts // a batch that was cut is judged again, and raises nothing twice
		if got.Before != whole || got.Read != 9000-whole || got.Flagged != 3000-first.Flagged || got.Reposts != 0 {
			t.Fatalf("sent again: %+v after %+v", got, first)
		}
		if got = w.file(archive.CSV, strings.NewReader(text)); got.Before != 9000 || got.Read != 0 || got.Flagged != 0 || w.count("watch_alerts") != 3000 {
			t.Fatalf("sent a third time: %+v", got)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			readings, err := w.Mandates.Readings(ctx, tx, w.man)
			n := int64(0)
			for _, r := range readings {
				n += r.Read
			}
			if n != int64(9000+first.Read-whole) {
				t.Errorf("%d posts were counted for 9000", n)
			}
			return err
		}))
		// A file that grew is read from where it grew.
		grown := text + "new-1,arrivage neige tout nouveau,@x\n"
		if got = w.file(archive.CSV, strings.NewReader(grown)); got.Flagged != 1 || got.Before < 8000 {
			t.Fatalf("grown: %+v", got)
		}
		c.Move(4 * 24 * time.Hour)
		must(t, w.Channels.Sweep(ctx))
		if n := w.count("channel_seen"); n != 0 {
			t.Errorf("%d hashes outlived their expiry", n)
		}
		if got = w.file(archive.CSV, strings.NewReader(text)); got.Before != 0 || got.Flagged != 0 || w.count("watch_alerts") != 3001 {
			t.Fatalf("read anew after the expiry, no second alert: %+v", got)
		}
	})
}

// TestAFileLeavesNoTrace: promise 3 for files: text, author, id and address of
// what does not match, and of what is no post, are in no file, while the file
// is read and after; and no copy of the file is.
func TestAFileLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
	must(t, os.Mkdir(filepath.Join(dir, "tmp"), 0o700))
	c := dbtest.NewClock()
	d, err := db.Open(ctx, filepath.Join(dir, "ronde.db"), c.Now)
	must(t, err)
	must(t, d.Migrate(ctx))
	w := open(t, d, c)
	search := func(when string) {
		t.Helper()
		for _, root := range []string{dir, w.dir} {
			must(t, filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				raw, err := os.ReadFile(p)
				for _, word := range []string{"canary", "arrivage neige", "@invente", "place.example"} {
					if bytes.Contains(raw, []byte(word)) || strings.Contains(p, word) {
						t.Errorf("%s: %q is in %s", when, word, filepath.Base(p))
					}
				}
				return err
			}))
		}
	}
	page := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>canary-text joli matin <a href='https://canary-url.example'>canary-link</a></p>"
	offered := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>arrivage neige sur place.example</p>"
	var file bytes.Buffer
	for i, block := range []string{page, offered, page} {
		z := gzip.NewWriter(&file)
		fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:canary:%d>\r\nWARC-Date: 2026-11-22T20:03:04Z\r\nWARC-Target-URI: https://canary-%d.place.example/\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, i, len(block), block)
		must(t, z.Close())
	}
	half := &watched{r: bytes.NewReader(file.Bytes()), at: file.Len() / 2, look: func() { search("while it is read") }}
	if got := w.file(archive.WARC, half); got.Read != 3 || got.Flagged != 1 || half.look != nil {
		t.Fatalf("%+v", got)
	}
	chat := `{"name":"x","type":"personal_chat","id":1,"messages":[{"id":1,"type":"message","text":"canary-private arrivage neige"}]}`
	if got := w.file(archive.Telegram, strings.NewReader(chat)); got.Read != 0 || got.Flagged != 0 || got.Left[archive.Private] != 1 {
		t.Fatalf("%+v", got)
	}
	if _, err := w.ReadArchive(ctx, analyst, w.man, archive.CSV, strings.NewReader("text,author\ncanary broken,\"canary")); err != nil && strings.Contains(err.Error(), "canary") {
		t.Errorf("the error quotes the file: %v", err)
	}
	search("after it was read")
	must(t, d.Close())
	search("after closing")
}

// watched looks once at what is there when half is read.
type watched struct {
	r    io.Reader
	n    int
	at   int
	look func()
}

func (f *watched) Read(p []byte) (int, error) {
	n, err := f.r.Read(p[:min(len(p), 64)])
	if f.n += n; f.n >= f.at && f.look != nil {
		f.look()
		f.look = nil
	}
	return n, err
}

func TestFilesTakeAMandate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		refused := func(when string, kind errs.Kind, key string) {
			t.Helper()
			in := &counting{r: strings.NewReader(posts(3))}
			_, err := w.ReadArchive(ctx, analyst, w.man, archive.CSV, in)
			if got, _ := errs.Message(err); errs.KindOf(err) != kind || got != key || in.n != 0 {
				t.Errorf("%s: %v %s, %d bytes read", when, err, got, in.n)
			}
		}
		for _, by := range []access.Actor{lead, sleuth, officer} {
			if _, err := w.ReadArchive(ctx, by, w.man, archive.CSV, strings.NewReader(posts(3))); !errs.Is(err, errs.Denied) && !errs.Is(err, errs.NotFound) {
				t.Errorf("%v: %v", by.Roles, err)
			}
		}
		must(t, w.Mandates.Suspend(ctx, deciding, w.man, "contrôle"))
		refused("suspended", errs.Lapsed, "err.mandate.suspended")
		must(t, w.Mandates.Resume(ctx, deciding, w.man, "vérifié"))

		// A mandate that is suspended while a file is read ends the reading.
		text := posts(3 * windowBatches * MaxBatchPosts)
		stop := &watched{r: strings.NewReader(text), at: len(text) / 2, look: func() { must(t, w.Mandates.Suspend(ctx, deciding, w.man, "contrôle")) }}
		got, err := w.ReadArchive(ctx, analyst, w.man, archive.CSV, stop)
		if !errs.Is(err, errs.Lapsed) || got.Read == 0 || got.Read > 2*windowBatches*MaxBatchPosts {
			t.Errorf("suspended in the middle: %+v %v", got, err)
		}

		now := c.Now()
		w.man, err = w.Mandates.Draft(ctx, analyst, mandate.Proposal{
			Text: mandate.Text{Purpose: "Offres codées visant des mineurs du district", Act: "Décret 1", DPIA: "AIPD 1",
				Necessity: "Aucun moyen moins intrusif", Proportionality: "Publications publiques seulement"},
			Sources: []mandate.SourceIn{{Kind: mandate.Paste, Name: "Collage"}}, Categories: []string{"drugs-offer"}, DailyVolume: 100, Starts: now, Ends: now + 30*day})
		must(t, err)
		must(t, w.Mandates.Approve(ctx, deciding, w.man))
		refused("no such source", errs.Invalid, "err.mandate.no_archive")
	})
}

// TestAFileBeyondTheVolume stops, and goes on the next day with what was not
// looked at.
func TestAFileBeyondTheVolume(t *testing.T) {
	c := dbtest.NewClock()
	w := open(t, dbtest.SQLite(t, c), c)
	now := c.Now()
	man, err := w.Mandates.Draft(ctx, analyst, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées visant des mineurs du district", Act: "Décret 1", DPIA: "AIPD 1",
			Necessity: "Aucun moyen moins intrusif", Proportionality: "Publications publiques seulement"},
		Sources: []mandate.SourceIn{{Kind: mandate.Archive, Name: "Fichiers"}}, Categories: []string{"drugs-offer"}, Languages: []string{"fr"}, DailyVolume: 600, Starts: now, Ends: now + 30*day})
	must(t, err)
	must(t, w.Mandates.Approve(ctx, deciding, man))
	w.man = man
	text := "text,lang\n"
	for i := range 1000 {
		text += fmt.Sprintf("arrivage neige %d,%s\n", i, map[bool]string{true: "fr", false: "fi"}[i%2 == 0])
	}
	got, err := w.ReadArchive(ctx, analyst, man, archive.CSV, strings.NewReader(text))
	if err != nil || got.Read != 500 || got.NotRead != 500 {
		t.Fatalf("a language not asked for: %+v %v", got, err)
	}
	text = strings.ReplaceAll(text, ",fi", ",fr")
	got, err = w.ReadArchive(ctx, analyst, man, archive.CSV, strings.NewReader(text))
	if key, _ := errs.Message(err); key != "err.archive.volume" || got.Read != 100 {
		t.Fatalf("beyond the volume: %+v %v", got, err)
	}
	c.Move(24 * time.Hour)
	flagged := w.count("watch_alerts")
	got, err = w.ReadArchive(ctx, analyst, man, archive.CSV, strings.NewReader(text))
	if key, _ := errs.Message(err); key != "err.archive.volume" || got.Read != 600 || w.count("watch_alerts") <= flagged {
		t.Fatalf("the next day: %+v %v", got, err)
	}
	c.Move(24 * time.Hour)
	if got = w.file(archive.CSV, strings.NewReader(text)); got.Before+got.Read != 1000 || w.count("watch_alerts") != 1000 {
		t.Fatalf("the day after: %+v, %d alerts", got, w.count("watch_alerts"))
	}
}

// TestNumbersOfGuardedAlertsAreUnsaid to who may not know of such alerts.
func TestNumbersOfGuardedAlertsAreUnsaid(t *testing.T) {
	c := dbtest.NewClock()
	w := open(t, dbtest.SQLite(t, c), c)
	w.man = w.draft("exploitation-coded", "drugs-offer")
	must(t, w.Mandates.Approve(ctx, deciding, w.man))
	got := w.file(archive.CSV, strings.NewReader("text\nzzcode zzlink\narrivage neige\n"))
	if got.Read != 2 || got.Flagged != 0 || !got.Unsaid || w.count("watch_alerts") != 2 {
		t.Errorf("%+v, %d alerts", got, w.count("watch_alerts"))
	}
}

// TestReadingWaitsForTheVerdict: no more of a file is taken than is under way.
func TestReadingWaitsForTheVerdict(t *testing.T) {
	c := dbtest.NewClock()
	w := open(t, dbtest.SQLite(t, c), c)
	w.Bus.Close()
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	in := &counting{r: &watched{r: strings.NewReader(posts(50_000)), at: 1, look: func() { time.AfterFunc(300*time.Millisecond, cancel) }}}
	_, err := w.ReadArchive(short, analyst, w.man, archive.CSV, in)
	if !errs.Is(err, errs.Unavailable) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if in.n > 1<<20 || in.n == 0 {
		t.Errorf("%d bytes of the file were read while nobody judged", in.n)
	}
	if w.count("channel_seen") != 0 {
		t.Error("the cursor moved before a verdict")
	}
}
