// Package oversight is what everybody else needs to see that the work is done
// within the law.
//
// It owns rights requests (LED art. 13–16, D 4.27), certificates of what was
// destroyed, retention, the public figures and the auditor's view of the
// ledger. It promises that a request is prepared by one person and decided by
// another; that what was erased is unreadable when the decision is shown as
// done; that a refusal has a recorded reason; that a public figure below five
// is never shown, nor can be computed from its neighbours; and that figures
// come from the rooms' own counters, never from the ledger (LED art. 25(2)).
//
// It controls only: it opens no case and reads no conversation.
package oversight
