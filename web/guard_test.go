package web

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ronde/internal/errs"
)

// said is a page that tells what the guard let it see.
var said = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, bounded := r.Context().Deadline()
	fmt.Fprintf(w, "%s tls=%v xff=%q bounded=%v", remoteOf(r), r.TLS != nil, r.Header.Get("X-Forwarded-For"), bounded)
})

func remoteOf(r *http.Request) string { return addressOf(r.RemoteAddr).String() }

func testGuard(log io.Writer) *Guard {
	return &Guard{
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Log:     slog.New(slog.NewTextHandler(log, nil)),
		Now:     func() int64 { return 1_000_000 },
	}
}

func ask(h http.Handler, method, path, from string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://ronde.test"+path, nil)
	r.RemoteAddr = from
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerIsKeptWhereItBelongs(t *testing.T) {
	h := testGuard(io.Discard).Wrap(said)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"page":    ask(h, "GET", "/", "192.0.2.1:1"),
		"refused": ask(h, "POST", "/", "192.0.2.1:1", "Sec-Fetch-Site", "cross-site"),
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"Referrer-Policy":            "no-referrer",
			"X-Content-Type-Options":     "nosniff",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Cache-Control":              "no-store",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if w.Header().Get("Permissions-Policy") == "" {
			t.Errorf("%s: no permissions policy", name)
		}
	}
}

func TestOnlyOurProxiesAreBelieved(t *testing.T) {
	h := testGuard(io.Discard).Wrap(said)
	for _, c := range []struct{ from, forwarded, proto, want string }{
		{"192.0.2.1:1", "203.0.113.9", "https", `192.0.2.1 tls=false xff=""`},         // a stranger lies
		{"10.0.0.1:1", "203.0.113.9", "https", `203.0.113.9 tls=true xff=""`},         // our proxy tells
		{"10.0.0.1:1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "", `203.0.113.9 tls=false`}, // the client wrote the first
		{"10.0.0.1:1", "203.0.113.9, nonsense", "", `10.0.0.1 tls=false`},             // unreadable: the proxy itself
		{"10.0.0.1:1", "", "", `10.0.0.1 tls=false`},                                  // a probe
		{"10.0.0.1:1", "[2001:db8::1]:4000", "", `2001:db8::1 tls=false`},             // with a port
		{"10.0.0.1:1", "::ffff:203.0.113.9", "https", `203.0.113.9 tls=true`},         // mapped
		{"[2001:db8::5]:9", "203.0.113.9", "https", `2001:db8::5 tls=false xff=""`},   // a stranger by IPv6
	} {
		w := ask(h, "GET", "/", c.from, "X-Forwarded-For", c.forwarded, "X-Forwarded-Proto", c.proto)
		if !strings.HasPrefix(w.Body.String(), c.want) {
			t.Errorf("from %s, forwarded %q: %s, want %s", c.from, c.forwarded, w.Body, c.want)
		}
	}
	if w := ask(h, "GET", "/", "10.0.0.1:1", "X-Forwarded-Proto", "https"); w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("over TLS the browser is not told to stay there")
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	h := testGuard(io.Discard).Wrap(said)
	for _, c := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"our page", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://ronde.test"}, 200},
		{"our page, no referrer", []string{"Sec-Fetch-Site", "same-origin", "Origin", "null"}, 200},
		{"our page, plain connection", []string{"Origin", "null"}, 200},
		{"a tool", nil, 200},
		{"another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test"}, 403},
		{"a neighbour", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://other.ronde.test"}, 403},
		{"another site, old browser", []string{"Origin", "http://evil.test"}, 403},
		{"a sandbox of another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "null"}, 403},
	} {
		if w := ask(h, "POST", "/", "192.0.2.1:1", c.headers...); w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
		}
	}
	if w := ask(h, "GET", "/", "192.0.2.1:1", "Sec-Fetch-Site", "cross-site"); w.Code != 200 {
		t.Errorf("a link from another site: %d", w.Code)
	}
}

