package view

import "time"

// LooksPage is what was closed without action and drawn for a second look, at
// /looks. Forms: POST /looks/{ID} with verdict.
type LooksPage struct {
	Work
	Rows     []LookRow
	Verdicts []Option
}

// Template names the page.
func (LooksPage) Template() string { return "work/looks" }

// LookRow is one conversation to look at again.
type LookRow struct {
	ID, Conversation, Ref, Closer string
	At                            time.Time
}

// ReferralRow is somebody sent on, and whether the service took over. Consent is
// a word of the group "consent".
type ReferralRow struct {
	ID, Service, Consent, Giver, Passed, Who string
	At, Taken                                time.Time
}
