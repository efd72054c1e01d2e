package whatsapp

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/graph"
	"ronde/internal/rest"
)

const (
	maxRunes   = 4096 // characters of a text
	maxCaption = 1024 // characters beside a file
	maxImage   = 5 << 20
	maxVideo   = 16 << 20

	answerWindow  = 24 * time.Hour
	windowReserve = time.Minute // an answer is on its way that long
)

// Line is one phone number. It is safe for concurrent use.
type Line struct {
	api    graph.API
	verify *rest.Secret
	now    func() int64
	id     string
	app    string
}

var needs = channel.Needs{
	Options: []string{"id", "app", "version", "server"},
	Secrets: []string{"token", "app_secret", "verify"},
}

var (
	idForm      = regexp.MustCompile(`^[0-9]{1,32}$`)
	versionForm = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)
	phoneForm   = regexp.MustCompile(`^[0-9]{5,20}$`)
	// userForm is a business-scoped user id: country, a dot, letters and digits.
	userForm = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)
)

// New makes a line from its row. It asks the network nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	l := &Line{now: means.Now, id: set.Option("id", ""), app: set.Option("app", "")}
	server, version := set.Option("server", graph.Server), set.Option("version", graph.Version)
	switch _, web := rest.Web(server, true); {
	case !idForm.MatchString(l.id):
		return nil, set.Wrong("option id is the id of the phone number, digits only")
	case l.app != "" && !idForm.MatchString(l.app):
		return nil, set.Wrong("option app is the number of the app")
	case !versionForm.MatchString(version):
		return nil, set.Wrong("option version looks like v25.0")
	case !web:
		return nil, set.Wrong("option server is a web address")
	}
	l.api = graph.API{HTTP: means.Client, Base: strings.TrimSuffix(server, "/"), Version: version, Now: means.Now}
	var err error
	for name, to := range map[string]**rest.Secret{"token": &l.api.Token, "app_secret": &l.api.App, "verify": &l.verify} {
		if *to, err = rest.NewSecret(func() (string, error) { return secret(name) }); err != nil {
			return nil, set.Wrong("secret %s: %v", name, err)
		}
	}
	return l, nil
}

// Limits says what WhatsApp allows.
func (l *Line) Limits() channel.Limits {
	return channel.Limits{Runes: maxRunes, Window: answerWindow, Files: true, Receipt: true}
}

// mark is empty: WhatsApp keeps what it could not deliver.
var mark = channel.Mark(`{}`)

// Receive looks whether the number answers to our token, then waits for ctx:
// messages come by Hook.
func (l *Line) Receive(ctx context.Context, _ channel.Mark, take channel.Take) error {
	if _, err := l.number(ctx); err != nil {
		return rest.Ended(ctx, err)
	}
	if err := take(ctx, nil, mark); err != nil {
		return rest.Ended(ctx, err)
	}
	<-ctx.Done()
	return nil
}

func (l *Line) number(ctx context.Context) (string, error) {
	var n struct {
		Number string `json:"display_phone_number"`
		Name   string `json:"verified_name"`
	}
	err := l.api.Get(ctx, l.id, url.Values{"fields": {"display_phone_number,verified_name"}}, &n)
	return strings.TrimSpace(n.Name + " " + n.Number), refusal(err)
}

// Test asks for the number and, when the app is known, for the token's end.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	name, err := l.number(ctx)
	if err != nil || l.app == "" {
		return channel.Checkup{Account: name}, err
	}
	end, err := l.api.Expires(ctx, l.app)
	return channel.Checkup{Account: name, Expires: end}, refusal(err)
}
