package feed

import (
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/errs"
)

// Limits of one reading.
const (
	MaxBytes     = 4 << 20 // of the document, after decompression
	MaxRedirects = 3
	MaxItems     = 500 // items read of one document; the rest is counted
	maxHeader    = 64 << 10

	headerTime = 10 * time.Second // to the answer's first line
	totalTime  = 30 * time.Second // to the end of its body, redirects included
)

// defaultAgent says openly who reads.
const defaultAgent = "Ronde (public feed reader)"

// Options set up a Reader. Allow is an exact list of address:port that may be
// dialled although they are not public ("127.0.0.1:8085"): the demo's own
// feed. Agent is what the other side reads in its log; empty, it is
// told the program's name. Zero times mean the package's limits.
type Options struct {
	Closed     bool // nothing but what Allow names is dialled: an exercise
	Allow      []string
	Agent      string
	HeaderTime time.Duration
	TotalTime  time.Duration
}

// Reader reads feeds. It is safe for concurrent use.
type Reader struct {
	client *http.Client
	agent  string
	total  time.Duration
}

// New makes a Reader with its own client: no proxy, no cookies, no kept
// password.
func New(o Options) (*Reader, error) {
	g, err := channel.NewGuard(o.Allow)
	if err != nil {
		return nil, err
	}
	if o.Closed {
		g.Close()
	}
	header, total := orTime(o.HeaderTime, headerTime), orTime(o.TotalTime, totalTime)
	dialer := &net.Dialer{Timeout: header, Control: g.Control}
	transport := &http.Transport{
		DialContext: dialer.DialContext, DisableCompression: true, TLSHandshakeTimeout: header, ResponseHeaderTimeout: header,
		MaxResponseHeaderBytes: maxHeader, MaxIdleConns: 20, MaxIdleConnsPerHost: 1, IdleConnTimeout: 90 * time.Second, ForceAttemptHTTP2: true,
	}
	return &Reader{&http.Client{Transport: transport, CheckRedirect: checkRedirect}, cmp.Or(o.Agent, defaultAgent), total}, nil
}

func orTime(t, otherwise time.Duration) time.Duration {
	if t > 0 {
		return t
	}
	return otherwise
}

// checkRedirect bounds the way; where it leads is the guard's to say.
func checkRedirect(next *http.Request, via []*http.Request) error {
	switch {
	case len(via) > MaxRedirects:
		return errs.New(errs.Limit, "err.feed.redirects", "read feed: more than 3 redirects")
	case next.URL.Scheme != "http" && next.URL.Scheme != "https", next.URL.User != nil:
		return errs.New(errs.Denied, "err.feed.redirect", "read feed: redirected to something that is not a plain web address")
	case via[0].URL.Scheme == "https" && next.URL.Scheme != "https":
		return errs.New(errs.Denied, "err.feed.redirect", "read feed: redirected from https to http")
	}
	return nil
}

// Result is what one reading brought.
type Result struct {
	Posts     []channel.Post // in the order of the document, not yet cleaned
	LeftOut   int            // items beyond MaxItems, or without text
	Cursor    channel.Cursor // to be kept after the verdict
	Unchanged bool           // the other side says: nothing new
}

// Read asks one feed for its posts. source is the id they carry; cursor is
// what the last reading gave. Errors are errs.Denied (inside, redirect),
// errs.Limit, errs.Invalid (not a feed) or errs.Unavailable, never with the
// address in their text.
func (r *Reader) Read(ctx context.Context, address, source string, cursor channel.Cursor) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, r.total)
	defer cancel()
	resp, err := r.ask(ctx, address, cursor)
	if err != nil {
		return Result{}, unreachable(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotModified {
		return Result{Cursor: cursor, Unchanged: true}, nil
	}
	if resp.StatusCode != http.StatusOK {
		return Result{}, errs.As(errors.New("read feed: the answer is "+resp.Status[:min(3, len(resp.Status))]), errs.Unavailable, "err.feed.status", "status", resp.StatusCode)
	}
	kind, err := contentType(resp.Header.Get("Content-Type"))
	if err != nil {
		return Result{}, err
	}
	body, err := readBody(resp)
	if err != nil {
		return Result{}, unreachable(ctx, err)
	}
	posts, left, err := parse(body, kind, source)
	if err != nil {
		return Result{}, err
	}
	return Result{posts, left, channel.Cursor{ETag: bounded(resp.Header.Get("ETag")), Modified: bounded(resp.Header.Get("Last-Modified"))}, false}, nil
}

func (r *Reader) ask(ctx context.Context, address string, c channel.Cursor) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", r.agent)
	req.Header.Set("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip")
	if c.ETag != "" {
		req.Header.Set("If-None-Match", c.ETag)
	}
	if c.Modified != "" {
		req.Header.Set("If-Modified-Since", c.Modified)
	}
	return r.client.Do(req)
}

// bounded drops a validator that is too long to be kept.
func bounded(s string) string {
	if len(s) > 512 {
		return ""
	}
	return s
}

// unreachable turns what the client says into our words. Its own text names
// the address, which is sealed in the mandate, so it is not passed on.
func unreachable(ctx context.Context, err error) error {
	var ours *errs.Error
	var timeout net.Error
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errs.New(errs.Unavailable, "err.feed.slow", "read feed: no full answer in time")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return errs.New(errs.Invalid, "err.feed.broken", "read feed: its compression is broken")
	}
	return errs.New(errs.Unavailable, "err.feed.unreachable", "read feed: no answer")
}

// kinds are the content types that a feed comes as. A page of HTML is not one.
var kinds = []string{"application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/xml", "text/xml",
	"application/feed+json", "application/json", "text/plain"}

type media struct {
	charset string
}

func contentType(header string) (media, error) {
	if header == "" {
		return media{}, nil
	}
	kind, params, err := mime.ParseMediaType(header)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || !slices.Contains(kinds, kind) {
		return media{}, errs.New(errs.Invalid, "err.feed.type", "read feed: the answer is not of a feed's type")
	}
	return media{strings.ToLower(params["charset"])}, nil
}

// readBody reads at most MaxBytes, also of what a small answer unfolds to.
func readBody(resp *http.Response) ([]byte, error) {
	var body io.Reader = resp.Body
	switch strings.ToLower(resp.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		body = z
	default:
		return nil, errs.New(errs.Invalid, "err.feed.type", "read feed: compressed in a way that was not asked for")
	}
	b, err := io.ReadAll(io.LimitReader(body, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxBytes {
		return nil, errs.New(errs.Limit, "err.feed.too_large", "read feed: larger than 4 MiB")
	}
	return b, nil
}
