package web

import (
	"context"
	"crypto/subtle"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/channel"
	"ronde/channel/logbook"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/oversight"
	"ronde/patrol"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// Workbench is the staff door.
type Workbench struct {
	Public
	People    *people.Service
	Patrol    *patrol.Service
	Desk      *desk.Service
	Logbook   *logbook.Service
	Mandates  *mandate.Service
	Channels  *channel.Service
	Watch     *watch.Service
	Cases     *casefile.Service
	Oversight *oversight.Service
	Ledger    *ledger.Ledger
	Lexicon   *lexicon.Lexicon
	Verify    func(*http.Request) (*ledger.Proof, error) // proves the ledger as it is
	Views     *view.Views
	Words     *lang.Catalog
	Zone      *time.Location
	Now       func() int64 // microseconds UTC
	Log       *slog.Logger
	Secret    []byte
	Lines     []channel.Setting // the lines to the public that are configured
	Ending    <-chan struct{}   // closed when the program stops: live pages end

	Ways  []string // ways to reach staff that are set up
	Hooks []string // names of webhooks
	// Fetch gets a file from the line on which it came; nil where no line is.
	Fetch func(ctx context.Context, line string, f channel.File, w io.Writer) error

	tickets *tickets
	liveMu  sync.Mutex     // guards open
	open    map[string]int // live pages by session
	eyes    eyes
}

// formSizeStaff bounds a form of the workbench: a photo fits, no more.
const formSizeStaff = 6 << 20

// A staffAction answers a request of somebody who is signed in.
type staffAction func(w http.ResponseWriter, r *http.Request, by people.Session) error

type staffRoute struct {
	pattern string
	do      staffAction
}

// gate are the routes before anybody is signed in.
func (b *Workbench) gate() []route {
	return []route{
		{"GET /sign-in", b.signInPage},
		{"POST /sign-in", b.signIn},
		{"GET /sign-in/code", b.codePage},
		{"POST /sign-in/code", b.code},
		{"GET /enrol", b.enrolPage},
		{"POST /enrol", b.enrol},
		{"GET /lang/{code}", setLanguage(staff)},
	}
}

// routes are all of the workbench. Each asks the rules again in its room.
func (b *Workbench) routes() []staffRoute {
	return []staffRoute{
		{"GET /{$}", b.dashboard},
		{"POST /sign-out", b.signOut},
		{"GET /account", b.account},
		{"POST /account/password", b.setPassword},
		{"POST /account/sessions/{id}/end", b.endSession},
		{"POST /account/sessions/end", b.endOthers},
		{"GET /search", b.search},

		{"GET /inbox", b.inbox},
		{"GET /inbox/{id}", b.talk},
		{"POST /inbox/{id}/take", b.takeTalk},
		{"POST /inbox/{id}/release", b.releaseTalk},
		{"POST /inbox/{id}/reply", b.replyTalk},
		{"GET /inbox/list.csv", b.listCSV},
		{"GET /inbox/{id}/csv", b.talkCSV},
		{"GET /inbox/{id}/print", b.printTalk},
		{"POST /inbox/{id}/draft", b.saveDraft},
		{"POST /inbox/{id}/text", b.insertText},
		{"POST /inbox/{id}/sheet", b.sheet},
		{"POST /inbox/{id}/step", b.tickStep},
		{"POST /inbox/{id}/refer", b.refer},
		{"POST /inbox/{id}/receipt", b.takenOver},
		{"GET /looks", b.looks},
		{"POST /looks/{id}", b.lookAgain},
		{"GET /texts", b.texts},
		{"POST /texts/new", b.draftText},
		{"POST /texts/{id}/decide", b.decideText},
		{"POST /texts/{id}/retire", b.retireText},
		{"GET /answers", b.paces},
		{"POST /inbox/{id}/merge", b.mergeTalk},
		{"POST /inbox/{id}/split", b.splitTalk},
		{"POST /inbox/{id}/question", b.questionTalk},
		{"POST /inbox/{id}/confirm", b.confirmTalk},
		{"POST /inbox/{id}/revealed", b.openReveal},
		{"POST /inbox/{id}/note", b.noteTalk},
		{"POST /inbox/{id}/close", b.closeTalk},
		{"POST /inbox/{id}/hand", b.handTalk},
		{"POST /inbox/{id}/reveal", b.revealTalk},
		{"POST /inbox/{id}/withdrawn", b.withdrawnTalk},
		{"POST /inbox/{id}/reopen", b.reopenTalk},
		{"POST /inbox/{id}/emergency", b.emergencyTalk},
		{"POST /inbox/{id}/case", b.caseFromTalk},
		{"POST /inbox/{id}/room", b.makeRoom},
		{"POST /inbox/{id}/room/free", b.freeRoom},
		{"POST /inbox/{id}/room/end", b.endRoom},

		{"GET /files/{id}", b.file},
		{"POST /files/{id}/look", b.lookAt},
		{"GET /files/{id}/copy", b.copyOf},
		{"POST /files/{id}/fetch", b.fetchFile},
		{"POST /files/{id}/seal", b.sealFile},
		{"GET /files/{id}/suspect", b.suspectPage},
		{"POST /files/{id}/suspect", b.suspectFile},
		{"GET /guarded", b.guarded},
		{"POST /guarded/{id}/open", b.openGuarded},
		{"POST /guarded/{id}/clear", b.clearGuarded},
		{"POST /guarded/{id}/case", b.caseFromFile},

		{"GET /channels", b.lines},
		{"GET /logbook", b.logbook},
		{"POST /logbook", b.writeLogbook},
		{"GET /logbook.csv", b.logbookCSV},
		{"GET /logbook/{id}", b.logEntry},
		{"POST /logbook/{id}", b.changeEntry},
		{"POST /logbook/{id}/hand", b.handEntry},

		{"GET /alerts", b.alerts},
		{"GET /alerts/{id}", b.alert},
		{"POST /alerts/{id}/verdict", b.verdict},
		{"POST /alerts/{id}/minor", b.minor},
		{"POST /alerts/{id}/grade", b.gradeAlert},
		{"POST /alerts/{id}/leave", b.askLeave},
		{"POST /alerts/{id}/confirm", b.confirmLeave},
		{"POST /alerts/{id}/refuse", b.refuseLeave},
		{"POST /alerts/{id}/case", b.caseFromAlert},
		{"GET /alerts/{id}/glass", b.breakPage},
		{"POST /alerts/{id}/glass", b.breakGlass},
		{"GET /glass", b.glass},
		{"POST /glass/{id}/review", b.reviewGlass},
		{"GET /paste", b.pastePage},
		{"POST /paste", b.paste},
		{"GET /archive", b.archivePage},

		{"GET /mandates", b.mandates},
		{"GET /mandates/new", b.mandateDraft},
		{"POST /mandates/new", b.draftMandate},
		{"GET /mandates/{id}", b.mandate},
		{"POST /mandates/{id}/approve", b.approveMandate},
		{"POST /mandates/{id}/refuse", b.refuseMandate},
		{"POST /mandates/{id}/suspend", b.suspendMandate},
		{"POST /mandates/{id}/resume", b.resumeMandate},
		{"GET /mandates/{id}/renew", b.renewPage},
		{"POST /mandates/{id}/renew", b.renew},
		{"GET /sources", b.sources},
		{"POST /sources/{id}/key", b.sourceKey},
		{"POST /sources/{id}/stop", b.stopSource},

		{"GET /cases", b.cases},
		{"GET /cases/{id}", b.casePage},
		{"POST /cases/{id}/note", b.noteCase},
		{"POST /cases/{id}/close", b.closeCase},
		{"GET /exhibits/{id}", b.exhibit},
		{"POST /exhibits/{id}/verify", b.verifyExhibit},
		{"GET /exhibits/{id}/original", b.exhibitOriginal},

		{"GET /officials", b.officials},
		{"POST /officials/officers", b.publishOfficer},
		{"POST /officials/officers/{id}/withdraw", b.withdrawOfficer},
		{"POST /officials/accounts", b.publishAccount},
		{"POST /officials/accounts/{id}/withdraw", b.withdrawAccount},

		{"GET /officials/accounts/{id}", b.accountProof},
		{"POST /officials/accounts/{id}/prove", b.proveAccount},
		{"POST /officials/accounts/{id}/proof", b.setProof},
		{"GET /care", b.care},
		{"POST /care", b.setCalm},
		{"POST /care/forget", b.forgetLooked},
		{"GET /training", b.training},
		{"POST /training", b.giveTraining},
		{"POST /training/{id}/end", b.endTraining},
		{"POST /training/needs", b.setNeed},
		{"GET /campaigns", b.campaigns},
		{"GET /campaigns/new", b.newCampaign},
		{"POST /campaigns", b.draftCampaign},
		{"GET /campaigns/{id}", b.campaign},
		{"GET /campaigns/{id}/edit", b.editCampaign},
		{"POST /campaigns/{id}/submit", b.submitCampaign},
		{"POST /campaigns/{id}/review", b.reviewCampaign},
		{"POST /campaigns/{id}/retract", b.retractCampaign},
		{"POST /campaigns/{id}/reach", b.noteReach},
		{"GET /rounds", b.rounds},
		{"POST /rounds", b.startRound},
		{"POST /rounds/{id}/contact", b.countContact},
		{"POST /rounds/{id}/end", b.endRound},
		{"POST /admissions", b.askAdmission},
		{"POST /admissions/{id}/answer", b.answerAdmission},
		{"GET /impostors", b.impostors},
		{"POST /impostors/{id}/tell", b.tellPlatform},
		{"POST /impostors/{id}/close", b.closeImpostor},
		{"GET /vouch", b.vouchForm},
		{"POST /vouch", b.vouch},

		{"GET /roster", b.roster},
		{"GET /roster/cover", b.cover},
		{"GET /roster/cover.csv", b.coverCSV},
		{"POST /roster/shifts", b.planShifts},
		{"POST /roster/shifts/{id}/assign", b.assignShift},
		{"POST /roster/shifts/{id}/remove", b.removeShift},
		{"POST /roster/shifts/{id}/offer", b.offerShift},
		{"POST /roster/shifts/{id}/keep", b.keepShift},
		{"POST /roster/shifts/{id}/take", b.takeShift},
		{"POST /roster/clear", b.clearWeek},
		{"POST /roster/templates", b.saveTemplate},
		{"POST /roster/templates/{id}/apply", b.applyTemplate},
		{"POST /roster/templates/{id}/remove", b.removeTemplate},
		{"POST /roster/absences", b.reportAbsence},
		{"POST /roster/absences/{id}/end", b.endAbsence},
		{"POST /roster/feed", b.makeFeed},
		{"POST /roster/feed/end", b.endFeed},
		{"POST /roster/import", b.importShifts},
		{"GET /hours", b.workHours},
		{"POST /hours", b.setHours},
		{"POST /hours/holidays", b.addHoliday},
		{"POST /hours/holidays/{id}/remove", b.removeHoliday},
		{"POST /hours/holidays/import", b.importHolidays},

		{"GET /events", b.workEvents},
		{"GET /events/new", b.newEvent},
		{"POST /events", b.planEvent},
		{"GET /events/{id}", b.workEvent},
		{"POST /events/{id}/publish", b.publishEvent},
		{"POST /events/{id}/cancel", b.cancelEvent},
		{"POST /events/{id}/record", b.recordEvent},
		{"GET /bookings", b.bookings},
		{"GET /bookings/{id}", b.booking},
		{"POST /bookings/{id}/answer", b.answerBooking},
		{"POST /bookings/{id}/decline", b.declineBooking},

		{"GET /people", b.people},
		{"POST /people", b.addPerson},
		{"POST /people/{id}/suspend", b.disablePerson},
		{"POST /people/{id}/reset", b.resetPerson},
		{"POST /people/{id}/kill", b.killSessions},
		{"POST /people/{id}/roles", b.setRoles},
		{"POST /units", b.addUnit},
		{"GET /handles", b.unmasks},
		{"POST /handles/ask", b.askUnmask},
		{"POST /handles/{id}/confirm", b.confirmUnmask},
		{"POST /handles/{id}/open", b.openUnmask},

		{"GET /oncall", b.onCall},
		{"POST /oncall/contacts", b.addContact},
		{"POST /oncall/settings", b.configureDesk},
		{"POST /oncall/protect", b.protectDesk},
		{"POST /oncall/{id}/remove", b.removeContact},
		{"POST /oncall/{id}/up", b.raiseContact},
		{"POST /oncall/{id}/test", b.testContact},
		{"POST /notice", b.ownNotice},

		{"GET /rights", b.rightsQueue},
		{"GET /rights/{id}", b.rightsRequest},
		{"POST /rights/{id}/prepare", b.prepareRight},
		{"POST /rights/{id}/confirm", b.decideRight},

		{"GET /audit", b.audit},
		{"GET /certificates", b.certificates},
		{"GET /certificates/{id}", b.certificate},
		{"GET /registers", b.registers},
		{"GET /lexicon", b.lexicon},
		{"GET /lexicon/{id}", b.entry},
		{"GET /lexicon/candidates", b.candidates},
		{"GET /lexicon/proposals", b.proposals},
		{"GET /lexicon/proposals/new", b.proposeForm},
		{"POST /lexicon/proposals", b.propose},
		{"POST /lexicon/retirements", b.retireEntry},
		{"GET /lexicon/proposals/{id}", b.openProposal},
		{"POST /lexicon/proposals/{id}/review", b.reviewProposal},
		{"POST /lexicon/proposals/{id}/live", b.proposalLive},
		{"POST /lexicon/proposals/{id}/retire", b.retireProposal},
		{"GET /lexicon/figures", b.methods},
		{"GET /lexicon/figures.csv", b.methodsCSV},
		{"GET /lexicon/bulletin", b.bulletin},
		{"GET /lexicon/bulletin.json", b.bulletinJSON},
		{"GET /law", b.law},
	}
}

// Handler serves the workbench.
func (b *Workbench) Handler() http.Handler {
	b.tickets = newTickets(b.Secret, b.Now)
	mux := http.NewServeMux()
	for _, r := range b.gate() {
		mux.HandleFunc(r.pattern, b.answer(r.do))
	}
	for _, r := range b.routes() {
		mux.HandleFunc(r.pattern, b.answer(b.signedIn(way(r.pattern, r.do))))
	}
	for _, r := range b.streams() {
		mux.HandleFunc(r.pattern, b.answer(b.watching(way(r.pattern, r.do))))
	}
	for _, r := range b.uploads() {
		mux.HandleFunc(r.pattern, b.upload(way(r.pattern, r.do)))
	}
	mux.Handle("GET "+view.StaticPath, view.Static())
	mux.HandleFunc("/", b.answer(b.signedIn(func(http.ResponseWriter, *http.Request, people.Session) error {
		return errs.New(errs.NotFound, "err.not_found", "no such page")
	})))
	return mux
}

func (b *Workbench) answer(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formSizeStaff)
		if err := do(w, r); err != nil {
			b.Failed(w, r, err)
		}
	}
}