func TestTooOften(t *testing.T) {
	now := int64(1_000_000)
	g := testGuard(io.Discard)
	g.Now = func() int64 { return now }
	h := g.Wrap(said)
	count := func(method, from string) (ok int) {
		for range 150 {
			if ask(h, method, "/", from).Code == http.StatusOK {
				ok++
			}
		}
		return ok
	}
	if n := count("GET", "192.0.2.1:1"); n != PortalRates.ReadBurst {
		t.Errorf("pages at once: %d", n)
	}
	if n := count("POST", "192.0.2.1:1"); n != PortalRates.SendBurst {
		t.Errorf("forms at once: %d", n)
	}
	w := ask(h, "POST", "/", "192.0.2.1:1")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("refused with %d, retry after %q", w.Code, w.Header().Get("Retry-After"))
	}
	if n := count("GET", "192.0.2.2:1"); n != PortalRates.ReadBurst {
		t.Errorf("another address: %d", n)
	}
	if n := count("GET", "[2001:db8:1:1::1]:1"); n != PortalRates.ReadBurst {
		t.Errorf("IPv6: %d", n)
	}
	if n := count("GET", "[2001:db8:1:1:ffff::2]:1"); n != 0 {
		t.Errorf("the same network, another address: %d", n)
	}
	if n := count("GET", "127.0.0.1:1"); n != 150 {
		t.Errorf("the machine itself: %d", n)
	}
	now += time.Minute.Microseconds()
	if n := count("POST", "192.0.2.1:1"); n != PortalRates.Send {
		t.Errorf("forms a minute later: %d", n)
	}
}

func TestAddressesAreForgotten(t *testing.T) {
	now := int64(1)
	l := &limiter{rates: PortalRates, now: func() int64 { return now }, seen: map[netip.Addr]*visitor{}}
	from := netip.MustParseAddr("192.0.2.1")
	for range 2*maxAddresses + 10 {
		l.take(from, "GET")
		from = from.Next()
	}
	if len(l.seen) > maxAddresses {
		t.Errorf("%d addresses in memory", len(l.seen))
	}
	now += 2 * forgetAddress.Microseconds()
	l.take(from, "GET")
	if len(l.seen) != 1 {
		t.Errorf("%d addresses after a quiet time", len(l.seen))
	}
}

func TestPanicBecomesAPageWithoutContent(t *testing.T) {
	var log bytes.Buffer
	h := testGuard(&log).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret-content") }))
	w := ask(h, "GET", "/", "203.0.113.9:1")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "panic") || strings.Contains(log.String(), "203.0.113") {
		t.Errorf("log: %s", log.String())
	}
	began := testGuard(&log).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		panic("later")
	}))
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("half a page is not cut off")
		}
	}()
	ask(began, "GET", "/", "203.0.113.9:1")
}

func TestWorkIsBoundedButLivePagesAreNot(t *testing.T) {
	h := testGuard(io.Discard).Wrap(said)
	if w := ask(h, "GET", "/", "192.0.2.1:1"); !strings.Contains(w.Body.String(), "bounded=true") {
		t.Error(w.Body)
	}
	if w := ask(h, "GET", "/", "192.0.2.1:1", "Accept", "text/event-stream"); !strings.Contains(w.Body.String(), "bounded=false") {
		t.Error(w.Body)
	}
}

func TestGuardShowsTheDoorsOwnPage(t *testing.T) {
	g := testGuard(io.Discard)
	g.Failed = func(w http.ResponseWriter, _ *http.Request, err error) {
		w.WriteHeader(statusOf(errs.KindOf(err)))
		io.WriteString(w, "our page")
	}
	if w := ask(g.Wrap(said), "POST", "/", "192.0.2.1:1", "Sec-Fetch-Site", "cross-site"); w.Body.String() != "our page" || w.Code != 403 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
