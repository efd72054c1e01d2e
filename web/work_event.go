package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// workEvents is GET /events of the workbench.
func (b *Workbench) workEvents(w http.ResponseWriter, r *http.Request, by people.Session) error {
	all, err := b.Patrol.EventBoard(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.WorkEventsPage{Work: b.frame(r, by)}
	for _, e := range all {
		row := view.WorkEvent{ID: e.ID, Kind: e.Kind, Title: e.Title, State: e.State, Where: e.Place, From: b.time(e.Starts), Seats: e.Seats, Capacity: e.Capacity, Booked: e.Booking != "",
			Record: e.State == patrol.Announced && e.Ends <= b.Now()}
		if e.Channel != "" {
			row.Where = where(b.words(r), []string{e.Channel})
		}
		page.Rows = append(page.Rows, row)
	}
	return b.show(w, r, http.StatusOK, page)
}

// oneEvent finds an event by its id.
func (b *Workbench) oneEvent(r *http.Request, by people.Session, id string) (patrol.Event, error) {
	all, err := b.Patrol.EventBoard(r.Context(), by.Actor)
	if err != nil {
		return patrol.Event{}, err
	}
	i := slices.IndexFunc(all, func(e patrol.Event) bool { return e.ID == id })
	if i < 0 {
		return patrol.Event{}, errs.New(errs.NotFound, "err.not_found", "open event: no such event")
	}
	return all[i], nil
}

// workEvent is GET /events/new and GET /events/{id}.
func (b *Workbench) workEvent(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.eventPage(r, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) newEvent(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.eventPage(r, by, "")
	if err != nil {
		return err
	}
	page.Form = view.Form{Values: map[string]string{"public": "on", "language": languageOf(r, staff), "rules": b.words(r).T("workevent.rules_usual")}}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) eventPage(r *http.Request, by people.Session, id string) (view.WorkEventPage, error) {
	page := view.WorkEventPage{Work: b.frame(r, by), ID: id, Edit: true}
	if err := b.eventChoices(r, &page); err != nil || id == "" {
		return page, err
	}
	e, err := b.oneEvent(r, by, id)
	if err != nil {
		return page, err
	}
	over, lead := e.Ends <= b.Now(), may(by, "event.publish", access.Resource{Kind: "event"})
	page.State, page.Booking, page.From, page.To, page.Seats = e.State, e.Booking, b.time(e.Starts), b.time(e.Ends), e.Seats
	page.Edit = e.Booking == "" && (e.State == patrol.Drafted || e.State == patrol.Announced && !over && lead)
	page.Publish = lead && e.State == patrol.Drafted && !over
	page.Cancel = lead && (e.State == patrol.Drafted || e.State == patrol.Announced) && !over
	page.Record = (e.State == patrol.Announced || e.State == patrol.Held) && e.Starts <= b.Now()
	if e.State == patrol.Drafted && !over {
		l := b.words(r)
		if e.Chat && e.Second == "" {
			page.Missing = append(page.Missing, l.T("err.patrol.second"))
		}
		if e.Public && e.Kind != "visit" && len(e.Rules) == 0 {
			page.Missing = append(page.Missing, l.T("err.patrol.no_rules"))
		}
		page.Publish = page.Publish && len(page.Missing) == 0
	}
	page.Form = eventForm(e, page.From, page.To)
	return page, nil
}

// eventForm is the form of an event, with what stands in it.
func eventForm(e patrol.Event, from, to time.Time) view.Form {
	v := map[string]string{"kind": e.Kind, "title": e.Title, "about": e.About, "rules": strings.Join(e.Rules, "\n"), "language": e.Language, "channel": e.Channel, "place": e.Place, "url": e.URL,
		"day": from.Format(time.DateOnly), "from": from.Format("15:04"), "to": to.Format("15:04"), "officer": e.Officer, "second": e.Second}
	if e.Chat {
		v["chat"] = "on"
	}
	if e.Public {
		v["public"] = "on"
	}
	if e.Capacity > 0 {
		v["capacity"] = strconv.Itoa(e.Capacity)
	}
	if e.State == patrol.Held {
		for name, n := range map[string]int{"attended": e.Attended, "contacts": e.Contacts, "advice": e.Advice, "referred": e.Referred, "reports": e.Reports, "handed": e.Handed} {
			v[name] = strconv.Itoa(n)
		}
	}
	return view.Form{Values: v}
}

func (b *Workbench) eventChoices(r *http.Request, page *view.WorkEventPage) error {
	l := b.words(r)
	for _, k := range patrol.EventKinds {
		page.Kinds = append(page.Kinds, view.Option{Value: k, Label: l.T("word.eventkind." + k)})
	}
	for _, code := range lang.Codes {
		page.Languages = append(page.Languages, view.Option{Value: code, Label: l.T("word.language." + code)})
	}
	for _, c := range publicChannels {
		page.Channels = append(page.Channels, view.Option{Value: c, Label: l.T("word.channel." + c)})
	}
	cards, err := b.Patrol.Officers(r.Context())
	for _, o := range cards {
		page.Officers = append(page.Officers, view.Option{Value: o.ID, Label: o.Name})
	}
	return err
}

// eventEnd ends a form of an event: back to it, or the page to be mended.
func (b *Workbench) eventEnd(w http.ResponseWriter, r *http.Request, by people.Session, id, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.eventPage(r, by, id)
		if err != nil {
			return err
		}
		if len(r.PostForm) > 2 { // more than the token: what was typed is kept
			page.Form = view.Form{Values: values(r)}
		}
		page.Form.Problems = found
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/events/"+id, done)
}

// planEvent is POST /events.
func (b *Workbench) planEvent(w http.ResponseWriter, r *http.Request, by people.Session) error {
	f := r.PostFormValue
	in := patrol.EventIn{ID: f("id"), Kind: f("kind"), Title: f("title"), About: f("about"), Rules: f("rules"), Language: f("language"), Channel: f("channel"), Place: f("place"), URL: f("url"),
		Day: f("day"), From: f("from"), To: f("to"), Officer: f("officer"), Second: f("second"), Chat: f("chat") != "", Public: f("public") != "", Capacity: number(r, "capacity")}
	if strings.TrimSpace(f("capacity")) == "" {
		in.Capacity = 0
	}
	e, err := b.Patrol.PlanEvent(r.Context(), by.Actor, in)
	return b.eventEnd(w, r, by, cmp.Or(in.ID, idOf(e, err)), "event-saved", err)
}

// idOf is the id of an event that was made.
func idOf(e patrol.Event, err error) string {
	if err != nil {
		return ""
	}
	return e.ID
}

// publishEvent is POST /events/{id}/publish.
func (b *Workbench) publishEvent(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.eventEnd(w, r, by, r.PathValue("id"), "event-published", b.Patrol.PublishEvent(r.Context(), by.Actor, r.PathValue("id")))
}

// cancelEvent is POST /events/{id}/cancel.
func (b *Workbench) cancelEvent(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.eventEnd(w, r, by, r.PathValue("id"), "event-cancelled", b.Patrol.CancelEvent(r.Context(), by.Actor, r.PathValue("id")))
}

// recordEvent is POST /events/{id}/record.
func (b *Workbench) recordEvent(w http.ResponseWriter, r *http.Request, by people.Session) error {
	n := func(field string) int {
		if strings.TrimSpace(r.PostFormValue(field)) == "" {
			return 0
		}
		return number(r, field)
	}
	came := patrol.Came{Attended: n("attended"), Contacts: n("contacts"), Advice: n("advice"), Referred: n("referred"), Reports: n("reports"), Handed: n("handed")}
	return b.eventEnd(w, r, by, r.PathValue("id"), "event-recorded", b.Patrol.RecordEvent(r.Context(), by.Actor, r.PathValue("id"), came))
}

func (b *Workbench) workBooking(x patrol.Booking) view.WorkBooking {
	return view.WorkBooking{ID: x.ID, Org: x.Org, Place: x.Place, Kind: x.Kind, State: x.State, Heads: x.Heads, Unread: x.Unread, Came: b.time(x.Received), From: b.time(x.Starts)}
}

// bookings is GET /bookings.
func (b *Workbench) bookings(w http.ResponseWriter, r *http.Request, by people.Session) error {
	all, err := b.Patrol.Bookings(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.BookingsPage{Work: b.frame(r, by)}
	for _, x := range all {
		page.Rows = append(page.Rows, b.workBooking(x))
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) bookingPage(r *http.Request, by people.Session) (view.BookingPage, error) {
	x, err := b.Patrol.Booking(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return view.BookingPage{}, err
	}
	page := view.BookingPage{Work: b.frame(r, by), Booking: b.workBooking(x), To: b.time(x.Ends), Name: x.Name, Contact: x.Contact, Lang: x.Language, Letters: letters(x, b.time), Seen: fmt.Sprint(x.Changed),
		Answer: may(by, "booking.answer", access.Resource{Kind: "booking", ID: x.ID}) && x.State != patrol.Declined && x.State != patrol.TakenBack}
	for i := range page.Letters {
		page.Letters[i].From = x.Org
	}
	if x.Event != "" {
		page.EventHref = "/events/" + x.Event
	}
	return page, nil
}

// booking is GET /bookings/{id}.
func (b *Workbench) booking(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.bookingPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) bookingEnd(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.bookingPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/bookings/"+r.PathValue("id"), done)
}

func revision(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// answerBooking is POST /bookings/{id}/answer.
func (b *Workbench) answerBooking(w http.ResponseWriter, r *http.Request, by people.Session) error {
	o := patrol.Offer{Text: r.PostFormValue("text"), Day: r.PostFormValue("day"), From: r.PostFormValue("from"), To: r.PostFormValue("to"), Seen: revision(r)}
	return b.bookingEnd(w, r, by, "booking-answered", b.Patrol.AnswerTalk(r.Context(), by.Actor, r.PathValue("id"), o))
}

// declineBooking is POST /bookings/{id}/decline.
func (b *Workbench) declineBooking(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.bookingEnd(w, r, by, "booking-declined", b.Patrol.DeclineTalk(r.Context(), by.Actor, r.PathValue("id"), revision(r), r.PostFormValue("text")))
}

// homeBookings puts bookings that wait for us, and the next dates, on the
// first page of who answers them.
func (b *Workbench) homeBookings(r *http.Request, by people.Session, page *view.DashboardPage) error {
	all, err := b.Patrol.Bookings(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	waiting := 0
	soon := b.Now() + (14 * 24 * time.Hour).Microseconds()
	for _, x := range all {
		if x.Unread {
			waiting++
			if len(page.Tasks) < taskRows {
				page.Tasks = append(page.Tasks, view.Task{Kind: "booking", Title: x.Org, Href: "/bookings/" + x.ID})
			}
		}
		if x.State == patrol.Confirmed && x.Starts > b.Now() && x.Starts < soon {
			page.Ends = append(page.Ends, view.Task{Kind: "talk", Title: x.Org, Href: "/bookings/" + x.ID, Due: b.time(x.Starts)})
		}
	}
	if waiting > 0 {
		page.Tiles = append(page.Tiles, view.WorkTile{Name: "bookings", Value: waiting, Href: "/bookings"})
	}
	return nil
}
