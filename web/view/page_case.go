package view

import "time"

// CasesPage lists the cases this person may see, at /cases?show=….
type CasesPage struct {
	Work
	Show  string
	Tabs  []Tab
	Rows  []CaseRow
	Pager Pager
}

// Template names the page.
func (CasesPage) Template() string { return "work/cases" }

// CaseRow is one case, linked to /cases/{ID}.
type CaseRow struct {
	ID       string
	Ref      string
	Title    string
	State    string // word of the group "case"
	Category string
	Holder   string
	Mine     bool
	Exhibits int
	Opened   time.Time
	Changed  time.Time
	Review   time.Time // when keeping it is to be reviewed
}

// CasePage is one case, at /cases/{ID}. Forms, all POST: /cases/{ID}/note with
// note, kind = fact | view · /hold with reason, until · /release with reason ·
// /assign with to · /close with outcome.
type CasePage struct {
	Work
	ID       string
	Ref      string
	Form     Form
	Title    string
	State    string
	Category string
	Basis    string
	Origin   string // word of the group "origin"
	From     Link   // the alert or conversation
	Holder   string
	Mine     bool
	Unit     string
	Opened   time.Time
	Review   time.Time
	Exhibits []ExhibitRow
	Holds    []Hold
	Notes    []Note
	History  []Step
	Officers []Option
	Outcomes []Option
	May      CaseMay
}

// CaseMay says which forms this person is offered.
type CaseMay struct {
	Note, Hold, Assign, Close, Export bool
}

// Template names the page.
func (CasePage) Template() string { return "work/case" }

// Subject names the page in the browser.
func (p CasePage) Subject() string { return p.Ref }

// ExhibitRow is one exhibit, linked to /exhibits/{ID}.
type ExhibitRow struct {
	ID     string
	Number string
	Kind   string // word of the group "exhibit"
	Title  string
	SHA256 string
	Sealed time.Time
	Verify string // word of the group "verify"
}

// Hold keeps material from being erased.
type Hold struct {
	Reason string
	By     string
	At     time.Time
	Until  time.Time
	Ended  bool
}

// Note is a remark: a fact or a view, kept apart (D 4.24).
type Note struct {
	Kind string // "fact" or "view"
	Text string
	By   string
	At   time.Time
}

// ExhibitPage is one sealed exhibit, at /exhibits/{ID}. The bytes are at
// /exhibits/{ID}/bytes; Form: POST /exhibits/{ID}/verify.
type ExhibitPage struct {
	Work
	ID      string
	Number  string
	Case    Link
	Kind    string
	Title   string
	Text    string // shown veiled; empty = not text, or not to be seen
	Why     string // the reason to look, beside the button
	SHA256  string
	Size    int64
	Media   string
	Sealed  time.Time
	Taken   time.Time
	Source  string
	URL     string
	By      string
	Permit  string
	Mandate Link
	Grade   string // of the capture, translated
	Verify  string
	Custody []Step
	Bytes   string // address of the original bytes; empty = not for this person
}

// Template names the page.
func (ExhibitPage) Template() string { return "work/exhibit" }

// Subject names the page in the browser.
func (p ExhibitPage) Subject() string { return p.Number }
