package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// crowd is a network with many people who write, each once, at an even pace: a
// Bot API server as the published reference describes it, as far as a bot that
// reads and answers needs it. What was not confirmed is given again.
type crowd struct {
	listener net.Listener
	server   *http.Server
	total    int

	mu    sync.Mutex // guards what follows
	began time.Time
	span  time.Duration
	given []time.Time // when each message was first handed over; zero: not yet
}

const (
	crowdFirst = 1_000_000 // number of the first update
	crowdHold  = 2 * time.Second
)

func newCrowd(total int) (*crowd, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &crowd{listener: l, total: total, given: make([]time.Time, total)}
	c.server = &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second}
	go c.server.Serve(l)
	return c, nil
}

func (c *crowd) host() string { return c.listener.Addr().String() }

// begin lets the first person write now and the last one after span.
func (c *crowd) begin(span time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began, c.span = time.Now(), span
}

// wroteAt is when a message was written.
func (c *crowd) wroteAt(i int) time.Time {
	return c.began.Add(time.Duration(float64(c.span) * float64(i) / float64(c.total)))
}

// written is how many messages there are now.
func (c *crowd) written() int {
	if c.began.IsZero() {
		return 0
	}
	n := int(float64(c.total) * float64(time.Since(c.began)) / float64(c.span))
	return min(max(n, 0), c.total)
}

func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	var in struct {
		Offset  int `json:"offset"`
		Limit   int `json:"limit"`
		Timeout int `json:"timeout"`
	}
	json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in) // getMe has none
	var result any = true
	switch method {
	case "getMe":
		result = map[string]any{"id": 1, "is_bot": true, "username": "bench_bot"}
	case "getUpdates":
		result = c.updates(r, max(in.Offset-crowdFirst, 0), min(max(in.Limit, 1), 100), in.Timeout > 0)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// updates waits a moment for the next messages, as a long question does.
func (c *crowd) updates(r *http.Request, from, limit int, wait bool) []any {
	out := []any{}
	late := time.Now().Add(crowdHold)
	for r.Context().Err() == nil {
		c.mu.Lock()
		now := time.Now()
		for i := from; i < min(c.written(), from+limit); i++ {
			if c.given[i].IsZero() {
				c.given[i] = now
			}
			out = append(out, c.update(i))
		}
		c.mu.Unlock()
		if len(out) > 0 || !wait || now.After(late) {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	return out
}

func (c *crowd) update(i int) any {
	person := map[string]any{"id": 7_000_000 + i, "is_bot": false, "first_name": fmt.Sprintf("Exemple %d", i), "language_code": "fr"}
	return map[string]any{"update_id": crowdFirst + i, "message": map[string]any{
		"message_id": 1, "date": c.wroteAt(i).Unix(), "from": person, "chat": map[string]any{"id": 7_000_000 + i, "type": "private", "first_name": "Exemple"},
		"text": fmt.Sprintf("Bonjour, numéro %d : un compte me demande de l'argent depuis hier et dit connaître mon adresse. Que dois-je faire, et qui puis-je appeler ?", i),
	}}
}