// signedIn lets somebody with a living session through, and a form only when
// it was made for that session.
func (b *Workbench) signedIn(do staffAction) action {
	return func(w http.ResponseWriter, r *http.Request) error {
		by, err := b.session(r)
		if errs.Is(err, errs.Lapsed) {
			return b.toSignIn(w, r)
		}
		if err != nil {
			return err
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			if err := r.ParseMultipartForm(formSizeStaff); err != nil && err != http.ErrNotMultipart {
				return errs.As(err, errs.Limit, "err.too_large")
			}
			if subtle.ConstantTimeCompare([]byte(r.PostFormValue("csrf")), []byte(by.Form)) != 1 {
				return errs.New(errs.Invalid, "err.form.old", "read form: not made for this session")
			}
		}
		b.watchOver(r, by)
		return do(w, r, by)
	}
}

// Failed shows an error as a page of the workbench.
func (b *Workbench) Failed(w http.ResponseWriter, r *http.Request, err error) {
	ref := reference()
	note(b.Log, r, ref, err)
	l := b.words(r)
	kind := errs.KindOf(err)
	by, _ := b.session(r)
	page := view.WorkErrorPage{Work: b.frame(r, by), Kind: errorKind(kind)}
	switch key, args := errs.Message(err); kind {
	case errs.Internal:
		page.Ref = ref
	case errs.Unavailable:
		page.Ref, page.Text = ref, l.T(key, args...)
	case errs.NotFound:
	default:
		page.Text = l.T(key, args...)
	}
	if kind == errs.Conflict {
		page.Kind = "conflict"
	}
	if err := show(b.Views, w, l.Code(), statusOf(kind), page); err != nil {
		b.Log.Error("show error page", "error", err)
		http.Error(w, ref, http.StatusInternalServerError)
	}
}

