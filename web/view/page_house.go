package view

import "time"

// OfficialsPage publishes officers and official accounts, at /officials (duty
// lead). ?edit={ID} opens the form of one card with what stands on it. Forms,
// all POST: /officials/officers with officer (the card that is edited), holder
// (whose), name, unit, languages (boxes), hours, photo (file) ·
// /officials/officers/{ID}/withdraw · /officials/accounts with channel,
// handle, url, owner · /officials/accounts/{ID}/withdraw.
type OfficialsPage struct {
	Work
	Form      Form
	Officers  []OfficialOfficer
	Accounts  []Account
	People    []Option // published cards, to own an account
	Editing   string   // name on the card that is edited; empty: the form makes a new one
	Holders   []Option // colleagues, by service handle
	Units     []Option // names of units that have a public face
	Channels  []Option
	Languages []Option
	Ways      []Option // how an account is shown to be ours
	Edit      bool
}

// Template names the page.
func (OfficialsPage) Template() string { return "work/officials" }

// OfficialOfficer is an officer before and after publication. State is a word
// of the group "account".
type OfficialOfficer struct {
	ID     string
	Card   OfficerCard
	Number string
	State  string
	Since  time.Time
	Given  bool // it is somebody's, who may sign with it
}

// PeoplePage is the staff, at /people (administrator). Forms, all POST: /people
// with login, name, unit, roles (boxes) · /units with unit_name, regime · /people/{ID}/suspend · /restore ·
// /reset (a new first password, second factor again) · /kill (end sessions).
type PeoplePage struct {
	Work
	Form     Form
	Rows     []Person
	Roles    []Option
	Units    []Option
	Regimes  []Option
	UnitForm Form
	Password *NewKey // the first password of a new person, shown once
	Edit     bool
}

// Template names the page.
func (PeoplePage) Template() string { return "work/people" }

// Person is a member of staff as the administrator sees them. State is a word
// of the group "person".
type Person struct {
	ID     string
	Login  string
	Name   string
	Unit   string
	Roles  []string
	State  string
	Second bool // the second factor is set up
	Self   bool
}

// AccountPage is one's own account, at /account. Forms, all POST:
// /account/password with old, new, again · /account/sessions/{ID}/end ·
// /account/sessions/end (all others).
type AccountPage struct {
	Work
	Form     Form
	Sessions []Session
	Second   bool
	Changed  time.Time // of the password
	Least    int       // characters of a password
	Ways     []Option  // to be told that something waits, at POST /notice with way, to; none: not offered
}

// Template names the page.
func (AccountPage) Template() string { return "work/account" }

// Session is one place where somebody is signed in.
type Session struct {
	ID    string
	Began time.Time
	Seen  time.Time
	Place string // browser and system in a few words
	This  bool
}

// SearchPage is the answer to /search?q=….
type SearchPage struct {
	Work
	Query string
	Hits  []Hit
	Wide  bool // searching across units: a reason is asked. Form: GET /search with q, reason
	Form  Form
	Pager Pager
}

// Template names the page.
func (SearchPage) Template() string { return "work/search" }

// Hit is one thing found. Kind is a word of the group "hit".
type Hit struct {
	Kind  string
	Title string
	Href  string
	State string // translated
	At    time.Time
}

// WorkErrorPage answers when something is not there, not allowed or broken.
// Kind is as in [PortalErrorPage], and "conflict" or "unavailable".
type WorkErrorPage struct {
	Work
	Kind  string
	Text  string
	Ref   string
	Again time.Duration
	Back  string // where to go; empty = the dashboard
}

// Template names the page.
func (WorkErrorPage) Template() string { return "work/error" }
