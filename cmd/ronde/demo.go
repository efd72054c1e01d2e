package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"ronde/app"
)

// DemoCmd is `ronde demo`: the whole program with a fictional organisation.
type DemoCmd struct {
	Data          string   `help:"Keep the data in this folder; without it nothing is left behind." type:"path" placeholder:"DIR"`
	Database      string   `help:"postgres:// address of an empty database; default: SQLite in the folder." env:"RONDE_DATABASE"`
	Portal        string   `help:"Address of the public door." default:"127.0.0.1:8080"`
	Workbench     string   `help:"Address of the staff door." default:"127.0.0.1:8081"`
	Partner       string   `help:"Address of the partners' door." default:"127.0.0.1:8082"`
	Channels      string   `help:"File with channels to try, as for serve: real accounts, or servers of one's own." type:"path" placeholder:"FILE"`
	LocalChannels []string `help:"Addresses inside our own network that a channel may reach over the web (host:port)."`
	Notify        string   `help:"File that says how staff is rung, as for serve." type:"path" placeholder:"FILE"`
	WorkbenchURL  string   `help:"Address of the workbench for the link in what staff is sent."`
	Empty         bool     `help:"Start with an empty inbox, without the invented letters."`
	Exercise      bool     `help:"For practice: every page says that it is an exercise, and nothing outside is reached."`
	Once          bool     `help:"Play the whole story without waiting, verify, and end."`
	ReadyFile     string   `help:"Write addresses and sample people to this file, as JSON, once the doors are open." type:"path" placeholder:"FILE"`
}

// Run starts the demo and stays until it is told to stop.
func (c *DemoCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := app.NewDemo(ctx, app.DemoConfig{Dir: c.Data, Exercise: c.Exercise, Database: c.Database, Portal: c.Portal, Workbench: c.Workbench, Partner: c.Partner,
		Channels: c.Channels, LocalChannels: c.LocalChannels, Notify: c.Notify, WorkbenchURL: c.WorkbenchURL,
		Clock: storyClock(app.Config{}).Clock, Logger: log})
	if err != nil {
		return err
	}
	defer d.Close()
	if c.Once {
		return d.Play(ctx, say)
	}
	if err := d.OpenDoors(); err != nil {
		return err
	}
	if !c.Empty {
		if err := d.Letters(ctx); err != nil {
			return err
		}
	}
	c.greet(d)
	if err := c.ready(d); err != nil {
		return err
	}
	return d.Run(ctx)
}

// trialPost is a line that whoever tries the partners' door can send: an
// invented offer, which raises an alert.
const trialPost = `{"text":"arrivage ce soir, menu complet en dm, 10g 80€ 20g 150€, livraison tout le 91 de 14h à 2h","lang":"fr"}`

func (c *DemoCmd) greet(d *app.Demo) {
	say("Ronde, with a fictional organisation. Everything here is invented.\n")
	say("  portal     %s", d.Address("portal"))
	say("  workbench  %s", d.Address("workbench"))
	say("  partner    %s\n", d.Address("partner"))
	say("%-22s %-24s %-8s %-20s %s", "sample person", "role", "login", "password", "authenticator key")
	for _, p := range d.Sample.People {
		say("%-22s %-24s %-8s %-20s %s", p.Name, p.Role, p.Login, p.Password, p.TOTPSecret)
	}
	say("\nA code for the authenticator: ronde code KEY")
	say("Send a post: curl -H 'Authorization: Bearer %s' -H 'Content-Type: application/x-ndjson' \\\n    -d '%s' %s/api/v1/posts",
		d.Sample.Stream, trialPost, d.Address("partner"))
	if c.Data != "" {
		say("The data stays in %s; prove it with: ronde verify %s/data", c.Data, c.Data)
	}
	say("Ctrl-C stops.")
}

func (c *DemoCmd) ready(d *app.Demo) error {
	if c.ReadyFile == "" {
		return nil
	}
	text, err := json.MarshalIndent(map[string]any{"portal": d.Address("portal"), "workbench": d.Address("workbench"), "partner": d.Address("partner"),
		"people": d.Sample.People, "stream_key": d.Sample.Stream, "mandate": d.Sample.Mandate, "folder": d.Dir}, "", "  ")
	if err != nil {
		return err
	}
	// Whoever waits for the file sees it whole.
	if err := os.WriteFile(c.ReadyFile+".part", text, 0o600); err != nil {
		return err
	}
	return os.Rename(c.ReadyFile+".part", c.ReadyFile)
}
