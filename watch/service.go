package watch

import (
	"cmp"
	"context"
	"encoding/json"
	"io/fs"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/channel/feed"
	"ronde/internal/bus"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/people"
)

// Accounted are the tables whose rows the ledger accounts for.
var Accounted = []string{"watch_alerts", "watch_purges", "watch_proposals"}

const (
	table      = "watch_alerts"
	purgeTable = "watch_purges"

	contentPurpose = "watch_alerts.content"
	reasonsPurpose = "watch_alerts.reasons"
	textPurpose    = "watch_alerts.text"
	copyPurpose    = "watch_copies.post"
	personPurpose  = "watch_alerts.person"

	changed = "watch.changed" // bus subject: the queue is not what it was
)

// machine is who acts when the program does.
var machine = access.AsMachine("watch")

// Parts are the lower rooms that the watch stands on.
type Parts struct {
	Mandates *mandate.Service
	Channels *channel.Service
	Feeds    *feed.Reader
	Bus      *bus.Bus
	Lexicon  *lexicon.Lexicon
	Files    fs.FS         // what Lexicon was loaded from; nil: the shipped one
	Interval time.Duration // between two readings of a feed; 0: channel.Interval
}

// Service is the watch.
type Service struct {
	db   *db.DB
	keys *seal.Ring
	book *ledger.Ledger
	Parts
	slots chan struct{} // batches under way from this process
	swept atomic.Int64  // when expired seen-hashes were last forgotten
	takes gather[*share]
	finds gather[*find]
	now   atomic.Pointer[learned]
}

// New makes the watch.
func New(d *db.DB, keys *seal.Ring, book *ledger.Ledger, p Parts) *Service {
	s := &Service{db: d, keys: keys, book: book, Parts: p, slots: make(chan struct{}, maxInFlight)}
	s.takes.run, s.finds.run = s.takeAll, s.keepAll
	return s
}

func (s *Service) base() fs.FS {
	if s.Files == nil {
		return lexicon.Files()
	}
	return s.Files
}

// Filter chooses alerts of the queue. Empty fields choose all that are open
// or leaving.
type Filter struct {
	States   []State
	Stage    Stage // instead of states
	Mandate  string
	Category string
	Review   bool // only those left by breaking the glass and not yet reviewed
	Limit    int
}

// MaxList bounds one list.
const MaxList = 200

func (f Filter) limit() int {
	if f.Limit <= 0 || f.Limit > MaxList {
		return MaxList
	}
	return f.Limit
}

func (f Filter) states() []string {
	if f.Stage != "" {
		f.States = []State{Open, Leaving, Left, Taken, Harmless}
	}
	if len(f.States) == 0 {
		f.States = []State{Open, Leaving}
		if f.Review {
			f.States = []State{Left, Taken}
		}
	}
	out := make([]string, len(f.States))
	for i, s := range f.States {
		out[i] = string(s)
	}
	return out
}

// withLeft: who sees alerts on their way out sees those that are out, too.
func withLeft(states []string) []string {
	if slices.Contains(states, access.Leaving) {
		return append(slices.Clone(states), string(Left))
	}
	return states
}

// resource is an alert as the policies see it.
func (s *Service) resource(a *Alert, by access.Actor) access.Resource {
	r := access.Resource{Kind: "alert", ID: a.ID, Unit: a.Unit, State: string(a.State), Guarded: a.Guarded()}
	if a.State == Left {
		r.State = access.Leaving
	}
	if by.Person != "" && a.askerKey != nil && string(a.askerKey) == string(s.personKey(by)) {
		r.Drafter = by.Person
	}
	return r
}

func (s *Service) personKey(by access.Actor) []byte {
	return s.keys.Hash(personPurpose, []byte(by.Person))
}

// List reads the queue in its order. The beginning of each text is opened for
// it, except where the category is blurred.
func (s *Service) List(ctx context.Context, by access.Actor, f Filter) ([]*Alert, error) {
	if err := people.Allow(by, "alert.list", access.Resource{Kind: "alert"}); err != nil {
		return nil, err
	}
	scope := access.ScopeOf(by, "alert")
	var out []*Alert
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if out, err = selectAlerts(ctx, tx, scope, f); err != nil {
			return errs.Wrap(err, "list alerts")
		}
		if out, err = s.living(ctx, tx, out); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "alert.list", ID: "alert", By: by, Permit: f.Mandate, Detail: "count=" + strconv.Itoa(len(out))})
	})
	if err != nil {
		return nil, err
	}
	for _, a := range out {
		if a.Blur || a.sealed == nil {
			continue
		}
		c, err := s.content(a)
		if errs.Is(err, errs.NotFound) {
			continue // erased between the two
		}
		if err != nil {
			return nil, err
		}
		a.Excerpt, a.Families = excerpt(c.Post.Text), families(c.Signals)
	}
	return out, nil
}

