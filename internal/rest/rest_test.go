package rest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ronde/internal/errs"
)

const secret = "t0ken-und-verse"

func ask(t *testing.T, h http.HandlerFunc, limit int64) (*bytes.Buffer, Answer, error) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	req, err := JSON(t.Context(), http.MethodPost, s.URL+"/x?token="+secret, map[string]string{"text": secret})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a, err := Copy(s.Client(), req, &out, limit)
	return &out, a, err
}

func TestFileIsBounded(t *testing.T) {
	page := bytes.Repeat([]byte("x"), 100)
	for limit, want := range map[int64]bool{99: false, 100: true, 101: true} {
		for _, chunked := range []bool{false, true} {
			out, _, err := ask(t, func(w http.ResponseWriter, _ *http.Request) {
				if chunked {
					w.Write(page[:1])
					w.(http.Flusher).Flush()
					w.Write(page[1:])
					return
				}
				w.Write(page)
			}, limit)
			if (err == nil) != want || err != nil && !errs.Is(err, errs.Limit) || int64(out.Len()) > limit {
				t.Errorf("limit %d, chunked %v: %v, %d bytes", limit, chunked, err, out.Len())
			}
		}
	}
}

func TestNoRedirectTakesTheCredentialAlong(t *testing.T) {
	hits := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	defer other.Close()
	_, a, err := ask(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}, 100)
	if err != nil || a.Status != http.StatusTemporaryRedirect || hits != 0 {
		t.Fatalf("%d %v, %d calls elsewhere", a.Status, err, hits)
	}
}

func TestErrorsTellNothing(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	address := gone.URL
	gone.Close()
	req, _ := JSON(t.Context(), http.MethodGet, address+"/?q="+secret, nil)
	_, err := Do(http.DefaultClient, req)
	if !errs.Is(err, errs.Unavailable) || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("%v", err)
	}
	if _, err := JSON(t.Context(), http.MethodGet, "http://"+secret+" /", nil); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
	if err := (Answer{Body: []byte(secret)}).Into(new(int)); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
}

func TestEndOfContextIsKnown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }))
	defer s.Close()
	req, _ := JSON(ctx, http.MethodGet, s.URL, nil)
	if _, err := Do(s.Client(), req); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "0.5": 500 * time.Millisecond, "-3": 0, "1e99": MaxAfter, "NaN": 0, "soon": 0,
		"Sun, 22 Nov 2026 08:01:00 GMT": time.Minute, "Sun, 22 Nov 2020 08:01:00 GMT": 0, "Sun, 22 Nov 2099 08:01:00 GMT": MaxAfter,
	} {
		if got := After(http.Header{"Retry-After": {value}}, now.UnixMicro()); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestWeb(t *testing.T) {
	for address, want := range map[string]bool{"https://a.example/x": true, "http://a.example": false, "ftp://a.example": false,
		"https://u:p@a.example": false, "https:///x": false, "javascript:alert(1)": false, "//a.example": false, "%": false} {
		if _, ok := Web(address, false); ok != want {
			t.Errorf("%s: %v", address, ok)
		}
	}
	if _, ok := Web("http://127.0.0.1:1", true); !ok {
		t.Error("http where it is allowed")
	}
}
