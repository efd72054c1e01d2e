package view

import "time"

// BreakPage is the way out of the watch for one person alone, in danger to
// life, at /alerts/{ID}/glass. Form: POST there with to, source, information,
// reason, danger (a box).
type BreakPage struct {
	Work
	ID       string
	Ref      string
	Category string
	Form     Form
	Grade    Grade
	Leads    []Option
	Hours    int // within which another person reviews it
	Letters  int // the fewest that say which danger there is
}

// Template names the page.
func (BreakPage) Template() string { return "work/break" }

// Subject names the page in the browser.
func (p BreakPage) Subject() string { return p.Ref }

// GlassPage lists the alerts that one person let out alone, at /glass. Form:
// POST /glass/{ID}/review with review.
type GlassPage struct {
	Work
	Form    Form
	Wrong   string // the row whose form is to be mended
	Waiting []GlassRow
	Done    []GlassRow
}

// Template names the page.
func (GlassPage) Template() string { return "work/glass" }

// GlassRow is one such use: who, when and why, and nothing of the post.
type GlassRow struct {
	ID       string
	Ref      string
	Href     string // of the alert, for who may open it
	Category string
	To       string
	Grade    string
	By       string
	At       time.Time
	Due      time.Time
	Left     time.Duration // until it is due; 0 once late
	Late     bool
	Reason   string
	Own      bool // this person broke it
	Reviewer string
	Reviewed time.Time
	Review   string
}
