package view

import "time"

// InboxPage is the one queue of conversations, at /inbox?show=…&after=….
// Rows come ordered: danger first, then by waiting time.
type InboxPage struct {
	Work
	Show    string // the tab: "open", "mine", "answered", "closed"
	Tabs    []Tab  // with their counts, in order
	Rows    []InboxRow
	Waiting int           // conversations nobody has taken
	Longest time.Duration // the longest wait among them
	Pager   Pager
}

// Template names the page.
func (InboxPage) Template() string { return "work/inbox" }

// Tab is one view of a list. Name is a word of the group "tab".
type Tab struct {
	Name  string
	Count int
	Href  string
}

// InboxRow is one conversation in the queue, linked to /inbox/{ID}.
type InboxRow struct {
	ID         string
	Ref        string        // the short name people say: "C-0142"
	Excerpt    string        // first words of the newest message
	DangerWord string        // the explicit word that put it on top; empty = none
	Age        string        // what the writer said of their age ("13"); empty = nothing said
	Channel    string        // word of the group "channel": portal mail discord …
	Tongue     string        // language code of the message
	Identity   string        // word of the group "identity": named confidential anonymous
	State      string        // word of the group "state": new taken answered added closed
	Waiting    time.Duration // since the oldest unanswered message; 0 = nothing waits
	Holder     string        // who has it; empty = nobody
	Mine       bool
	Unread     int
}

// Pager leads to the neighbouring pages of a list; an empty address means that
// there is none.
type Pager struct {
	Prev, Next string
}
