package view

import (
	"time"

	"ronde/internal/lang"
)

// FileRow is one file of a message.
type FileRow struct {
	ID    string
	Name  string // may be empty
	Class string // word of the group "media"; empty for who may not know
	Size  int64  // bytes
	State string // word of the group "filestate": away kept guarded refused
	Shown bool   // a copy can be shown
}

// RoomDoorPage asks for the code word of a secure room, at /room/{Link}. Form:
// POST /room/{Link} with word.
type RoomDoorPage struct {
	Portal
	Link string
	Form Form
}

// Template names the page.
func (RoomDoorPage) Template() string { return "portal/roomdoor" }

// RoomPage is a secure room, at /room. Forms: POST /room/say with message and
// files; POST /room/end.
type RoomPage struct {
	Portal
	Form     Form
	Messages []Message
	Until    time.Time // when it closes by itself without a sign of life
	News     int       // how many messages stand here
	At       int64     // when this page was made: asking for news is another address than this one, or a browser would only scroll
	Keep     int       // days that we keep what was said
}

// Template names the page.
func (RoomPage) Template() string { return "portal/room" }

// RoomOverPage says that a room is closed, whatever the reason.
type RoomOverPage struct {
	Portal
	Child *Errand // who listens to children and teenagers
}

// Template names the page.
func (RoomOverPage) Template() string { return "portal/roomover" }

// Room is the secure room of a conversation, as the officer sees it.
type Room struct {
	State   string // word of the group "roomstate": waiting open ended
	Cause   string // word of the group "roomend"
	Until   time.Time
	Entered time.Time
	Seen    time.Time
	Ended   time.Time
	Seated  bool
	Tries   int
	Live    bool
	Form    Form
}

// RoomMadePage shows link and code word of a room, once. Forms: POST
// /inbox/{ID}/reply with message.
type RoomMadePage struct {
	Work
	ID       string
	Ref      string
	Tongue   string
	Link     string // whole address
	Word     string
	Until    time.Time
	Invite   string // message with the link, in the language of the conversation
	Revision int64
	NoSite   bool // the house was not told the portal's address: the link is without it
}

// Template names the page.
func (RoomMadePage) Template() string { return "work/roommade" }

// Subject names the page in the browser.
func (p RoomMadePage) Subject() string { return p.Ref }

// FilePage is one file of a conversation, at /files/{ID}. Forms: POST
// /files/{ID}/look with look, reason; POST /files/{ID}/fetch; POST
// /files/{ID}/seal; a link to /files/{ID}/suspect.
type FilePage struct {
	Work
	File   FileRow
	Type   string // media type by its bytes
	At     time.Time
	Talk   Link   // the conversation
	Text   string // what was written with it
	Look   string // what is shown now: "" (nothing), "blurred", "grey", "colour"
	Copy   string // address of the copy that is shown
	Form   Form
	Why    []Option // reasons to look
	Fetch  bool
	Seal   *Link // the case into which the original can go
	Ours   bool
	Failed string // why no copy could be made
}

// Template names the page.
func (FilePage) Template() string { return "work/file" }

// Subject names the page in the browser.
func (p FilePage) Subject() string { return p.File.Name }

// SuspectPage is the second step before a file is closed, at
// /files/{ID}/suspect. Form: POST /files/{ID}/suspect with confirm.
type SuspectPage struct {
	Work
	ID   string
	Name string
	Form Form
}

// Template names the page.
func (SuspectPage) Template() string { return "work/suspect" }

// GuardedPage lists suspected abuse images for specialised staff, at /guarded.
// Forms: POST /guarded/{ID}/open with reason; POST /guarded/{ID}/clear with
// reason; POST /guarded/{ID}/case with case.
type GuardedPage struct {
	Work
	Rows  []GuardedRow
	Form  Form
	Wrong string // ID of the row whose form is wrong
	Case  bool   // may open a case
}

// GuardedRow is one of them.
type GuardedRow struct {
	File FileRow
	Type string
	At   time.Time
	Talk string // how the conversation is spoken of
}

// Template names the page.
func (GuardedPage) Template() string { return "work/guarded" }

// filesize says how large a file is, as people compare sizes.
func filesize(l *lang.Lang, n int64) string {
	const kilo, mega = 1000, 1000_000
	switch {
	case n >= mega:
		return l.T("common.megabytes", "n", l.Num(int((n+mega/2)/mega)))
	default:
		return l.T("common.kilobytes", "n", l.Num(int((n+kilo-1)/kilo)))
	}
}