func (b *Workbench) words(r *http.Request) *lang.Lang {
	return b.Words.For(languageOf(r, staff)).In(b.Zone)
}

func (b *Workbench) show(w http.ResponseWriter, r *http.Request, status int, page view.Page) error {
	return show(b.Views, w, languageOf(r, staff), status, page)
}

// frame is what every page of the workbench shows around its content.
func (b *Workbench) frame(r *http.Request, by people.Session) view.Work {
	path := "/"
	if r.Method == http.MethodGet {
		path = r.URL.RequestURI()
	}
	f := view.Work{Lang: languageOf(r, staff), Path: path, Org: b.Org, CSRF: by.Form, Demo: b.Demo, Exercise: b.Exercise}
	own := b.welfare(r, by)
	f.Calm, f.Mute, f.Break = calmClasses(own.Calm), own.Mute, own.Break()
	f.User = view.User{Name: by.Actor.Handle}
	for _, role := range by.Actor.Roles {
		f.User.Roles = append(f.User.Roles, string(role))
	}
	f.Doors = doorsFor(by.Actor)
	if key := r.URL.Query().Get("done"); key != "" && len(key) < 40 && b.words(r).Has("done."+key) {
		f.Notice = &view.Notice{Kind: "done", Text: b.words(r).T("done." + key)}
	}
	return f
}

func may(by people.Session, verb string, r access.Resource) bool {
	return access.Decide(by.Actor, verb, r).Allowed
}

// after sends the browser on after a form, with a word of what was done.
func after(w http.ResponseWriter, r *http.Request, path, done string) error {
	if done != "" {
		path += "?done=" + done
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

func (b *Workbench) time(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).In(b.Zone)
}

// step is one line of a timeline from the ledger.
func (b *Workbench) step(r *http.Request, e ledger.Entry) view.Step {
	l := b.words(r)
	s := view.Step{At: b.time(e.At), Kind: "act", Text: verbWords(l, e.Verb), Who: actorWords(l, e.Handle), Note: detailWords(l, e.Detail)}
	if slices.Contains([]string{"case.close", "rights.done", "conversation.close"}, e.Verb) {
		s.Kind = "done"
	}
	return s
}

// verbWords says a ledger verb in words, and the verb itself where the
// catalogue has none: the record must not be hidden by a missing word.
func verbWords(l *lang.Lang, verb string) string {
	if key := "verb." + verb; l.Has(key) {
		return l.T(key)
	}
	return verb
}
