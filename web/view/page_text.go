package view

import "time"

// TextsPage is what was agreed on to answer with, at /texts. Forms, all POST:
// /texts/new with name, lang, kind, body · /texts/{ID}/decide with agree ·
// /texts/{ID}/retire.
type TextsPage struct {
	Work
	Form      Form
	Draft     bool
	Rows      []TextRow
	Languages []Option
	Kinds     []Option
	Places    []Fact // what a text may leave open
}

// Template names the page.
func (TextsPage) Template() string { return "work/texts" }

// TextRow is one text. Kind is a word of the group "textkind", State one of
// "text".
type TextRow struct {
	ID, Name, Tongue, Kind, Body, State string
	Drafter, Approver                   string
	At, Decided                         time.Time
	May                                 bool // who looks may agree to it
}

// Agreed is a text ready to be answered with.
type Agreed struct {
	ID, Label, Tongue, Body string
}

// PacesPage is what is announced and how long people waited, at /answers.
type PacesPage struct {
	Work
	Days  int
	Spans []string // words of the group "span"
	Rows  []PaceRow
}

// Template names the page.
func (PacesPage) Template() string { return "work/answers" }

// PaceRow is one channel.
type PaceRow struct {
	Channel      string
	Announced    int // working days; 0: nothing is announced
	InTime, Late int
	Spans        []int
	All          int
}

// Percent is the share of the answers within the announced time, of a hundred.
func (p PaceRow) Percent() int {
	if p.InTime+p.Late == 0 {
		return 0
	}
	return p.InTime * 100 / (p.InTime + p.Late)
}

// SheetPage is what the emergency desk needs, and nothing more.
type SheetPage struct {
	Work
	ID, Ref, Channel, Tongue string
	Received                 time.Time
	Danger                   []string
	Age, Link, Name, Contact string
	Messages                 []Message
	Kept                     []KeptAddress
	By                       string
	At                       time.Time
}

// Template names the page.
func (SheetPage) Template() string { return "work/sheet" }

// Subject names the page in the browser.
func (p SheetPage) Subject() string { return p.Ref }

// KeptAddress is an address from which danger was written, for its hours.
type KeptAddress struct {
	Address   string
	At, Until time.Time
}

// Protocol is what to do, in order. Name is a word of the group "protocol".
type Protocol struct {
	Name  string
	Steps []ProtocolStep
}

// Done counts the steps that were done.
func (p Protocol) Done() (n int) {
	for _, s := range p.Steps {
		if s.By != "" {
			n++
		}
	}
	return n
}

// ProtocolStep is one step, and who did it; empty: nobody yet.
type ProtocolStep struct {
	Name, By string
	At       time.Time
}
