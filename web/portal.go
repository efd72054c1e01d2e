package web

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/oversight"
	"ronde/patrol"
	"ronde/watch"
	"ronde/web/view"
)

// Public is what the portal says of the organisation.
type Public struct {
	Org          string // "Police cantonale de Valombre"
	Service      string // "Patrouille en ligne"
	Emergency    string // "112"
	ExitURL      string // where quick exit leads
	Address      string // postal address of the controller
	Officer      string // contact of the data-protection officer
	Authority    string // supervisory authority
	AuthorityURL string
	Contact      string // for feedback on accessibility
	Site         string // address of the portal, without a slash at the end; "" where it has none yet
	Demo         bool
	Exercise     bool
}

// Portal is the public door.
type Portal struct {
	Public
	Languages *lang.Choice      // nil: those of the workbench
	Reviewed  map[string]string // who read a translation, and when
	Patrol    *patrol.Service
	Desk      *desk.Service
	Mandates  *mandate.Service
	Watch     *watch.Service
	Oversight *oversight.Service
	Lexicon   *lexicon.Lexicon
	Views     *view.Views
	Words     *lang.Catalog
	Zone      *time.Location
	Now       func() int64 // microseconds UTC
	Log       *slog.Logger
	Secret    []byte                  // shared by all copies of the program
	Hooks     map[string]http.Handler // of lines that networks call, by the line's name

	tickets *tickets
}

// Limits of the public door.
const (
	formLife = desk.SaidFor     // a form may stay open over lunch
	talkLife = 30 * time.Minute // how long a read conversation stays open
	formSize = 64 << 10         // bytes of a form
)

// routes are all of the portal.
func (p *Portal) routes() []route {
	return []route{
		{"GET /{$}", p.home},
		{"GET /check", p.check},
		{"POST /check/code", p.checkCode},
		{"POST /report-fake", p.reportFake},
		{"GET /officers", p.officers},
		{"GET /officers/{id}", p.officer},
		{"GET /officers/{id}/photo", p.photo},
		{"GET /officers/{id}/qr.png", p.officerSquare},
		{"GET /accounts/{id}", p.accountPage},
		{"GET /news", p.news},
		{"GET /news/{id}", p.newsOne},
		{"GET /news.atom", p.newsFeed},
		{"GET /.well-known/ronde-accounts", p.signedList},
		{"GET /.well-known/ronde-accounts.json", p.listJSON},
		{"GET /.well-known/ronde-accounts.key", p.listKey},
		{"GET /accounts/{id}/qr.png", p.accountSquare},
		{"GET /hours", p.hours},
		{"GET /hours.ics", p.hoursCalendar},
		{"GET /calendar/{secret}", p.ownCalendar},
		{"GET /events", p.events},
		{"GET /events.ics", p.eventsCalendar},
		{"GET /events.atom", p.eventsAtom},
		{"GET /events/{id}", p.event},
		{"GET /events/{id}/calendar.ics", p.eventCalendar},
		{"POST /events/{id}/join", p.joinEvent},
		{"GET /book", p.bookForm},
		{"POST /book", p.book},
		{"GET /book/return", p.bookCode},
		{"POST /book/return", p.bookReturn},
		{"POST /book/write", p.bookWrite},
		{"POST /book/confirm", p.bookConfirm},
		{"POST /book/withdraw", p.bookWithdraw},
		{"POST /book/calendar", p.bookCalendar},

		{"GET /write", p.before},
		{"POST /write/who", p.who},
		{"POST /write/message", p.message},
		{"POST /write/check", p.checkDraft},
		{"GET /return", p.askCode},
		{"POST /return", p.enterCode},
		{"GET /conversation", p.talk},
		{"POST /conversation/erase", p.askErasure},
		{"POST /conversation/leave", p.leave},

		{"GET /room", p.room},
		{"GET /room/news", p.roomNews},
		{"GET /room/{link}", p.roomDoor},
		{"POST /room/{link}", p.enterRoom},
		{"POST /room/end", p.endRoom},
		{"GET /room/files/{id}", p.roomFile},

		{"GET /rights", p.rights},
		{"POST /rights", p.askRight},
		{"POST /rights/status", p.rightStatus},
		{"GET /figures", p.figures},
		{"GET /figures.csv", p.figuresCSV},
		{"GET /register", p.register},
		{"GET /register.json", p.registerJSON},
		{"GET /accessibility", p.accessibility},
		{"POST /accessibility", p.tellAccessibility},
		{"GET /legal", p.legal},
		{"GET /privacy", p.privacy},
		{"GET /lang/{code}", setLanguage(p.offered())},
	}
}

