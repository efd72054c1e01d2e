package view

import "time"

// HomePage is the portal's first page, at /. Its check form sends "q" to
// /check by GET.
type HomePage struct {
	Portal
	Spoken  []string // the languages one may write in: "fr", "en"
	Errands []Errand // what is not taken here, and the right door for each
	Events  []Event  // the next public appearances, soonest first
	Advice  []Advice // short advice of the season
}

// Template names the page.
func (HomePage) Template() string { return "portal/home" }

// Errand is something we do not take, and who does. Key is a word of the group
// "errand": emergency report complaint child-helpline missing-child image-removal
// image-adult illegal-content documents. A helpline that only the law profile
// knows has no key but its own name.
type Errand struct {
	Key     string
	Name    string // already translated; empty = the words of the key
	Hours   string // "9:00 to 23:00", already translated; empty = not known
	Contact string // "112", "116 111", "pre-plainte-en-ligne.example"
	Href    string // "tel:112", "https://…"; empty = the contact is only read
}

// Event is a public appearance: a stream, a class, a visit.
type Event struct {
	Title   string
	Place   string // channel or town
	From    time.Time
	To      time.Time
	Officer string
	Href    string
}

// Advice is a short text of the patrol, already in the reader's language.
type Advice struct {
	Title string
	Text  string
	Href  string
}
