package view

import "time"

// ThreadRow is another thread of the same writer, shown with this one.
type ThreadRow struct {
	ID, Ref, Channel string
	At               time.Time
	By               string
}

// Handed is a conversation given to a colleague, and whether they have looked.
type Handed struct {
	Giver, Taker string
	At, Seen     time.Time
}

// Reveal is an asking to open a covered identity where it takes two. State is a
// word of the group "reveal". May: who looks may decide; Ready: who looks asked
// and may open.
type Reveal struct {
	ID, Asker, Second, State, Reason string
	At                               time.Time
	May, Ready                       bool
}

// PrintPage is a conversation on paper, the identity covered, at
// /inbox/{ID}/print.
type PrintPage struct {
	Work
	ID       string
	Ref      string
	Channel  string
	Tongue   string
	Identity string
	State    string
	Outcome  string
	Link     string
	Masked   bool
	Received time.Time
	Now      time.Time
	Messages []Message
}

// Template names the page.
func (PrintPage) Template() string { return "work/print" }

// Subject names the page in the browser.
func (p PrintPage) Subject() string { return p.Ref }
