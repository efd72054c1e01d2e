package twitch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

// Twitch's own servers.
const (
	apiServer  = "https://api.twitch.tv/helix"
	idServer   = "https://id.twitch.tv/oauth2"
	chatServer = "wss://irc-ws.chat.twitch.tv:443"
)

const (
	maxRunes  = 500  // of a message
	maxRecent = 2000 // messages that are remembered, so that their removal can be told
	maxOwn    = 200  // messages of ours that are remembered
)

// Line is one chat. It is safe for concurrent use.
type Line struct {
	http          *http.Client
	now           func() int64
	api, id, chat string
	channel       string // login name; "": that of the bot
	called        bool   // only what calls us is heard
	token         *credential
	quiet, answer time.Duration // of a silent connection, until it is asked, and until it is given up
	sending       chan struct{} // held while a message of ours is on its way

	mu     sync.Mutex // guards all below
	me     identity
	room   string // id of the channel's owner
	owes   bool   // what was said since the mark is lost, and was not told yet
	recent recent
	own    []own
	sent   []string // ids that the API gave us
}

// identity is whom a token is for.
type identity struct {
	Client  string   `json:"client_id"`
	Login   string   `json:"login"`
	User    string   `json:"user_id"`
	Scopes  []string `json:"scopes"`
	Expires int64    `json:"expires_in"` // seconds
}

var needs = channel.Needs{
	Options: []string{"channel", "hear", "client", "server"},
	Secrets: []string{"token"}, May: []string{"refresh", "client_secret"},
}

var loginForm = regexp.MustCompile(`^[a-z0-9_]{1,25}$`)

// scopes are what a token must be allowed.
var scopes = []string{"chat:read", "user:write:chat"}

// New makes a line from its row. It asks Twitch nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	l := &Line{
		http: means.Client, now: means.Now, api: apiServer, id: idServer, chat: chatServer,
		channel: strings.ToLower(strings.TrimPrefix(set.Option("channel", ""), "#")),
		quiet:   silence, answer: patience, sending: make(chan struct{}, 1), owes: true,
	}
	if l.channel != "" && !loginForm.MatchString(l.channel) {
		return nil, set.Wrong("option channel is a login name such as police_brume")
	}
	if server := strings.TrimSuffix(set.Option("server", ""), "/"); server != "" {
		if _, web := rest.Web(server, true); !web {
			return nil, set.Wrong("option server is a web address")
		}
		l.api, l.id, l.chat = server+"/helix", server+"/oauth2", "ws"+strings.TrimPrefix(server, "http")+"/irc"
	}
	hear, err := set.Choice("hear", "all", "called")
	if err != nil {
		return nil, err
	}
	l.called = hear == "called"
	if l.token, err = newCredential(set, secret); err != nil {
		return nil, err
	}
	return l, nil
}

// Limits says what Twitch allows.
func (l *Line) Limits() channel.Limits {
	return channel.Limits{Runes: maxRunes, Deletes: true, Public: true}
}

// Test asks Twitch whose token we hold and what it is allowed.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	me, err := l.identify(ctx)
	if err != nil {
		return channel.Checkup{}, err
	}
	out := channel.Checkup{Account: me.Login}
	if me.Expires > 0 && !l.token.renewable() {
		out.Expires = l.now() + me.Expires*1_000_000
	}
	return out, nil
}

// identify asks whom the token is for; Twitch wants to be asked every hour.
func (l *Line) identify(ctx context.Context) (identity, error) {
	var me identity
	err := l.do(ctx, &me, func(ctx context.Context, token string) (*http.Request, error) {
		req, err := rest.JSON(ctx, http.MethodGet, l.id+"/validate", nil)
		if err == nil {
			req.Header.Set("Authorization", "OAuth "+token)
		}
		return req, err
	})
	if err != nil {
		return me, err
	}
	for _, s := range scopes {
		if !slices.Contains(me.Scopes, s) {
			return me, refuse(channel.Rejected, "the token lacks the scope "+s)
		}
	}
	if !loginForm.MatchString(me.Login) {
		return me, errors.New("ask whose token it is: not a login name")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.me = me
	return me, nil
}

// place is who we are and which room the chat is, asked once.
func (l *Line) place(ctx context.Context) (me identity, room string, err error) {
	l.mu.Lock()
	me, room = l.me, l.room
	l.mu.Unlock()
	if room != "" {
		return me, room, nil
	}
	if me, err = l.identify(ctx); err != nil {
		return me, "", err
	}
	if l.home(me) == me.Login {
		return me, l.settle(me.User), nil
	}
	var users struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := l.helix(ctx, http.MethodGet, "/users?login="+url.QueryEscape(l.channel), nil, &users); err != nil {
		return me, "", err
	}
	if len(users.Data) != 1 || users.Data[0].ID == "" {
		return me, "", refuse(channel.Rejected, "the channel is not there")
	}
	return me, l.settle(users.Data[0].ID), nil
}

// home is the login name of the channel whose chat it is.
func (l *Line) home(me identity) string {
	if l.channel != "" {
		return l.channel
	}
	return me.Login
}

func (l *Line) settle(room string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room, _ = channel.Cut(room, maxUser)
	return l.room
}

func refuse(why, text string) error {
	return &channel.Refusal{Why: why, Err: errors.New(text)}
}
