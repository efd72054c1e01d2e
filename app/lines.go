package app

import (
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"ronde/channel"
	"ronde/channel/bluesky"
	"ronde/channel/discord"
	"ronde/channel/mail"
	"ronde/channel/mastodon"
	"ronde/channel/meta"
	"ronde/channel/telegram"
	"ronde/channel/twitch"
	"ronde/channel/whatsapp"
	"ronde/desk"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// maker makes a line from its row of the configuration.
type maker = func(set channel.Setting, secret func(name string) (string, error), means channel.Means) (channel.Line, error)

// makers are the protocols that this program speaks. A new channel is one
// package below channel/ and one line here (docs/life-of-a-channel.md).
var makers = map[string]maker{
	"bluesky":  bluesky.New,
	"discord":  discord.New,
	"mail":     mail.New,
	"mastodon": mastodon.New,
	"meta":     meta.New,
	"telegram": telegram.New,
	"twitch":   twitch.New,
	"whatsapp": whatsapp.New,
}

// channelWord is the network as people know it, where one protocol serves two.
func channelWord(set channel.Setting) string {
	if set.Kind != "meta" {
		return set.Kind
	}
	if set.Option("network", "") == "instagram" {
		return "instagram"
	}
	return "facebook"
}

// ownChannels have no line to a network. Their row says how long a closed
// conversation is kept, and nothing else.
var ownChannels = []string{desk.Portal, desk.Logbook}

// openLines reads the channels' file and makes every line of it. Nothing is
// received or sent yet, and no network is asked.
func (a *App) openLines(ctx context.Context) error {
	rows, err := a.channelRows()
	if err != nil {
		return err
	}
	guard, err := channel.NewGuard(a.cfg.LocalChannels)
	if err != nil {
		return refuse("--local-channels names addresses with their port (10.0.0.7:993)")
	}
	means := channel.Means{Client: guard.Client(), Now: a.cfg.Clock}
	var outlets []desk.Outlet
	for _, set := range rows {
		if set.Keep > 0 {
			a.Desk.SetTerm(set.Name, time.Duration(set.Keep)*24*time.Hour)
		}
		if slices.Contains(ownChannels, set.Kind) {
			continue
		}
		line, err := makers[set.Kind](set, set.Secret, means)
		if err != nil {
			return errs.As(err, errs.Invalid, "err.config")
		}
		outlets = append(outlets, desk.Outlet{Setting: set, Line: line, Channel: channelWord(set)})
		a.lines = append(a.lines, a.running(set, line))
	}
	a.Desk.UseLines(outlets)
	return a.Channels.Retire(ctx, a.settings())
}

func (a *App) channelRows() ([]channel.Setting, error) {
	if a.cfg.Channels == "" {
		return nil, nil
	}
	kinds := slices.Clone(ownChannels)
	for kind := range makers {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	rows, err := channel.ReadSettings(a.cfg.Channels, kinds)
	for _, set := range rows {
		if slices.Contains(ownChannels, set.Kind) && set.Name != set.Kind {
			return nil, refuse("channel \"" + set.Name + "\": there is one " + set.Kind + ", and it is called so")
		}
	}
	return rows, err
}

// running is a line with what it is run with: the desk keeps what comes and
// holds what leaves.
func (a *App) running(set channel.Setting, line channel.Line) channel.Running {
	return channel.Running{
		Line: line, Setting: set, Container: "lin_" + set.Name, Jobs: a.jobs, Log: a.log,
		Keep: func(ctx context.Context, batch []channel.Arrival, move func(context.Context, *db.Tx) error) error {
			return a.Desk.Arrive(ctx, set.Name, batch, move)
		},
		Send: func(ctx context.Context) error {
			_, err := a.Desk.Deliver(ctx, set.Name)
			return err
		},
	}
}

// settings are the rows of the lines to networks.
func (a *App) settings() (all []channel.Setting) {
	for _, r := range a.lines {
		all = append(all, r.Setting)
	}
	return all
}

// shownLines are the same as the workbench shows them: by the network's name.
func (a *App) shownLines() []channel.Setting {
	all := a.settings()
	for i := range all {
		all[i].Kind = channelWord(all[i])
	}
	return all
}

// hooks are the lines that networks call, by name, for the portal's door.
func (a *App) hooks() map[string]http.Handler {
	all := map[string]http.Handler{}
	for _, r := range a.lines {
		if l, ok := r.Line.(channel.Hooked); ok {
			all[r.Setting.Name] = l.Hook(a.Channels.Take(r))
		}
	}
	return all
}

// fetch gets a file that somebody sent from the line on which it came, because
// an officer asks.
func (a *App) fetch(ctx context.Context, line string, f channel.File, w io.Writer) error {
	for _, r := range a.lines {
		if g, ok := r.Line.(channel.Fetcher); ok && r.Setting.Name == line {
			return g.Fetch(ctx, f, w)
		}
	}
	return errs.New(errs.Unavailable, "err.file.fetch", "fetch file: its line is gone, or hands out no files")
}

// runLines receives and sends on every line until ctx ends.
func (a *App) runLines(ctx context.Context, begin func(func())) {
	if !a.cfg.does(roleWorker) {
		return
	}
	for _, r := range a.lines {
		begin(func() { a.Channels.Run(ctx, r) })
	}
}
