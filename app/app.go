package app

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ronde/casefile"
	"ronde/channel"
	"ronde/channel/feed"
	"ronde/channel/logbook"
	"ronde/channel/notify"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/blob"
	"ronde/internal/bus"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/jobs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/oversight"
	"ronde/patrol"
	"ronde/people"
	"ronde/watch"
)

// watchWorkers is how many batches of posts are judged at one time.
const watchWorkers = 16

// App is the running program: every room, wired, and its open doors.
type App struct {
	People    *people.Service
	Mandates  *mandate.Service
	Channels  *channel.Service
	Patrol    *patrol.Service
	Desk      *desk.Service
	Logbook   *logbook.Service
	Watch     *watch.Service
	Evidence  *evidence.Service
	Cases     *casefile.Service
	Oversight *oversight.Service
	Ledger    *ledger.Ledger

	cfg      Config
	log      *slog.Logger
	zone     *time.Location
	db       *db.DB
	keys     *seal.Ring
	blobs    *blob.Store
	bus      *bus.Bus
	jobs     *jobs.Service
	lexicon  *lexicon.Lexicon
	notifier *notify.Notifier
	doors    []*door
	lines    []channel.Running
	ending   chan struct{} // closed when the doors shut: live pages end
	ends     []func()      // run in reverse by Close
}

// accounted lists every table whose rows the ledger accounts for.
func accounted() []string {
	var all []string
	for _, tables := range [][]string{people.Accounted, mandate.Accounted, evidence.Accounted, patrol.Accounted,
		desk.Accounted, logbook.Accounted, watch.Accounted, casefile.Accounted, oversight.Accounted} {
		all = append(all, tables...)
	}
	return all
}

// New opens everything in the order in which it depends on each other. The
// key ring comes first: it makes the list of destroyed keys true before any
// row can be read. Nothing runs and no door is open yet.
func New(ctx context.Context, cfg Config) (*App, error) {
	if err := cfg.settle(); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, log: cfg.Logger, ending: make(chan struct{})}
	for _, step := range []func(context.Context) error{a.openKeys, a.openStores, a.openRooms, a.openLines, a.recover} {
		if err := step(ctx); err != nil {
			a.Close()
			return nil, err
		}
	}
	return a, nil
}

func (a *App) openKeys(context.Context) (err error) {
	if a.zone, err = a.cfg.zone(); err != nil {
		return err
	}
	master, err := seal.ReadMaster(a.cfg.MasterKey)
	if err != nil {
		return err
	}
	if a.keys, err = seal.Open(a.cfg.Keys, master); err == nil {
		a.ends = append(a.ends, func() { a.keys.Close() })
	}
	return err
}

func (a *App) openStores(ctx context.Context) (err error) {
	if err := a.cfg.markExercise(); err != nil {
		return err
	}
	if a.db, err = db.Open(ctx, a.cfg.Database, a.cfg.Clock); err != nil {
		return err
	}
	a.ends = append(a.ends, func() { a.db.Close() })
	a.jobs = jobs.New(a.db)
	if err := a.db.Migrate(ctx); err != nil {
		return err
	}
	if a.blobs, err = blob.Open(filepath.Join(a.cfg.Data, "blobs")); err != nil {
		return err
	}
	if a.bus, err = bus.Open(a.cfg.Bus); err != nil {
		return err
	}
	a.ends = append(a.ends, a.bus.Close)
	return nil
}

func (a *App) openRooms(ctx context.Context) (err error) {
	if a.Ledger, err = ledger.Open(ctx, a.db, a.keys, a.blobs, a.cfg.Log); err != nil {
		return err
	}
	law, err := mandate.LoadProfile(a.cfg.Law)
	if err != nil {
		return err
	}
	codes, err := a.openLexicon()
	if err != nil {
		return err
	}
	a.People = people.New(a.db, a.keys, a.Ledger)
	a.Mandates = mandate.New(a.db, a.keys, a.Ledger, law)
	a.Channels = channel.New(a.db, a.keys)
	a.Evidence = evidence.New(a.db, a.keys, a.blobs, a.Ledger)
	feeds, err := feed.New(feed.Options{Allow: a.cfg.LocalFeeds, Closed: a.cfg.Exercise})
	if err != nil {
		return err
	}
	proofs, err := a.proofClient()
	if err != nil {
		return err
	}
	a.Patrol = patrol.New(a.db, a.keys, a.blobs, a.Ledger, a.zone, patrol.Setting{Organisation: a.cfg.Organisation, Service: a.cfg.Service,
		ListName: strings.TrimSuffix(a.cfg.Log, "/ledger") + "/officials", Site: a.cfg.Site, Names: a.cfg.OfficerNames, Client: proofs, PLC: a.cfg.PLC, RoundsShown: a.cfg.RoundsShown})
	a.Logbook = logbook.New(a.db, a.keys, a.Ledger)
	a.Desk = desk.New(a.db, a.keys, a.blobs, a.Ledger, a.Patrol)
	if err := a.openRings(); err != nil {
		return err
	}
	if err := a.openSpeech(); err != nil {
		return err
	}
	a.Watch = watch.New(a.db, a.keys, a.Ledger, watch.Parts{Mandates: a.Mandates, Channels: a.Channels, Feeds: feeds, Bus: a.bus, Lexicon: a.lexicon, Files: codes, Interval: a.cfg.FeedInterval})
	a.Cases = casefile.New(a.db, a.keys, a.Ledger, a.Mandates, a.Evidence, a.Desk, a.Watch)
	a.Oversight = oversight.New(a.db, a.keys, a.Ledger, a.Mandates, a.Desk, a.Watch, a.Evidence, a.Cases)
	return nil
}

