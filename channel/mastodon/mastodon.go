package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

const (
	defaultRunes = 500
	// mentionRunes is kept free of the server's limit for "@name " before the
	// text: a server counts the name only.
	mentionRunes = 32
	urlRunes     = 23 // every address counts as that many
	maxMedia     = 4
	maxImage     = 16 << 20

	poll    = time.Minute        // between two looks when the stream says nothing
	silence = 2 * time.Minute    // a stream without even a heartbeat is dead
	watch   = 7 * 24 * time.Hour // that long a mention is looked at again

	// looksAtOnce and lookEvery bound how often events make the line look: a
	// server takes 300 calls in five minutes, and a raid brings more events.
	looksAtOnce = 20
	lookEvery   = 3 * time.Second
)

// Line is one account. It is safe for concurrent use.
type Line struct {
	client  *http.Client
	now     func() int64
	server  *url.URL
	token   *rest.Secret
	private bool   // public mentions are passed over
	answers string // visibility of the answer to a public mention

	mu     sync.Mutex // guards runes, which the server tells
	runes  int
	stream *url.URL
}

var needs = channel.Needs{Options: []string{"server", "mentions", "answers"}, Secrets: []string{"token"}}

// New makes a line from its row. It asks the network nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	mentions, err := set.Choice("mentions", "all", "private")
	if err != nil {
		return nil, err
	}
	answers, err := set.Choice("answers", "unlisted", "public")
	if err != nil {
		return nil, err
	}
	u, ok := rest.Web(strings.TrimSuffix(set.Option("server", ""), "/"), true)
	if !ok || u.Path != "" || u.RawQuery != "" {
		return nil, set.Wrong("option server is the server's address, as https://brume.example")
	}
	l := &Line{client: means.Client, now: means.Now, server: u, stream: u, private: mentions == "private", answers: answers, runes: defaultRunes}
	if l.token, err = rest.NewSecret(func() (string, error) { return secret("token") }); err != nil {
		return nil, set.Wrong("secret token: %v", err)
	}
	return l, nil
}

// Limits says what the server allows; before it was asked, what most do.
func (l *Line) Limits() channel.Limits {
	return channel.Limits{Runes: l.most() - mentionRunes, Files: true, Edits: true, Deletes: true}
}

func (l *Line) most() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.runes
}

// account is somebody, as the server tells it.
type account struct {
	ID        string `json:"id"`
	Acct      string `json:"acct"`
	Name      string `json:"display_name"`
	Bot       bool   `json:"bot"`
	Suspended bool   `json:"suspended"`
}

func (l *Line) me(ctx context.Context) (account, error) {
	var me account
	_, err := l.get(ctx, "/api/v1/accounts/verify_credentials", nil, &me)
	return me, err
}

// instance learns the server's limits and where its stream is. What an older
// server does not tell stays as it was.
func (l *Line) instance(ctx context.Context) error {
	var in struct {
		Configuration struct {
			URLs     struct{ Streaming string }
			Statuses struct {
				Max int `json:"max_characters"`
			}
		}
	}
	if _, err := l.get(ctx, "/api/v2/instance", nil, &in); err != nil && channel.WhyOf(err) != channel.Gone {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := in.Configuration.Statuses.Max; m > 2*mentionRunes {
		l.runes = m
	}
	address := strings.Replace(in.Configuration.URLs.Streaming, "ws", "http", 1)
	if u, ok := rest.Web(strings.TrimSuffix(address, "/"), l.server.Scheme == "http"); ok && related(u, l.server) {
		l.stream = u
	}
	return nil
}

// related says whether a stream's host may see our token: the server itself,
// or one below the same name.
func related(u, server *url.URL) bool {
	if u.Scheme != server.Scheme {
		return false
	}
	return u.Host == server.Host || u.Port() == server.Port() && strings.HasSuffix(u.Hostname(), "."+base(server.Hostname()))
}

// base drops the first label of a name with more than two: www.brume.example
// is below brume.example.
func base(name string) string {
	if strings.Count(name, ".") < 2 {
		return name
	}
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// Test asks the server who we are. Its tokens do not end by themselves.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	me, err := l.me(ctx)
	if err != nil {
		return channel.Checkup{}, err
	}
	return channel.Checkup{Account: "@" + me.Acct + "@" + l.server.Hostname()}, nil
}
