package view

import "time"

// DashboardPage is the workbench's first page, at /. What it holds depends on
// the role; an empty list is not shown.
type DashboardPage struct {
	Work
	Now    time.Time
	Tiles  []WorkTile
	Urgent []InboxRow // at most five
	Tasks  []Task     // what waits for this person, most urgent first
	Ends   []Task     // what ends soon: mandates, holds, deadlines
	Duty   Duty
	Health []Fact    // administrator: parts of the house and how they are
	Lines  []LineRow // lines to the public that alarm: duty lead and administrator
}

// Template names the page.
func (DashboardPage) Template() string { return "work/dashboard" }

// WorkTile is one number of the dashboard. Name is a word of the group "tile".
type WorkTile struct {
	Name   string
	Value  int
	Href   string
	Urgent bool
}

// Task is something to do. Kind is a word of the group "task".
type Task struct {
	Kind  string
	Title string
	Href  string
	Due   time.Time // zero = no deadline
	Late  bool
}

// TalkWorkPage is one conversation at the desk, at /inbox/{ID}. Forms, all
// POST: /inbox/{ID}/take · /release · /reply with message, revision, sign, text (an
// approved text) · /note with note · /close with outcome, reason · /reopen · /reveal
// with reveal · /hand with to, hand · /emergency with emergency · /case with case.
type TalkWorkPage struct {
	Work
	ID         string
	Ref        string
	Form       Form
	State      string
	Channel    string
	Tongue     string
	Identity   string
	Age        string
	DangerWord string
	Messages   []Message
	Since      time.Time
	Waiting    time.Duration
	Holder     string
	Mine       bool
	Name       string // empty = masked or not given
	Contact    string
	Masked     bool // there is an identity, not shown
	Revealed   time.Time
	Outcome    string
	OutcomeAt  time.Time
	Case       *Link // the case it went into
	Until      time.Time
	Line       *TalkLine  // how it came in, when by a line
	Revision   int64      // goes back with a reply: it is refused when something was added since
	Beside     []InboxRow // the queue beside it
	Texts      []Agreed   // agreed texts, filled
	Signs      []Option   // the own published name, and the service; empty = the service signs
	Outcomes   []Option   // of the group "outcome"
	Officers   []Option   // to hand over to
	History    []Step
	May        TalkMay
	Room       *Room     // the newest secure room; nil: none was made
	Strip      []Chip    // what who looks has in hand
	Present    []Present // colleagues who have it open
	DraftAt    time.Time // when the own answer in the form was kept; zero: none is
	Stamp      int64     // of the row, to see that it changed
	Question   bool      // of a child who only asked something
	Under      string    // the conversation that this one is shown under
	Threads    []ThreadRow
	Joinable   []Option // own open conversations that it could be joined with
	Handed     *Handed
	Reveal     *Reveal
	Two        bool // opening the identity takes a second person
	Protocols  []Protocol
	Referrals  []ReferralRow
	Services   []Option // helplines one can send somebody on to
	Consents   []Option
}

// TalkLine is the line by which a conversation came.
type TalkLine struct {
	Account string // ours, on that network
	Subject string
	Public  bool // what is answered stands in public
	Left    int  // messages of a flood that were not kept
	Most    int  // characters of one message; 0 = no limit
}

// TalkMay says which forms this person is offered.
type TalkMay struct {
	Room bool // make a secure room, write in it, end it

	Take, Release, Reply, Note, Close, Reopen, Reveal, Hand, Emergency, Case, Merge, Export, Sheet, Refer bool
}

// Template names the page.
func (TalkWorkPage) Template() string { return "work/talk" }

// Subject names the page in the browser.
func (p TalkWorkPage) Subject() string { return p.Ref }

// Link is a thing one can go to.
type Link struct {
	Text string
	Href string
}

// Step is one line of a timeline. Kind is "", "act", "urgent" or "done"; Text
// and Who are ready to show.
type Step struct {
	At   time.Time
	Kind string
	Text string
	Who  string
	Note string // a reason, a permit, a hash
	Href string
}
