package web

import (
	"cmp"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ronde/internal/errs"
	"ronde/internal/ical"
	"ronde/oversight"
	"ronde/patrol"
	"ronde/web/view"
)

// homeEvents is how many events stand on the first page and with the hours.
const homeEvents = 3

// cards are the names on published cards.
func (p *Portal) cards(r *http.Request) (map[string]string, error) {
	list, err := p.Patrol.Officers(r.Context())
	names := map[string]string{}
	for _, o := range list {
		names[o.ID] = o.Name
	}
	return names, err
}

func (p *Portal) publicEvent(r *http.Request, e patrol.Event, names map[string]string) view.PublicEvent {
	out := view.PublicEvent{ID: e.ID, Kind: e.Kind, Title: e.Title, About: e.About, Rules: e.Rules, Lang: e.Language, Place: e.Place, From: p.time(e.Starts), To: p.time(e.Ends), Officer: names[e.Officer], Second: names[e.Second],
		Chat: e.Chat, Capacity: e.Capacity, Left: max(0, e.Capacity-e.Seats), Cancelled: e.State == patrol.Cancelled, Over: e.Ends <= p.Now()}
	if e.Channel != "" {
		out.Channel = where(p.words(r), []string{e.Channel})
	}
	if out.Officer != "" {
		out.OfficerHref = "/officers/" + e.Officer
	}
	if e.State == patrol.Held {
		out.Came = &view.Came{Small: oversight.Few, Attended: e.Attended, Contacts: e.Contacts, Advice: e.Advice, Referred: e.Referred, Reports: e.Reports, Handed: e.Handed}
	}
	return out
}

// nextEvents are the soonest events, for the first page.
func (p *Portal) nextEvents(r *http.Request) (out []view.Event) {
	coming, _, err := p.Patrol.Events(r.Context())
	if err != nil {
		p.Log.Error("read events", "error", err)
		return nil
	}
	names, err := p.cards(r)
	if err != nil {
		p.Log.Error("read officers", "error", err)
	}
	for _, e := range coming {
		if e.State == patrol.Cancelled || len(out) == homeEvents {
			continue
		}
		shown := p.publicEvent(r, e, names)
		place := shown.Channel
		if place == "" {
			place = e.Place
		}
		out = append(out, view.Event{Title: e.Title, Place: place, From: shown.From, To: shown.To, Officer: shown.Officer, Href: "/events/" + e.ID})
	}
	return out
}

// events is GET /events.
func (p *Portal) events(w http.ResponseWriter, r *http.Request) error {
	coming, past, err := p.Patrol.Events(r.Context())
	if err != nil {
		return err
	}
	names, err := p.cards(r)
	if err != nil {
		return err
	}
	page := view.EventsPage{Portal: p.frame(r)}
	for _, e := range coming {
		page.Coming = append(page.Coming, p.publicEvent(r, e, names))
	}
	for _, e := range past {
		page.Past = append(page.Past, p.publicEvent(r, e, names))
	}
	return p.show(w, r, http.StatusOK, page)
}

func (p *Portal) eventPage(r *http.Request, e patrol.Event) (view.EventPage, error) {
	names, err := p.cards(r)
	return view.EventPage{Portal: p.frame(r), Event: p.publicEvent(r, e, names)}, err
}

// event is GET /events/{id}.
func (p *Portal) event(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Patrol.Event(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	page, err := p.eventPage(r, e)
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, page)
}

