package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"ronde/channel"
)

// access is how we sign in. A secret is read from its file each time, so that a
// new one is taken up without a restart.
type access interface {
	// get returns a password, or an access token when bearer.
	get(ctx context.Context) (secret string, bearer bool, err error)
	// expires is when the credential ends, microseconds UTC; 0: not known.
	expires() int64
}

func newAccess(l *Line) (access, error) {
	has := func(name string) bool { return l.set.Secrets[name] != "" }
	if address := l.set.Option("oauth", ""); address != "" {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, l.set.Wrong("option oauth is an https address")
		}
		if !has("client") && !has("refresh") || l.set.Option("client", "") == "" {
			return nil, l.set.Wrong("option oauth needs the option client, and the secret client or refresh")
		}
		return &granted{line: l, address: address}, nil
	}
	if has("password") == has("token") {
		return nil, l.set.Wrong("one of the secrets password and token is needed")
	}
	name := "password"
	if has("token") {
		name = "token"
	}
	return filed{line: l, name: name}, nil
}

// filed is a password or a token in a file.
type filed struct {
	line *Line
	name string
}

func (f filed) get(context.Context) (string, bool, error) {
	s, err := f.line.secret(f.name)
	if err != nil || s == "" || strings.ContainsAny(s, "\r\n\x00\x01") {
		return "", false, &channel.Refusal{Why: channel.Expired, Err: errors.New("read secret " + f.name + ": none that can be used")}
	}
	return s, f.name == "token", nil
}

func (filed) expires() int64 { return 0 }

// granted fetches access tokens (RFC 6749 §4.4, §6) and keeps one in memory
// until shortly before it ends.
type granted struct {
	line    *Line
	address string

	mu    sync.Mutex // guards the token; held while one is fetched
	token string
	until int64 // microseconds UTC
}

const (
	tokenTime  = 15 * time.Second
	tokenSpare = time.Minute
	maxToken   = 64 << 10 // bytes of the answer
)

func (g *granted) expires() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.line.set.Secrets["refresh"] != "" {
		return 0 // it is renewed by itself
	}
	return g.until
}

func (g *granted) get(ctx context.Context) (string, bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.token != "" && g.line.means.Now() < g.until-tokenSpare.Microseconds() {
		return g.token, true, nil
	}
	form, err := g.form()
	if err != nil {
		return "", false, err
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", false, fmt.Errorf("fetch access token: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	return g.fetch(r)
}

func (g *granted) form() (url.Values, error) {
	form := url.Values{"client_id": {g.line.set.Option("client", "")}, "grant_type": {"client_credentials"}}
	if s := g.line.set.Option("scope", ""); s != "" {
		form.Set("scope", s)
	}
	for secret, field := range map[string]string{"client": "client_secret", "refresh": "refresh_token"} {
		if g.line.set.Secrets[secret] == "" {
			continue
		}
		s, err := g.line.secret(secret)
		if err != nil {
			return nil, &channel.Refusal{Why: channel.Expired, Err: errors.New("read secret " + secret)}
		}
		form.Set(field, s)
		if secret == "refresh" {
			form.Set("grant_type", "refresh_token")
		}
	}
	return form, nil
}

func (g *granted) fetch(r *http.Request) (string, bool, error) {
	answer, err := g.line.means.Client.Do(r)
	if err != nil {
		return "", false, errors.New("fetch access token: no answer")
	}
	defer answer.Body.Close()
	var got struct {
		Token   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	switch {
	case answer.StatusCode == http.StatusBadRequest || answer.StatusCode == http.StatusUnauthorized:
		return "", false, &channel.Refusal{Why: channel.Expired, Err: fmt.Errorf("fetch access token: answered %d", answer.StatusCode)}
	case answer.StatusCode != http.StatusOK:
		return "", false, &channel.Refusal{Why: channel.Later, Err: fmt.Errorf("fetch access token: answered %d", answer.StatusCode)}
	case json.NewDecoder(io.LimitReader(answer.Body, maxToken)).Decode(&got) != nil || got.Token == "" || strings.ContainsAny(got.Token, "\r\n\x00\x01"):
		return "", false, errors.New("fetch access token: the answer has none")
	}
	g.token, g.until = got.Token, g.line.means.Now()+max(got.Seconds, 0)*1_000_000
	return g.token, true, nil
}
