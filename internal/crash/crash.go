// Package crash names the points at which a sudden death must do no harm:
// after each commit and before each acknowledgement (design 10).
//
// It owns the list of names. It promises to do nothing in a released program:
// only a binary built with the tag "story" can be told to die, by the
// environment variable RONDE_CRASH. It does not recover anything: the rooms
// must stand up again by themselves.
package crash

// The named points.
const (
	MessageKept      = "message.kept"      // a citizen's message is committed, the receipt not shown
	AlertKept        = "alert.kept"        // an alert is committed, the sender not answered
	CursorMoved      = "cursor.moved"      // a feed's cursor is committed
	LedgerSequenced  = "ledger.sequenced"  // leaves are committed, tiles and checkpoint not written
	ExhibitSealed    = "exhibit.sealed"    // the blob is written, its row not committed
	CaseOpened       = "case.opened"       // a case is committed, the page not shown
	KeyDestroyed     = "key.destroyed"     // a key is gone, the row not yet
	PurgeCommitted   = "purge.committed"   // a purge is committed, its keys not yet gone
	DecisionRecorded = "decision.recorded" // a rights decision is committed, not yet carried out
)

// The points of an answer on a line, where somebody else's server must be
// looked at, too.
const (
	AnswerTried = "answer.tried" // an answer is about to be sent, and marked so
	AnswerSent  = "answer.sent"  // the network has it, its receipt is not committed
)

// Lines lists the points of an answer, for the story of the channels.
var Lines = []string{AnswerTried, AnswerSent}

// The points of a ring to staff, where somebody else's server must be looked
// at, too.
const (
	RingWritten = "ring.written" // that somebody is rung is committed, nothing sent
	RingSent    = "ring.sent"    // somebody was rung, how it ended not committed
)

// Rings lists the points of a ring, for the story of the on-call list.
var Rings = []string{RingWritten, RingSent}

// Points lists every other name, for the story that dies at each of them.
var Points = []string{MessageKept, AlertKept, CursorMoved, LedgerSequenced, ExhibitSealed, CaseOpened, KeyDestroyed, PurgeCommitted, DecisionRecorded}
