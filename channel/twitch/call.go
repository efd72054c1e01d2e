package twitch

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

// request makes the same request again for another token.
type request func(ctx context.Context, token string) (*http.Request, error)

// do asks, and tries again when the token was refused and there is another.
func (l *Line) do(ctx context.Context, out any, make request) error {
	for {
		token := l.token.value()
		err := l.once(ctx, token, out, make)
		if channel.WhyOf(err) != channel.Expired || !l.token.renew(token, l.exchange(ctx)) {
			return err
		}
	}
}

func (l *Line) once(ctx context.Context, token string, out any, make request) error {
	req, err := make(ctx, token)
	if err != nil {
		return err
	}
	got, err := rest.Do(l.http, req)
	if err != nil {
		return err
	}
	if !got.OK() {
		return l.refusal(got)
	}
	return got.Into(out)
}

// helix calls Twitch's API.
func (l *Line) helix(ctx context.Context, method, path string, body, out any) error {
	l.mu.Lock()
	client := l.me.Client
	l.mu.Unlock()
	return l.do(ctx, out, func(ctx context.Context, token string) (*http.Request, error) {
		req, err := rest.JSON(ctx, method, l.api+path, body)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Client-Id", client)
		}
		return req, err
	})
}

// refusal says why Twitch did not do it.
func (l *Line) refusal(got rest.Answer) error {
	switch {
	case got.Status == http.StatusUnauthorized:
		return refuse(channel.Expired, "the token is no longer good")
	case got.Status == http.StatusForbidden:
		return refuse(channel.Gone, "the bot may not write in this chat")
	case got.Status == http.StatusUnprocessableEntity:
		return refuse(channel.TooLong, "the message is too long")
	case got.Status == http.StatusTooManyRequests:
		return &channel.Refusal{Why: channel.Later, After: l.reset(got.Header), Err: errRate}
	case got.Status >= http.StatusInternalServerError:
		return refuse(channel.Later, "twitch is not well")
	}
	return refuse(channel.Rejected, "status "+strconv.Itoa(got.Status))
}

// reset reads when the bucket is full again: a time in seconds.
func (l *Line) reset(h http.Header) time.Duration {
	at, err := strconv.ParseInt(h.Get("Ratelimit-Reset"), 10, 64)
	if err != nil || at <= 0 || at > 1<<40 {
		return rest.After(h, l.now())
	}
	return rest.Wait(time.UnixMicro(at * 1_000_000).Sub(time.UnixMicro(l.now())))
}
