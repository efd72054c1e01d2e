package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/blob"
	"ronde/internal/bus"
	"ronde/internal/db/dbtest"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/watch"
)

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// door is a whole watch behind a real listener.
type door struct {
	url      string
	key      string
	mandates *mandate.Service
	man      string
	head     access.Actor
}

func open(t testing.TB) *door {
	t.Helper()
	dir, c := t.TempDir(), dbtest.NewClock()
	d := dbtest.SQLite(t, c)
	keys, err := seal.Open(filepath.Join(dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "test.example/ledger")
	must(t, err)
	law, err := mandate.LoadProfile("fr")
	must(t, err)
	b, err := bus.Open("")
	must(t, err)
	t.Cleanup(b.Close)
	analyst := access.Actor{Person: "per_a", Handle: "W-17", Roles: []access.Role{access.WatchAnalyst}, Unit: "uni_w"}
	o := &door{mandates: mandate.New(d, keys, book, law), head: access.Actor{Person: "per_b", Handle: "M-02", Roles: []access.Role{access.MandateAuthority}}}
	w := watch.New(d, keys, book, watch.Parts{Mandates: o.mandates, Channels: channel.New(d, keys), Bus: b, Lexicon: small(t)})
	stop, err := w.Serve(2)
	must(t, err)
	t.Cleanup(stop)
	o.man, err = o.mandates.Draft(ctx, analyst, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées visant des mineurs du district", Act: "Décret 1", DPIA: "AIPD 1",
			Necessity: "Aucun moyen moins intrusif", Proportionality: "Publications publiques seulement"},
		Sources:    []mandate.SourceIn{{Kind: mandate.Stream, Name: "Partenaire"}},
		Categories: []string{"drugs-offer"}, DailyVolume: 1000, Starts: c.Now(), Ends: c.Now() + 86_400_000_000,
	})
	must(t, err)
	must(t, o.mandates.Approve(ctx, o.head, o.man))
	m, err := o.mandates.Open(ctx, analyst, o.man)
	must(t, err)
	o.key, err = o.mandates.IssueKey(ctx, analyst, m.Sources[0].ID)
	must(t, err)
	s := httptest.NewServer(New(w, Options{Service: "Ronde", Version: "test", MaxBody: 2 << 20, Pause: 300 * time.Millisecond, Total: 2 * time.Second}))
	t.Cleanup(s.Close)
	o.url = s.URL
	return o
}

func small(t testing.TB) *lexicon.Lexicon {
	l, err := lexicon.Load(fstest.MapFS{
		"sources.txt":                {Data: []byte("own U 2026-11 docs/lexicon.md\n")},
		"entries/fr/drugs-offer.txt": {Data: []byte("[product powder] source=own weight=1\nneige\n\n[freshness arrival] source=own weight=1\narrivage\n")},
		"weights.txt":                {Data: []byte("threshold\t0.5\noffer\tfamily:drugs-offer/product\t8\ndrugs-offer\tfamily:drugs-offer/product\t8\n")},
	})
	must(t, err)
	return l
}

// post sends a body and returns the status and the decoded answer.
func (o *door) post(t testing.TB, key, kind string, body io.Reader) (int, http.Header, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, o.url+"/api/v1/posts", body)
	must(t, err)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	req.Header.Set("Content-Type", kind)
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	var out map[string]any
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%d %q: %v", resp.StatusCode, text, err)
	}
	return resp.StatusCode, resp.Header, out
}

const ndjson = "application/x-ndjson"

func TestPostsAreAnsweredAfterTheVerdict(t *testing.T) {
	o := open(t)
	body := `{"id":"1","text":"arrivage neige","lang":"fr"}` + "\n" + `nonsense` + "\n" + `{"text":"joli matin"}`
	status, head, out := o.post(t, o.key, ndjson, strings.NewReader(body))
	if status != 200 || head.Get("Content-Type") != "application/json" || out["read"] != 2.0 || out["flagged"] != 1.0 || out["not_read"] != 0.0 {
		t.Fatalf("%d %v", status, out)
	}
	refused := out["refused"].([]any)
	if len(refused) != 1 || refused[0].(map[string]any)["line"] != 2.0 || refused[0].(map[string]any)["reason"] != "it is not a JSON object" {
		t.Fatalf("%v", refused)
	}
	if _, _, out = o.post(t, o.key, ndjson, strings.NewReader(`{"text":"joli matin"}`)); len(out["refused"].([]any)) != 0 {
		t.Fatalf("%v", out)
	}
}

