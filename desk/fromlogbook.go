package desk

import (
	"context"

	"ronde/access"
	"ronde/channel/logbook"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
)

// Logbook is the channel of what was entered by hand.
const Logbook = "logbook"

// FromLogbook begins a conversation with somebody an officer met in a place of
// the logbook, in the officer's hands and in their words. The receipt's code is
// for that person: with it they come back on the portal and read the answer.
// The same form sent twice is one conversation, and shows no second code.
func (s *Service) FromLogbook(ctx context.Context, book *logbook.Service, by access.Actor, entryID string, in Incoming) (r Receipt, conversationID string, err error) {
	in.Channel = Logbook
	if in.Identify = Anonymous; in.Name != "" || in.Contact != "" {
		in.Identify = Confidential
	}
	if err := checkNonce(in.Nonce); err != nil {
		return r, "", err
	}
	if in, err = in.checked(); err != nil {
		return r, "", err
	}
	a := s.arrival(in)
	c := conversation{ID: id.New("con", s.db.Now(), 0), Channel: Logbook, Lang: in.Lang, Identify: in.Identify, State: Taken, Holder: by.Handle, Unit: by.Unit, Danger: len(a.danger) > 0}
	o := outside{Name: in.Name, Contact: in.Contact, Age: in.Age}
	o.addDanger(a.danger)
	if err := s.keys.Create(c.ID); err != nil {
		return r, "", errs.Wrap(err, "begin from logbook")
	}
	code, before := id.Secret(codeGroups), ""
	if c.sealed, err = s.seal(c.ID, purposeConversation, o); err == nil {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			before, err = s.beginFromLogbook(ctx, tx, book, by, entryID, &c, a, code)
			return err
		})
	}
	if err != nil || before != "" { // nothing was kept: the key has no lock
		if gone := s.keys.Destroy(c.ID, s.db.Now()); err == nil {
			err = gone
		}
		return Receipt{Again: true}, before, err
	}
	crash.At(crash.MessageKept)
	return s.receipt(c, code), c.ID, nil
}

func (s *Service) beginFromLogbook(ctx context.Context, tx *db.Tx, book *logbook.Service, by access.Actor, entryID string, c *conversation, a arrival, code string) (before string, err error) {
	fresh, err := insertNonce(ctx, tx, a.nonce, a.text, c.ID)
	if err != nil {
		return "", errs.Wrap(err, "begin from logbook")
	}
	if !fresh {
		f, _, err := selectNonce(ctx, tx, a.nonce)
		return f.conversation, errs.Wrap(err, "begin from logbook")
	}
	if err := markShown(ctx, tx, a.nonce); err != nil {
		return "", errs.Wrap(err, "begin from logbook")
	}
	met, err := book.HandIn(ctx, tx, by, entryID)
	if err != nil {
		return "", err
	}
	c.Received, c.Waiting, c.Revision, c.Unread = tx.Now, tx.Now, 0, 1
	if err := insertConversation(ctx, tx, *c, s.codeHash(code)); err != nil {
		return "", errs.Wrap(err, "begin from logbook")
	}
	if c.Last, err = s.addMessage(ctx, tx, by, "conversation.receive", c, true, written{Text: a.Text}); err != nil {
		return "", err
	}
	names := []string{"conversation.received", "channel." + c.Channel, "language." + c.Lang}
	if c.Danger {
		names = append(names, "conversation.danger")
	}
	if err := count(ctx, tx, names...); err != nil {
		return "", errs.Wrap(err, "begin from logbook")
	}
	return "", s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.receive", By: by, Detail: "met in " + met.Place})
}
