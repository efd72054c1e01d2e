package api

import (
	"encoding/json"
	"fmt"
	"net/http"

	"ronde/internal/errs"
	"ronde/watch"
)

// problem is an error as RFC 9457 has it. Done says what of a stream was
// judged before it broke off.
type problem struct {
	Status int             `json:"status"`
	Title  string          `json:"title"`
	Detail string          `json:"detail,omitempty"`
	Code   string          `json:"code,omitempty"` // our message key, stable
	Done   *watch.Streamed `json:"done,omitempty"`

	retry string
}

func (p problem) Error() string { return p.Title }

// GetStatus is huma.StatusError.
func (p problem) GetStatus() int { return p.Status }

// ContentType is huma.ContentTypeFilter.
func (p problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders is huma.HeadersError.
func (p problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retry != "" {
		h.Set("Retry-After", p.retry)
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="posts"`)
	}
	return h
}

func (p problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}

func unauthorized() problem {
	return problem{Status: http.StatusUnauthorized, Title: "Key missing or unknown", Code: "err.source.key",
		Detail: "Send Authorization: Bearer and the key of a stream source. A key that was replaced, or whose source was removed, works no more."}
}

func tooLarge(limit int64) problem {
	return problem{Status: http.StatusRequestEntityTooLarge, Title: "Body too large", Code: "err.limit",
		Detail: fmt.Sprintf("A request takes at most %d bytes. What was judged before stays judged; send the rest in another request.", limit)}
}

// explain gives an error of the watch its status and its words.
func (a *API) explain(b *body, done watch.Streamed, err error) error {
	p := problem{Status: http.StatusInternalServerError, Title: "Something went wrong on our side", Detail: "Send the posts again: one that was judged is not counted twice."}
	p.Code, _ = errs.Message(err)
	switch kind := errs.KindOf(err); {
	case b.why == errLarge:
		p = tooLarge(a.opt.MaxBody)
	case b.why == errSlow:
		p = problem{Status: http.StatusRequestTimeout, Title: "Body too slow", Code: "err.limit",
			Detail: fmt.Sprintf("A pause lasts at most %v and a request %v. What was judged before stays judged.", a.opt.Pause, a.opt.Total)}
	case kind == errs.Denied:
		p = unauthorized()
	case kind == errs.Lapsed:
		p.Status, p.Title, p.Detail = http.StatusForbidden, "No mandate in force", "The mandate of this source has not begun, is suspended or has lapsed. Nothing was read after that."
	case kind == errs.Unavailable:
		p.Status, p.Title, p.retry = http.StatusServiceUnavailable, "The watch does not answer now", "10"
	case kind == errs.Limit:
		p.Status, p.Title = http.StatusTooManyRequests, "Too much at once"
	case kind == errs.Invalid:
		p.Status, p.Title, p.Detail = http.StatusBadRequest, "The body broke off", "What was judged before stays judged; send the rest again."
	}
	if done.Read+done.RefusedTotal+done.NotRead > 0 {
		p.Done = &done
	}
	return p
}
