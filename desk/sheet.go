package desk

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

const (
	purposeAddress = "desk_addresses.sealed"
	sheetMessages  = 5  // the newest of who wrote
	maxAddresses   = 20 // of one conversation
)

// Sheet is what the emergency desk needs, and nothing more: what was written
// last, what is known of who and where, and whom to call back. No notes, no
// answers of ours, no other thread.
type Sheet struct {
	ID       string
	Channel  string
	Lang     string
	Received int64
	Danger   []string
	Age      string
	Link     string
	Person   Person
	Messages []Message // oldest first
	Kept     []KeptAddress
	By       string
	At       int64
}

// KeptAddress is an address from which danger was written, while it is kept.
type KeptAddress struct {
	Address string
	At      int64 // microseconds UTC
	Until   int64
}

// Sheet opens what the emergency desk needs, with the identity: in danger to
// life one person is enough (design 9). It asks for a word of danger in the
// conversation and for a reason, and is recorded and counted as what it is.
func (s *Service) Sheet(ctx context.Context, by access.Actor, conversationID, reason string) (sh Sheet, err error) {
	if err := checkReason(reason); err != nil {
		return sh, err
	}
	err = s.act(ctx, by, "conversation.unmask", conversationID, reason, func(tx *db.Tx, c *conversation) (string, error) {
		o, err := s.outside(*c)
		if err != nil {
			return "", err
		}
		if !c.Danger || o.Lent {
			return "", errs.New(errs.Conflict, "err.desk.no_danger", "open sheet: no danger was written")
		}
		sh = Sheet{ID: c.ID, Channel: c.Channel, Lang: c.Lang, Received: c.Received, Danger: o.Danger, Age: Visible(o.Age), Link: Visible(o.Link),
			Person: Person{Name: Visible(o.Name), Contact: Visible(o.Contact)}, By: by.Handle, At: tx.Now}
		said, err := s.messages(ctx, tx, *c)
		if err != nil {
			return "", errs.Wrap(err, "open sheet")
		}
		for _, m := range said {
			if !m.Ours && !m.Note {
				sh.Messages = append(sh.Messages, m)
			}
		}
		sh.Messages = sh.Messages[max(0, len(sh.Messages)-sheetMessages):]
		if sh.Kept, err = s.seen(ctx, tx, c.ID); err != nil {
			return "", errs.Wrap(err, "open sheet")
		}
		return "emergency sheet", errs.Wrap(count(ctx, tx, "conversation.sheet"), "open sheet")
	})
	return sh, err
}

// keepAddress keeps from where danger was written, for the hours that the
// organisation said beforehand on the page of the form; without such hours,
// without a word of danger, or as long as forms are open that said less,
// nothing is kept (D 7.7).
func (s *Service) keepAddress(ctx context.Context, tx *db.Tx, c conversation, address string, danger bool) error {
	if !danger || address == "" {
		return nil
	}
	set, err := s.settings(ctx, tx)
	if err != nil || set.Window == 0 || tx.Now < set.since+SaidFor.Microseconds() {
		return errs.Wrap(err, "keep address")
	}
	n, err := countAddresses(ctx, tx, c.ID)
	if err != nil || n >= maxAddresses {
		return errs.Wrap(err, "keep address")
	}
	sealed, err := s.seal(c.ID, purposeAddress, written{Text: address})
	if err != nil {
		return err
	}
	id, until := tx.NewID("adr"), tx.Now+int64(set.Window)*time.Hour.Microseconds()
	if err := insertAddress(ctx, tx, id, c.ID, until, sealed); err != nil {
		return errs.Wrap(err, "keep address")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.keep-address", Table: tableAddresses, ID: id, By: machine})
}

func (s *Service) seen(ctx context.Context, tx *db.Tx, conversationID string) ([]KeptAddress, error) {
	rows, err := selectAddresses(ctx, tx, conversationID)
	if err != nil {
		return nil, err
	}
	var out []KeptAddress
	for _, r := range rows {
		var w written
		if err := s.open(conversationID, purposeAddress, r.sealed, &w); err != nil {
			return nil, err
		}
		out = append(out, KeptAddress{Address: Visible(w.Text), At: r.at, Until: r.until})
	}
	return out, nil
}

// forgetAddresses ends what was kept for its hours.
func (s *Service) forgetAddresses(ctx context.Context, tx *db.Tx) error {
	gone, err := deletePastAddresses(ctx, tx)
	if err != nil {
		return errs.Wrap(err, "forget addresses")
	}
	for _, id := range gone {
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.forget-address", Table: tableAddresses, ID: id, By: machine, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}
