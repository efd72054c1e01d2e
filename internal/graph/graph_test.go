package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ronde/internal/errs"
	"ronde/internal/rest"
)

func fixed(t *testing.T, values ...string) *rest.Secret {
	t.Helper()
	n := 0
	s, err := rest.NewSecret(func() (string, error) { n++; return values[min(n, len(values))-1], nil })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func api(t *testing.T, h http.HandlerFunc, tokens ...string) API {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return API{HTTP: s.Client(), Base: s.URL, Version: Version, Token: fixed(t, tokens...), App: fixed(t, "app"), Now: func() int64 { return 0 }}
}

// The example of RFC 4231 (test case 2) as a webhook's signature.
func TestSignature(t *testing.T) {
	body, secret := []byte("what do ya want for nothing?"), []byte("Jefe")
	good := "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if Sign(secret, body) != good || !Signed(secret, body, good) {
		t.Fatal(Sign(secret, body))
	}
	for _, bad := range []string{"", "sha256=", good[:len(good)-2], good + "00", "sha1=" + good[7:], strings.Replace(good, "5", "6", 1), "sha256=zz"} {
		if Signed(secret, body, bad) {
			t.Errorf("accepted %q", bad)
		}
	}
	if Signed(nil, body, Sign(nil, body)) {
		t.Error("an empty secret signs nothing")
	}
}

func TestHook(t *testing.T) {
	var took []string
	var answer error
	h := Hook{Verify: fixed(t, "word"), App: fixed(t, "old", "new"), Max: 10, Take: func(_ context.Context, b []byte) error {
		took = append(took, string(b))
		return answer
	}}
	call := func(method, target, body, sign string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		if sign != "" {
			r.Header.Set("X-Hub-Signature-256", sign)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	shake := "/hooks/x/?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
	if w := call("GET", shake+"word", "", ""); w.Code != 200 || w.Body.String() != "1158201444" {
		t.Errorf("handshake: %d %q", w.Code, w.Body)
	}
	for _, bad := range []string{shake, shake + "Word", strings.Replace(shake, "subscribe", "x", 1) + "word", "/hooks/x/?hub.mode=subscribe&hub.verify_token=word",
		strings.Replace(shake, "1158201444", strings.Repeat("1", 300), 1) + "word"} {
		if w := call("GET", bad, "", ""); w.Code != 403 || w.Body.Len() != 0 {
			t.Errorf("handshake %s: %d", bad, w.Code)
		}
	}
	for _, c := range []struct {
		name, body, sign string
		answer           error
		code             int
	}{
		{"unsigned", "{}", "", nil, 401},
		{"signed by another", "{}", Sign([]byte("other"), []byte("{}")), nil, 401},
		{"signature of another body", "{}", Sign([]byte("old"), []byte("[]")), nil, 401},
		{"too long", "{         }", Sign([]byte("old"), []byte("{         }")), nil, 413},
	} {
		if w := call("POST", "/", c.body, c.sign); w.Code != c.code || len(took) != 0 {
			t.Errorf("%s: %d, taken %v", c.name, w.Code, took)
		}
	}
	for code, err := range map[int]error{200: nil, 503: io.ErrUnexpectedEOF, 400: ErrBody} {
		answer = err
		if w := call("POST", "/", "{}", Sign([]byte("new"), []byte("{}"))); w.Code != code {
			t.Errorf("%v: %d", err, w.Code)
		}
	}
	if w := call("PUT", "/", "{}", ""); w.Code != 405 || len(took) != 3 {
		t.Errorf("%d %v", w.Code, took)
	}
}

func TestTokenIsReadAgainOnce(t *testing.T) {
	calls := 0
	a := api(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		if r.Header.Get("Authorization") != "Bearer fresh" {
			w.WriteHeader(400)
			io.WriteString(w, `{"error":{"message":"Error validating access token of +33600000000","type":"OAuthException","code":190,"error_subcode":463}}`)
			return
		}
		if r.URL.Path != "/"+Version+"/me/x" || r.URL.Query().Get("appsecret_proof") == "" || r.URL.Query().Get("fields") != "id" {
			t.Errorf("asked %s", r.URL)
		}
		io.WriteString(w, `{"id":"7"}`)
	}, "stale", "fresh")
	var out struct{ ID string }
	if err := a.Get(t.Context(), "me/x", url.Values{"fields": {"id"}}, &out); err != nil || out.ID != "7" || calls != 2 {
		t.Fatalf("%v %+v after %d calls", err, out, calls)
	}
	a.Token = fixed(t, "stale")
	err := a.Get(t.Context(), "me/x", nil, &out)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeToken || e.Subcode != 463 || calls != 3 || strings.Contains(err.Error(), "+33") {
		t.Fatalf("%v after %d calls", err, calls)
	}
}

func TestErrorsSayHowLong(t *testing.T) {
	a := api(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Business-Use-Case-Usage", `{"1":[{"type":"messenger","estimated_time_to_regain_access":19}]}`)
		w.WriteHeader(400)
		io.WriteString(w, `{"error":{"code":80006,"is_transient":true}}`)
	}, "t")
	var e *Error
	if err := a.Post(t.Context(), "me/messages", map[string]string{}, nil); !errors.As(err, &e) || e.After != 19*time.Minute || !e.Transient {
		t.Fatalf("%v", err)
	}
}

func TestTokenGoesOnlyToMeta(t *testing.T) {
	a := API{HTTP: http.DefaultClient, Base: Server, Token: fixed(t, "t"), App: fixed(t, "a"), Now: func() int64 { return 0 }}
	for _, address := range []string{"https://lookaside.fbsbx.com.evil.example/x", "https://evilfbsbx.com/x", "http://lookaside.fbsbx.com/x",
		"https://u:p@lookaside.fbsbx.com/x", "https://lookaside.fbsbx.com:8443/x", "file:///etc/passwd", "https://evil.example/?lookaside.fbsbx.com"} {
		if err := a.Fetch(t.Context(), address, io.Discard, 10, true); !errs.Is(err, errs.Denied) && !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestExpires(t *testing.T) {
	for body, want := range map[string]int64{
		`{"data":{"is_valid":true,"expires_at":0,"data_access_expires_at":0}}`:   0,
		`{"data":{"is_valid":true,"expires_at":0,"data_access_expires_at":90}}`:  90_000_000,
		`{"data":{"is_valid":true,"expires_at":50,"data_access_expires_at":90}}`: 50_000_000,
		`{"data":{"is_valid":false}}`:                                            -1,
	} {
		a := api(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("input_token") != "t" || r.Header.Get("Authorization") != "Bearer 12|app" {
				t.Errorf("asked %s", r.URL)
			}
			io.WriteString(w, body)
		}, "t")
		got, err := a.Expires(t.Context(), "12")
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%s: %d %v", body, got, err)
		}
	}
}
