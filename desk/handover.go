package desk

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Handed is a conversation given to a colleague, and whether they have looked:
// handing over is the step at which people are lost (D 7.18).
type Handed struct {
	ID    string // han_…
	Giver string // service handles
	Taker string
	At    int64 // microseconds UTC
	Seen  int64 // when the other opened it; 0: not yet
}

// give writes down that a conversation goes to a colleague.
func (s *Service) give(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, to string) error {
	h := Handed{ID: tx.NewID("han"), Giver: by.Handle, Taker: to, At: tx.Now}
	if err := insertHandover(ctx, tx, c.ID, h); err != nil {
		return errs.Wrap(err, "hand over")
	}
	if err := s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.handover", Table: tableHandovers, ID: h.ID, By: by, Detail: "to " + to}); err != nil {
		return err
	}
	if err := s.tellOwn(ctx, tx, CallHanded, c.ID, to); err != nil {
		return err
	}
	return errs.Wrap(count(ctx, tx, "conversation.handed"), "hand over")
}

// handed reads the last handing over; the first look of who got it is the
// receipt.
func (s *Service) handed(ctx context.Context, tx *db.Tx, by access.Actor, c conversation) (*Handed, error) {
	h, err := lastHandover(ctx, tx, c.ID)
	if err != nil || h.ID == "" {
		return nil, err
	}
	if h.Seen == 0 && h.Taker == by.Handle && c.Holder == by.Handle {
		h.Seen = tx.Now
		if err := seeHandover(ctx, tx, h.ID); err != nil {
			return nil, err
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.receipt", Table: tableHandovers, ID: h.ID, By: by}); err != nil {
			return nil, err
		}
	}
	return &h, nil
}

// threads adds the messages of joined threads, in the order of time. Whoever
// may open a conversation may open what an officer joined with it; each is
// recorded as opened.
func (s *Service) threads(ctx context.Context, tx *db.Tx, by access.Actor, c conversation, t *Talk) error {
	var err error
	if t.Question, err = isQuestion(ctx, tx, c.ID); err != nil {
		return err
	}
	up, err := findMerge(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	t.Under = up.Head
	below, err := selectMerges(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, m := range below {
		other, err := selectConversation(ctx, tx, m.Conversation)
		if err != nil {
			return db.One(err, "open thread")
		}
		if err := s.answerCalls(ctx, tx, by, other.ID); err != nil {
			return err
		}
		t.Threads = append(t.Threads, Thread{ID: other.ID, Channel: other.Channel, At: m.At, By: m.Handle})
		said, err := s.messages(ctx, tx, other)
		if err != nil {
			return err
		}
		for _, one := range said {
			one.Thread, one.Via = other.ID, other.Channel
			if !one.Ours || one.Note { // an answer went to all threads: it is shown once
				t.Messages = append(t.Messages, one)
			}
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.open", Table: tableConversations, ID: other.ID, By: by, Detail: "with a joined thread"}); err != nil {
			return err
		}
	}
	sortMessages(t.Messages)
	return nil
}
