package desk

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// edit puts what a message says now in the place of what it said. The earlier
// text stays under the conversation's key, and the officer sees both: who
// changes a message after an answer changes what was answered.
func (s *Service) edit(ctx context.Context, tx *db.Tx, a arrived, l letter) error {
	return s.amend(ctx, tx, a, "conversation.edit", func(c *conversation, m message, w *written) (bool, error) {
		if !m.Incoming || w.Taken != 0 || w.Text == l.Text {
			return false, nil
		}
		if len(w.Earlier) < maxEdits {
			w.Earlier = append(w.Earlier, earlier{w.Text, tx.Now})
		}
		w.Text, w.Edited = l.Text, true
		c.Revision++
		if len(l.danger) == 0 {
			return true, nil
		}
		if err := s.raise(c, l.danger); err != nil {
			return false, err
		}
		_, err := s.wait(ctx, tx, access.AsCitizen(), c)
		return true, err
	})
}

// withdraw follows a deletion. The text stays sealed until the conversation
// ends, and is shown to nobody but who opens it with a reason (decision 0017);
// the transcript of a case leaves it out.
func (s *Service) withdraw(ctx context.Context, tx *db.Tx, a arrived) error {
	return s.amend(ctx, tx, a, "conversation.withdraw", func(c *conversation, _ message, w *written) (bool, error) {
		if w.Taken != 0 {
			return false, nil
		}
		w.Taken = tx.Now
		c.Revision++
		return true, nil
	})
}

// amend changes one message that a network named. do reports whether it did.
func (s *Service) amend(ctx context.Context, tx *db.Tx, a arrived, verb string, do func(*conversation, message, *written) (bool, error)) error {
	m, err := selectMessage(ctx, tx, a.Message)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // ours, or no longer there
	}
	if err != nil {
		return err
	}
	c, err := selectConversation(ctx, tx, m.Conversation)
	if err != nil {
		return db.One(err, verb)
	}
	var w written
	if err := s.open(c.ID, purposeMessage, m.sealed, &w); err != nil {
		return err
	}
	changed, err := do(&c, m, &w)
	if err != nil || !changed {
		return err
	}
	sealed, err := s.seal(c.ID, purposeMessage, w)
	if err != nil {
		return err
	}
	if err := updateMessage(ctx, tx, m.ID, sealed); err != nil {
		return err
	}
	by := access.AsCitizen()
	if !m.Incoming {
		by = lineHand
	}
	if err := s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableMessages, ID: m.ID, By: by}); err != nil {
		return err
	}
	return s.keep(ctx, tx, &c, ledger.Event{Verb: verb, By: by})
}

// receiptOf follows what a network says of a message of ours: that it was read,
// or did not reach them after all.
func (s *Service) receiptOf(ctx context.Context, tx *db.Tx, p *mail, l letter) error {
	a, known := arrived{}, false
	if l.hash != nil {
		var err error
		if a, known, err = selectArrival(ctx, tx, l.hash); err != nil {
			return err
		}
	}
	if l.What == channel.Failed {
		if !known {
			return nil
		}
		rows, err := selectPosted(ctx, tx, a.Message)
		if err != nil || len(rows) == 0 || rows[0].State == Refused {
			return err
		}
		return s.refuse(ctx, tx, rows[0], l.Why)
	}
	return s.readUntil(ctx, tx, l, a, known)
}

// readUntil marks what was sent up to the named message, or time, as read.
func (s *Service) readUntil(ctx context.Context, tx *db.Tx, l letter, a arrived, known bool) error {
	conversationID := a.Conversation
	if !known {
		if l.At == 0 {
			return nil
		}
		var err error
		if conversationID, err = threadOf(ctx, tx, l.thread); err != nil || conversationID == "" {
			return err
		}
	}
	rows, err := postedIn(ctx, tx, conversationID)
	if err != nil {
		return err
	}
	did := false
	for _, p := range rows {
		if p.State == Sent && (known && order(p.ID) <= order(a.Message) || !known && p.Done <= l.At) {
			p.State, p.Seen, did = Seen, tx.Now, true
			if _, err := updatePosted(ctx, tx, p); err != nil {
				return err
			}
		}
	}
	if !did {
		return nil
	}
	c, err := selectConversation(ctx, tx, conversationID)
	if err != nil {
		return db.One(err, "note receipt")
	}
	c.Seen = tx.Now
	return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.read", By: access.AsCitizen()})
}

func notTaken() error {
	return errs.Field("reason", "err.desk.not_taken", "show withdrawn message: none was taken back")
}

// order is the part of an identifier that sorts by time.
func order(id string) string { return id[strings.IndexByte(id, '_')+1:] }

// Withdrawn shows what somebody took back to who has the conversation, with a
// reason that is sealed in the ledger: a life may hang on it (decision 0017).
func (s *Service) Withdrawn(ctx context.Context, by access.Actor, conversationID, messageID, reason string) (string, error) {
	var text string
	if err := checkReason(reason); err != nil {
		return "", err
	}
	err := s.act(ctx, by, "conversation.unmask", conversationID, reason, func(tx *db.Tx, c *conversation) (string, error) {
		m, err := selectMessage(ctx, tx, messageID)
		if err != nil || m.Conversation != c.ID {
			return "", notTaken()
		}
		var w written
		if err := s.open(c.ID, purposeMessage, m.sealed, &w); err != nil {
			return "", err
		}
		if w.Taken == 0 {
			return "", notTaken()
		}
		text = Visible(w.Text)
		return "a message that was taken back", nil
	})
	return text, err
}
