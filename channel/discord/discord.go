package discord

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

// Server is Discord's own.
const Server = "https://discord.com"

const (
	maxRunes    = 2000     // of a message
	maxUpload   = 10 << 20 // bytes of a file of ours, without paid extras
	maxFiles    = 10       // of a message of ours
	maxChannels = 100      // that a row may name
	maxRecent   = 2000     // messages of channels whose conversation is remembered
	maxUser     = 64       // bytes of a user's id
)

// Line is one bot. It is safe for concurrent use.
type Line struct {
	api      api
	now      func() int64
	channels map[string]bool
	called   bool                   // of channels only what calls us is heard
	gateways func(host string) bool // where the token may go

	mu   sync.Mutex // guards all below
	me   string     // our own id, once known
	last *mark      // what was fetched when a gap was told
	// threads are the conversations of the channels' last messages, by id, and
	// order the ids, oldest first.
	threads map[string]string
	order   []string
}

var needs = channel.Needs{Options: []string{"channels", "hear", "server"}, Secrets: []string{"token"}}

// snowflake is how Discord numbers everything.
var snowflake = regexp.MustCompile(`^[0-9]{1,20}$`)

// New makes a line from its row. It asks Discord nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	server := strings.TrimSuffix(set.Option("server", Server), "/")
	at, web := rest.Web(server, true)
	if !web {
		return nil, set.Wrong("option server is a web address")
	}
	l := &Line{now: means.Now, channels: map[string]bool{}, gateways: gateways(at), threads: map[string]string{}}
	hear, err := set.Choice("hear", "all", "called")
	if err != nil {
		return nil, err
	}
	l.called = hear == "called"
	for _, c := range strings.FieldsFunc(set.Option("channels", ""), func(r rune) bool { return r == ',' || r == ' ' }) {
		if !snowflake.MatchString(c) || len(l.channels) == maxChannels {
			return nil, set.Wrong("option channels holds at most %d numbers such as 1100000000000000001", maxChannels)
		}
		l.channels[c] = true
	}
	token, err := rest.NewSecret(func() (string, error) { return secret("token") })
	if err != nil {
		return nil, set.Wrong("secret token: %v", err)
	}
	l.api = api{http: means.Client, base: server + "/api/v10", token: token, now: means.Now, wait: map[string]int64{}}
	return l, nil
}

// gateways says to which hosts the token may go: Discord's, or that of another
// server that the row names.
func gateways(server *url.URL) func(string) bool {
	if server.Host != "discord.com" {
		return func(host string) bool { return host == server.Host }
	}
	return func(host string) bool { return host == "discord.gg" || strings.HasSuffix(host, ".discord.gg") }
}

// Limits says what Discord allows.
func (l *Line) Limits() channel.Limits {
	return channel.Limits{Runes: maxRunes, Files: true, Edits: true, Deletes: true}
}

// Test asks Discord who the bot is.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	var me user
	if err := l.api.get(ctx, "/users/@me", &me); err != nil {
		return channel.Checkup{}, err
	}
	l.known(me.ID)
	return channel.Checkup{Account: me.Username}, nil
}

func (l *Line) known(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.me = id
}

// self is our own id.
func (l *Line) self(ctx context.Context) (string, error) {
	l.mu.Lock()
	me := l.me
	l.mu.Unlock()
	if me != "" {
		return me, nil
	}
	var u user
	if err := l.api.get(ctx, "/users/@me", &u); err != nil {
		return "", err
	}
	l.known(u.ID)
	return u.ID, nil
}

// epoch is the first second of Discord's numbers, in milliseconds UTC.
const epoch = 1420070400000

// at is the time in a number, microseconds UTC; 0 when it holds none.
func at(id string) int64 {
	n := number(id)
	if n == 0 {
		return 0
	}
	return int64(n>>22+epoch) * int64(time.Millisecond/time.Microsecond)
}

// since is the smallest number of a time, microseconds UTC.
func since(micros int64) uint64 {
	return uint64(max(0, micros/1000-epoch)) << 22
}
