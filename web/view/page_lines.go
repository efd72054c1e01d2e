package view

import "time"

// LinesPage is how every line to the public does, at /channels. Alarms come
// first.
type LinesPage struct {
	Work
	Rows   []LineRow
	Alarms int
}

// Template names the page.
func (LinesPage) Template() string { return "work/lines" }

// LineRow is one line to the public.
type LineRow struct {
	Name     string // of the configuration: "mail-fr"
	Kind     string // word of the group "channel"
	Account  string // ours, on that network
	Alarm    string // word of the group "linealarm"; empty = well
	Received time.Time
	Passed   time.Time // last self-test that came back
	Expires  time.Time // of the credential; zero = not said
	Failing  time.Time // since when it does not connect; zero = it does
	Waiting  int       // answers that have not left yet
	Keep     int       // days a closed conversation is kept
}

// OnLine is what a message of a line has beside its text.
type OnLine struct {
	Written   time.Time // when it was written, where that is well before it came
	Edited    bool
	Earlier   []EarlierText
	Taken     time.Time // when its writer took it back: its text is not shown
	Shown     string    // the text that was taken back, on the one page that shows it
	Ask       bool      // who looks may ask to see it
	Auto      bool      // written by a machine
	Public    bool
	Elsewhere bool     // ours, written on the network itself
	Lost      []string // words of the group "lost"
	Way       *Way
}

// EarlierText is what a message said before it was edited.
type EarlierText struct {
	Text string
	At   time.Time
}

// Way is where an answer stands on its way. State is waiting, sent, read or
// refused; Why a word of the group "why".
type Way struct {
	State string
	Why   string
	Parts int
	At    time.Time
}

// askTaken is the form that asks to see a message that was taken back.
type askTaken struct {
	Talk, CSRF, Message string
	Form                Form
}

// Elsewhere reports a message of ours that was written on the network itself.
func (m Message) Elsewhere() bool { return m.Line != nil && m.Line.Elsewhere }
