package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

// chatService is where a server forwards calls about messages to.
const chatService = "did:web:api.bsky.chat#bsky_chat"

// query asks; procedure does. Both sign in when they must.
func (l *Line) query(ctx context.Context, method string, q url.Values, v any) error {
	return l.call(ctx, method, func(ctx context.Context, host string) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodGet, host+"/xrpc/"+method+"?"+q.Encode(), nil)
	}, v)
}

func (l *Line) procedure(ctx context.Context, method string, body, v any) error {
	return l.call(ctx, method, func(ctx context.Context, host string) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodPost, host+"/xrpc/"+method, body)
	}, v)
}

// uploadBlob puts a file with the account's server.
func (l *Line) uploadBlob(ctx context.Context, kind string, b []byte, v any) error {
	const method = "com.atproto.repo.uploadBlob"
	return l.call(ctx, method, func(ctx context.Context, host string) (*http.Request, error) {
		req, err := rest.JSON(ctx, http.MethodPost, host+"/xrpc/"+method, nil)
		if err != nil {
			return nil, err
		}
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
		req.Header.Set("Content-Type", kind)
		return req, nil
	}, v)
}

func (l *Line) call(ctx context.Context, method string, make func(context.Context, string) (*http.Request, error), v any) error {
	stale := ""
	for {
		access, host, _, err := l.session.use(ctx, stale)
		if err != nil {
			return err
		}
		req, err := make(ctx, host)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+access)
		if strings.HasPrefix(method, "chat.bsky.") {
			req.Header.Set("Atproto-Proxy", chatService)
		}
		ans, err := rest.Do(l.client, req)
		if err != nil {
			return err
		}
		if ans.OK() {
			return ans.Into(v)
		}
		err = l.refusal(ans)
		if channel.WhyOf(err) != channel.Expired || stale != "" {
			return err
		}
		stale = access
	}
}

// me is our identifier, once the session stands.
func (l *Line) me(ctx context.Context) (string, error) {
	_, _, did, err := l.session.use(ctx, "")
	return did, err
}

var (
	signIns = []string{"ExpiredToken", "InvalidToken", "AuthenticationRequired", "AuthMissing", "AccountTakedown", "AccountDeactivated", "AuthFactorTokenRequired"}
	// closed are the words with which the chat service says that somebody does
	// not want to hear us. They are its own: no code tells it.
	closed = []string{"disabled incoming messages", "requires incoming messages", "block between", "blocked", "not a member", "recipient"}
)

// refusal says why the network refused, in the words that all lines share. Its
// own words are not kept: they may quote.
func (l *Line) refusal(ans rest.Answer) error {
	var e struct{ Error, Message string }
	if json.Unmarshal(ans.Body, &e) != nil || len(e.Error) > 64 {
		e.Error = ""
	}
	message := strings.ToLower(e.Message)
	r := &channel.Refusal{Why: channel.Rejected, Err: fmt.Errorf("xrpc answers %d %q", ans.Status, e.Error)}
	switch {
	case strings.Contains(message, "token scope"), strings.Contains(message, "token method"):
		r.Err = fmt.Errorf("xrpc answers %d: the app password has no access to this", ans.Status)
	case ans.Status == http.StatusUnauthorized, slices.Contains(signIns, e.Error):
		r.Why = channel.Expired
	case ans.Status == http.StatusTooManyRequests, ans.Status >= 500:
		r.Why, r.After = channel.Later, l.after(ans)
	case ans.Status == http.StatusRequestEntityTooLarge, e.Error == "BlobTooLarge":
		r.Why = channel.TooLong
	case e.Error == "InvalidConvo", e.Error == "ConvoLocked", ans.Status == http.StatusNotFound, ans.Status == http.StatusGone,
		ans.Status == http.StatusBadRequest && slices.ContainsFunc(closed, func(s string) bool { return strings.Contains(message, s) }):
		r.Why = channel.Gone
	}
	return r
}

// after reads Retry-After, or RateLimit-Reset: the second when it ends.
func (l *Line) after(ans rest.Answer) time.Duration {
	wait := rest.After(ans.Header, l.now())
	if at, err := strconv.ParseInt(ans.Header.Get("RateLimit-Reset"), 10, 64); err == nil && ans.Status == http.StatusTooManyRequests {
		wait = max(wait, rest.Wait(time.Unix(at, 0).Sub(time.UnixMicro(l.now()))))
	}
	return wait
}
