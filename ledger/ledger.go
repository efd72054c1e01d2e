// Package ledger is the book in which everything is accounted for, reads
// included (promise 7, D 4.19).
//
// It owns the event rows, the Merkle tree over them, its tiles and signed
// checkpoints. It promises that an event is committed with the change it
// tells of or not at all; that the event holds the SHA-256 of the whole row
// after the change, so that a row changed behind the program's back is found;
// that the personal part of an event can be blanked and the tree still
// verifies; that nothing is rewound.
//
// It does not decide, count for the public (figures come from the modules'
// own counters, LED art. 25(2)), or keep what was erased (D 4.21).
package ledger

import (
	"ronde/access"
	"ronde/ledger/verify"
)

// Event is one thing that was done.
type Event struct {
	Verb   string       // kind.verb: "conversation.take"
	Table  string       // accounted table; empty for a list view or a sign-in
	ID     string       // row in Table, or the name of a kind
	By     access.Actor // only the service handle is kept
	Permit string       // mandate acted under, or empty
	Detail string       // public words: counts, states, articles; never personal
	Reason string       // personal part: a typed reason, the text of a query
	Gone   bool         // the row was deleted in this transaction
}

func (e Event) object() string {
	if e.Table == "" {
		return e.ID
	}
	return e.Table + "/" + e.ID
}

// Entry is an event as it is read back.
type Entry struct {
	verify.Event
	Container string
	Reason    string // opened only by Reasons
	HasReason bool
	Blanked   bool
	Leaf      int64 // -1 until sequenced
}

// Filter chooses entries, newest first. Empty fields choose all.
type Filter struct {
	Object string
	Handle string
	Verb   string
	From   int64 // microseconds UTC, inclusive
	To     int64 // exclusive; 0 for no end
	Acts   bool  // leave out what was only read: lists, records that were opened
	Before string
	Limit  int
}

// MaxPage bounds one page of entries.
const MaxPage = 200