// Open reads one alert with every signal, and accounts for it.
func (s *Service) Open(ctx context.Context, by access.Actor, id string) (*View, error) {
	var v *View
	err := s.on(ctx, by, id, "alert.open", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		v = &View{Alert: *a, Erased: a.sealed == nil}
		var err error
		if v.Seen, err = s.seen(a); err != nil {
			return ledger.Event{}, err
		}
		if v.Reasons, err = s.reasons(a); err != nil || v.Erased {
			return ledger.Event{}, err
		}
		c, err := s.content(a)
		if err != nil {
			return ledger.Event{}, err
		}
		v.Post, v.Scores, v.Signals, v.Undone, v.Words, v.Cut = c.Post, c.Categories, c.Signals, c.Undone, c.Danger, c.Cut
		return ledger.Event{}, nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// on is the frame of every verb on one alert: read it, ask the policy, act,
// account for it.
func (s *Service) on(ctx context.Context, by access.Actor, id, verb string, act func(*db.Tx, *Alert) (ledger.Event, error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := selectAlert(ctx, tx, id)
		if err != nil {
			return db.One(err, verb)
		}
		if err := people.Allow(by, verb, s.resource(a, by)); err != nil {
			return err
		}
		if alive, err := s.living(ctx, tx, []*Alert{a}); err != nil || len(alive) == 0 {
			return cmp.Or(err, errs.New(errs.NotFound, "err.not_found", verb+": the alert is over"))
		}
		e, err := act(tx, a)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		e.Table, e.ID, e.By, e.Permit = table, id, by, a.Mandate
		if e.Verb == "" {
			e.Verb = verb
		}
		return s.book.Append(ctx, tx, e)
	})
}

func (s *Service) content(a *Alert) (c content, err error) {
	text, err := s.keys.Open(a.ID, contentPurpose, a.sealed)
	if err != nil {
		return c, errs.Wrap(err, "open alert")
	}
	return c, errs.Wrap(json.Unmarshal(text, &c), "open alert")
}

func (s *Service) reasons(a *Alert) (r Reasons, err error) {
	if a.reasons == nil {
		return r, nil
	}
	text, err := s.keys.Open(a.ID, reasonsPurpose, a.reasons)
	if err != nil {
		return r, errs.Wrap(err, "open alert")
	}
	return r, errs.Wrap(json.Unmarshal(text, &r), "open alert")
}

// addReason seals what somebody wrote beside what others wrote before.
func (s *Service) addReason(a *Alert, set func(*Reasons)) error {
	r, err := s.reasons(a)
	if err != nil {
		return err
	}
	set(&r)
	a.reasons, err = s.seal(a.ID, reasonsPurpose, r)
	return err
}

func (s *Service) seal(container, purpose string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(container, purpose, text)
}

// tell wakes the open pages. A wake-up may be lost (design 4): what was
// committed stands, so that is no error of the verb.
func (s *Service) tell() {
	_ = s.Bus.Publish(changed, nil)
}

// Changes calls fn whenever the queue may have changed, until stop is called.
func (s *Service) Changes(fn func()) (stop func(), err error) {
	return s.Bus.Subscribe(changed, func([]byte) { fn() })
}

// Counts sums the counters of the days from and to, both included:
// "alert.<category>", "verdict.<verdict>", "leave.<destination>", "glass",
// "purge.lapse", "purge.expiry".
func (s *Service) Counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	c, err := selectCounts(ctx, tx, from, to)
	return c, errs.Wrap(err, "read counts")
}

func (s *Service) count(ctx context.Context, tx *db.Tx, name string, n int64) error {
	return addCount(ctx, tx, time.UnixMicro(tx.Now).UTC().Format(time.DateOnly), name, n)
}

// living leaves out what is over and waits for its purge: time ends an alert,
// not the timer (design 4).
func (s *Service) living(ctx context.Context, tx *db.Tx, list []*Alert) ([]*Alert, error) {
	ended, err := s.Mandates.Ended(ctx, tx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(a *Alert) bool {
		unconfirmed := (a.State == Open || a.State == Harmless) && !a.Verdict.Confirmed()
		return a.ExpiresAt <= tx.Now || unconfirmed && slices.Contains(ended, a.Mandate)
	}), nil
}
