package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

// DemoConfig is what a demo may differ in.
type DemoConfig struct {
	Exercise                   bool   // for practice: see Config.Exercise
	Dir                        string // kept data; empty: a temporary folder, removed at the end
	Database                   string // empty: SQLite in the folder
	Portal, Workbench, Partner string
	Channels                   string   // file with channels to try; empty: none but the portal
	LocalChannels              []string // as in Config
	Notify, WorkbenchURL       string   // as in Config
	Clock                      db.Clock
	Logger                     *slog.Logger
}

// Demo is the whole program with a fictional organisation in it, and the
// world outside: a feed of public posts.
type Demo struct {
	*App
	Sample *Sample
	Dir    string // holds data/, the master key and the sample people

	feed      *feedPlayer
	temporary bool
	fresh     bool         // made now, not kept from before
	offset    atomic.Int64 // microseconds that the story has moved the clock
}

const (
	demoPeople   = "people.json"
	demoInterval = 3 * time.Second // between two readings of the sample feed
)

// NewDemo opens or makes a demo. Its doors are not open yet.
func NewDemo(ctx context.Context, c DemoConfig) (*Demo, error) {
	d := &Demo{Dir: c.Dir, Sample: &Sample{}}
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "ronde-demo-")
		if err != nil {
			return nil, errs.Wrap(err, "make demo folder")
		}
		d.Dir, d.temporary = dir, true
	}
	if err := d.start(ctx, c); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Demo) start(ctx context.Context, c DemoConfig) error {
	fresh, err := d.load()
	if err != nil {
		return err
	}
	base := c.Clock
	if base == nil {
		base = db.System
	}
	clock := func() int64 { return base() + d.offset.Load() }
	if d.feed, err = newFeedPlayer(clock, d.Sample.Feed); err != nil {
		return err
	}
	cfg := d.config(c, clock)
	if d.App, err = New(ctx, cfg); err != nil {
		return err
	}
	if d.fresh = fresh; !fresh {
		return nil
	}
	if d.Sample, err = d.Seed(ctx, d.feed.url()); err != nil {
		return err
	}
	d.Sample.Feed = d.feed.host()
	return d.save()
}

func (d *Demo) config(c DemoConfig, clock db.Clock) Config {
	return Config{
		Data: filepath.Join(d.Dir, "data"), Database: c.Database, MasterKey: filepath.Join(d.Dir, "master.key"), Portal: c.Portal, Workbench: c.Workbench, Partner: c.Partner,
		Organisation: SampleOrganisation, Service: SampleService, Address: "1, place de l’Horloge, Valombre (adresse inventée)",
		DataOfficer: "protection-donnees@valombre.example", Authority: "Autorité de contrôle de Valombre (inventée)", AuthorityURL: "https://controle.valombre.example/",
		Contact: "accessibilite@valombre.example", ExitURL: "https://www.wikipedia.org/", Log: "valombre.example/ledger", Zone: "Europe/Paris", Law: "fr",
		Exercise: c.Exercise, Site: demoSite(c.Portal), RoundsShown: []string{"discord", "twitch"}, LocalFeeds: []string{d.feed.host()}, Channels: c.Channels, LocalChannels: c.LocalChannels, Notify: c.Notify, WorkbenchURL: c.WorkbenchURL, Clock: clock, Logger: c.Logger, FeedInterval: demoInterval, Drafts: true,
	}
}

// demoSite is the portal's address, where it is known before it listens.
func demoSite(portal string) string {
	if portal == "" || strings.HasSuffix(portal, ":0") {
		return ""
	}
	return "http://" + portal
}

// load reads the sample people of a kept demo; fresh is true for a new one.
func (d *Demo) load() (fresh bool, err error) {
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return false, errs.Wrap(err, "make demo folder")
	}
	text, err := os.ReadFile(filepath.Join(d.Dir, demoPeople))
	if errors.Is(err, fs.ErrNotExist) {
		err := seal.NewMaster(filepath.Join(d.Dir, "master.key"))
		if errors.Is(err, fs.ErrExist) {
			err = refuse(d.Dir + " holds a demo that was cut short while it was filled; remove the folder or name another")
		}
		return true, err
	}
	if err == nil {
		err = json.Unmarshal(text, d.Sample)
	}
	return false, errs.Wrap(err, "read demo")
}

func (d *Demo) save() error {
	text, err := json.MarshalIndent(d.Sample, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(d.Dir, demoPeople), text, 0o600)
	}
	return errs.Wrap(err, "keep demo")
}

// Move moves the demo's clock.
func (d *Demo) Move(by time.Duration) { d.offset.Add(by.Microseconds()) }

// Close ends the demo; a temporary one leaves nothing.
func (d *Demo) Close() {
	if d.App != nil {
		d.App.Close()
	}
	if d.feed != nil {
		d.feed.close()
	}
	if d.temporary {
		os.RemoveAll(d.Dir)
	}
}
