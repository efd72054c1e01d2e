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

// AccountProofPage says how one account is shown to be ours, and changes it, at
// /officials/accounts/{ID}. Forms, all POST: …/proof with proof, proof_at ·
// …/prove to look now.
type AccountProofPage struct {
	Work
	Form    Form
	Account Account
	Ways    []Option
	Site    string
	Record  string // name and text of the TXT record
	Text    string
}

// Template names the page.
func (AccountProofPage) Template() string { return "work/accountproof" }

// Subject names the page in the browser.
func (p AccountProofPage) Subject() string { return p.Account.Handle }

// ImpostorsPage lists what people took for a false police account, at
// /impostors. Forms, all POST: /impostors/{ID}/tell with state · /close with
// outcome.
type ImpostorsPage struct {
	Work
	Form     Form
	Open     []Impostor
	Closed   []Impostor
	Outcomes []Option
}

// Template names the page.
func (ImpostorsPage) Template() string { return "work/impostors" }

// Impostor is one incident.
type Impostor struct {
	ID      string
	Channel string // word of the group "channel"; empty = not said
	Handle  string // empty once closed
	Reports int
	First   time.Time
	Last    time.Time
	Looks   string // word of the group "impostorlooks": "looks-like", "not-ours"
	Like    string // the account or officer of ours that it resembles
	There   string // word of the group "there"; empty = its platform was not told
	Told    time.Time
	Again   time.Time // when to look again
	Due     bool      // now
	Outcome string    // word of the group "impostorend"
	Way     string    // how one reports there, already in the reader's language
	Texts   []Saying  // what to write
}
