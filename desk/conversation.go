package desk

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/errs"
)

// The limits of what is written to us and by us.
const (
	MaxText     = 10_000 // runes of a message, answer or note
	MaxName     = 100    // runes
	MaxContact  = 200    // runes
	MaxLink     = 1_000  // runes
	MaxAge      = 20     // runes: what somebody says of their age
	MaxReason   = 500    // runes of a typed reason
	MinReason   = 5      // runes: a reason says something
	MaxMessages = 1_000  // in one conversation
	MaxNotes    = 500    // on one conversation
	MaxPage     = 100    // rows of the inbox
)

// Identity is how identifiable somebody chose to be (D 7.4–7.7).
type Identity string

// The three choices. None of them is technical anonymity: the network knows
// that somebody was here, and the portal says so.
const (
	Named        Identity = "named"        // name and contact are kept; who has the conversation opens them with a reason
	Confidential Identity = "confidential" // the same; where the organisation says so, a second person agrees first
	Anonymous    Identity = "anonymous"    // neither name nor contact is kept
)

// Keeps lists what is stored of a choice, so that the page that explains it
// and the code that does it cannot differ.
func (i Identity) Keeps() []string {
	kept := []string{"text", "time", "language"}
	if i == Named || i == Confidential {
		kept = append(kept, "name", "contact")
	}
	return kept
}

// State is where a conversation stands.
type State string

// The states.
const (
	Untaken  State = "new"      // nobody has it
	Taken    State = "taken"    // somebody has it and has not answered
	Answered State = "answered" // the last word is ours
	Added    State = "added"    // we answered, and something was added since
	Closed   State = "closed"
)

// Waits reports whether somebody waits for us.
func (s State) Waits() bool { return s == Untaken || s == Taken || s == Added }

// Status is the state in plain words for who wrote, a word of the group "plain".
func (s State) Status() string {
	switch s {
	case Taken:
		return "reading"
	case Answered, Added, Closed:
		return string(s)
	}
	return "received"
}

// The outcomes. Those that are a measure count as one (D 2.42): something was
// done beyond advice.
const (
	Advice           = "advice"
	Warning          = "warning"
	ReferredHelpline = "referred-helpline"
	ReferredStation  = "referred-station"
	Forwarded        = "forwarded" // information passed on to another service
	ChildWelfare     = "child-welfare"
	Emergency        = "emergency"
	CrimeReport      = "crime-report"
	Tip              = "tip"
	Takedown         = "takedown"
	NoAction         = "no-action"
	Spam             = "spam"
)

// Outcomes lists every outcome in the order in which it is offered.
var Outcomes = []string{Advice, Warning, ReferredHelpline, ReferredStation, Forwarded, ChildWelfare, Emergency, CrimeReport, Tip, Takedown, NoAction, Spam}

var measures = []string{Warning, ReferredStation, Forwarded, ChildWelfare, Emergency, CrimeReport, Tip, Takedown}

// Measure reports whether an outcome counts as a measure.
func Measure(outcome string) bool { return slices.Contains(measures, outcome) }

// keep says how long a closed conversation is kept, by channel (D 7.1; issue
// "retention per channel from the day it is made").
var keep = map[string]time.Duration{Portal: 90 * 24 * time.Hour}

const keepOther = 30 * 24 * time.Hour

// Portal is the channel of the form on our own site.
const Portal = "portal"

// Keep is how long a closed conversation of a channel is kept where its
// setting says nothing; [Service.Keep] asks the setting first.
func Keep(channel string) time.Duration {
	if d, ok := keep[channel]; ok {
		return d
	}
	return keepOther
}

// Incoming is a first message to us.
type Incoming struct {
	Channel  string // empty: Portal
	Lang     string // language the answer should be in
	Text     string
	Name     string
	Contact  string
	Link     string // address of what it is about
	Age      string // what somebody says of their age
	About    string // a word of the form: "fake"
	Identify Identity
	Nonce    string // of the form, from NewNonce; a form counts once
	Caller   string // who is throttled: opaque, kept in memory alone
	Files    []Upload
}

var (
	language  = regexp.MustCompile(`^[a-z]{2,3}$`)
	shortWord = regexp.MustCompile(`^[a-z-]{0,20}$`)
	channels  = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)
)

// Check says which field of a message is wrong, before it is sent.
func (in Incoming) Check() error {
	_, err := in.checked()
	return err
}

// checked makes the input safe to keep, or says which field is wrong.
func (in Incoming) checked() (Incoming, error) {
	if in.Channel == "" {
		in.Channel = Portal
	}
	in.Name, in.Contact, in.Link, in.Age = strings.TrimSpace(in.Name), strings.TrimSpace(in.Contact), strings.TrimSpace(in.Link), strings.TrimSpace(in.Age)
	switch in.Identify {
	case Named, Confidential:
	case Anonymous:
		in.Name, in.Contact = "", ""
	default:
		return in, errs.Field("identity", "err.desk.identity", "receive message: how identifiable is not said")
	}
	if !channels.MatchString(in.Channel) || !language.MatchString(in.Lang) || !shortWord.MatchString(in.About) {
		return in, errs.New(errs.Invalid, "err.desk.form", "receive message: channel, language or subject is no word")
	}
	for _, f := range []struct {
		field, text string
		most        int
	}{{"name", in.Name, MaxName}, {"contact", in.Contact, MaxContact}, {"link", in.Link, MaxLink}, {"age", in.Age, MaxAge}} {
		if err := short(f.field, f.text, f.most); err != nil {
			return in, err
		}
	}
	return in, checkSaid(in.Text, in.Files)
}

