package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"ronde/internal/rest"
)

// maxChallenge bounds what the handshake may ask to hear again.
const maxChallenge = 256

// Hook is a webhook of an app: the handshake when it is set up, and the calls
// afterwards.
type Hook struct {
	Verify *rest.Secret // the word that was typed into the app's settings
	App    *rest.Secret // the app's secret, which signs each call
	Max    int64        // bytes of a call
	// Take gets a body whose signature was checked. After an error Graph is told
	// to come again; an ErrBody is told that this one is of no use.
	Take func(ctx context.Context, body []byte) error
}

// ErrBody is what Take returns for a body that is not as published.
var ErrBody = &Error{Status: http.StatusBadRequest}

func (h Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		h.handshake(w, r)
	case http.MethodPost:
		w.WriteHeader(h.call(w, r))
	default:
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (h Hook) handshake(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	word, challenge := q.Get("hub.verify_token"), q.Get("hub.challenge")
	if q.Get("hub.mode") != "subscribe" || len(challenge) > maxChallenge || challenge == "" ||
		subtle.ConstantTimeCompare([]byte(word), []byte(h.Verify.Value())) != 1 {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	io.WriteString(w, challenge)
}

func (h Hook) call(w http.ResponseWriter, r *http.Request) int {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.Max))
	if err != nil {
		return http.StatusRequestEntityTooLarge
	}
	if !h.signed(body, r.Header.Get("X-Hub-Signature-256")) {
		return http.StatusUnauthorized
	}
	switch err := h.Take(r.Context(), body); err {
	case nil:
		return http.StatusOK
	case ErrBody:
		return http.StatusBadRequest
	}
	return http.StatusServiceUnavailable
}

// signed checks against the secret, and against a newer one in its file: an
// app's secret that was changed must not lose a message.
func (h Hook) signed(body []byte, header string) bool {
	secret := h.App.Value()
	if Signed([]byte(secret), body, header) {
		return true
	}
	return header != "" && h.App.Renew(secret) && Signed([]byte(h.App.Value()), body, header)
}

// Signed says whether header is "sha256=" and the HMAC of body under secret.
func Signed(secret, body []byte, header string) bool {
	text, ok := strings.CutPrefix(header, "sha256=")
	if !ok || len(secret) == 0 {
		return false
	}
	got, err := hex.DecodeString(text)
	return err == nil && hmac.Equal(got, mac(secret, body))
}

// Sign is the header that Signed accepts: for those who play Graph.
func Sign(secret, body []byte) string { return "sha256=" + hex.EncodeToString(mac(secret, body)) }

func mac(secret, body []byte) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write(body)
	return m.Sum(nil)
}
