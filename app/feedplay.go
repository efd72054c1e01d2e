package app

import (
	"bufio"
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"ronde/internal/errs"
)

//go:embed sample/posts.jsonl
var samplePosts embed.FS

const (
	playStep = 4  // posts that appear with each reading of the feed
	playKeep = 40 // posts the feed shows at one time, as real ones do
)

// feedPlayer is the world outside: a site whose Atom feed grows by a few
// public posts each time it is read. All of them are invented.
type feedPlayer struct {
	listener net.Listener
	server   *http.Server
	clock    func() int64

	mu    sync.Mutex // guards shown
	posts []samplePost
	shown int
	all   bool
}

type samplePost struct {
	ID     string `json:"id"`
	Lang   string `json:"lang"`
	Text   string `json:"text"`
	Author string `json:"author"`
}

// newFeedPlayer listens at address, or on a free port when it is empty.
func newFeedPlayer(clock func() int64, address string) (*feedPlayer, error) {
	raw, err := samplePosts.ReadFile("sample/posts.jsonl")
	if err != nil {
		return nil, errs.Wrap(err, "read sample posts")
	}
	f := &feedPlayer{clock: clock}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		var p samplePost
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, errs.Wrap(err, "read sample posts")
		}
		f.posts = append(f.posts, p)
	}
	if f.listener, err = net.Listen("tcp", cmp.Or(address, "127.0.0.1:0")); err != nil {
		return nil, errs.Wrap(err, "open sample feed")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed.atom", f.serve)
	f.server = &http.Server{Handler: mux, ReadHeaderTimeout: headerTime}
	go f.server.Serve(f.listener)
	return f, nil
}

func (f *feedPlayer) host() string { return f.listener.Addr().String() }
func (f *feedPlayer) url() string  { return "http://" + f.host() + "/feed.atom" }
func (f *feedPlayer) close()       { f.server.Close() }

// playAll lets the next reading show everything that is left.
func (f *feedPlayer) playAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = true
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Link    struct {
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Author struct {
		Name string `xml:"name"`
	} `xml:"author"`
	Content struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	} `xml:"content"`
}

func (f *feedPlayer) serve(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	from := 0
	if f.all {
		f.shown = len(f.posts)
	} else {
		f.shown = min(f.shown+playStep, len(f.posts))
		from = max(0, f.shown-playKeep)
	}
	posts := f.posts[from:f.shown]
	f.mu.Unlock()
	now := time.UnixMicro(f.clock()).UTC().Format(time.RFC3339)
	feed := atomFeed{Title: "Place publique de Valombre", ID: "tag:valombre.example,2026:place", Updated: now}
	for _, p := range posts {
		e := atomEntry{ID: "tag:valombre.example,2026:" + p.ID, Title: "", Updated: now}
		e.Link.Href = "https://place.valombre.example/p/" + p.ID
		e.Author.Name = p.Author
		e.Content.Type, e.Content.Text = "text", p.Text
		feed.Entries = append(feed.Entries, e)
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	fmt.Fprint(w, xml.Header)
	xml.NewEncoder(w).Encode(feed)
}
