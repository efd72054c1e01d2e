package view

import "time"

// UnmaskPage opens the map between a service handle and a person, at /handles:
// one asks, another agrees, the asker reads the answer once. Forms, all POST:
// /handles/ask with handle, reason · /handles/{ID}/confirm · /handles/{ID}/open.
type UnmaskPage struct {
	Work
	Form   Form
	Rows   []UnmaskRow
	Ask    bool    // this person may ask
	Answer *Opened // shown once
}

// Template names the page.
func (UnmaskPage) Template() string { return "work/unmask" }

// UnmaskRow is one request. State is a word of the group "unmask".
type UnmaskRow struct {
	ID      string
	Handle  string
	Asker   string
	Reason  string
	State   string
	Expires time.Time
	Confirm bool
	Open    bool
}

// Opened is who stands behind a handle.
type Opened struct {
	Handle, Name, Login, Email string
}
