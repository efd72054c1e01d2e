package view

import "time"

// RoundsPage is the patrol's rounds, at /rounds. Forms, all POST: /rounds with
// channel, admission, purpose, shown · /rounds/{ID}/contact with outcome ·
// /rounds/{ID}/end · /admissions with channel, group, url ·
// /admissions/{ID}/answer with state.
type RoundsPage struct {
	Work
	Form       Form
	NoCard     bool   // who asks has no card, so no round
	Mine       *Round // the own round that goes on
	Others     []Round
	Last       []Round
	Asked      []Admission
	Channels   []Option
	Groups     []Option // groups that let us in
	Purposes   []Option
	Showable   string   // names of the networks where the public may know; empty = nowhere
	Intro      []Saying // the standard introduction
	Explain    []Saying // what an administrator is told
	Outcomes   []Option
	Purposely  string // word of the group "purpose" of the own round
	IntroAgree bool   // the introduction is one that somebody else has read
}

// Template names the page.
func (RoundsPage) Template() string { return "work/rounds" }

// Round is a time on a channel, in counts.
type Round struct {
	ID       string
	Channel  string // word of the group "channel"
	Group    string
	Officer  string
	Purpose  string // word of the group "purpose"
	Shown    bool
	Started  time.Time
	Ended    time.Time // zero while it goes on
	Contacts int
	Outcomes []Option // Value: the word's name; Label: its words with the count
}

// Admission is one asking of a group's administrator.
type Admission struct {
	ID       string
	Channel  string
	Group    string // empty once forgotten
	URL      string
	Officer  string
	State    string // word of the group "admission"
	Asked    time.Time
	Answered time.Time
}

// HereNow is a place where the public may know that somebody is.
type HereNow struct {
	Channel string
	Officer string
	Handle  string // /officers/{Handle}
	Since   time.Time
}