// checkText accepts a message as it is: nothing is cut or changed, what is
// kept is what was sent.
func checkText(field, text string) error {
	switch {
	case !utf8.ValidString(text):
		return errs.Field(field, "err.desk.encoding", "read "+field+": not UTF-8")
	case strings.TrimSpace(Visible(text)) == "":
		return errs.Field(field, "err.desk.empty", "read "+field+": it is empty")
	}
	return short(field, text, MaxText)
}

func short(field, text string, most int) error {
	if !utf8.ValidString(text) {
		return errs.Field(field, "err.desk.encoding", "read "+field+": not UTF-8")
	}
	if utf8.RuneCountInString(text) > most {
		return errs.Field(field, "err.desk.long", "read "+field+": too long", "max", most)
	}
	return nil
}

func checkReason(reason string) error {
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < MinReason {
		return errs.Field("reason", "err.desk.reason", "read reason: it says nothing")
	}
	return short("reason", reason, MaxReason)
}

// conversation is a row. It has no word of what was written.
type conversation struct {
	ID       string // con_…, also the name of its key container
	Channel  string
	Lang     string
	Identify Identity
	State    State
	Danger   bool
	Holder   string // service handle of who has it, or empty
	Unit     string // unit that has taken it, or empty
	Head     string // the conversation it is shown under: a flood of one text
	Same     int64  // how many are shown under this one
	Received int64  // microseconds UTC
	Waiting  int64  // since when somebody waits for us; 0 when nobody does
	Last     string // id of the newest message of who wrote
	Unread   int64  // messages of who wrote since our last answer
	Seen     int64  // when who wrote last looked
	Closed   int64
	Outcome  string
	Asked    int64 // when erasure was asked for
	Held     bool  // restricted: kept as evidence, not expired
	Basis    string
	Erased   int64
	Revision int64 // goes up with every message, ours and theirs
	Changed  int64
	sealed   []byte
}

// resource is what the policies may ask of a row. Being the holder is being
// assigned; the row knows the handle alone, never the account.
func (c conversation) resource(by access.Actor) access.Resource {
	r := access.Resource{Kind: "conversation", ID: c.ID, Unit: c.Unit, State: string(c.State)}
	if c.Holder != "" && c.Holder == by.Handle && by.Person != "" {
		r.Assigned = []string{by.Person}
	}
	return r
}

// Ref is the short name that people say for a conversation.
func Ref(id string) string {
	if len(id) < 4 {
		return id
	}
	return "C-" + strings.ToUpper(id[len(id)-4:])
}

// Before reports whether a stands above b in the inbox: danger first, then who
// waits for us, then the longest wait, then the older.
func Before(a, b Row) bool {
	switch {
	case (len(a.Danger) > 0) != (len(b.Danger) > 0):
		return len(a.Danger) > 0
	case a.State.Waits() != b.State.Waits():
		return a.State.Waits()
	case a.Waiting != b.Waiting:
		return a.Waiting < b.Waiting
	}
	return a.ID < b.ID
}

// outside is the sealed part of a conversation.
type outside struct {
	Name    string   `json:"name,omitempty"`
	Contact string   `json:"contact,omitempty"`
	Link    string   `json:"link,omitempty"`
	Age     string   `json:"age,omitempty"`
	About   string   `json:"about,omitempty"`
	Danger  []string `json:"danger,omitempty"` // the words that put it on top
	Lent    bool     `json:"lent,omitempty"`   // all of them were written in a joined thread, none in this one

	Line *lineAddress `json:"line,omitempty"` // how an answer reaches them; nil: by the portal
}

// addDanger adds words that were written in this conversation.
func (o *outside) addDanger(found []Danger) {
	o.Lent = o.Lent && len(found) == 0
	for _, d := range found {
		if !slices.Contains(o.Danger, d.Word) {
			o.Danger = append(o.Danger, d.Word)
		}
	}
}

// written is the sealed part of a message or note.
type written struct {
	Text string `json:"text"`
	Sign string `json:"sign,omitempty"` // the public service name that signs an answer
	With int    `json:"with,omitempty"` // how many files came with it

	// Of a message of a line:
	Net       string    `json:"net,omitempty"`    // what the network calls it
	Sent      int64     `json:"sent,omitempty"`   // when it was written by the network's clock; 0: not said
	Edited    bool      `json:"edited,omitempty"` // Text is what it says now
	Earlier   []earlier `json:"earlier,omitempty"`
	Taken     int64     `json:"taken,omitempty"` // when its writer took it back
	Auto      bool      `json:"auto,omitempty"`  // written by a machine
	Public    bool      `json:"public,omitempty"`
	Elsewhere bool      `json:"elsewhere,omitempty"` // ours, written outside of Ronde
	Lost      []string  `json:"lost,omitempty"`      // what the line could not carry
}
