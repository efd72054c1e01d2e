package view

import "time"

// PublicEvent is an announced event. Kind is a word of the group "eventkind".
type PublicEvent struct {
	ID, Kind, Title, About string
	Rules                  []string
	Lang                   string
	Channel                string // already translated; empty: in person
	Place                  string
	From, To               time.Time
	Officer, Second        string // names on cards; Officer empty: the service
	OfficerHref            string
	Chat                   bool
	Capacity, Left         int // Capacity 0: as many as come
	Cancelled, Over        bool
	Came                   *Came
}

// Came is what came of an event. Numbers below Small are not told.
type Came struct {
	Small                                                 int
	Attended, Contacts, Advice, Referred, Reports, Handed int
}

// Few says that a number is too small to be told.
func (c Came) Few(n int) bool { return n > 0 && n < c.Small }

// Facts are the numbers that are not nothing, with the words of the group
// "came".
func (c Came) Facts() (out []CameFact) {
	for _, f := range []CameFact{{"contacts", c.Contacts}, {"advice", c.Advice}, {"referred", c.Referred}, {"reports", c.Reports}, {"handed", c.Handed}} {
		if f.N > 0 {
			out = append(out, f)
		}
	}
	return out
}

// CameFact is one number of what came of an event.
type CameFact struct {
	Name string
	N    int
}

// EventsPage lists what is announced and what was, at /events, with its feeds.
type EventsPage struct {
	Portal
	Coming []PublicEvent
	Past   []PublicEvent
}

// Template names the page.
func (EventsPage) Template() string { return "portal/events" }

// EventPage is one event, at /events/{ID}. Form: POST /events/{ID}/join with
// rules ("yes"). Joined shows the way in, once.
type EventPage struct {
	Portal
	Event  PublicEvent
	Form   Form
	Joined bool
	URL    string
}

// Template names the page.
func (EventPage) Template() string { return "portal/event" }

// Subject names the page in the browser.
func (p EventPage) Subject() string { return p.Event.Title }

// BookPage asks for a talk, at /book. Form: POST /book with kind, org, place,
// heads, text, name, contact.
type BookPage struct {
	Portal
	Form  Form
	Kinds []Option
}

// Template names the page.
func (BookPage) Template() string { return "portal/book" }

// BookReceiptPage shows the return code of a booking, once.
type BookReceiptPage struct {
	Portal
	Code string
}

// Template names the page.
func (BookReceiptPage) Template() string { return "portal/bookreceipt" }

// BookReturnPage asks for the code, at /book/return. Form: POST /book/return
// with code.
type BookReturnPage struct {
	Portal
	Form Form
}

// Template names the page.
func (BookReturnPage) Template() string { return "portal/bookreturn" }

// BookTalkPage is a booking as who asked reads it. Forms, all POST with code:
// /book/write with text · /book/confirm with starts · /book/withdraw ·
// /book/calendar.
type BookTalkPage struct {
	Portal
	Form     Form
	Code     string
	Kind     string // word of the group "bookingkind"
	State    string // word of the group "booking"
	Heads    int
	From, To time.Time
	Starts   string // of the form: the date that is confirmed
	Letters  []BookLetter
	Ended    bool
}

// Template names the page.
func (BookTalkPage) Template() string { return "portal/booktalk" }

// BookLetter is one message of a booking.
type BookLetter struct {
	Ours bool
	From string // who wrote, as staff reads it; empty: the reader
	At   time.Time
	Text string
}

// WorkEventsPage lists every event, at /events.
type WorkEventsPage struct {
	Work
	Rows     []WorkEvent
	Bookings int // that wait for us
	Publish  bool
}

// Template names the page.
func (WorkEventsPage) Template() string { return "work/events" }

// WorkEvent is a row of the list. State is a word of the group "event".
type WorkEvent struct {
	ID, Kind, Title, State, Where string
	From                          time.Time
	Seats, Capacity               int
	Booked                        bool
	Record                        bool // it is over and nobody has said what came of it
}

// WorkEventPage prepares an event, announces it and records what came of it, at
// /events/new and /events/{ID}. Forms, all POST: /events with id, kind, title,
// about, rules, language, channel, place, url, day, from, to, officer, second,
// chat, public, capacity · /events/{ID}/publish · /cancel · /record with
// attended, contacts, advice, referred, reports, handed.
type WorkEventPage struct {
	Work
	ID        string
	State     string
	Form      Form
	Kinds     []Option
	Languages []Option
	Channels  []Option
	Officers  []Option
	Edit      bool
	Publish   bool
	Cancel    bool
	Record    bool
	Booking   string
	From, To  time.Time
	Seats     int
	Missing   []string // what keeps it from being announced, translated
}

// Template names the page.
func (WorkEventPage) Template() string { return "work/event" }

// BookingsPage lists who asks for a talk, at /bookings.
type BookingsPage struct {
	Work
	Rows []WorkBooking
}

// Template names the page.
func (BookingsPage) Template() string { return "work/bookings" }

// WorkBooking is a row of the list.
type WorkBooking struct {
	ID, Org, Place, Kind, State string
	Heads                       int
	Unread                      bool
	Came                        time.Time
	From                        time.Time // the date that is offered or confirmed
}

// BookingPage is one booking, at /bookings/{ID}. Forms, all POST with seen:
// /bookings/{ID}/answer with text, day, from, to · /decline with text.
type BookingPage struct {
	Work
	Form      Form
	Booking   WorkBooking
	To        time.Time
	Name      string
	Contact   string
	Lang      string
	Letters   []BookLetter
	Seen      string
	Answer    bool
	EventHref string
}

// Template names the page.
func (BookingPage) Template() string { return "work/booking" }
