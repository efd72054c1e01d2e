package view

import "time"

// LogbookPage is the logbook, at /logbook?month=…&place=…: a short form and the
// unit's entries of a month. Form, POST /logbook: place, account, at, minutes,
// talks, outcome-…, note, nonce, then ("hand": go on to hand somebody over).
type LogbookPage struct {
	Work
	Form     Form
	Nonce    string
	Places   []Option
	Outcomes []string // words of the group "outcome", in order
	Rows     []LogbookRow
	More     int    // entries of the month that are not shown
	Show     string // the place; empty = all
	Month    string // "2026-11"
	Title    time.Time
	Prev     string
	Next     string // empty = this month is the last

	Entries, Talks, Minutes, Handed int
	Hours                           float64
	Sums                            []LogbookSum
	Came                            []LogbookCame
}

// Template names the page.
func (LogbookPage) Template() string { return "work/logbook" }

// LogbookRow is one entry. Place is a word of the group "place".
type LogbookRow struct {
	ID      string
	Place   string
	Account string
	Note    string
	At      time.Time
	Minutes int
	Talks   int
	Handed  int
	Handle  string
	Mine    bool
	Came    []LogbookCame
}

// LogbookSum is one place of a month.
type LogbookSum struct {
	Place   string
	Entries int
	Talks   int
	Hours   float64
	Handed  int
}

// LogbookCame is an outcome and how often it came.
type LogbookCame struct {
	Outcome string
	N       int
}

// LogEntryPage is one entry, at /logbook/{ID}. Forms, both POST: the same
// address with the fields of the logbook's form · /hand with message, lang,
// name, contact, age, nonce.
type LogEntryPage struct {
	Work
	Row       LogbookRow
	Form      Form
	Nonce     string
	Places    []Option
	Outcomes  []string
	Tongues   []Option
	Edit      bool
	May       bool // who looks may hand somebody over
	Hand      LogHand
	Ended     time.Time // when its words ended; zero = they stand
	Emergency string
}

// Template names the page.
func (LogEntryPage) Template() string { return "work/logentry" }

// LogHand is what came of a handing over: a code for who was met, shown once.
type LogHand struct {
	Code   string // empty: the form was sent before
	Ref    string // of the conversation; empty = nothing was handed over
	Href   string
	Danger bool
}
