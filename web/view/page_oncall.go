package view

import "time"

// OnCallPage is who is rung when danger waits, and how the desk is set, at
// /oncall. Forms, all POST: /oncall/contacts with label, way, to, wait, room ·
// /oncall/{ID}/up · /remove · /test · /oncall/settings with grace, looks ·
// /oncall/protect with two, window.
type OnCallPage struct {
	Work
	Form      Form
	Sends     bool // something to send with is set up
	Edit      bool
	Protect   bool
	Contacts  []ContactRow
	Calls     []CallRow
	Ways      []Option
	Hooks     []string
	Two       bool
	Window    int // hours; 0: no address is ever kept
	MaxWindow int
	Grace     int // minutes
	Looks     int // of a hundred
}

// Template names the page.
func (OnCallPage) Template() string { return "work/oncall" }

// ContactRow is one place to ring. Result is a word of the group "ring".
type ContactRow struct {
	ID     string
	Place  int
	Way    string
	Label  string
	To     string
	Room   bool
	Wait   int
	Last   time.Time
	Result string
}

// CallRow is a danger that waited for somebody to look. State is a word of the
// group "call".
type CallRow struct {
	Ref          string
	Conversation string
	At, Due      time.Time
	Rung         int
	State        string
	Answered     time.Time
	By           string
}
