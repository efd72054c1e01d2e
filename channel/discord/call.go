package discord

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

// agent is how Discord wants programs to call themselves.
const agent = "DiscordBot (https://ronde.example, 1)"

// maxWaits bounds what is remembered of rate limits.
const maxWaits = 1000

// api calls Discord's REST.
type api struct {
	http  *http.Client
	base  string
	token *rest.Secret
	now   func() int64

	mu   sync.Mutex       // guards wait
	wait map[string]int64 // path → when it is free again, microseconds UTC
}

// problem is how Discord says what is wrong.
type problem struct {
	Code       int     `json:"code"`
	RetryAfter float64 `json:"retry_after"` // seconds
}

// request makes the same request again for another token.
type request func(ctx context.Context, address string) (*http.Request, error)

func (a *api) get(ctx context.Context, path string, out any) error {
	return a.do(ctx, path, out, func(ctx context.Context, address string) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodGet, address, nil)
	})
}

// do tries again when the token was refused and another lies in its file.
func (a *api) do(ctx context.Context, path string, out any, make request) error {
	for {
		token := a.token.Value()
		err := a.once(ctx, token, path, out, make)
		if channel.WhyOf(err) != channel.Expired || !a.token.Renew(token) {
			return err
		}
	}
}

func (a *api) once(ctx context.Context, token, path string, out any, make request) error {
	if left := a.busy(path); left > 0 {
		return later(left, "the last answer said to wait")
	}
	req, err := make(ctx, a.base+path)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bot "+token)
	req.Header.Set("User-Agent", agent)
	got, err := rest.Do(a.http, req)
	if err != nil {
		return err
	}
	a.note(path, got.Header)
	if got.OK() {
		return got.Into(out)
	}
	var p problem
	if got.Into(&p) != nil {
		p = problem{}
	}
	after := time.Duration(p.RetryAfter * float64(time.Second))
	if after <= 0 || after > rest.MaxAfter {
		after = rest.After(got.Header, a.now())
	}
	return refusal(got.Status, p.Code, after)
}

// busy is how long a path is not to be called.
func (a *api) busy(path string) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Duration(a.wait[path]-a.now()) * time.Microsecond
}

// note remembers that a bucket is empty: asking on would be refused, and too
// many refusals shut out the whole machine.
func (a *api) note(path string, h http.Header) {
	if h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || s <= 0 || s > rest.MaxAfter.Seconds() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for p, until := range a.wait {
		if until < a.now() || len(a.wait) >= maxWaits {
			delete(a.wait, p)
		}
	}
	a.wait[path] = a.now() + int64(s*1e6)
}

func later(after time.Duration, why string) error {
	return &channel.Refusal{Why: channel.Later, After: rest.Wait(after), Err: errors.New(why)}
}

// codes are Discord's own, where they say more than the status does.
var codes = map[int]struct{ why, text string }{
	10003:  {channel.Gone, "the channel is no more"},
	10008:  {channel.Gone, "the message is no more"},
	10013:  {channel.Gone, "the account is no more"},
	20026:  {channel.Rejected, "the bot was flagged by Discord's filter against spam"},
	40003:  {channel.Later, "conversations were opened too fast"},
	40005:  {channel.TooLong, "the file is too large"},
	50001:  {channel.Gone, "the bot may not see the channel"},
	50007:  {channel.Gone, "they take no messages from the bot"},
	50013:  {channel.Gone, "the bot may not write there"},
	50278:  {channel.Gone, "they take no messages from the bot: no server is shared"},
	200000: {channel.Rejected, "the server's own filter held the message back"},
	240000: {channel.Rejected, "Discord holds a link in the message for harmful"},
}

// refusal says why Discord did not do it.
func refusal(status, code int, after time.Duration) error {
	if c, ok := codes[code]; ok {
		return &channel.Refusal{Why: c.why, After: rest.Wait(after), Err: errors.New(c.text)}
	}
	switch {
	case status == http.StatusTooManyRequests:
		return later(after, "too many requests")
	case status == http.StatusUnauthorized:
		return &channel.Refusal{Why: channel.Expired, Err: errors.New("the token is no longer good")}
	case status == http.StatusRequestEntityTooLarge:
		return &channel.Refusal{Why: channel.TooLong, Err: errors.New("the file is too large")}
	case status == http.StatusNotFound:
		return &channel.Refusal{Why: channel.Gone, Err: errors.New("it is no more")}
	case status >= http.StatusInternalServerError:
		return later(after, "discord is not well")
	}
	return &channel.Refusal{Why: channel.Rejected, Err: errors.New("status " + strconv.Itoa(status) + ", code " + strconv.Itoa(code))}
}