// Handler serves the portal.
func (p *Portal) Handler() http.Handler {
	p.tickets = newTickets(p.Secret, p.Now)
	mux := http.NewServeMux()
	for _, r := range p.routes() {
		mux.HandleFunc(r.pattern, p.answer(r.do))
	}
	for _, r := range p.uploads() {
		mux.HandleFunc(r.pattern, p.open(r.do))
	}
	for name, hook := range p.Hooks {
		mux.Handle(hookPath+name+"/", hooked(hook))
	}
	mux.Handle("GET "+view.StaticPath, view.Static())
	mux.HandleFunc("/", p.answer(func(http.ResponseWriter, *http.Request) error {
		return errs.New(errs.NotFound, "err.not_found", "no such page")
	}))
	return mux
}

func (p *Portal) answer(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formSize)
		p.open(do)(w, r)
	}
}

// open answers with a page; how much may be sent, the action says.
func (p *Portal) open(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := do(w, r); err != nil {
			p.Failed(w, r, err)
		}
	}
}

// Failed shows an error as a page of the portal: what happened, what to try.
func (p *Portal) Failed(w http.ResponseWriter, r *http.Request, err error) {
	ref := reference()
	note(p.Log, r, ref, err)
	l := p.words(r)
	kind := errs.KindOf(err)
	page := view.PortalErrorPage{Portal: p.frame(r), Kind: errorKind(kind)}
	switch key, args := errs.Message(err); kind {
	case errs.Internal:
		page.Ref = ref
	case errs.Unavailable:
		page.Ref, page.Text = ref, l.T(key, args...)
	case errs.Limit:
		page.Again = time.Minute
	case errs.NotFound:
	default:
		page.Text = l.T(key, args...)
	}
	if err := show(p.Views, w, l.Code(), statusOf(kind), page); err != nil {
		p.Log.Error("show error page", "error", err)
		http.Error(w, ref, http.StatusInternalServerError)
	}
}

func (p *Portal) words(r *http.Request) *lang.Lang { return p.Words.For(p.lang(r)).In(p.Zone) }

func (p *Portal) lang(r *http.Request) string { return languageOf(r, p.offered()) }

// offered are the languages that citizens may choose.
func (p *Portal) offered() *lang.Choice {
	if p.Languages == nil {
		return staff
	}
	return p.Languages
}

// frame is what every page of the portal shows around its content.
func (p *Portal) frame(r *http.Request) view.Portal {
	path := r.URL.Path
	if r.Method != http.MethodGet {
		path = "/"
	} else if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	l := p.words(r)
	return view.Portal{Lang: l.Code(), Dir: l.Dir(), Offered: p.offered().Codes(), Path: path, Org: p.Org, Service: p.Service, Emergency: p.Emergency, ExitURL: p.ExitURL,
		CSRF: p.tickets.form(formLife), Duty: p.duty(r), Demo: p.Demo, Exercise: p.Exercise, Calm: r.URL.Path == "/write" || strings.HasPrefix(r.URL.Path, "/write/")}
}

func (p *Portal) show(w http.ResponseWriter, r *http.Request, status int, page view.Page) error {
	return show(p.Views, w, p.lang(r), status, page)
}

// formNumber checks that a form was given out by us, lately. The same number
// twice is the same form: the rooms answer it once.
func (p *Portal) formNumber(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", errs.As(err, errs.Limit, "err.too_large")
	}
	number, ok := p.tickets.read("form", r.PostForm.Get("csrf"))
	if !ok {
		return "", errs.New(errs.Invalid, "err.form.old", "read form: not given out by us, or too old")
	}
	return number, nil
}

func (p *Portal) time(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).In(p.Zone)
}
