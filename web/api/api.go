package api

import (
	"crypto/sha256"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"ronde/internal/id"
	"ronde/watch"
)

// Limits of the door. A sender with more opens another request.
const (
	MaxBody    = 1 << 30          // bytes of one request
	MaxStreams = 32               // requests under way
	MaxPerKey  = 8                // of them with one key: a slow sender leaves room for the others
	PauseTime  = 15 * time.Second // longest pause in a body
	TotalTime  = 25 * time.Minute // one request, whole
	answerTime = 30 * time.Second // to write the answer
)

// Options set up the door. Zero values mean the package's limits.
type Options struct {
	Service string // how the documents call the house
	Version string
	MaxBody int64
	Pause   time.Duration
	Total   time.Duration
}

// API is the door.
type API struct {
	watch *watch.Service
	opt   Options
	slots chan struct{}
	mu    sync.Mutex // guards busy
	busy  map[[32]byte]int
	mux   *http.ServeMux
	doc   huma.API
}

// New builds the door: an http.Handler for POST /api/v1/posts,
// GET /openapi.json and GET /openapi.yaml.
func New(w *watch.Service, o Options) *API {
	if o.MaxBody <= 0 {
		o.MaxBody = MaxBody
	}
	if o.Pause <= 0 {
		o.Pause = PauseTime
	}
	if o.Total <= 0 {
		o.Total = TotalTime
	}
	a := &API{watch: w, opt: o, slots: make(chan struct{}, MaxStreams), busy: map[[32]byte]int{}, mux: http.NewServeMux()}
	a.doc = humago.New(a.mux, config(o))
	a.routes()
	return a
}

// routes are all there is.
func (a *API) routes() {
	a.doc.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Post](), true, "Post")
	huma.Register(a.doc, postsOperation(a.opt.MaxBody), a.posts)
	a.doc.OpenAPI().Paths[postsPath].Post.RequestBody = postsBody()
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem{Status: http.StatusNotFound, Title: "Not found", Detail: "There is nothing here. See /openapi.json."}.write(w)
	})
}

// enter takes a place for a request with this key, however it is spelled; false
// when there is none. leave gives it back.
func (a *API) enter(key string) (leave func(), ok bool) {
	sum := sha256.Sum256([]byte(id.FoldSecret(key)))
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy[sum] >= MaxPerKey {
		return nil, false
	}
	select {
	case a.slots <- struct{}{}:
	default:
		return nil, false
	}
	a.busy[sum]++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.busy[sum]--; a.busy[sum] == 0 {
			delete(a.busy, sum)
		}
		<-a.slots
	}, true
}

// ServeHTTP answers one request with the headers of a door for machines.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	a.mux.ServeHTTP(w, r)
}

// config leaves out the pages that load scripts from elsewhere, and the links
// to schemas that few clients follow.
func config(o Options) huma.Config {
	c := huma.DefaultConfig(o.Service+" — partners", o.Version)
	c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", nil
	c.Info.Description = "Public posts for the watch. A post is judged, never a person; one that does not match is forgotten before the answer is sent. " +
		"Every request acts under a mandate: when it has lapsed or is suspended, nothing is read."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"source": {Type: "http", Scheme: "bearer", Description: "The key of a stream source, shown once when it is issued."},
	}
	return c
}
