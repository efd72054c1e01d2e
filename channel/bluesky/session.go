package bluesky

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

// afterWrong is how long a password that was refused is not tried again: a
// server takes few of them a day.
const afterWrong = time.Minute

// session is the account's sign-in at its server.
type session struct {
	line     *Line
	server   string // where to sign in
	name     string
	password *rest.Secret

	mu      sync.Mutex // guards all below; held while signing in, so that one does
	access  string
	refresh string
	did     string
	host    string // the account's own server, once it is known
	wrong   string // password that was refused
	since   int64  // when, microseconds UTC
}

// tokens is what signing in and refreshing answer.
type tokens struct {
	Access  string `json:"accessJwt"`
	Refresh string `json:"refreshJwt"`
	DID     string `json:"did"`
	Doc     *doc   `json:"didDoc"`
}

// doc is the part of an identifier's document that names its server.
type doc struct {
	Service []struct {
		ID       string          `json:"id"`
		Type     string          `json:"type"`
		Endpoint json.RawMessage `json:"serviceEndpoint"` // text, or something else that is not meant
	} `json:"service"`
}

// pds is the server that a document names, or "".
func (d *doc) pds(insecure bool) string {
	if d == nil {
		return ""
	}
	for _, s := range d.Service {
		var at string
		if strings.HasSuffix(s.ID, "#atproto_pds") && json.Unmarshal(s.Endpoint, &at) == nil {
			if u, ok := rest.Web(strings.TrimSuffix(at, "/"), insecure); ok && u.Path == "" && u.RawQuery == "" {
				return u.String()
			}
		}
	}
	return ""
}

// use is what a call needs of the session; stale is an access token that was
// refused, or "".
func (s *session) use(ctx context.Context, stale string) (access, host, did string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.access == "" || s.access == stale {
		if err = s.renew(ctx); err != nil {
			return "", "", "", err
		}
	}
	return s.access, s.host, s.did, nil
}

// renew refreshes the session, or signs in anew.
func (s *session) renew(ctx context.Context) error {
	if s.refresh != "" {
		t, err := s.ask(ctx, s.host, "com.atproto.server.refreshSession", s.refresh, nil)
		if err == nil {
			s.set(t)
			return nil
		}
		if channel.WhyOf(err) != channel.Expired {
			return err
		}
		s.access, s.refresh = "", ""
	}
	return s.signIn(ctx)
}

func (s *session) signIn(ctx context.Context) error {
	password := s.password.Value()
	if s.wrong == password && !s.password.Renew(password) && s.line.now()-s.since < afterWrong.Microseconds() {
		return &channel.Refusal{Why: channel.Expired}
	}
	password = s.password.Value()
	t, err := s.ask(ctx, s.server, "com.atproto.server.createSession", "", map[string]string{"identifier": s.name, "password": password})
	if channel.WhyOf(err) == channel.Expired {
		if s.password.Renew(password) {
			return s.signIn(ctx)
		}
		s.wrong, s.since = password, s.line.now()
	}
	if err == nil {
		s.wrong = ""
		s.set(t)
	}
	return err
}

func (s *session) set(t tokens) {
	s.access, s.refresh, s.did = t.Access, t.Refresh, t.DID
	if at := t.Doc.pds(s.line.insecure); at != "" {
		s.host = at
	}
	if s.host == "" {
		s.host = s.server
	}
}

func (s *session) ask(ctx context.Context, host, method, bearer string, body any) (tokens, error) {
	var t tokens
	req, err := rest.JSON(ctx, http.MethodPost, host+"/xrpc/"+method, body)
	if err != nil {
		return t, err
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	ans, err := rest.Do(s.line.client, req)
	if err != nil {
		return t, err
	}
	if !ans.OK() {
		return t, s.line.refusal(ans)
	}
	if err := ans.Into(&t); err != nil {
		return t, err
	}
	if t.Access == "" || t.Refresh == "" || !strings.HasPrefix(t.DID, "did:") {
		return t, &channel.Refusal{Why: channel.Later}
	}
	return t, nil
}

func values(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q
}
