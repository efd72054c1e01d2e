package view

import "time"

// RightsPage explains the rights and takes a request, at /rights. Form: POST
// /rights with right, code, contact, text.
type RightsPage struct {
	Portal
	Form       Form
	Rights     []Option // of the group "right"
	Officer    string   // contact of the data-protection officer
	Authority  string   // the supervisory authority
	AuthorityA string   // its address
	Days       int      // within which we answer
}

// Template names the page.
func (RightsPage) Template() string { return "portal/rights" }

// RightsReceiptPage confirms a request. Number is shown once.
type RightsReceiptPage struct {
	Portal
	Right  string // word of the group "right"
	Number string
	Answer time.Time
}

// Template names the page.
func (RightsReceiptPage) Template() string { return "portal/rightsreceipt" }

// FiguresPage is the public account of the work, at /figures?period=….
type FiguresPage struct {
	Portal
	From, To time.Time
	Periods  []Option // Value is the address; the present one has Hint "now"
	Tiles    []Tile
	Charts   []Chart
	Made     time.Time
	Small    int // counts below this are shown as "fewer than"
	Delay    int // days by which figures on mandates are late
}

// Template names the page.
func (FiguresPage) Template() string { return "portal/figures" }

// Tile is one number with its words, already translated. Small = suppressed.
type Tile struct {
	Words string
	Value int
	Small bool
	Unit  string
}

// RegisterPage is the public register of processings and algorithms, at
// /register.
type RegisterPage struct {
	Portal
	Entries []RegisterEntry
}

// Template names the page.
func (RegisterPage) Template() string { return "portal/register" }

// RegisterEntry is one tool in the words of the Algorithmic Transparency
// Standard (D 5.6), already translated; Fields come in order.
type RegisterEntry struct {
	ID      string
	Name    string
	Short   string
	Status  string // word of the group "status"
	Fields  []Fact
	Changed time.Time
	Href    string // of what it is about; empty on the portal

	// What was measured in use, up to a day.
	Categories, Languages IntervalChart
	Until                 string
}

// Fact is a name with its value, both already translated.
type Fact struct {
	Name  string
	Value string
}

// AccessibilityPage is the statement with its feedback route, at
// /accessibility. Form: POST /accessibility with text, contact.
type AccessibilityPage struct {
	Portal
	Form         Form
	Checked      time.Time
	Contact      string
	Authority    string
	Translations []Translation
	Sent         bool
}

// Translation is a language beside those of the house. By is who read it as a
// native speaker, and when; empty: nobody yet.
type Translation struct{ Code, By string }

// Template names the page.
func (AccessibilityPage) Template() string { return "portal/accessibility" }

// LegalPage says who is responsible and what is logged, at /legal.
type LegalPage struct {
	Portal
	Controller string
	Address    string
	Acts       []Fact // legal basis: act, what it allows
	Tongue     string // language in which the acts are named, where it is not the reader's
	Logs       []Fact // what is logged, for how long
}

// Template names the page.
func (LegalPage) Template() string { return "portal/legal" }

// PrivacyPage is the notice of D 4.27, at /privacy.
type PrivacyPage struct {
	Portal
	Controller string
	Officer    string // data-protection officer's contact
	Authority  string
	Keeps      []Fact // what is kept, for how long
	Categories string // what the watch looks for, already translated
}

// Template names the page.
func (PrivacyPage) Template() string { return "portal/privacy" }

// PortalErrorPage answers when something is not there, not allowed, too fast or
// broken. Kind is "missing", "denied", "slow", "invalid", "lapsed", "large" or
// "broken".
type PortalErrorPage struct {
	Portal
	Kind  string
	Text  string        // what happened, translated; empty = the words of the kind
	Ref   string        // reference to tell us; empty = none
	Again time.Duration // for "slow": when to try again
}

// Template names the page.
func (PortalErrorPage) Template() string { return "portal/error" }
