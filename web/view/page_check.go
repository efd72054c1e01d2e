package view

import (
	"slices"
	"time"
)

// CheckPage answers whether an account or officer is ours, at /check?q=….
// Without a question it shows the form and the list. Form of a report of a
// fake: POST /report-fake with q, platform.
type CheckPage struct {
	Portal
	Question string  // what was asked, as typed; empty = nothing yet
	Form     Form    // problems of field "q"
	Result   *Result // nil without a question
	Accounts []Account
	Officers []OfficerCard
	Coded    bool     // the question looks like a one-time code: it is asked for in its own form
	Vouched  *Vouched // what a code said
}

// Template names the page.
func (CheckPage) Template() string { return "portal/check" }

// Result is the answer to a check. Kind is "ours", "unknown", "lookalike", "gone" (it was
// ours) or "unproven" (on our list, and it does not point back to us).
type Result struct {
	Kind    string
	Officer *OfficerCard // whose it is, when it is an officer's
	Account *Account     // the official account: the one found, or the one it resembles
	Asked   []Letter     // the asked name letter by letter, for "lookalike"
}

// Letter is one character of a name; Odd where it differs from the official one.
type Letter struct {
	Char string
	Odd  bool
	Note string // what it really is: "digit 1", "Cyrillic а"; already translated
}

// Traps are the notes on the odd letters, each once.
func (r Result) Traps() []string {
	var out []string
	for _, l := range r.Asked {
		if l.Note != "" && !slices.Contains(out, l.Note) {
			out = append(out, l.Note)
		}
	}
	return out
}

// Account is one official account. State is a word of the group "account".
type Account struct {
	ID      string
	Channel string // word of the group "channel"
	Handle  string
	URL     string
	Purpose string // one line: what it is for
	Owner   string // officer's service name; empty = the organisation
	Since   time.Time
	State   string

	AnswerDays int       // working days within which we answer there; 0: not announced
	Standing   string    // "proven" or "unproven"; empty where it is not said
	Way        string    // word of the group "proof": how it is shown to be ours
	Place      string    // where the proof is found
	Seen       time.Time // when it was last found; zero = never
	Tried      time.Time // when it was last looked for
	Found      string    // word of the group "found": what the last look found; empty = a person looks
	Alarm      bool      // the duty lead has to look
}

// OfficerCard is an officer as the public may know them.
type OfficerCard struct {
	Handle    string // /officers/{Handle}
	Name      string // service name or number
	Unit      string
	Photo     string
	Languages []string
	OnDuty    bool
	Until     time.Time // end of the present duty
}

// OfficersPage lists the published officers and accounts, at /officers.
type OfficersPage struct {
	Portal
	Officers []OfficerCard
	Accounts []Account
}

// Template names the page.
func (OfficersPage) Template() string { return "portal/officers" }

// OfficerPage is one officer, at /officers/{Handle}.
type OfficerPage struct {
	Portal
	Officer  OfficerCard
	Number   string // service number to compare
	About    string // how they present themselves, in the reader's language
	Accounts []Account
	Shifts   []Shift  // the next ones
	Channels []string // words of the group "channel"
	Square   Square   // opens the check of this officer
	Checked  time.Time
}

// Template names the page.
func (OfficerPage) Template() string { return "portal/officer" }

// Subject names the page in the browser.
func (p OfficerPage) Subject() string { return p.Officer.Name }

// HoursPage is the published presence, at /hours.
type HoursPage struct {
	Portal
	Days     []DutyDay
	Channels []ChannelHours
	Feed     string // address of the same hours as a calendar
	Events   []Event
}

// ChannelHours is a channel at this moment, and within how many working days
// an answer is announced there; 0: not announced.
type ChannelHours struct {
	Channel    string    // word of the group "channel"
	Until      time.Time // somebody is there until then; zero: nobody
	Next       *Shift
	AnswerDays int
}

// Template names the page.
func (HoursPage) Template() string { return "portal/hours" }

// InOrder returns the shifts as the day goes.
func (d DutyDay) InOrder() []Shift {
	return slices.SortedFunc(slices.Values(d.Shifts), func(a, b Shift) int { return a.From.Compare(b.From) })
}

// DutyDay is one day of the plan; no shifts means nobody is on duty.
type DutyDay struct {
	Date    time.Time
	Shifts  []Shift
	Holiday string // its name, as the organisation writes it
}
