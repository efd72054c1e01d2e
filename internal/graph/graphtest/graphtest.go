// Package graphtest plays what Meta's networks have in common: the caller of
// webhooks, with its signature and its repetitions, and the check of a call's
// token. Written from the published reference; it calls in order, which the
// real one does not promise.
package graphtest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"ronde/internal/graph"
)

// retry is how soon the caller comes again after a refusal. The real one takes
// seconds to hours.
const retry = 20 * time.Millisecond

// Caller calls a webhook with signed bodies, and again until it is answered
// well.
type Caller struct {
	Secret string

	mu      sync.Mutex // guards all below
	door    http.Handler
	queue   [][]byte
	last    []byte
	calling bool
}

// Serve says where to call from now on; nil is a shut door.
func (c *Caller) Serve(h http.Handler) {
	c.mu.Lock()
	c.door = h
	c.mu.Unlock()
	c.wake(0)
}

// Send queues a body.
func (c *Caller) Send(body []byte) {
	c.mu.Lock()
	c.queue = append(c.queue, body)
	c.mu.Unlock()
	c.wake(0)
}

// Again queues what was last delivered.
func (c *Caller) Again() {
	c.mu.Lock()
	last := c.last
	c.mu.Unlock()
	if last != nil {
		c.Send(last)
	}
}

func (c *Caller) wake(after time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calling || c.door == nil || len(c.queue) == 0 {
		return
	}
	c.calling = true
	time.AfterFunc(after, c.call)
}

// call delivers the first of the queue.
func (c *Caller) call() {
	c.mu.Lock()
	door := c.door
	if door == nil || len(c.queue) == 0 {
		c.calling = false
		c.mu.Unlock()
		return
	}
	body := c.queue[0]
	c.mu.Unlock()
	w := httptest.NewRecorder()
	door.ServeHTTP(w, Request(body, graph.Sign([]byte(c.Secret), body)))
	c.mu.Lock()
	after := retry
	if w.Code >= 200 && w.Code < 300 || w.Code == http.StatusBadRequest {
		after, c.queue, c.last = 0, c.queue[1:], body
	}
	c.calling = false
	c.mu.Unlock()
	c.wake(after)
}

// Request is one call of a webhook.
func Request(body []byte, sign string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks/line/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if sign != "" {
		r.Header.Set("X-Hub-Signature-256", sign)
	}
	return r
}

// Authorised says whether a call has the page's or number's token and the
// proof that goes with it.
func Authorised(r *http.Request, token, app string) bool {
	m := hmac.New(sha256.New, []byte(app))
	m.Write([]byte(token))
	return r.Header.Get("Authorization") == "Bearer "+token && r.URL.Query().Get("appsecret_proof") == hex.EncodeToString(m.Sum(nil))
}

// Fail answers as Graph does when it refuses.
func Fail(w http.ResponseWriter, status, code, subcode int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"message":"(#%d) played","type":"OAuthException","code":%d,"error_subcode":%d,"fbtrace_id":"A1"}}`, code, code, subcode)
}

// Answer writes v as JSON.
func Answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// Path is the address below the version.
func Path(r *http.Request, version string) []string {
	rest, ok := strings.CutPrefix(r.URL.Path, "/"+version+"/")
	if !ok {
		return nil
	}
	return slices.DeleteFunc(strings.Split(rest, "/"), func(s string) bool { return s == "" })
}
