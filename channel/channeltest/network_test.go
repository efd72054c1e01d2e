package channeltest_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/channeltest"
)

// network is the smallest network that has everything: numbered updates, a
// token, a rate limit, and calls to a hook.
type network struct {
	mu      sync.Mutex // guards all below
	updates []channel.Arrival
	stale   int // marks before this one are too old
	changed chan struct{}
	cut     chan struct{}
	token   string
	file    string // what lies where our setting says
	silent  bool
	busy    time.Time
	after   time.Duration
	shown   map[string][]channeltest.Got
	keys    map[string]string
	gone    map[string]bool
	late    map[string]bool
	bytes   map[string][]byte
	hook    http.Handler
	ids     int
}

func newNetwork() *network {
	return &network{
		changed: make(chan struct{}), cut: make(chan struct{}), token: "token-one", file: "token-one",
		shown: map[string][]channeltest.Got{}, keys: map[string]string{}, gone: map[string]bool{}, late: map[string]bool{}, bytes: map[string][]byte{},
	}
}

// add puts an update on the network, and calls the hook until it is taken.
func (n *network) add(as ...channel.Arrival) {
	n.mu.Lock()
	n.updates = append(n.updates, as...)
	close(n.changed)
	n.changed = make(chan struct{})
	n.mu.Unlock()
}

func (n *network) arrival(m channeltest.Message) channel.Arrival {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ids++
	a := channel.Arrival{
		What: channel.Written, ID: strconv.Itoa(n.ids), Thread: m.From, ReplyTo: m.ReplyTo, Text: m.Text, Automatic: m.Automatic,
		Author: channel.Author{ID: m.From, Name: m.From}, At: time.Now().UnixMicro(),
	}
	for i, f := range m.Files {
		f.ID = a.ID + "/" + strconv.Itoa(i)
		n.bytes[f.ID] = f.Bytes
		f.Bytes = nil
		a.Files = append(a.Files, f)
	}
	return a
}

func (n *network) drop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.cut)
	n.cut = make(chan struct{})
}

func (n *network) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

const hookSecret = "hook-secret"

// call makes a call of the hook.
func call(kind string) *http.Request {
	body := []byte(`[{"What":"written","ID":"h1","Thread":"ada","Text":"hello","Author":{"ID":"ada"}}]`)
	switch kind {
	case channeltest.Oversized:
		body = bytes.Repeat([]byte("["), channel.MaxHook+1)
	case channeltest.Malformed:
		body = []byte(`{"What":`)
	case channeltest.Replayed:
		return nil
	}
	sig := sign(body)
	switch kind {
	case channeltest.Unsigned:
		sig = ""
	case channeltest.Forged:
		sig = "00" + sig[2:]
	case channeltest.Tampered:
		body = bytes.Replace(body, []byte("hello"), []byte("adieu"), 1)
	}
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Signature", sig)
	return r
}

func sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// deliver calls the hook with each update, in order, until it is taken.
func (n *network) deliver(ctx context.Context) {
	for next := 0; ctx.Err() == nil; {
		n.mu.Lock()
		changed, hook, all := n.changed, n.hook, slices.Clone(n.updates)
		n.mu.Unlock()
		if hook != nil && next < len(all) {
			body, _ := json.Marshal(all[next : next+1])
			r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
			r.Header.Set("Signature", sign(body))
			w := httptest.NewRecorder()
			if hook.ServeHTTP(w, r); w.Code < 300 {
				next++
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(time.Millisecond):
		}
	}
}

func world(t *testing.T, fault string, hooked bool) channeltest.World {
	n := newNetwork()
	find := func(id string) channel.Arrival {
		n.mu.Lock()
		defer n.mu.Unlock()
		i := slices.IndexFunc(n.updates, func(a channel.Arrival) bool { return a.ID == id })
		return n.updates[i]
	}
	w := channeltest.World{
		New: func(*testing.T) channel.Line {
			l := &line{n: n, fault: fault}
			if hooked {
				return &calledLine{l}
			}
			return l
		},
		Write: func(_ *testing.T, m channeltest.Message) string {
			a := n.arrival(m)
			n.add(a)
			return a.ID
		},
		Edit: func(_ *testing.T, id, text string) {
			a := find(id)
			n.add(channel.Arrival{What: channel.Edited, ID: id, Thread: a.Thread, Text: text, Author: a.Author})
		},
		Delete: func(_ *testing.T, id string) {
			a := find(id)
			n.add(channel.Arrival{What: channel.Deleted, ID: id, Thread: a.Thread, Author: a.Author})
		},
		Read: func(_ *testing.T, who, id string) {
			n.add(channel.Arrival{What: channel.Read, ID: id, Thread: who, Author: channel.Author{ID: who}})
		},
		Big: func(_ *testing.T, from string) {
			a := n.arrival(channeltest.Message{From: from, Text: "big", Files: []channel.File{{Name: "x"}}})
			n.set(func() { n.bytes[a.Files[0].ID] = make([]byte, channel.MaxFile+1) })
			n.add(a)
		},
		Leave: func(_ *testing.T, who string) { n.set(func() { n.gone[who] = true }) },
		Late:  func(_ *testing.T, who string) { n.set(func() { n.late[who] = true }) },
		Drop:  func(*testing.T) { n.drop() },
		Hang:  func(*testing.T) { n.set(func() { n.silent = true }); n.drop() },
		Busy: func(_ *testing.T, after time.Duration) {
			n.set(func() { n.busy, n.after = time.Now().Add(time.Millisecond), after })
		},
		Expire: func(*testing.T) { n.set(func() { n.token = "token-two" }); n.drop() },
		Renew:  func(*testing.T) { n.set(func() { n.file = n.token }) },
		Garbage: func(*testing.T) {
			n.add(channel.Arrival{What: "garbage"})
		},
		Again: func(*testing.T) {
			n.mu.Lock()
			last := slices.Clone(n.updates)
			n.mu.Unlock()
			n.add(last...)
		},
		Shuffle: func(_ *testing.T, a, b channeltest.Message) {
			first := n.arrival(a)
			n.add(n.arrival(b), first)
		},
		Forget: func(*testing.T) { n.set(func() { n.stale = len(n.updates) }) },
		Got: func(_ *testing.T, who string) []channeltest.Got {
			n.mu.Lock()
			defer n.mu.Unlock()
			return slices.Clone(n.shown[who])
		},
		Parallel: fault == "",
		Serve:    func(_ *testing.T, h http.Handler) { n.set(func() { n.hook = h }) },
		Call:     func(_ *testing.T, kind string) *http.Request { return call(kind) },
		Patience: 5 * time.Second,
		Secrets:  []string{"token-one", "token-two", hookSecret},
		// The line's own code stands in a test file here, so it is named.
		Goroutines: []string{"channeltest_test.(*line)"},
	}
	if fault != "" {
		w.Patience = 400 * time.Millisecond
	}
	if hooked {
		w.Forget, w.Lacks = nil, map[string]string{channeltest.Forget: "the network calls until it is heard"}
		go n.deliver(t.Context())
	}
	return w
}
