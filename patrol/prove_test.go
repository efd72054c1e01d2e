package patrol_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/patrol"
)

const site = "https://patrouille.valombre.example"

// world is everything outside: web servers by name and a name server.
type world struct {
	mu    sync.Mutex
	pages map[string]string   // "host/path" → what stands there; "→ address" redirects; "!" is an error of the server
	names map[string][]string // TXT records
}

func (w *world) put(where, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[where] = what
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	page, ok := w.pages[r.Host+r.URL.Path]
	w.mu.Unlock()
	switch {
	case !ok:
		http.NotFound(rw, r)
	case page == "!":
		rw.WriteHeader(http.StatusBadGateway)
	case len(page) > 3 && page[:3] == "→":
		http.Redirect(rw, r, page[3:], http.StatusFound)
	default:
		rw.Write([]byte(page))
	}
}

// answer is a name server for TXT records (RFC 1035).
func (w *world) answer(pc net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		m.Response, m.Additionals = true, nil
		w.mu.Lock()
		texts, ok := w.names[q.Name.String()]
		w.mu.Unlock()
		switch {
		case !ok:
			m.RCode = dnsmessage.RCodeNameError
		case q.Type == dnsmessage.TypeTXT:
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.TXTResource{TXT: texts}}}
		}
		out, err := m.Pack()
		if err == nil {
			pc.WriteTo(out, from)
		}
	}
}

func newWorld(t *testing.T) (*world, patrol.Setting) {
	t.Helper()
	w := &world{pages: map[string]string{}, names: map[string][]string{}}
	server := httptest.NewTLSServer(w)
	t.Cleanup(server.Close)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { pc.Close() })
	go w.answer(pc)
	var d net.Dialer
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return d.DialContext(ctx, network, server.Listener.Addr().String())
	}}}
	return w, patrol.Setting{Site: site, Client: client, PLC: "https://plc.example", Resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "udp", pc.LocalAddr().String())
	}}}
}

const did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"

