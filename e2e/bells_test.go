package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ronde/channel/notify"
)

const bellKey = "kanari-schluessel"

// bells is the room that is staffed round the clock: what its webhook got.
type bells struct {
	mu   sync.Mutex // guards got
	got  []string
	ids  map[string]bool
	peer *httptest.Server
}

func (b *bells) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	when, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Ronde-Signature"), "t="), ",")
	if err != nil || r.Header.Get("Ronde-Signature") != "t="+when+",v1="+notify.Sign([]byte(bellKey), when, body) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if id := r.Header.Get("Idempotency-Key"); !b.ids[id] {
		b.ids[id] = true
		b.got = append(b.got, string(body))
	}
}

func (b *bells) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.got...)
}

// bellsCmd: bells open: a webhook and a mailbox to ring, and $WORK/notify.toml ·
// bells ring N: waits until so many rings arrived · bells tell TEXT: a ring says it.
func bellsCmd(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts)
	switch {
	case len(args) == 1 && args[0] == "open":
		ts.Check(openPost(ts, h))
		b := &bells{ids: map[string]bool{}}
		b.peer = httptest.NewServer(b)
		ts.Defer(b.peer.Close)
		h.bells = b
		ts.Setenv("ASTREINTE", h.post.address("lena"))
		ts.Check(os.WriteFile(filepath.Join(h.work, "bell.key"), []byte(bellKey+"\n"), 0o600))
		text := fmt.Sprintf("[mail]\nserver = %q\nfrom = %q\nuser = %q\npassword = %q\nplain = true\n\n[[hook]]\nname = \"salle\"\nurl = %q\nsecret = %q\n",
			h.post.server.SMTP, h.post.address("patrouille"), h.post.address("patrouille"), filepath.Join(h.work, "mail.secret"), b.peer.URL, filepath.Join(h.work, "bell.key"))
		ts.Check(os.WriteFile(filepath.Join(h.work, "notify.toml"), []byte(text), 0o600))
	case len(args) == 2 && args[0] == "ring":
		check(ts, neg, h.bells.wait(args[1]))
	case len(args) == 2 && args[0] == "tell":
		var err error
		if !strings.Contains(strings.Join(h.bells.heard(), "\n"), args[1]) {
			err = fmt.Errorf("no ring says %q: %v", args[1], h.bells.heard())
		}
		check(ts, neg, err)
	default:
		ts.Fatalf("bells: what?")
	}
}

func (b *bells) wait(want string) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(comesWithin); ; {
		if n := len(b.heard()); fmt.Sprint(n) == want {
			return nil
		}
		select {
		case <-tick.C:
		case <-late:
			return fmt.Errorf("%d rings, not %s: %v", len(b.heard()), want, b.heard())
		}
	}
}
