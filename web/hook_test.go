package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ronde/channel"
)

// A network brings everybody's messages from few addresses: it is not slowed
// down as a visitor is, and what it sends at once is bounded.
func TestNetworksCallAtTheirOwnPace(t *testing.T) {
	now := time.Now().UnixMicro()
	read := 0
	refused := func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusTooManyRequests) }
	mux := http.NewServeMux()
	mux.Handle(hookPath+"chat/", hooked(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if read = len(body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	})))
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	door := Limit(PortalRates, func() int64 { return now }, refused)(mux)
	post := func(path, body string) int {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.RemoteAddr = "198.51.100.7:4711"
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 10 * PortalRates.SendBurst {
		if code := post("/hooks/chat/", "{}"); code != http.StatusOK {
			t.Fatalf("call %d of a network: %d", i, code)
		}
	}
	last := 0
	for range 2 * PortalRates.SendBurst {
		last = post("/write", "")
	}
	if last != http.StatusTooManyRequests {
		t.Fatalf("a visitor is not slowed down: %d", last)
	}
	if code := post("/hooks/chat/", strings.Repeat("x", 2*channel.MaxHook)); code != http.StatusRequestEntityTooLarge || read > channel.MaxHook+1 {
		t.Fatalf("%d, %d bytes read", code, read)
	}
}