// Every way of proof, where it holds and where it does not.
func TestAccountsAreProvenBothWays(t *testing.T) {
	w, set := newWorld(t)
	c := dbtest.NewClock()
	h := newHouse(t, dbtest.SQLite(t, c), c, set)
	w.names["_ronde.valombre.example."] = []string{"account=tiktok:patrouille_valombre"}
	w.names["_atproto.patrouille.valombre.example."] = []string{"did=" + did}
	for path, page := range map[string]string{
		"social.example/me":                         `<p>x<a rel="me nofollow" href="` + site + `/officers">site</a>`,
		"social.example/plain":                      `<a href='` + site + `'>us</a>`,
		"social.example/visitor":                    `<a rel="ugc" href="` + site + `">us</a>`,
		"social.example/text":                       `we are ` + site + ` <script>"<a href='` + site + `'>"</script>`,
		"social.example/near":                       `<a href="https://patrouille.valombre.example.evil.example/">us</a><a href="http://patrouille.valombre.example/">us</a><a href="https://patrouille.valombre.example@evil.example/">us</a>`,
		"social.example/away":                       "→https://evil.example/links",
		"social.example/inside":                     "→https://social.example/me",
		"evil.example/links":                        `<a href="` + site + `">us</a>`,
		"plc.example/" + did:                        `{"id":"` + did + `","alsoKnownAs":["at://patrouille.valombre.example"]}`,
		"valombre.example/did.json":                 `x`,
		"evil.example/a/did.json":                   `{"id":"did:web:evil.example:a","alsoKnownAs":["https://x.example/agent"]}`,
		"social.example/did.json":                   `{"id":"did:web:other.example","alsoKnownAs":["https://x.example/agent","` + site + `"]}`,
		"shop.example/agent/did.json":               `{"id":"did:web:shop.example:agent","alsoKnownAs":["https://x.example/agent/","` + site + `/"]}`,
		"www.valombre.example/.well-known/did.json": `{"id":"did:web:www.valombre.example","alsoKnownAs":["https://x.example/agent"]}`,
	} {
		w.put(path, page)
	}
	for _, k := range []struct {
		in   patrol.AccountIn
		want string
	}{
		{patrol.AccountIn{Proof: "link-back", URL: "https://social.example/me"}, patrol.Proven},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/plain"}, patrol.Proven},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/inside"}, patrol.Proven},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/visitor"}, patrol.Missing},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/text"}, patrol.Missing},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/near"}, patrol.Missing},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/away"}, patrol.Missing},
		{patrol.AccountIn{Proof: "link-back", ProofAt: "https://social.example/none"}, patrol.Missing},
		{patrol.AccountIn{Proof: "dns", ProofAt: "valombre.example", Platform: "tiktok", Handle: "Patrouille_Valombre"}, patrol.Proven},
		{patrol.AccountIn{Proof: "dns", ProofAt: "valombre.example", Platform: "tiktok", Handle: "autre"}, patrol.Missing},
		{patrol.AccountIn{Proof: "dns", ProofAt: "www.valombre.example", Platform: "tiktok", Handle: "patrouille_valombre"}, patrol.Missing},
		{patrol.AccountIn{Proof: "did", ProofAt: did, Platform: "bluesky", Handle: "patrouille.valombre.example"}, patrol.Proven},
		{patrol.AccountIn{Proof: "did", ProofAt: did, Platform: "bluesky", Handle: "patrouille.bsky.example"}, patrol.Missing},
		{patrol.AccountIn{Proof: "did", ProofAt: "did:web:shop.example:agent", URL: "https://x.example/agent"}, patrol.Proven},
		{patrol.AccountIn{Proof: "did", ProofAt: "did:web:www.valombre.example", URL: "https://x.example/agent"}, patrol.Proven},
		{patrol.AccountIn{Proof: "did", ProofAt: "did:web:evil.example:a", URL: "https://x.example/agent"}, patrol.Missing},
		{patrol.AccountIn{Proof: "did", ProofAt: "did:web:social.example", URL: "https://x.example/agent"}, patrol.Missing},
	} {
		if k.in.Platform == "" {
			k.in.Platform, k.in.Handle = "x", "agent"
		}
		a, err := h.PublishAccount(ctx, lead, k.in)
		must(t, err)
		a, err = h.Prove(ctx, lead, a.ID)
		must(t, err)
		if a.Result != k.want || a.Stands(c.Now()+1000) != (k.want == patrol.Proven) {
			t.Errorf("%+v: %s, want %s", k.in, a.Result, k.want)
		}
		must(t, h.WithdrawAccount(ctx, lead, a.ID))
	}
	for field, in := range map[string]patrol.AccountIn{
		"proof_at": {Proof: "dns", ProofAt: "evil.example"},
		"proof":    {Proof: "horoscope"},
	} {
		in.Platform, in.Handle = "x", "agent"
		if _, err := h.PublishAccount(ctx, lead, in); errs.FieldOf(err) != field {
			t.Errorf("%+v: %v", in, err)
		}
	}
	for _, bad := range []string{"did:key:z6Mk", "did:plc:short", "did:web:evil.example/path", "did:web:a:..:b", "did:web:user@host", "https://social.example"} {
		if _, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "x", Handle: "agent", Proof: "did", ProofAt: bad}); errs.FieldOf(err) != "proof_at" {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// A proof is looked for every day. When it is gone an account is called ours
// for a week, and then no more, until it is found again.
func TestAProofThatIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w, set := newWorld(t)
		h := newHouse(t, d, c, set)
		link := `<a rel="me" href="` + site + `">`
		w.put("social.example/@patrouille", link)
		a, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "mastodon", Handle: "patrouille", URL: "https://social.example/@patrouille", Proof: "link-back"})
		must(t, err)
		says := func(want patrol.Verdict) {
			t.Helper()
			got, err := h.CheckHandle(ctx, "", "@patrouille")
			must(t, err)
			if got.Verdict != want {
				t.Errorf("%s, want %s", got.Verdict, want)
			}
		}
		turn := func(want int) {
			t.Helper()
			if did, err := h.ProveDue(ctx); err != nil || did != want {
				t.Errorf("looked at %d: %v", did, err)
			}
		}
		says(patrol.Unproven) // on the list, not looked at yet
		turn(1)
		says(patrol.Ours)
		turn(0)
		c.Move(patrol.ProofEvery + time.Minute)
		w.put("social.example/@patrouille", "hacked")
		turn(1)
		says(patrol.Ours)
		list, err := h.Accounts(ctx)
		must(t, err)
		if got := list[0]; got.Result != patrol.Missing || !got.Alarm(c.Now()) || got.Proven >= got.Tried {
			t.Errorf("%+v", got)
		}
		c.Move(patrol.ProofStale + time.Second)
		says(patrol.Unproven)
		turn(1)
		// Nobody answers: that is no word against the account, and none for it.
		w.put("social.example/@patrouille", "!")
		c.Move(2 * patrol.ProofRetry)
		turn(1)
		says(patrol.Unproven)
		w.put("social.example/@patrouille", link)
		c.Move(2 * patrol.ProofRetry)
		turn(1)
		says(patrol.Ours)
		// A person's word holds for a while, too.
		must(t, h.SetProof(ctx, lead, a.ID, "seen", ""))
		turn(0)
		says(patrol.Ours)
		c.Move(patrol.SeenStale + time.Second)
		says(patrol.Unproven)
		_, err = h.Prove(ctx, lead, a.ID)
		must(t, err)
		says(patrol.Ours)
		if _, err := h.Prove(ctx, officer, a.ID); !errs.Is(err, errs.Denied) {
			t.Errorf("an officer proves: %v", err)
		}
		if n := h.verbs(t); n == "" {
			t.Error("nothing in the book")
		}
	})
}
