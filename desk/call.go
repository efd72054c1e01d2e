package desk

import (
	"context"
	"slices"
	"time"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// callIn raises a human, in the transaction that keeps a message with a word of
// danger. A call that waits already goes on; it does not begin anew.
func (s *Service) callIn(ctx context.Context, tx *db.Tx, c *conversation) error {
	return s.raiseCall(ctx, tx, Call{Conversation: c.ID, Kind: CallDanger, Due: tx.Now})
}

func (s *Service) raiseCall(ctx context.Context, tx *db.Tx, call Call) error {
	waits, err := waitingCalls(ctx, tx, call.Conversation)
	if err != nil {
		return errs.Wrap(err, "raise call")
	}
	if slices.ContainsFunc(waits, func(w Call) bool { return w.Kind == call.Kind && w.Target == call.Target }) {
		return nil
	}
	call.ID, call.At, call.State = tx.NewID("cal"), tx.Now, callWaiting
	if err := insertCall(ctx, tx, call); err != nil {
		return errs.Wrap(err, "raise call")
	}
	if err := count(ctx, tx, "call."+call.Kind); err != nil {
		return errs.Wrap(err, "raise call")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "desk.call", Table: tableCalls, ID: call.ID, By: machine, Detail: call.Kind})
}

// tellOwn gives an officer a word that something of theirs waits, if they asked
// for that and do not look within a moment.
func (s *Service) tellOwn(ctx context.Context, tx *db.Tx, kind, conversationID, handle string) error {
	if handle == "" {
		return nil
	}
	own, err := selectContacts(ctx, tx, handle)
	if err != nil || len(own) == 0 {
		return errs.Wrap(err, "raise call")
	}
	return s.raiseCall(ctx, tx, Call{Conversation: conversationID, Kind: kind, Target: handle, Due: tx.Now + ownDelay.Microseconds()})
}

// answerCalls ends what waits on a conversation, because somebody looks at it:
// danger for anybody who does, the rest for whom it was.
func (s *Service) answerCalls(ctx context.Context, tx *db.Tx, by access.Actor, conversationID string) error {
	waits, err := waitingCalls(ctx, tx, conversationID)
	if err != nil {
		return errs.Wrap(err, "answer call")
	}
	for _, call := range waits {
		if call.Target != "" && call.Target != by.Handle {
			continue
		}
		call.State, call.Answered, call.Handle = callAnswered, tx.Now, by.Handle
		if err := updateCall(ctx, tx, call); err != nil {
			return errs.Wrap(err, "answer call")
		}
		if call.Kind == CallDanger {
			if err := count(ctx, tx, "call.answered", "call.within."+withinWord(tx.Now-call.At)); err != nil {
				return errs.Wrap(err, "answer call")
			}
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "desk.answer-call", Table: tableCalls, ID: call.ID, By: by, Detail: call.Kind}); err != nil {
			return err
		}
	}
	return nil
}

// withinWord is the class of a time until somebody looked, for the figures.
func withinWord(micros int64) string {
	switch d := time.Duration(micros) * time.Microsecond; {
	case d <= 5*time.Minute:
		return "5m"
	case d <= 15*time.Minute:
		return "15m"
	case d <= time.Hour:
		return "1h"
	}
	return "more"
}

// CallStep rings whom it is time to ring, and returns how many it rang. A
// program that dies between writing a ring down and knowing its end rings
// again: twice is the worst, never not at all.
func (s *Service) CallStep(ctx context.Context) (rang int, err error) {
	if s.ring == nil {
		return 0, nil
	}
	duty, err := s.patrol.OnDuty(ctx, s.db.Now())
	if err != nil {
		return 0, err
	}
	for range callStepMost {
		r, call, contact, err := s.nextRing(ctx, len(duty.Now) > 0)
		if err != nil || call.ID == "" {
			return rang, err
		}
		if r.ID == "" {
			continue // not yet, or nobody to ring
		}
		crash.At(crash.RingWritten)
		result := s.ring(ctx, r)
		crash.At(crash.RingSent)
		rang++
		if err := s.afterRing(ctx, call.ID, r.ID, result, contact); err != nil {
			return rang, err
		}
	}
	return rang, nil
}

// nextRing takes the first call that is due: its next place is written down
// as rung, and the call is due again should nobody come back to it.
func (s *Service) nextRing(ctx context.Context, staffed bool) (r Ringing, call Call, to Contact, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var found bool
		if call, found, err = dueCall(ctx, tx); err != nil || !found {
			return errs.Wrap(err, "ring")
		}
		set, err := s.settings(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "ring")
		}
		grace := int64(set.Grace) * time.Minute.Microseconds()
		switch {
		case tx.Now >= call.At+callLife.Microseconds():
			call.State = callEnded
			return s.moveCall(ctx, tx, call, "nobody looked")
		case staffed && call.Kind == CallDanger && tx.Now < call.At+grace: // somebody is there and gets a moment
			call.Due = call.At + grace
			return s.moveCall(ctx, tx, call, "")
		}
		list, err := s.contacts(ctx, tx, call.Target)
		if err != nil {
			return err
		}
		at := place(list, call)
		if at < 0 {
			call.Due = tx.Now + noContact.Microseconds()
			if call.Target != "" {
				call.State = callEnded
			}
			return s.moveCall(ctx, tx, call, "")
		}
		to = list[at]
		call.Due = tx.Now + ringLease.Microseconds()
		if err := s.moveCall(ctx, tx, call, ""); err != nil {
			return err
		}
		r, err = s.ringing(ctx, tx, machine, call, to)
		return err
	})
	return r, call, to, err
}

// place is whom to ring next: down the list, then the room that is staffed
// round the clock again and again, or who stands last; -1 for nobody.
func place(list []Contact, c Call) int {
	if int(c.Step) < len(list) {
		return int(c.Step)
	}
	if c.Target != "" || len(list) == 0 {
		return -1
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Room {
			return i
		}
	}
	return len(list) - 1
}

// moveCall keeps a call; a word of what happened is recorded, a mere change of
// its due time too, because the row is accounted for.
func (s *Service) moveCall(ctx context.Context, tx *db.Tx, call Call, what string) error {
	if err := updateCall(ctx, tx, call); err != nil {
		return errs.Wrap(err, "move call")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "desk.call", Table: tableCalls, ID: call.ID, By: machine, Detail: what})
}

// afterRing writes down how a ring ended and when the next is due.
func (s *Service) afterRing(ctx context.Context, callID, ringID, result string, to Contact) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.rung(ctx, tx, machine, ringID, result); err != nil {
			return err
		}
		call, err := selectCall(ctx, tx, callID)
		if err != nil || call.State != callWaiting {
			return errs.Wrap(err, "ring") // somebody looked meanwhile
		}
		call.Step++
		call.Due = tx.Now + int64(to.Wait)*time.Minute.Microseconds()
		if result != RingSent {
			call.Due = tx.Now + ringAgain.Microseconds()
		} else if call.Target != "" {
			call.State = callEnded
		}
		return s.moveCall(ctx, tx, call, "")
	})
}

// What came of a ring.
const (
	RingSent        = "sent"
	RingRefused     = "refused"     // the other side said no
	RingUnreachable = "unreachable" // nobody was there
)

// Alarms counts the calls of danger that wait, for the first page of a lead.
func (s *Service) Alarms(ctx context.Context) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = countCalls(ctx, tx)
		return err
	})
	return n, errs.Wrap(err, "count calls")
}
