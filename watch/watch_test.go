package watch

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/channel/feed"
	"ronde/internal/blob"
	"ronde/internal/bus"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
)

var (
	ctx      = context.Background()
	analyst  = actor("per_a", "W-17", access.WatchAnalyst)
	second   = actor("per_e", "W-18", access.WatchAnalyst)
	lead     = actor("per_l", "W-01", access.DutyLead)
	sleuth   = actor("per_i", "I-09", access.Investigator)
	officer  = actor("per_p", "P-40", access.PatrolOfficer)
	deciding = actor("per_b", "M-02", access.MandateAuthority)
)

func actor(person, handle string, r access.Role) access.Actor {
	unit := "uni_watch"
	if r == access.Investigator || r == access.PatrolOfficer {
		unit = "uni_other"
	}
	return access.Actor{Person: person, Handle: handle, Roles: []access.Role{r}, Unit: unit}
}

// small is a lexicon of a few words with weights of its own, so that these
// tests are about the watch and not about how good the shipped one is.
var small = sync.OnceValue(func() *lexicon.Lexicon {
	l, err := lexicon.Load(smallFiles())
	if err != nil {
		panic(err)
	}
	return l
})

func smallFiles() fs.FS {
	entries := map[string]string{
		"drugs-offer":        "[product powder] source=own weight=1\nneige\n! neige | weather: ski\n\n[freshness arrival] source=own weight=1\narrivage\n",
		"violence-for-hire":  "[task shooting] source=own weight=1\ntireur\n\n[pay bounty] source=own weight=1\nprime\n",
		"crime-recruitment":  "[role lookout] source=own weight=1\nguetteur\n\n[pay wage] source=own weight=1\npaye\n",
		"exploitation-coded": "[demand sign] source=own weight=1\nzzcode\n\n[contact sign] source=own weight=1\nzzlink\n",
	}
	dir := fstest.MapFS{"sources.txt": {Data: []byte("own U 2026-11 docs/lexicon.md\n")}}
	weights := "threshold\t0.5\n"
	for category, text := range entries {
		dir["entries/fr/"+category+".txt"] = &fstest.MapFile{Data: []byte(text)}
		for _, line := range strings.Split(text, "\n") {
			if family, ok := strings.CutPrefix(line, "["); ok {
				name := "family:" + category + "/" + strings.Fields(family)[0]
				weights += "offer\t" + name + "\t4\n" + category + "\t" + name + "\t4\n"
			}
		}
	}
	dir["weights.txt"] = &fstest.MapFile{Data: []byte(weights)}
	return dir
}

type world struct {
	*Service
	t     testing.TB
	dir   string
	clock *dbtest.Clock
	keys  *seal.Ring
	d     *db.DB
	man   string
	src   map[mandate.SourceKind]mandate.Source
	feed  *feedServer
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open starts a whole watch with an approved mandate in force.
func open(t testing.TB, d *db.DB, c *dbtest.Clock) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), clock: c, d: d, feed: serveFeed(t)}
	var err error
	w.keys, err = seal.Open(filepath.Join(w.dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(w.dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d, w.keys, blobs, "test.example/ledger")
	must(t, err)
	law, err := mandate.LoadProfile("fr")
	must(t, err)
	b, err := bus.Open("")
	must(t, err)
	t.Cleanup(b.Close)
	feeds, err := feed.New(feed.Options{Allow: []string{w.feed.address}, Agent: "test"})
	must(t, err)
	mandates := mandate.New(d, w.keys, book, law)
	w.Service = New(d, w.keys, book, Parts{Mandates: mandates, Channels: channel.New(d, w.keys), Feeds: feeds, Bus: b, Lexicon: small()})
	stop, err := w.Serve(16)
	must(t, err)
	t.Cleanup(stop)
	w.man = w.draft("drugs-offer", "violence-for-hire", "crime-recruitment")
	must(t, mandates.Approve(ctx, deciding, w.man))
	return w
}

func (w *world) draft(categories ...string) string {
	w.t.Helper()
	now := w.clock.Now()
	man, err := w.Mandates.Draft(ctx, analyst, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées visant des mineurs du district", Act: "Décret 1", DPIA: "AIPD 1",
			Necessity: "Aucun moyen moins intrusif", Proportionality: "Publications publiques seulement"},
		Sources: []mandate.SourceIn{{Kind: mandate.Feed, Name: "Fil", Address: "http://" + w.feed.address + "/"},
			{Kind: mandate.Stream, Name: "Partenaire"}, {Kind: mandate.Paste, Name: "Collage"}, {Kind: mandate.Archive, Name: "Fichiers"}},
		Categories: categories, DailyVolume: 5_000_000, Starts: now, Ends: now + 30*day,
	})
	must(w.t, err)
	m, err := w.Mandates.Open(ctx, analyst, man)
	must(w.t, err)
	w.src = map[mandate.SourceKind]mandate.Source{}
	for _, s := range m.Sources {
		w.src[s.Kind] = s
	}
	return man
}

func (w *world) permit() mandate.Permit {
	w.t.Helper()
	p, err := w.Mandates.Permit(ctx, w.man, "match", w.src[mandate.Stream].ID)
	must(w.t, err)
	return p
}

func (w *world) judged(posts ...channel.Post) Result {
	w.t.Helper()
	r, err := w.Judge(ctx, w.permit(), posts)
	must(w.t, err)
	return r
}

// raised judges one offer and returns its alert.
func (w *world) raised(n int) *Alert {
	w.t.Helper()
	w.judged(offer(n))
	list, err := w.List(ctx, analyst, Filter{})
	must(w.t, err)
	for _, a := range list {
		if strings.Contains(a.Excerpt, fmt.Sprintf("numéro %d ", n)) {
			return a
		}
	}
	w.t.Fatalf("no alert for offer %d in %d", n, len(list))
	return nil
}

func offer(n int) channel.Post {
	return channel.Post{ID: fmt.Sprint("offer-", n), Text: fmt.Sprintf("arrivage neige numéro %d ", n), Lang: "fr", Author: fmt.Sprint("@invente", n), URL: fmt.Sprintf("http://place.example/%d", n)}
}

func harmless(n int) channel.Post {
	return channel.Post{ID: fmt.Sprintf("canary-id-%d", n), Text: fmt.Sprintf("canary-text-%d joli matin", n), Lang: "fr",
		Author: fmt.Sprintf("@canary-author-%d", n), URL: fmt.Sprintf("http://canary-url-%d.example/", n)}
}

func (w *world) count(table string) (n int) {
	w.t.Helper()
	must(w.t, w.d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n)
	}))
	return n
}

// feedServer is a real Atom feed that the test writes.
type feedServer struct {
	address string
	mu      sync.Mutex
	posts   []channel.Post
	broken  bool
	asked   int
}

func serveFeed(t testing.TB) *feedServer {
	f := &feedServer{}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	f.address = s.Listener.Addr().String()
	return f
}

func (f *feedServer) add(posts ...channel.Post) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posts = append(f.posts, posts...)
}

func (f *feedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.broken {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	tag := fmt.Sprintf(`"v%d"`, len(f.posts))
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml")
	w.Header().Set("ETag", tag)
	fmt.Fprint(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>`)
	for _, p := range f.posts {
		fmt.Fprintf(w, `<entry><id>%s</id><link href="%s"/><author><name>%s</name></author><updated>%s</updated><content>%s</content></entry>`,
			p.ID, p.URL, p.Author, time.UnixMicro(p.At).UTC().Format(time.RFC3339), p.Text)
	}
	fmt.Fprint(w, `</feed>`)
}
