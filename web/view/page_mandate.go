package view

import "time"

// MandatesPage lists the mandates, at /mandates?show=….
type MandatesPage struct {
	Work
	Show  string
	Tabs  []Tab
	Rows  []MandateRow
	Draft bool // this person may draft one
	Pager Pager
}

// Template names the page.
func (MandatesPage) Template() string { return "work/mandates" }

// MandateRow is one mandate, linked to /mandates/{ID}.
type MandateRow struct {
	ID         string
	Ref        string
	Purpose    string
	State      string // word of the group "mandate"
	Categories []string
	From, To   time.Time
	Drafter    string
	Soon       bool // ends within a week
}

// MandateDraftPage writes a draft, at /mandates/new. Form: POST to Action with
// purpose, basis, act, dpia, necessity, proportionality, territory, sources
// (boxes), feeds (an address a line), categories (boxes), languages (boxes,
// none = all), volume, from, to, review.
type MandateDraftPage struct {
	Work
	Action     string
	Ref        string // empty = new
	Form       Form
	Bases      []Option // from the legal profile
	Sources    []Option
	Categories []Option
	Languages  []Option
	Volume     int         // posts a day, when nothing is said
	LongestDay int         // days the legal profile allows
	Renews     *Link       // the mandate that this draft continues
	Before     MandateRead // what came of it
	Excluded   []string
}

// Template names the page.
func (MandateDraftPage) Template() string { return "work/mandatedraft" }

// MandatePage is one mandate, at /mandates/{ID}. Forms, all POST:
// /mandates/{ID}/approve · /refuse with reason · /suspend with suspend ·
// /resume with reason.
type MandatePage struct {
	Work
	ID              string
	Ref             string
	Form            Form
	State           string
	Purpose         string
	Basis           string // act and article
	BasisSource     string // official address of the act
	Act             string // act of creation of the processing
	DPIA            string
	Necessity       string
	Proportionality string
	Less            string // why nothing less is enough
	Territory       string
	Consultation    string // prior consultation of the supervisory authority
	Sources         []SourceRow
	Categories      []string
	From, To        time.Time
	Left            time.Duration // until it lapses; 0 = not in force
	Drafter         string
	Decider         string
	Decided         time.Time
	Reasons         string
	Read            MandateRead
	Languages       []string // empty = every language; translated
	Volume          int      // posts a day
	Review          time.Time
	ReviewLate      bool     // the day of review has come
	Excluded        []string // subjects that are never watched; translated
	Stopped         string   // why it was last suspended or resumed
	RenewalOf       *Link
	Before          MandateRead // what came of the mandate that it continues
	Renewals        []Link
	Certificate     *Link // of the lapse
	History         []Step
	May             MandateMay
}

// MandateMay says which forms this person is offered. Own is true when this
// person drafted it and therefore may not decide.
type MandateMay struct {
	Decide, Suspend, Resume, Renew, Own bool
}

// MandateRead is what was read under a mandate, as totals only.
type MandateRead struct {
	Posts     int // read and judged; only counted
	Alerts    int
	Confirmed int
	Harmless  int
	Purged    int
	Cases     int
	Gaps      int // posts that were offered and not looked at
	Until     time.Time
	Hidden    bool      // the numbers of alerts are not for this reader
	Judged    Precision // of its alerts
}

// Template names the page.
func (MandatePage) Template() string { return "work/mandate" }

// Subject names the page in the browser.
func (p MandatePage) Subject() string { return p.Ref }

// SourcesPage lists what the watch reads, at /sources. Forms, all POST:
// /sources with kind, name, url, mandate · /sources/{ID}/stop · /start ·
// /key (a new key; the old one ends).
type SourcesPage struct {
	Work
	Form     Form
	Rows     []SourceRow
	Kinds    []Option
	Mandates []Option
	NewKey   *NewKey // shown once after it was made
	Add      bool    // this person may add one
}

// Template names the page.
func (SourcesPage) Template() string { return "work/sources" }

// SourceRow is one source. State is a word of the group "source".
type SourceRow struct {
	ID      string
	Name    string
	Kind    string // word of the group "sourcekind"
	URL     string
	State   string
	Why     string // what is wrong, translated
	Mandate Link
	Last    time.Time
	Posts   int // read since the mandate began
	Gap     int
	KeyEnds string // last four signs of its key
	Stop    bool   // may be stopped by this person
	Start   bool
}

// NewKey is the key of a source, shown once.
type NewKey struct {
	Source string
	Key    string
}