// joinEvent is POST /events/{id}/join: the way in, once the rules are accepted
// (D 2.57).
func (p *Portal) joinEvent(w http.ResponseWriter, r *http.Request) error {
	form, err := p.formNumber(r)
	if err != nil {
		return err
	}
	e, err := p.Patrol.Event(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if len(e.Rules) > 0 && r.PostForm.Get("rules") != "yes" {
		err = errs.Field("rules", "err.patrol.accept", "join event: the rules are not accepted")
	} else {
		e, err = p.Patrol.JoinEvent(r.Context(), remoteHost(r), hex.EncodeToString([]byte(form)), e.ID)
	}
	found, isForm := problems(p.words(r), err)
	if err != nil && !isForm {
		return err
	}
	if isForm {
		if e, err = p.Patrol.Event(r.Context(), r.PathValue("id")); err != nil {
			return err
		}
	}
	page, err := p.eventPage(r, e)
	if err != nil {
		return err
	}
	page.Path = "/events/" + e.ID
	status := http.StatusOK
	if page.Form.Problems = found; isForm {
		status = http.StatusUnprocessableEntity
	} else {
		page.Joined, page.URL = true, e.URL
	}
	return p.show(w, r, status, page)
}

func (p *Portal) eventEntry(r *http.Request, e patrol.Event) ical.Event {
	shown := p.publicEvent(r, e, nil)
	out := ical.Event{UID: p.uid("event", e.ID), Summary: e.Title, Description: e.About, Location: e.Place, URL: p.site(r) + "/events/" + e.ID, Start: ical.AtUTC(shown.From), End: ical.AtUTC(shown.To),
		Stamp: p.time(e.Changed).UTC(), Sequence: int(e.Changed / time.Second.Microseconds() % (1 << 30)), Cancelled: e.State == patrol.Cancelled}
	if out.Location == "" {
		out.Location = shown.Channel
	}
	return out
}

// eventsCalendar is GET /events.ics.
func (p *Portal) eventsCalendar(w http.ResponseWriter, r *http.Request) error {
	coming, _, err := p.Patrol.Events(r.Context())
	if err != nil {
		return err
	}
	c := ical.Calendar{Product: product, Name: p.Service}
	for _, e := range coming {
		c.Events = append(c.Events, p.eventEntry(r, e))
	}
	return calendar(w, c)
}

// eventCalendar is GET /events/{id}/calendar.ics.
func (p *Portal) eventCalendar(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Patrol.Event(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return calendar(w, ical.Calendar{Product: product, Name: p.Service, Events: []ical.Event{p.eventEntry(r, e)}})
}

// eventsAtom is GET /events.atom: what is announced, newest word first.
func (p *Portal) eventsAtom(w http.ResponseWriter, r *http.Request) error {
	coming, _, err := p.Patrol.Events(r.Context())
	if err != nil {
		return err
	}
	l, site := p.words(r), p.site(r)
	slices.SortFunc(coming, func(a, b patrol.Event) int { return cmp.Compare(b.Changed, a.Changed) })
	feed := atomFeed{Lang: l.Base(), ID: site + "/events", Title: p.Service + " – " + l.T("events.title"), Updated: time.UnixMicro(0).UTC().Format(time.RFC3339), Author: p.Org,
		Links: []atomLink{{"self", site + "/events.atom"}, {"alternate", site + "/events"}}}
	for _, e := range coming {
		shown := p.publicEvent(r, e, nil)
		title, at := e.Title, p.time(e.Changed).UTC().Format(time.RFC3339)
		if shown.Cancelled {
			title = l.T("event.cancelled") + " " + title
		}
		feed.Updated = max(feed.Updated, at)
		feed.Entries = append(feed.Entries, atomEntry{Lang: e.Language, ID: site + "/events/" + e.ID, Title: title, Published: p.time(e.Made).UTC().Format(time.RFC3339), Updated: at,
			Link: atomLink{"alternate", site + "/events/" + e.ID}, Content: l.Moment(shown.From) + " · " + cmp.Or(shown.Channel, e.Place) + "\n\n" + e.About})
	}
	body, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return errs.Wrap(err, "write feed")
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	_, err = w.Write(append([]byte(xml.Header), body...))
	return errs.Wrap(err, "send feed")
}

func (p *Portal) bookPage(r *http.Request) view.BookPage {
	page := view.BookPage{Portal: p.frame(r), Form: view.Form{Values: values(r)}}
	for _, k := range patrol.BookingKinds {
		page.Kinds = append(page.Kinds, view.Option{Value: k, Label: p.words(r).T("word.bookingkind." + k)})
	}
	return page
}

// bookForm is GET /book.
func (p *Portal) bookForm(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, p.bookPage(r))
}

// book is POST /book. The return code is on this one page, once.
func (p *Portal) book(w http.ResponseWriter, r *http.Request) error {
	form, err := p.formNumber(r)
	if err != nil {
		return err
	}
	in := patrol.BookingIn{Kind: r.PostForm.Get("kind"), Language: p.words(r).Base(), Org: r.PostForm.Get("org"), Name: r.PostForm.Get("name"), Contact: r.PostForm.Get("contact"), Place: r.PostForm.Get("place"),
		Text: r.PostForm.Get("text"), Heads: number(r, "heads")}
	code, err := p.Patrol.AskTalk(r.Context(), remoteHost(r), hex.EncodeToString([]byte(form)), in)
	if found, isForm := problems(p.words(r), err); isForm {
		page := p.bookPage(r)
		page.Form.Problems = found
		return p.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, view.BookReceiptPage{Portal: p.frame(r), Code: code})
}

// bookCode is GET /book/return.
func (p *Portal) bookCode(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, view.BookReturnPage{Portal: p.frame(r)})
}