func TestErrorsAreProblems(t *testing.T) {
	o := open(t)
	post := `{"text":"arrivage neige"}`
	for name, c := range map[string]struct {
		key, kind, body string
		status          int
	}{
		"no key":       {"", ndjson, post, 401},
		"a wrong key":  {"0000-0000", ndjson, post, 401},
		"a long key":   {strings.Repeat("a", 5000), ndjson, post, 401},
		"not NDJSON":   {o.key, "application/json", post, 415},
		"no type":      {o.key, "", post, 415},
		"other letter": {o.key, ndjson + "; charset=utf-16", post, 415},
		"too large":    {o.key, ndjson, strings.Repeat("x", 3<<20), 413},
	} {
		status, head, out := o.post(t, c.key, c.kind, strings.NewReader(c.body))
		if status != c.status || head.Get("Content-Type") != "application/problem+json" || out["status"] != float64(c.status) || out["title"] == "" {
			t.Errorf("%s: %d %s %v", name, status, head.Get("Content-Type"), out)
		}
		if status == 401 && head.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", name)
		}
	}
	must(t, o.mandates.Suspend(ctx, o.head, o.man, "contrôle"))
	if status, _, out := o.post(t, o.key, ndjson, strings.NewReader(post)); status != 403 || out["code"] != "err.mandate.suspended" {
		t.Errorf("suspended: %d %v", status, out)
	}
	resp, err := http.Get(o.url + "/nowhere")
	must(t, err)
	resp.Body.Close()
	if resp.StatusCode != 404 || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("nowhere: %d", resp.StatusCode)
	}
}

// TestNothingIsReadWithoutAMandate sends the head of a request and waits: the
// answer comes before a byte of the body was sent.
func TestNothingIsReadWithoutAMandate(t *testing.T) {
	o := open(t)
	must(t, o.mandates.Suspend(ctx, o.head, o.man, "contrôle"))
	conn := o.dial(t)
	fmt.Fprintf(conn, "POST /api/v1/posts HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n", ndjson, o.key)
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	line := make([]byte, 12)
	if _, err := io.ReadFull(conn, line); err != nil || string(line) != "HTTP/1.1 403" {
		t.Fatalf("%q %v", line, err)
	}
}

func (o *door) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(o.url, "http://"))
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// attack sends a chunked body piece by piece and returns the answer.
func (o *door) attack(t *testing.T, piece string, pause time.Duration) string {
	t.Helper()
	conn := o.dial(t)
	fmt.Fprintf(conn, "POST /api/v1/posts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\nTransfer-Encoding: chunked\r\n\r\n", ndjson, o.key)
	go func() {
		for {
			if _, err := fmt.Fprintf(conn, "%x\r\n%s\r\n", len(piece), piece); err != nil {
				return
			}
			timer := time.NewTimer(pause)
			<-timer.C
		}
	}()
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	raw, _ := io.ReadAll(conn)
	return string(raw)
}

func TestSlowAndEndlessBodies(t *testing.T) {
	o := open(t)
	begin := time.Now()
	if got := o.attack(t, `{"text":"arrivage neige"}`+"\n", time.Hour); !strings.HasPrefix(got, "HTTP/1.1 408") || !strings.Contains(got, `"flagged":1`) {
		t.Errorf("a body that pauses: %.300q", got)
	}
	if got := o.attack(t, " ", 50*time.Millisecond); !strings.HasPrefix(got, "HTTP/1.1 408") {
		t.Errorf("a body that drips: %.200q", got)
	}
	if got := o.attack(t, strings.Repeat("x", 60_000)+"\n", 0); !strings.HasPrefix(got, "HTTP/1.1 413") {
		t.Errorf("a body without end: %.200q", got)
	}
	if d := time.Since(begin); d > 15*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestOpenAPI(t *testing.T) {
	o := open(t)
	resp, err := http.Get(o.url + "/openapi.json")
	must(t, err)
	defer resp.Body.Close()
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			Security    []map[string][]string `json:"security"`
			RequestBody struct {
				Content map[string]any `json:"content"`
			} `json:"requestBody"`
			Responses map[string]any `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas         map[string]any `json:"schemas"`
			SecuritySchemes map[string]any `json:"securitySchemes"`
		} `json:"components"`
	}
	must(t, json.NewDecoder(resp.Body).Decode(&doc))
	post := doc.Paths["/api/v1/posts"]["post"]
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(post.Security) != 1 || post.RequestBody.Content[ndjson] == nil || doc.Components.Schemas["Post"] == nil ||
		doc.Components.SecuritySchemes["source"] == nil || post.Responses["200"] == nil || post.Responses["403"] == nil {
		t.Fatalf("%+v", doc)
	}
	if len(doc.Paths) != 1 {
		t.Errorf("paths: %v", doc.Paths)
	}
}
