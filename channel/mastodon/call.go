package mastodon

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

func (l *Line) get(ctx context.Context, path string, q url.Values, v any) (http.Header, error) {
	return l.call(ctx, func(ctx context.Context) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodGet, l.address(path, q), nil)
	}, v)
}

func (l *Line) address(path string, q url.Values) string {
	u := *l.server
	u.Path, u.RawQuery = path, q.Encode()
	return u.String()
}

// call makes one call, and a second one when the token was called bad and
// another lies in its file.
func (l *Line) call(ctx context.Context, make func(context.Context) (*http.Request, error), v any) (http.Header, error) {
	for {
		token := l.token.Value()
		req, err := make(ctx)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		ans, err := rest.Do(l.client, req)
		if err != nil {
			return nil, err
		}
		switch {
		case ans.Status == http.StatusUnauthorized && l.token.Renew(token):
			continue
		case !ans.OK():
			return ans.Header, l.refusal(ans.Status, ans.Header)
		}
		return ans.Header, ans.Into(v)
	}
}

// refusal says why the server refused, in the words that all lines share. What
// it wrote is not kept: it may quote.
func (l *Line) refusal(status int, h http.Header) error {
	r := &channel.Refusal{Why: channel.Rejected, Err: fmt.Errorf("mastodon answers %d", status)}
	switch {
	case status == http.StatusUnauthorized:
		r.Why = channel.Expired
	case status == http.StatusNotFound, status == http.StatusGone:
		r.Why = channel.Gone
	case status == http.StatusTooManyRequests, status >= 500:
		r.Why, r.After = channel.Later, rest.After(h, l.now())
		if at, err := time.Parse(time.RFC3339, h.Get("X-RateLimit-Reset")); err == nil && status == http.StatusTooManyRequests {
			r.After = max(r.After, rest.Wait(at.Sub(time.UnixMicro(l.now()))))
		}
	case status == http.StatusRequestEntityTooLarge:
		r.Why = channel.TooLong
	}
	return r
}
