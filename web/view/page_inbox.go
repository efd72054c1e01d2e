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
	Strip   []Chip // what who looks has in hand
}

// Chip is one of the own conversations in the strip on top, reached by the
// keys 1 to 9.
type Chip struct {
	ID      string
	Ref     string
	Channel string
	Unread  int // messages that wait for an answer
	Urgent  bool
	Here    bool // this page shows it
}

// Key is the key that leads to the chip at a place, counted from 0.
func (Chip) Key(place int) string {
	if place < 9 {
		return string(rune('1' + place))
	}
	return ""
}

// Present is a colleague who has a conversation open.
type Present struct {
	Handle  string
	Writing bool
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
	Same       int       // how many brought the same text
	Draft      bool      // an own answer is begun
	Present    []Present // colleagues who have it open
}

// Pager leads to the neighbouring pages of a list; an empty address means that
// there is none.
type Pager struct {
	Prev, Next string
}
