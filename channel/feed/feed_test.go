package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"ronde/channel"
	"ronde/internal/errs"
)

var ctx = context.Background()

const atom = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Place publique</title><link href="http://place.example/"/>
<entry><id>tag:place.example,2026:1</id><link href="http://www.place.example/1"/><author><name>@lune</name></author>
<updated>2026-11-23T08:00:00Z</updated><title>Bonjour</title>
<content type="html">&lt;p&gt;Première ligne&lt;/p&gt;&lt;p&gt;deux &amp;amp; trois&lt;img src="http://beacon.example/x.png"&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</content></entry>
<entry><id>2</id><title>  </title></entry>
</feed>`

// serve starts a real server on loopback and a reader that may reach just it.
func serve(t *testing.T, h http.HandlerFunc) (*Reader, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return reader(t, s.Listener.Addr().String()), s.URL
}

func reader(t *testing.T, allow ...string) *Reader {
	t.Helper()
	r, err := New(Options{Allow: allow, Agent: "Ronde-test", HeaderTime: 300 * time.Millisecond, TotalTime: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func answer(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	}
}

// refused reads and expects one message key.
func refused(t *testing.T, r *Reader, address, key string) {
	t.Helper()
	begin := time.Now()
	res, err := r.Read(ctx, address, "src_1", channel.Cursor{})
	if got, _ := errs.Message(err); err == nil || got != key {
		t.Errorf("%q, want %q (%v, %d posts)", got, key, err, len(res.Posts))
	}
	if err != nil && strings.Contains(err.Error(), strings.TrimPrefix(address, "http://")) {
		t.Errorf("the error tells the address: %v", err)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestReadsAtom(t *testing.T) {
	r, url := serve(t, answer("application/atom+xml; charset=utf-8", atom))
	res, err := r.Read(ctx, url, "src_1", channel.Cursor{})
	if err != nil || len(res.Posts) != 1 || res.LeftOut != 1 {
		t.Fatalf("%+v %v", res, err)
	}
	want := channel.Post{ID: "tag:place.example,2026:1", Text: "Bonjour\nPremière ligne\ndeux & trois", Lang: "fr", Author: "@lune", Platform: "place.example",
		URL: "http://www.place.example/1", At: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).UnixMicro(), Source: "src_1"}
	if res.Posts[0] != want {
		t.Fatalf("got  %+v\nwant %+v", res.Posts[0], want)
	}
}

func TestReadsRSSAndJSON(t *testing.T) {
	rss := `<rss version="2.0"><channel><title>x</title><item><guid>7</guid><description><![CDATA[Salut<br>🎉 <b>to</b>us]]></description></item></channel></rss>`
	json := `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"7","content_text":"Salut\n🎉 tous"}]}`
	for kind, body := range map[string]string{"application/rss+xml": rss, "application/feed+json": json} {
		r, url := serve(t, answer(kind, body))
		res, err := r.Read(ctx, url, "src_1", channel.Cursor{})
		if err != nil || len(res.Posts) != 1 || res.Posts[0].ID != "7" || res.Posts[0].Text != "Salut\n🎉 tous" {
			t.Errorf("%s: %+v %v", kind, res, err)
		}
	}
}

func TestNothingNewSinceTheCursor(t *testing.T) {
	asked := 0
	r, url := serve(t, func(w http.ResponseWriter, q *http.Request) {
		asked++
		if q.Header.Get("If-None-Match") == `"v1"` && q.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT")
		answer("application/atom+xml", atom)(w, q)
	})
	first, err := r.Read(ctx, url, "src_1", channel.Cursor{})
	if err != nil || first.Cursor.ETag != `"v1"` {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := r.Read(ctx, url, "src_1", first.Cursor)
	if err != nil || !second.Unchanged || second.Cursor != first.Cursor || len(second.Posts) != 0 {
		t.Fatalf("%+v %v", second, err)
	}
}

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true,
		"127.0.0.1": false, "127.8.9.1": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "192.0.0.8": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.2": false,
		"203.0.113.9": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "192.88.99.1": false,
		"::": false, "::1": false, "fe80::1": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "fec0::1": false,
		"::ffff:127.0.0.1": false, "::ffff:93.184.216.34": false, "::7f00:1": false,
		"64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false, "3fff::1": false, "100::1": false,
	} {
		if got := channel.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if channel.Public(netip.MustParseAddr("2606:2800:220:1::1").WithZone("eth0")) {
		t.Error("an address with a zone is not public")
	}
}

func TestNeverReachesInside(t *testing.T) {
	hits := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	r := reader(t, "127.0.0.1:1")
	for _, address := range []string{
		s.URL, "http://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port,
		"http://2130706433:" + port, "http://127.1:" + port, "http://169.254.169.254/latest/meta-data/",
	} {
		_, err := r.Read(ctx, address, "src_1", channel.Cursor{})
		if key, _ := errs.Message(err); key != "err.feed.inside" && key != "err.feed.unreachable" {
			t.Errorf("%s: %v", address, err)
		}
	}
	if hits != 0 {
		t.Fatalf("%d requests reached the inside", hits)
	}
}

func TestRedirects(t *testing.T) {
	secret := 0
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		secret++
		answer("application/atom+xml", atom)(w, q)
	}))
	defer inside.Close()
	r, url := serve(t, func(w http.ResponseWriter, q *http.Request) {
		var n int
		if _, err := fmt.Sscanf(q.URL.Path, "/hop/%d", &n); err == nil && n > 0 {
			http.Redirect(w, q, fmt.Sprintf("/hop/%d", n-1), http.StatusFound)
			return
		}
		switch q.URL.Path {
		case "/in":
			http.Redirect(w, q, inside.URL, http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/user":
			w.Header().Set("Location", "http://a:b@"+q.Host+"/")
			w.WriteHeader(http.StatusFound)
		default:
			answer("application/atom+xml", atom)(w, q)
		}
	})
	if res, err := r.Read(ctx, url+"/hop/3", "src_1", channel.Cursor{}); err != nil || len(res.Posts) != 1 {
		t.Errorf("three redirects: %v", err)
	}
	refused(t, r, url+"/hop/4", "err.feed.redirects")
	refused(t, r, url+"/in", "err.feed.inside")
	refused(t, r, url+"/file", "err.feed.redirect")
	refused(t, r, url+"/user", "err.feed.redirect")
	if secret != 0 {
		t.Error("a redirect led inside")
	}
}

func TestSlowAndEndless(t *testing.T) {
	small := bomb()
	r, url := serve(t, func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/silent":
			<-q.Context().Done()
		case "/drip":
			w.Header().Set("Content-Type", "application/atom+xml")
			for {
				if _, err := fmt.Fprint(w, "<"); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-q.Context().Done():
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		case "/endless":
			w.Header().Set("Content-Type", "application/atom+xml")
			chunk := []byte("<feed>" + strings.Repeat("<a/>", 8192))
			for {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		case "/bomb":
			w.Header().Set("Content-Type", "application/atom+xml")
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(small)
		case "/headers":
			w.Header().Set("X-Long", strings.Repeat("a", 2*maxHeader))
			answer("application/atom+xml", atom)(w, q)
		}
	})
	refused(t, r, url+"/silent", "err.feed.slow")
	refused(t, r, url+"/drip", "err.feed.slow")
	refused(t, r, url+"/endless", "err.feed.too_large")
	refused(t, r, url+"/bomb", "err.feed.too_large")
	refused(t, r, url+"/headers", "err.feed.unreachable")
}

// bomb is 24 MiB of spaces in 24 KiB.
func bomb() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	chunk := bytes.Repeat([]byte(" "), 1<<20)
	for range 24 {
		z.Write(chunk)
	}
	z.Close()
	return b.Bytes()
}

func TestBrokenDocuments(t *testing.T) {
	bodies := map[string]struct{ kind, body, key string }{
		"page":      {"text/html", "<html><body>no</body></html>", "err.feed.type"},
		"picture":   {"image/png", "\x89PNG", "err.feed.type"},
		"notype":    {"application/xml", "just words", "err.feed.broken"},
		"empty":     {"application/atom+xml", "", "err.feed.broken"},
		"cut":       {"application/atom+xml", atom[:300], "err.feed.broken"},
		"nonsense":  {"application/rss+xml", "<rss><channel><item><<<", "err.feed.broken"},
		"deep":      {"application/atom+xml", "<feed>" + strings.Repeat("<x:a>", 300_000), "err.feed.too_deep"},
		"pieces":    {"application/atom+xml", `<feed xmlns="http://www.w3.org/2005/Atom"><x:a>` + strings.Repeat("a<!---->", 250_000) + "</x:a></feed>", "err.feed.too_large"},
		"joining":   {"application/atom+xml", `<feed xmlns="http://www.w3.org/2005/Atom"><x:a>` + strings.Repeat(strings.Repeat("a", 32)+"<!---->", 99_000) + "</x:a></feed>", "err.feed.too_large"},
		"entities":  {"application/xml", `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>`, "err.feed.entities"},
		"files":     {"application/xml", `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>`, "err.feed.entities"},
		"encoding":  {"application/xml", `<?xml version="1.0" encoding="x-nobody-knows"?><rss/>`, "err.feed.encoding"},
		"json":      {"application/json", `{"items":[`, "err.feed.broken"},
		"otherjson": {"application/json", `{"a":1}`, ""},
	}
	for name, b := range bodies {
		t.Run(name, func(t *testing.T) {
			r, url := serve(t, answer(b.kind, b.body))
			if b.key != "" {
				refused(t, r, url, b.key)
				return
			}
			if res, _ := r.Read(ctx, url, "src_1", channel.Cursor{}); len(res.Posts) != 0 {
				t.Errorf("%+v", res)
			}
		})
	}
	for _, status := range []int{204, 206, 401, 404, 410, 500, 503} {
		r, url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		refused(t, r, url, "err.feed.status")
	}
}

func TestEncodings(t *testing.T) {
	doc := func(encoding string) string {
		return `<?xml version="1.0" encoding="` + encoding + `"?><rss version="2.0"><channel><item><guid>1</guid><title>Été à Nîmes</title></item></channel></rss>`
	}
	latin := func(s string) string {
		var b []byte
		for _, r := range s {
			b = append(b, byte(r))
		}
		return string(b)
	}
	wide := func(s string) string {
		b := []byte{0xFF, 0xFE}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	for name, c := range map[string]struct{ kind, body, want string }{
		"declared latin-1":      {"application/xml", latin(doc("ISO-8859-1")), "Été à Nîmes"},
		"latin-1 by the answer": {"application/xml; charset=iso-8859-1", latin(doc("utf-8")), "Été à Nîmes"},
		"a wrong answer":        {"application/xml; charset=utf-8", latin(doc("ISO-8859-1")), "Été à Nîmes"},
		"utf-16 with its mark":  {"application/xml", wide(doc("UTF-16")), "Été à Nîmes"},
		"utf-8 with its mark":   {"application/xml", "\xEF\xBB\xBF" + doc("utf-8"), "Été à Nîmes"},
		"not utf-8 at all":      {"application/xml", latin(doc("utf-8")), "\uFFFDt\uFFFD \uFFFD N\uFFFDmes"},
		"control letters":       {"application/xml", strings.Replace(doc("utf-8"), "Été", "\x00É\x01té\x0b", 1), "Été à Nîmes"},
	} {
		r, url := serve(t, answer(c.kind, c.body))
		res, err := r.Read(ctx, url, "src_1", channel.Cursor{})
		if err != nil || len(res.Posts) != 1 || res.Posts[0].Text != c.want {
			t.Errorf("%s: %+v %v", name, res, err)
		}
	}
}

func TestCountlessItems(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel>`)
	for i := range 20_000 {
		fmt.Fprintf(&b, "<item><guid>%d</guid><title>t %d</title></item>", i, i)
	}
	b.WriteString("</channel></rss>")
	r, url := serve(t, answer("application/rss+xml", b.String()))
	res, err := r.Read(ctx, url, "src_1", channel.Cursor{})
	if err != nil || len(res.Posts) != MaxItems || res.LeftOut != 20_000-MaxItems {
		t.Fatalf("%d posts, %d left out, %v", len(res.Posts), res.LeftOut, err)
	}
}

func TestCompressedFeed(t *testing.T) {
	r, url := serve(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "application/atom+xml")
		w.Header().Set("Content-Encoding", q.URL.Query().Get("as"))
		if q.URL.Path == "/plain" {
			fmt.Fprint(w, atom)
			return
		}
		z := gzip.NewWriter(w)
		fmt.Fprint(z, atom)
		z.Close()
	})
	if res, err := r.Read(ctx, url+"/?as=gzip", "src_1", channel.Cursor{}); err != nil || len(res.Posts) != 1 {
		t.Errorf("%+v %v", res, err)
	}
	refused(t, r, url+"/plain?as=gzip", "err.feed.broken")
	refused(t, r, url+"/?as=br", "err.feed.type")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(atom), "utf-8")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"content_html":"<p>a"}]}`), "")
	f.Add([]byte("\xFF\xFE<\x00r\x00"), "utf-16le")
	f.Fuzz(func(t *testing.T, body []byte, label string) {
		posts, _, err := parse(body, media{label}, "src_1")
		if err == nil && len(posts) > MaxItems {
			t.Fatal("too many posts")
		}
		for _, p := range posts {
			if strings.TrimSpace(p.Text) == "" {
				t.Fatal("a post without text")
			}
		}
	})
}
