package view

import "time"

// Square is a QR code: one SVG path in a box of Size by Size, and the address
// that it opens.
type Square struct {
	Size  int
	Path  string
	Opens string
	File  string // address of the same as PNG; empty = none
}

// Vouched is what a one-time code says. Form: POST /check/code with code.
type Vouched struct {
	Officer  OfficerCard
	Channel  string // word of the group "channel": where the code was given
	Made     time.Time
	Accounts []Account // ours there
}

// OfficialAccountPage is one account of ours, at /accounts/{ID}.
type OfficialAccountPage struct {
	Portal
	Account Account
	Square  Square
}

// Template names the page.
func (OfficialAccountPage) Template() string { return "portal/account" }

// Subject names the page in the browser.
func (p OfficialAccountPage) Subject() string { return p.Account.Handle }

// VouchPage is where an officer shows who they are, at /vouch. Form: POST
// /vouch with channel, language.
type VouchPage struct {
	Work
	Form     Form
	Channels []Option
	Card     *OfficerCard // nil = no card, so no code
	Square   Square       // of the own card
	Site     string
	Code     *VouchCode // just made
	Minutes  int        // how long a code lives
}

// Template names the page.
func (VouchPage) Template() string { return "work/vouch" }

// VouchCode is a code that was just made; it is shown once.
type VouchCode struct {
	Figures string
	Channel string // word of the group "channel"
	Until   time.Time
	Says    []Saying // what to write with it, in each language
}

// Saying is a text to copy, in one language.
type Saying struct{ Lang, Text string }
