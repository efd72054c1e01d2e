package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/channel"
	"ronde/channel/logbook"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/blob"
	"ronde/internal/bus"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/lang"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/oversight"
	"ronde/patrol"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

var ctx = context.Background()

const password = "un mot de passe tout à fait long"

// An office is the workbench over real rooms, with one person of each role.
type office struct {
	*Workbench
	t     *testing.T
	clock *dbtest.Clock
	db    *db.DB
	door  http.Handler
	staff map[access.Role]people.Session
	units map[string]string // by regime

	approved string // a mandate in force, once one is needed
}

// newOffice hires only these roles, and the administrator; none means all.
// Each person costs three slow hashes.
func newOffice(t *testing.T, roles ...access.Role) *office {
	t.Helper()
	o := &office{t: t, clock: dbtest.NewClock(), staff: map[access.Role]people.Session{}, units: map[string]string{}}
	o.db = dbtest.SQLite(t, o.clock)
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	must(t, err)
	bus, err := bus.Open("")
	must(t, err)
	t.Cleanup(bus.Close)
	book, err := ledger.Open(ctx, o.db, keys, blobs, "ronde.test")
	must(t, err)
	law, err := mandate.LoadProfile("fr")
	must(t, err)
	codes := fewCodes(t)
	words, err := lang.New()
	must(t, err)
	views, err := view.New(words)
	must(t, err)
	b := &Workbench{Ledger: book, Lexicon: codes, Words: words, Views: views, Zone: time.UTC, Now: o.clock.Now, Secret: []byte("s"),
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	b.People = people.New(o.db, keys, book)
	b.Mandates = mandate.New(o.db, keys, book, law)
	b.Channels = channel.New(o.db, keys)
	exhibits := evidence.New(o.db, keys, blobs, book)
	b.Patrol = patrol.New(o.db, keys, blobs, book, time.UTC)
	b.Logbook = logbook.New(o.db, keys, book)
	b.Desk = desk.New(o.db, keys, blobs, book, b.Patrol)
	b.Watch = watch.New(o.db, keys, book, watch.Parts{Mandates: b.Mandates, Channels: b.Channels, Bus: bus, Lexicon: codes, Files: fewFiles()})
	b.Cases = casefile.New(o.db, keys, book, b.Mandates, exhibits, b.Desk, b.Watch)
	b.Oversight = oversight.New(o.db, keys, book, b.Mandates, b.Desk, b.Watch, exhibits, b.Cases)
	b.Verify = func(*http.Request) (*ledger.Proof, error) { return &ledger.Proof{}, nil }
	b.Fetch = func(context.Context, string, channel.File, io.Writer) error { return io.ErrUnexpectedEOF }
	o.Workbench, o.door = b, b.Handler()
	if len(roles) == 0 {
		roles = access.Staff
	}
	o.hireAll(roles)
	return o
}

// fewCodes is a lexicon of two words with weights of its own: these tests are
// about doors, not about how good the shipped one is.
func fewCodes(t *testing.T) *lexicon.Lexicon {
	t.Helper()
	l, err := lexicon.Load(fewFiles())
	must(t, err)
	return l
}

func fewFiles() fstest.MapFS {
	return fstest.MapFS{
		"sources.txt":                {Data: []byte("own U 2026-11 docs/lexicon.md\n")},
		"entries/fr/drugs-offer.txt": {Data: []byte("[product powder] source=own weight=1\nneige\n\n[freshness arrival] source=own weight=1\narrivage\n")},
		"weights.txt": {Data: []byte("threshold\t0.5\noffer\tfamily:drugs-offer/product\t4\ndrugs-offer\tfamily:drugs-offer/product\t4\n" +
			"offer\tfamily:drugs-offer/freshness\t4\ndrugs-offer\tfamily:drugs-offer/freshness\t4\n")},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hireAll gives each role a person who is signed in.
func (o *office) hireAll(roles []access.Role) {
	o.t.Helper()
	first, err := o.People.CreateFirst(ctx, people.NewAccount{Name: "Ada Fictive", Login: "administrator"})
	must(o.t, err)
	ada := o.enrol("administrator", first.Password)
	o.staff[access.Administrator] = ada
	for _, regime := range []string{access.RegimePatrol, access.RegimeWatch, access.RegimeInvestigation} {
		u, err := o.People.CreateUnit(ctx, ada.Actor, "Unité "+regime, regime)
		must(o.t, err)
		o.units[regime] = u.ID
	}
	unit := map[access.Role]string{access.PatrolOfficer: o.units[access.RegimePatrol], access.DutyLead: o.units[access.RegimePatrol],
		access.WatchAnalyst: o.units[access.RegimeWatch], access.Specialised: o.units[access.RegimeWatch], access.Investigator: o.units[access.RegimeInvestigation]}
	for _, role := range roles {
		if role == access.Administrator {
			continue
		}
		held := []access.Role{role}
		if role == access.Specialised {
			held = append(held, access.WatchAnalyst) // a qualification stands beside a role
		}
		o.staff[role] = o.hire(string(role), unit[role], held...)
	}
}

func (o *office) hire(login, unit string, roles ...access.Role) people.Session {
	o.t.Helper()
	made, err := o.People.Create(ctx, o.staff[access.Administrator].Actor, people.NewAccount{Name: "N Fictif", Login: login, Unit: unit, Roles: roles})
	must(o.t, err)
	return o.enrol(login, made.Password)
}

func (o *office) enrol(login, oneTime string) people.Session {
	o.t.Helper()
	step, err := o.People.SignIn(ctx, login, oneTime, "test")
	must(o.t, err)
	e, err := o.People.EnrolTOTP(ctx, step.Token)
	must(o.t, err)
	code, err := people.Code(strings.ReplaceAll(e.Secret, " ", ""), o.clock.Now())
	must(o.t, err)
	s, err := o.People.ConfirmEnrol(ctx, step.Token, password, code)
	must(o.t, err)
	return s
}

// ask sends a request as somebody; a form carries the session's own token.
func (o *office) ask(by people.Session, method, path string, form url.Values) *httptest.ResponseRecorder {
	o.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		if form == nil {
			form = url.Values{}
		}
		form.Set("csrf", by.Form)
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://ronde.test"+path, body)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if by.Token != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: by.Token})
	}
	w := httptest.NewRecorder()
	o.door.ServeHTTP(w, r)
	return w
}

// asGuarded makes an alert one of exploitation, for which the few words of
// these tests have no code.
func (o *office) asGuarded(id string) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE watch_alerts SET category = 'exploitation-coded', categories = 'exploitation-coded', blur = TRUE WHERE id = $1", id)
		return err
	}
}