// bookReturn is POST /book/return.
func (p *Portal) bookReturn(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	return p.showBooking(w, r, view.Form{}, http.StatusOK, "")
}

// showBooking shows the booking of the code in the form; the code travels in
// the page, which no cache keeps, and never in an address.
func (p *Portal) showBooking(w http.ResponseWriter, r *http.Request, form view.Form, status int, done string) error {
	l, code := p.words(r), r.PostForm.Get("code")
	b, err := p.Patrol.Talk(r.Context(), remoteHost(r), code)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Limit) {
		key, args := errs.Message(err)
		page := view.BookReturnPage{Portal: p.frame(r), Form: view.Form{Problems: []view.Problem{{Field: "code", Text: l.T(key, args...)}}}}
		return p.show(w, r, statusOf(errs.KindOf(err)), page)
	}
	if err != nil {
		return err
	}
	page := view.BookTalkPage{Portal: p.frame(r), Form: form, Code: code, Kind: b.Kind, State: b.State, Heads: b.Heads, From: p.time(b.Starts), To: p.time(b.Ends), Starts: strconv.FormatInt(b.Starts, 10), Letters: letters(b, p.time),
		Ended: b.State == patrol.Declined || b.State == patrol.TakenBack}
	page.Path = "/book/return"
	if done != "" {
		page.Notice = &view.Notice{Kind: "done", Text: done}
	}
	return p.show(w, r, status, page)
}

func letters(b patrol.Booking, at func(int64) time.Time) (out []view.BookLetter) {
	for _, x := range b.Letters {
		out = append(out, view.BookLetter{Ours: x.Ours, At: at(x.At), Text: x.Text})
	}
	return out
}

// bookAct does something with the booking of the code, and shows it again.
func (p *Portal) bookAct(w http.ResponseWriter, r *http.Request, done string, do func(caller, code string) error) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	err := do(remoteHost(r), r.PostForm.Get("code"))
	if found, isForm := problems(p.words(r), err); isForm {
		return p.showBooking(w, r, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity, "")
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	return p.showBooking(w, r, view.Form{}, http.StatusOK, p.words(r).T(done))
}

// bookWrite is POST /book/write.
func (p *Portal) bookWrite(w http.ResponseWriter, r *http.Request) error {
	return p.bookAct(w, r, "book.written", func(caller, code string) error {
		return p.Patrol.WriteTalk(r.Context(), caller, code, r.PostForm.Get("text"))
	})
}

// bookConfirm is POST /book/confirm: the date that was read.
func (p *Portal) bookConfirm(w http.ResponseWriter, r *http.Request) error {
	return p.bookAct(w, r, "book.confirmed", func(caller, code string) error {
		starts, err := strconv.ParseInt(r.PostForm.Get("starts"), 10, 64)
		if err != nil {
			starts = -1
		}
		return p.Patrol.ConfirmTalk(r.Context(), caller, code, starts)
	})
}

// bookWithdraw is POST /book/withdraw.
func (p *Portal) bookWithdraw(w http.ResponseWriter, r *http.Request) error {
	return p.bookAct(w, r, "book.withdrawn", func(caller, code string) error { return p.Patrol.WithdrawTalk(r.Context(), caller, code) })
}

// bookReminder is how long before a talk the reminder in the calendar rings.
const bookReminder = 24 * time.Hour

// bookCalendar is POST /book/calendar: the date with a reminder, for the
// calendar of who asked. It says no more than that there is a meeting: what it
// is about opens with the code.
func (p *Portal) bookCalendar(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	b, err := p.Patrol.Talk(r.Context(), remoteHost(r), r.PostForm.Get("code"))
	if err != nil {
		return err
	}
	if b.State != patrol.Confirmed {
		return errs.New(errs.Conflict, "err.patrol.offer_moved", "send calendar: no date is confirmed")
	}
	title := p.words(r).T("book.entry")
	w.Header().Set("Content-Disposition", `attachment; filename="date.ics"`)
	return calendar(w, ical.Calendar{Product: product, Events: []ical.Event{{UID: p.uid("talk", b.ID), Summary: title, URL: p.site(r) + "/book/return", Start: ical.AtUTC(p.time(b.Starts)), End: ical.AtUTC(p.time(b.Ends)),
		Stamp: p.time(b.Changed).UTC(), Alarm: bookReminder, AlarmText: title}}})
}