// openLexicon loads the agency's own lexicon, or the shipped one; files is what
// the former was loaded from.
func (a *App) openLexicon() (files fs.FS, err error) {
	if a.cfg.Lexicon == "" {
		a.lexicon, err = lexicon.Shipped()
		return nil, err
	}
	files = os.DirFS(a.cfg.Lexicon)
	if a.lexicon, err = lexicon.Load(files); err != nil {
		return nil, refuse("load lexicon " + a.cfg.Lexicon + ": " + err.Error())
	}
	return files, nil
}

// recover begins to judge, and finishes what a sudden end left half done,
// before any door opens.
func (a *App) recover(ctx context.Context) error {
	if a.cfg.does(roleWatch) {
		stop, err := a.Watch.Serve(watchWorkers)
		if err != nil {
			return err
		}
		a.ends = append(a.ends, stop)
	}
	if !a.cfg.does(roleWorker) {
		return nil
	}
	if a.cfg.restored {
		if err := a.Ledger.Trim(ctx); err != nil {
			return err
		}
	}
	if err := a.Oversight.CarryOut(ctx); err != nil {
		return err
	}
	if _, err := a.Evidence.Sweep(ctx); err != nil {
		return err
	}
	_, err := a.Ledger.Sequence(ctx)
	return err
}

// Close ends what New began, in reverse.
func (a *App) Close() {
	for i := len(a.ends) - 1; i >= 0; i-- {
		a.ends[i]()
	}
	a.ends = nil
}

// Roles are what this copy of the program does.
func (a *App) Roles() []string { return a.cfg.Roles }

// Now is the program's time, in microseconds UTC.
func (a *App) Now() int64 { return a.cfg.Clock() }

// chores are what this copy does by the clock.
func (a *App) chores() (mine []chore) {
	for _, c := range a.allChores() {
		if a.cfg.does(c.role) {
			mine = append(mine, c)
		}
	}
	return mine
}

func (a *App) allChores() []chore {
	return []chore{
		{"ledger", roleWorker, time.Second, func(ctx context.Context) error { _, err := a.Ledger.Sequence(ctx); return err }},
		{"feeds", roleWatch, 2 * time.Second, func(ctx context.Context) error { _, err := a.Watch.FeedStep(ctx); return err }},
		{"away", roleWorker, 5 * time.Second, func(ctx context.Context) error { _, err := a.Desk.AwayStep(ctx); return err }},
		{"oncall", roleWorker, 2 * time.Second, func(ctx context.Context) error { _, err := a.Desk.CallStep(ctx); return err }},
		{"retention", roleWorker, 30 * time.Second, a.Oversight.Retain},
		{"logbook", roleWorker, 10 * time.Minute, a.Logbook.Retain},
		{"exhibits", roleWorker, 10 * time.Minute, func(ctx context.Context) error { _, err := a.Evidence.Sweep(ctx); return err }},
		{"sessions", roleWorker, 10 * time.Minute, a.People.Sweep},
		{"files", roleWorker, 10 * time.Minute, func(ctx context.Context) error { _, err := a.Desk.SweepFiles(ctx); return err }},
		{"rooms", roleWorker, time.Minute, func(ctx context.Context) error { _, err := a.Desk.EndRooms(ctx); return err }},
		{"codes", roleWorker, time.Minute, func(ctx context.Context) error { _, err := a.Patrol.SweepCodes(ctx); return err }},
		{"talks", roleWorker, 10 * time.Minute, func(ctx context.Context) error { _, err := a.Patrol.ForgetTalks(ctx); return err }},
		{"rounds", roleWorker, time.Minute, a.tidyRounds},
		{"weeks", roleWorker, time.Hour, func(ctx context.Context) error { _, err := a.Patrol.CloseWeeks(ctx); return err }},
		{"proofs", roleWorker, time.Minute, func(ctx context.Context) error { _, err := a.Patrol.ProveDue(ctx); return err }},
		{"photos", roleWorker, time.Hour, func(ctx context.Context) error { _, err := a.Patrol.Sweep(ctx); return err }},
	}
}

// tidyRounds ends rounds that nobody ended and forgets groups asked long ago.
func (a *App) tidyRounds(ctx context.Context) error {
	if _, err := a.Patrol.EndForgotten(ctx); err != nil {
		return err
	}
	_, err := a.Patrol.ForgetAdmissions(ctx)
	return err
}

// Settle runs every chore once: what would happen anyway, now. The demo and
// `--once` use it instead of waiting.
func (a *App) Settle(ctx context.Context) error {
	for _, c := range a.chores() {
		if err := c.do(ctx); err != nil {
			return errs.Wrap(err, c.name)
		}
	}
	_, err := a.Ledger.Sequence(ctx)
	return err
}
