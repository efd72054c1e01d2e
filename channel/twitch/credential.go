package twitch

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"ronde/channel"
	"ronde/internal/rest"
)

// credential is a token that lies in a file, and may be renewed in memory.
type credential struct {
	file    *rest.Secret
	refresh *rest.Secret // nil: the token cannot be renewed
	secret  *rest.Secret
	client  string

	mu    sync.Mutex // guards all below, also while a token is renewed
	fresh string     // that Twitch gave in exchange; "": none
	of    string     // what lay in the file when it did
	next  string     // refresh token that came with it
}

func newCredential(set channel.Setting, secret func(string) (string, error)) (*credential, error) {
	c := &credential{client: set.Option("client", "")}
	refresh := set.Secrets["refresh"] != ""
	if refresh != (set.Secrets["client_secret"] != "") || refresh && c.client == "" {
		return nil, set.Wrong("a token is renewed with the secrets refresh and client_secret and the option client, all three")
	}
	wanted := map[string]**rest.Secret{"token": &c.file}
	if refresh {
		wanted["refresh"], wanted["client_secret"] = &c.refresh, &c.secret
	}
	for name, to := range wanted {
		var err error
		if *to, err = rest.NewSecret(func() (string, error) { return secret(name) }); err != nil {
			return nil, set.Wrong("secret %s: %v", name, err)
		}
	}
	return c, nil
}

func (c *credential) renewable() bool { return c.refresh != nil }

// value is the token that is good now, as far as we know.
func (c *credential) value() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current()
}

func (c *credential) current() string {
	if c.fresh != "" && c.of == c.file.Value() {
		return c.fresh
	}
	return strings.TrimPrefix(c.file.Value(), "oauth:") // as some tools write it
}

// renew looks for another token than old: in the file, then at Twitch. ask
// exchanges a refresh token for a token and the next refresh token.
func (c *credential) renew(old string, ask func(form url.Values) (token, next string, err error)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current() != old {
		return true
	}
	if c.file.Renew(c.file.Value()); c.current() != old {
		return true
	}
	if c.refresh == nil {
		return false
	}
	next := c.next
	if next == "" || c.refresh.Renew(c.refresh.Value()) {
		next = c.refresh.Value()
	}
	token, next, err := ask(url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {next}, "client_id": {c.client}, "client_secret": {c.secret.Value()},
	})
	if err != nil || token == "" || token == old {
		return false
	}
	c.fresh, c.of, c.next = token, c.file.Value(), next
	return true
}

// exchange asks Twitch for a new token.
func (l *Line) exchange(ctx context.Context) func(url.Values) (string, string, error) {
	return func(form url.Values) (string, string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.id+"/token", strings.NewReader(form.Encode()))
		if err != nil {
			return "", "", err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		got, err := rest.Do(l.http, req)
		if err != nil {
			return "", "", err
		}
		if !got.OK() {
			return "", "", l.refusal(got)
		}
		var in struct {
			Token   string `json:"access_token"`
			Refresh string `json:"refresh_token"`
		}
		err = got.Into(&in)
		return in.Token, in.Refresh, err
	}
}
