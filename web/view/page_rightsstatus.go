package view

import "time"

// RightsStatusPage tells a person what became of their request, at POST
// /rights/status with number.
type RightsStatusPage struct {
	Portal
	Right    string // word of the group "right"
	State    string // word of the group "rightstate"
	Ground   string
	Reason   string
	Answer   time.Time // by when we answer; zero once it is answered
	Answered time.Time
}

// Template names the page.
func (RightsStatusPage) Template() string { return "portal/rightsstatus" }
