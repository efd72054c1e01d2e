package view

import "time"

// CarePage is one's own: how heavy material is shown, how long one looked, what
// one is trained for, what came of what one began, at /care. Forms, all POST:
// /care with blur, grey, mute · /care/forget.
type CarePage struct {
	Work
	Form      Form
	Shown     []Option // the ways of the form
	Hour      time.Duration
	Today     time.Duration
	Week      time.Duration
	Trainings []TrainingRow
	Needs     []NeedRow
	Came      []CameRow
}

// Template names the page.
func (CarePage) Template() string { return "work/care" }

// TrainingRow is one training of somebody.
type TrainingRow struct {
	ID     string
	Handle string
	Name   string // word of the group "training"
	Ends   time.Time
	State  string // word of the group "trainingstate": valid, soon, over, gone
}

// NeedRow is what an act asks for. Held says whether who reads has it.
type NeedRow struct {
	Act      string // word of the group "act"
	Training string // word of the group "training"; empty = nothing
	Held     bool
}

// CameRow is what came of something that one began.
type CameRow struct {
	Kind    string // word of the group "hit": conversation, alert, case
	Ref     string
	Outcome string // already in the reader's language
	At      time.Time
}

// TrainingPage is the lead's register, at /training. Forms, all POST: /training
// with handle, training, ends · /training/{ID}/end · /training/needs with act,
// need.
type TrainingPage struct {
	Work
	Form      Form
	Rows      []TrainingRow
	Needs     []NeedRow
	People    []Option
	Trainings []Option
	NeedOf    []Option // trainings, and none
}

// Template names the page.
func (TrainingPage) Template() string { return "work/training" }
