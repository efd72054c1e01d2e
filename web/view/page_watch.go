package view

import "time"

// AlertsPage is the queue of alerts, at /alerts?show=…&category=…. Rows come
// ordered: may be a recruited minor, category, freshness. There is no order by
// person or account (design 1).
type AlertsPage struct {
	Work
	Show       string
	Tabs       []Tab
	Categories []Option // Value is a word of the group "category"
	Category   string   // the one chosen; empty = all
	Rows       []AlertRow
	Pager      Pager
}

// Template names the page.
func (AlertsPage) Template() string { return "work/alerts" }

// AlertRow is one alert, linked to /alerts/{ID}.
type AlertRow struct {
	ID       string
	Ref      string
	Excerpt  string // the words that matched
	Category string
	State    string // word of the group "alert"
	Source   string
	Families []string // the kinds of evidence that agree; translated
	Seen     time.Time
	Age      time.Duration
	Holder   string
	Mine     bool
	Minor    bool // marked by a person
	Ends     time.Time
}

// AlertPage is one alert, at /alerts/{ID}. Forms, all POST: /alerts/{ID}/take ·
// /verdict with verdict, reason · /minor with minor · /grade with source,
// information · /leave with to, leave (ask to leave the watch) · /confirm with
// seen, and /refuse with confirm (the second person) · /case.
type AlertPage struct {
	Work
	ID        string
	Ref       string
	Form      Form
	State     string
	Category  string
	Post      Post
	Signals   []Signal
	Score     ScoreBar
	Explained []string // why it became an alert, in sentences already translated
	Mandate   Link
	Permit    string
	Ends      time.Time // when the mandate lapses and an unconfirmed alert is purged
	Holder    string
	Mine      bool
	Minor     bool
	Verdict   string
	Reason    string
	AskedBy   string // who asked for a second person, or to leave the watch
	AskedWhy  string
	Seen      string // stands for what the second person reads; sent back with their word
	Case      *Link
	Copies    int // the same text seen again
	Verdicts  []Option
	People    []Option // who can be the second person
	Leads     []Option // where it may go
	Grade     Grade
	To        string // where it goes; a word of the group "destination"
	Waits     string // it has left for a room that this program does not have: for what, translated
	Glass     bool   // one person let it out alone
	History   []Step
	May       AlertMay
}

// Judged reports whether a person found it to be what it seemed: it no longer
// waits for a verdict.
func (p AlertPage) Judged() bool { return p.Verdict == "offer" || p.Verdict == "recruitment" }

// AlertMay says which forms this person is offered.
type AlertMay struct {
	Take, Verdict, Minor, Second, Leave, Confirm, Case, Grade, Glass, Propose bool
}

// Grade is how far a source and its information are to be believed, with the
// systems from which another may be chosen. Texts are translated.
type Grade struct {
	Value       string // "B2"; empty = none yet
	System      string
	Source      string
	Information string
	Scales      []GradeScale
}

// GradeScale is one system with its two lists.
type GradeScale struct {
	Name        string
	Source      []Option
	Information []Option
}

// Template names the page.
func (AlertPage) Template() string { return "work/alert" }

// Subject names the page in the browser.
func (p AlertPage) Subject() string { return p.Ref }

// Post is a public post with its signals in place. Author and address are shown
// only as far as the permit goes.
type Post struct {
	Spans    []Span
	Platform string
	Author   string
	URL      string
	Tongue   string
	Posted   time.Time
	Read     time.Time
	Source   string
	Heavy    bool   // blurred until asked for
	Gone     string // why the text is no longer there; translated; empty = it is there
}

// Span is a piece of a text. Numbers are those of the signals that lie on it;
// none for plain text.
type Span struct {
	Text    string
	Numbers []int
	Family  string // of the first signal
}

// First is the number of the first signal on the span.
func (s Span) First() int {
	if len(s.Numbers) == 0 {
		return 0
	}
	return s.Numbers[0]
}

// Signal is one reason: an entry of the lexicon met in the post.
type Signal struct {
	Number   int
	Text     string
	Family   string
	Sense    string
	Weight   float64
	Entry    Link
	Source   string // who says so, and when
	Innocent []string
	Region   string
}

// PastePage takes a post that an analyst found, at /paste. Form: POST /paste
// with mandate, text, url, platform, author, posted.
type PastePage struct {
	Work
	Form      Form
	Mandates  []Option // those in force
	Platforms []Option
	Result    *PasteResult
}

// Template names the page.
func (PastePage) Template() string { return "work/paste" }

// PasteResult is what came of it: an alert, or nothing, in which case nothing
// was kept.
type PasteResult struct {
	Alert   *Link
	Unsaid  bool // whether an alert was raised for specialised staff is not said
	Near    bool // signals were there, but not two kinds of evidence
	Signals []Signal
}
