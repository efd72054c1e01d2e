package view

import "time"

// LexiconPage lists the entries in use, at /lexicon with q, language,
// category, family, show, after.
type LexiconPage struct {
	Work
	Query      string
	Languages  []Option
	Categories []Option
	Families   []Option
	Shows      []Option // "", "met", "stale", "local"
	Form       Form     // what was chosen
	Entries    []EntryRow
	Found      int
	Version    string // of the lexicon in use
	Waiting    int    // proposals that wait for somebody
	Propose    bool   // this person may propose
	Pager      Pager
}

// Template names the page.
func (LexiconPage) Template() string { return "work/lexicon" }

// EntryRow is one entry, linked to Href.
type EntryRow struct {
	Href      string
	Text      string
	Tongue    string
	Region    string
	Category  string
	Family    string // word, translated
	Sense     string
	Trust     string // how sure the source is, translated
	Weight    float64
	Precision Precision
	Last      string // day it last stood in a new alert; empty = not yet
	Stale     bool
	Local     bool // went live here
}

// EntryPage is one entry as an object, at /lexicon/entry?id=….
type EntryPage struct {
	Work
	ID         string
	Text       string
	Tongue     string
	Region     string
	Platform   string
	Category   string
	Family     string
	Sense      string
	Strength   float64 // as whoever wrote it sees it
	Weight     float64 // as fitted
	Source     string
	SourceA    string // its address
	SourceDate string
	Trust      string
	Confidence string
	FirstSeen  string // by the source
	LastSeen   string
	Reviewer   string
	File       string
	Innocent   []Innocent
	Precision  Precision
	By         IntervalChart // by language and category
	Alerts     int           // new alerts in which it stood
	First      string        // days
	Last       string
	Stale      bool
	StaleDays  int
	Proposal   *Link // through which it went live here
	Retire     bool  // this person may propose that it be retired: POST /lexicon/retirements with entry, evidence
	Form       Form
}

// Template names the page.
func (EntryPage) Template() string { return "work/entry" }

// Subject names the page in the browser.
func (p EntryPage) Subject() string { return p.Text }

// Innocent is an everyday meaning and the words that show it.
type Innocent struct {
	Reading string
	Words   string
}

// Precision is what was measured in use: of the alerts in which the entry took
// part and of which a person said what they are, how many were right, with the
// interval in which the true share lies in 95 of 100 cases. Few = too few to
// say; None = nobody has judged one.
type Precision struct {
	Right, Harmless, Unclear int
	Share, Low, High         float64 // 0 to 1
	Few, None                bool
}

// Judged is how many verdicts count.
func (p Precision) Judged() int { return p.Right + p.Harmless }

// Percent, LowPercent and HighPercent are the share and its interval, rounded.
func (p Precision) Percent() int     { return int(p.Share*100 + .5) }
func (p Precision) LowPercent() int  { return int(p.Low*100 + .5) }
func (p Precision) HighPercent() int { return int(p.High*100 + .5) }

// PrecisionRow is a precision with what it is about, translated.
type PrecisionRow struct {
	Name string
	Href string
	Precision
}

// ProposalsPage lists proposed entries, at /lexicon/proposals?show=….
type ProposalsPage struct {
	Work
	Show    string
	Tabs    []Tab
	Rows    []ProposalRow
	Propose bool
}

// Template names the page.
func (ProposalsPage) Template() string { return "work/proposals" }

// ProposalRow is one proposal, linked to /lexicon/proposals/{ID}.
type ProposalRow struct {
	ID       string
	Text     string
	Sense    string
	Tongue   string
	Category string
	Family   string
	State    string // word of the group "entry"
	By       string
	At       time.Time
	Posts    int
	Hits     int
	Mine     bool
	Retires  bool
}

// ProposePage writes a proposal, at /lexicon/proposals/new. Form: POST
// /lexicon/proposals with language, category, family, sense, text, innocent (a
// reading a line: "reading: word, word"), evidence.
type ProposePage struct {
	Work
	Form       Form
	Languages  []Option
	Categories []Option
	Families   []Option
	Days       int // shortest silent trial
	Posts      int // fewest posts it must have seen
}

// Template names the page.
func (ProposePage) Template() string { return "work/propose" }

// ProposalPage is one proposal, at /lexicon/proposals/{ID}. Forms, all POST:
// /review with agree ("yes" or "no"), reason · /live with reason · /retire with
// reason.
type ProposalPage struct {
	Work
	ID       string
	Form     Form
	State    string
	Text     string
	Sense    string
	Tongue   string
	Category string
	Family   string
	Innocent []Innocent
	Evidence string
	By       string
	At       time.Time
	Reviewer string
	Trial    Trial
	LiveAt   time.Time
	Ended    time.Time
	Entry    *Link // once live
	Retires  bool  // it takes an entry out
	History  []Step
	May      ProposalMay
}

// ProposalMay says which forms this person is offered. Own is true when this
// person proposed it and therefore decides nothing.
type ProposalMay struct {
	Review, Refuse, Live, Retire, Own bool
}

// Trial is a silent trial: counts and nothing else.
type Trial struct {
	Began     time.Time
	Until     time.Time // before which it cannot go live
	Posts     int
	Hits      int
	Flagged   int // of the hits, flagged already
	MorePosts int // that it must yet see
	Days      int
	Need      int // posts
	Ready     bool
}

// PerTenThousand is how many of ten thousand posts have the code.
func (t Trial) PerTenThousand() float64 {
	if t.Posts == 0 {
		return 0
	}
	return float64(t.Hits) * 10_000 / float64(t.Posts)
}

// Template names the page.
func (ProposalPage) Template() string { return "work/proposal" }

// Subject names the page in the browser.
func (p ProposalPage) Subject() string { return p.Text }

// MethodsPage shows how well the watch does, at /lexicon/figures.
type MethodsPage struct {
	Work
	Categories IntervalChart
	Languages  IntervalChart
	Weeks      StackChart
	Worst      []PrecisionRow // entries that are surely often wrong
	Stale      []StaleRow
	StaleDays  int
	Few        int // verdicts below which a share says little
	CSV        string
}

// Template names the page.
func (MethodsPage) Template() string { return "work/methods" }

// StaleRow is an entry that has not stood in an alert for long.
type StaleRow struct {
	Text   string
	Href   string // empty when it is not in the lexicon any more
	Tongue string
	Alerts int
	Last   string // day
}

// BulletinPage is what the unit may tell others about its codes, at
// /lexicon/bulletin; the same as JSON at /lexicon/bulletin.json.
type BulletinPage struct {
	Work
	Day        string
	Version    string
	Entries    int
	Few        int
	Categories IntervalChart
	Languages  IntervalChart
	Codes      IntervalChart
	Stale      []StaleRow
	Changes    []ChangeRow
}

// Template names the page.
func (BulletinPage) Template() string { return "work/bulletin" }

// ChangeRow is a code that went live or was retired.
type ChangeRow struct {
	Entry string
	State string // word of the group "entry"
	Day   string
}
