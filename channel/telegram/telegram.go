package telegram

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"ronde/channel"
	"ronde/internal/rest"
)

// Server is Telegram's own.
const Server = "https://api.telegram.org"

const (
	maxRunes   = 4096 // of a message
	maxCaption = 1024 // of a message with files
	maxAlbum   = 10   // files of one message
	maxGroups  = 100  // that a row may name
)

// Line is one bot. It is safe for concurrent use.
type Line struct {
	api    api
	now    func() int64
	groups map[int64]bool

	mu    sync.Mutex      // guards all below, which Receive fills and Send reads
	moved map[int64]int64 // group's new number → the one its conversation is known by
	took  map[int64]int64 // group of which leave was taken → when, microseconds UTC
}

var needs = channel.Needs{Options: []string{"groups", "server"}, Secrets: []string{"token"}}

var groupForm = regexp.MustCompile(`^-[0-9]{1,19}$`)

// New makes a line from its row. It asks Telegram nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	server := strings.TrimSuffix(set.Option("server", Server), "/")
	if _, web := rest.Web(server, true); !web {
		return nil, set.Wrong("option server is a web address")
	}
	l := &Line{now: means.Now, groups: map[int64]bool{}, moved: map[int64]int64{}, took: map[int64]int64{}}
	for _, g := range strings.FieldsFunc(set.Option("groups", ""), func(r rune) bool { return r == ',' || r == ' ' }) {
		if !groupForm.MatchString(g) || len(l.groups) == maxGroups {
			return nil, set.Wrong("option groups holds at most %d numbers such as -1001234567890", maxGroups)
		}
		l.groups[number(g)] = true
	}
	token, err := rest.NewSecret(func() (string, error) { return secret("token") })
	if err != nil {
		return nil, set.Wrong("secret token: %v", err)
	}
	l.api = api{http: means.Client, base: server, token: token}
	return l, nil
}

// Limits says what the Bot API allows. Deletions are not told.
func (l *Line) Limits() channel.Limits {
	return channel.Limits{Runes: maxRunes, Files: true, Edits: true}
}

// Test asks Telegram who the bot is.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	var me struct {
		Username string `json:"username"`
		Name     string `json:"first_name"`
	}
	if err := l.api.call(ctx, "getMe", nil, &me); err != nil {
		return channel.Checkup{}, err
	}
	if me.Username == "" {
		return channel.Checkup{Account: me.Name}, nil
	}
	return channel.Checkup{Account: "@" + me.Username}, nil
}
