package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

const (
	defaultServer = "https://bsky.social"
	defaultPLC    = "https://plc.directory"
	defaultPoll   = 10 // seconds

	maxPost         = 300  // graphemes of a post
	maxPostBytes    = 3000 // bytes of a post
	maxMessage      = 1000 // graphemes of a direct message
	maxMessageBytes = 10_000
	maxImages       = 4
	maxImage        = 1_000_000 // bytes of one image
)

// Line is one account's messages, or its mentions. It is safe for concurrent
// use.
type Line struct {
	client   *http.Client
	now      func() int64
	insecure bool // plain http is allowed: the server is one
	plc      string
	mentions bool
	poll     time.Duration
	session  session
	sent     sentIDs
	convos   convos
}

var needs = channel.Needs{Options: []string{"read", "server", "plc", "poll"}, Secrets: []string{"password"}}

// New makes a line from its row. It asks the network nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	what, err := set.Choice("read", "messages", "mentions")
	if err != nil {
		return nil, err
	}
	poll, err := set.Number("poll", defaultPoll, 1, 300)
	if err != nil {
		return nil, err
	}
	server, plc := strings.TrimSuffix(set.Option("server", defaultServer), "/"), strings.TrimSuffix(set.Option("plc", defaultPLC), "/")
	u, ok := rest.Web(server, true)
	if !ok || u.Path != "" {
		return nil, set.Wrong("option server is the server's address, as https://bsky.social")
	}
	if _, ok := rest.Web(plc, u.Scheme == "http"); !ok {
		return nil, set.Wrong("option plc is a web address")
	}
	name := strings.TrimPrefix(set.Account, "@")
	if name == "" || strings.ContainsAny(name, " /") {
		return nil, set.Wrong("account is the handle that signs in")
	}
	l := &Line{client: means.Client, now: means.Now, insecure: u.Scheme == "http", plc: plc, mentions: what == "mentions", poll: time.Duration(poll) * time.Second}
	l.session = session{line: l, server: server, name: name}
	if l.session.password, err = rest.NewSecret(func() (string, error) { return secret("password") }); err != nil {
		return nil, set.Wrong("secret password: %v", err)
	}
	return l, nil
}

// Limits says what posts or messages allow.
func (l *Line) Limits() channel.Limits {
	if l.mentions {
		return channel.Limits{Runes: maxPost, Files: true, Deletes: true, Public: true}
	}
	return channel.Limits{Runes: maxMessage}
}

// Receive reads what came since the mark until ctx ends.
func (l *Line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	var m mark
	if from != nil && (json.Unmarshal(from, &m) != nil || !m.whole(l.mentions)) {
		return &channel.Refusal{Why: channel.Forgotten}
	}
	if l.mentions {
		return rest.Ended(ctx, l.readMentions(ctx, m, take))
	}
	return rest.Ended(ctx, l.readMessages(ctx, m, take))
}

// Test signs in, and asks for what the line reads: an app password may have no
// access to messages, and the account may be closed to strangers.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	var me struct {
		Handle string `json:"handle"`
	}
	if err := l.query(ctx, "com.atproto.server.getSession", nil, &me); err != nil {
		return channel.Checkup{}, err
	}
	if !l.mentions {
		if err := l.query(ctx, "chat.bsky.convo.listConvos", values("limit", "1"), nil); err != nil {
			return channel.Checkup{}, err
		}
		if err := l.open(ctx); err != nil {
			return channel.Checkup{}, err
		}
	}
	return channel.Checkup{Account: "@" + me.Handle}, nil
}

// open asks whether strangers may write to the account: at first they may not,
// and nobody is told.
func (l *Line) open(ctx context.Context) error {
	me, err := l.me(ctx)
	if err != nil {
		return err
	}
	var record struct {
		Value struct {
			From string `json:"allowIncoming"`
		} `json:"value"`
	}
	err = l.query(ctx, "com.atproto.repo.getRecord", values("repo", me, "collection", "chat.bsky.actor.declaration", "rkey", "self"), &record)
	if why := channel.WhyOf(err); err != nil && why != channel.Rejected && why != channel.Gone { // not: RecordNotFound
		return err
	}
	if record.Value.From != "all" {
		return &channel.Refusal{Why: channel.Rejected, Err: errors.New("test line: the account's settings do not allow messages from everyone")}
	}
	return nil
}
