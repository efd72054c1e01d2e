package meta

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/graph"
	"ronde/internal/rest"
)

const (
	maxRunes      = 2000 // Messenger: characters of one message
	maxInstagram  = 1000 // Instagram: bytes of one message
	runesOnInsta  = 333  // letters that fit, at three bytes each: any but an emoji
	answerWindow  = 24 * time.Hour
	humanWindow   = 7 * 24 * time.Hour
	defaultSweep  = 10 // minutes
	keptNames     = 1000
	nameTimeout   = 3 * time.Second
	windowReserve = time.Minute // an answer is on its way that long
)

// Line is one page or account. It is safe for concurrent use.
type Line struct {
	set    channel.Setting
	api    graph.API
	verify *rest.Secret
	now    func() int64
	id     string
	app    string
	insta  bool
	human  bool
	names  bool
	sweep  time.Duration

	mu   sync.Mutex        // guards told, which webhooks fill side by side
	told map[string]person // names that were asked for, at most keptNames
}

var needs = channel.Needs{
	Options: []string{"id", "network", "app", "human_agent", "names", "sweep", "version", "server"},
	Secrets: []string{"token", "app_secret", "verify"},
}

var (
	idForm      = regexp.MustCompile(`^[0-9]{1,32}$`)
	versionForm = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)
)

// New makes a line from its row. It asks the network nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	l := &Line{set: set, now: means.Now, id: set.Option("id", ""), app: set.Option("app", ""), told: map[string]person{}}
	if err := l.options(); err != nil {
		return nil, err
	}
	l.api = graph.API{HTTP: means.Client, Base: strings.TrimSuffix(set.Option("server", graph.Server), "/"), Version: set.Option("version", graph.Version), Now: means.Now}
	var err error
	for name, to := range map[string]**rest.Secret{"token": &l.api.Token, "app_secret": &l.api.App, "verify": &l.verify} {
		if *to, err = rest.NewSecret(func() (string, error) { return secret(name) }); err != nil {
			return nil, set.Wrong("secret %s: %v", name, err)
		}
	}
	return l, nil
}

func (l *Line) options() error {
	network, err := l.set.Choice("network", "messenger", "instagram")
	if err != nil {
		return err
	}
	human, err := l.set.Choice("human_agent", "no", "yes")
	if err != nil {
		return err
	}
	names, err := l.set.Choice("names", "no", "yes")
	if err != nil {
		return err
	}
	sweep, err := l.set.Number("sweep", defaultSweep, 1, 60)
	if err != nil {
		return err
	}
	l.insta, l.human, l.names, l.sweep = network == "instagram", human == "yes", names == "yes", time.Duration(sweep)*time.Minute
	switch _, web := rest.Web(l.set.Option("server", graph.Server), true); {
	case !idForm.MatchString(l.id):
		return l.set.Wrong("option id is the number of the page or of the Instagram account")
	case l.app != "" && !idForm.MatchString(l.app):
		return l.set.Wrong("option app is the number of the app")
	case !versionForm.MatchString(l.set.Option("version", graph.Version)):
		return l.set.Wrong("option version looks like v25.0")
	case !web:
		return l.set.Wrong("option server is a web address")
	}
	return nil
}

// Limits says what Messenger or Instagram allows.
func (l *Line) Limits() channel.Limits {
	out := channel.Limits{Runes: maxRunes, Window: answerWindow, Edits: true, Receipt: true}
	if l.insta {
		out.Runes, out.Deletes = runesOnInsta, true
	}
	if l.human {
		out.Window = humanWindow
	}
	return out
}

func (l *Line) platform() string {
	if l.insta {
		return "instagram"
	}
	return "messenger"
}

// Test asks Graph whose token we hold and, when the app is known, when it ends
// and whether webhooks still come.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	var me struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
	}
	if err := l.api.Get(ctx, "me", fields("id,name"), &me); err != nil {
		return channel.Checkup{}, refusal(err)
	}
	out := channel.Checkup{Account: me.Name}
	if out.Account == "" {
		out.Account = me.ID
	}
	if l.app == "" {
		return out, nil
	}
	if err := l.subscribed(ctx); err != nil {
		return out, err
	}
	var err error
	out.Expires, err = l.api.Expires(ctx, l.app)
	return out, refusal(err)
}

// subscribed asks whether webhooks of the page's messages come to our app: when
// somebody changes the page's settings they end without a word. A token that
// may not ask says nothing.
func (l *Line) subscribed(ctx context.Context) error {
	var all struct {
		Data []struct {
			ID     string   `json:"id"`
			Fields []string `json:"subscribed_fields"`
		} `json:"data"`
	}
	err := l.api.Get(ctx, "me/subscribed_apps", nil, &all)
	if why := channel.WhyOf(refusal(err)); why == channel.Rejected || why == channel.Gone {
		return nil
	}
	if err != nil {
		return refusal(err)
	}
	for _, a := range all.Data {
		if a.ID == l.app && slices.Contains(a.Fields, "messages") {
			return nil
		}
	}
	return &channel.Refusal{Why: channel.Rejected, Err: errors.New("test line: the app is not subscribed to the page's messages")}
}
