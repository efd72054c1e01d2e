package view

import "time"

// The way to write, one question a page, without cookies: what was answered
// before travels in hidden fields, so the back button works and nothing is
// kept before the last step. GET /write → POST /write/who → POST
// /write/message → POST /write/check → POST /write/send.

// Draft is what the writer has given so far. Fields: identity, name, contact,
// message, tongue, link, age, about.
type Draft struct {
	Identity string // word of the group "identity"
	Name     string // only when named
	Contact  string // only when named; e-mail or telephone
	Message  string
	Tongue   string // language the answer should be in; empty = that of the page
	Link     string // address of what it is about
	Age      string // what the writer says, free
	About    string // "fake" when it began at the check
}

// BeforePage is step 1, at /write: 112, hours, what is not taken here. Form:
// POST /write/who with about.
type BeforePage struct {
	Portal
	Draft   Draft
	Errands []Errand
	Window  int // hours for which an address is kept in danger to life; 0: never
}

// Template names the page.
func (BeforePage) Template() string { return "portal/before" }

// WhoPage is step 2: how identifiable to be. Form: POST /write/message with
// identity, name, contact and the draft.
type WhoPage struct {
	Portal
	Form   Form
	Draft  Draft
	Window int    // hours for which an address is kept in danger to life; 0: never
	Onion  string // address of the onion service; empty = there is none
	LogIP  string // how long connection logs exist outside this program, already translated; empty = none kept
}

// Template names the page.
func (WhoPage) Template() string { return "portal/who" }

// MessagePage is step 3. Form: POST /write/check with message, tongue, link,
// age and the draft.
type MessagePage struct {
	Portal
	Form    Form
	Draft   Draft
	Tongues []Option // the languages an answer can have
	Limit   int      // characters
}

// Template names the page.
func (MessagePage) Template() string { return "portal/message" }

// SendPage is step 4: read again and send. Forms: POST /write/send with the
// draft; POST /write/message and /write/who to change something.
type SendPage struct {
	Portal
	Form  Form
	Draft Draft
}

// Template names the page.
func (SendPage) Template() string { return "portal/send" }

// ReceiptPage shows the return code, once, as the answer to /write/send.
type ReceiptPage struct {
	Portal
	Code   string // in groups: "KQ7M-2XFA-…"
	Sent   time.Time
	Answer time.Time // by when we answer
	Danger bool      // the message holds words of danger: 112 again, on top
	Child  *Errand   // who listens to children and teenagers, beside 112
	Keep   int       // days the conversation is kept after it is closed
}

// Template names the page.
func (ReceiptPage) Template() string { return "portal/receipt" }

// ReturnPage asks for the return code, at /return. Form: POST /return with code.
type ReturnPage struct {
	Portal
	Form Form
}

// Template names the page.
func (ReturnPage) Template() string { return "portal/return" }

// TalkPage is the writer's view of their conversation, at /conversation.
// Forms: POST /conversation/add with message; POST /conversation/erase with
// reason; POST /conversation/leave.
type TalkPage struct {
	Portal
	Form     Form
	State    string // word of the group "state"
	Status   string // word of the group "plain": what that means for the writer
	Identity string
	Messages []Message
	Outcome  string // word of the group "outcome", where it may be told; empty = not yet or not told
	Answer   time.Time
	Until    time.Time // when it is erased by itself; zero = not decided
	Closed   bool
	Erasing  bool   // an erasure was asked for
	Number   string // of that request, where it was made on this page; with it alone the answer is read
	Minutes  int    // how long this page stays open without a sign of life
	Window   int    // hours for which an address is kept in danger to life; 0: never
}

// Template names the page.
func (TalkPage) Template() string { return "portal/talk" }

// Message is one message of a conversation.
type Message struct {
	ID     string // of the message, workbench only
	Thread string // short name of the joined thread it stands in, workbench only
	Via    string // the channel of that thread
	From   string // "you" (the writer), "us", or "inside" (a note, workbench only)
	Author string // who of us; empty for the writer
	Sign   string // the published name under it, workbench only; empty: the service signed
	At     time.Time
	Text   string
	Danger []string // explicit words to mark, workbench only
	Read   bool     // the writer has read it, workbench only
	Auto   bool     // ours, sent by itself outside hours
	Files  []FileRow
	Room   bool // said in a secure room, workbench only

	Line *OnLine // of a message of a line, workbench only
}
