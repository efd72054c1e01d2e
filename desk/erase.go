package desk

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

const expireBatch = 100 // conversations a step

// machine is the part of this room that acts by the clock.
var machine = access.AsMachine("desk")

// carriesOut asks the rules whether by may erase or restrict: the
// data-protection officer who decided, or the program that carries a decision
// out, which needs no more than to purge.
func carriesOut(by access.Actor, verb, conversationID string) error {
	if by.Has(access.Machine) {
		verb = "conversation.purge"
	}
	return people.Allow(by, verb, access.Resource{Kind: "conversation", ID: conversationID})
}

// EraseIn makes a conversation unreadable for good, in the transaction of who
// decided it, and keeps its skeleton: times, channel, outcome, and the basis on which it was
// erased. It overrides a restriction, which the same officer sets. Its key is
// destroyed by [Service.Finish] after the commit. Twice is once.
func (s *Service) EraseIn(ctx context.Context, tx *db.Tx, by access.Actor, conversationID, basis string) error {
	if err := carriesOut(by, "conversation.erase", conversationID); err != nil {
		return err
	}
	c, err := selectConversation(ctx, tx, conversationID)
	if err != nil {
		return db.One(err, "erase conversation")
	}
	if c.Erased != 0 {
		return nil
	}
	if err := s.empty(ctx, tx, by, &c, "conversation.erase"); err != nil {
		return err
	}
	if err := reduce(ctx, tx, c.ID); err != nil {
		return errs.Wrap(err, "erase conversation")
	}
	c.sealed, c.Holder, c.Danger, c.Held = nil, "", false, false
	c.Waiting, c.Unread, c.Last, c.Erased, c.Basis = 0, 0, "", tx.Now, basis
	if c.State != Closed {
		c.State, c.Closed = Closed, tx.Now
	}
	if err := count(ctx, tx, "conversation.erased"); err != nil {
		return errs.Wrap(err, "erase conversation")
	}
	return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.erase", By: by, Detail: basis})
}

// empty deletes what belongs to a conversation, accounts for every row, and
// notes that its key has to die.
func (s *Service) empty(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, verb string) error {
	if err := s.partSame(ctx, tx, by, c, verb); err != nil {
		return err
	}
	gone := []struct {
		table  string
		remove func(context.Context, *db.Tx, string) ([]string, error)
	}{{tableMessages, deleteSaid}, {tableNotes, deleteNotes}, {tableFiles, deleteFiles}, {tableRooms, deleteRooms},
		{tableMerges, deleteMerges}, {tableHandovers, deleteHandovers}, {tableReveals, deleteReveals}, {tableRings, deleteRings}, {tableCalls, deleteCalls}, {tableAddresses, deleteAddresses}, {tableLooks, deleteLooks}, {tableReferrals, deleteReferrals}}
	for _, g := range gone {
		ids, err := g.remove(ctx, tx, c.ID)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		for _, row := range ids {
			if err := s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: g.table, ID: row, By: by, Gone: true}); err != nil {
				return err
			}
		}
	}
	if err := deleteWork(ctx, tx, c.ID); err != nil {
		return errs.Wrap(err, verb)
	}
	return errs.Wrap(putEnding(ctx, tx, c.ID), verb)
}

// partSame gives those that are shown under c a line of their own, and takes c
// from under another.
func (s *Service) partSame(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, verb string) error {
	if err := s.partMerged(ctx, tx, by, c, verb); err != nil {
		return err
	}
	others, err := selectSame(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, verb)
	}
	for _, o := range others {
		o.Head = ""
		if err := s.keep(ctx, tx, &o, ledger.Event{Verb: verb, By: by, Detail: "one of the same has a line of its own"}); err != nil {
			return err
		}
	}
	c.Same = 0
	if c.Head == "" {
		return nil
	}
	head, err := selectConversation(ctx, tx, c.Head)
	if err != nil {
		return db.One(err, verb)
	}
	c.Head = ""
	head.Same--
	return s.keep(ctx, tx, &head, ledger.Event{Verb: verb, By: by, Detail: "one of the same is gone"})
}

// Finish destroys the keys of what was erased or expired, after the commit. A
// program that died in between does it with the next step.
func (s *Service) Finish(ctx context.Context) error {
	var ids []string
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		ids, err = selectEndings(ctx, tx)
		return err
	})
	if err != nil {
		return errs.Wrap(err, "destroy keys")
	}
	for _, container := range ids {
		if err := s.keys.Destroy(container, s.db.Now()); err != nil {
			return errs.Wrap(err, "destroy keys")
		}
		crash.At(crash.KeyDestroyed)
		if err := s.clearFiles(ctx, container); err != nil {
			return err
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error { return deleteEnding(ctx, tx, container) })
		if err != nil {
			return errs.Wrap(err, "destroy keys")
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.db.Truncate(ctx)
}

// RestrictConversation keeps a conversation as evidence: it does not expire,
// and its writer is told that its use is restricted. An empty basis lifts it.
func (s *Service) RestrictConversation(ctx context.Context, by access.Actor, conversationID, basis string) error {
	if err := carriesOut(by, "conversation.restrict", conversationID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := selectConversation(ctx, tx, conversationID)
		if err != nil {
			return db.One(err, "restrict conversation")
		}
		if c.Erased != 0 {
			return errs.New(errs.NotFound, "err.erased", "restrict conversation: it is erased")
		}
		if c.Held == (basis != "") && c.Basis == basis {
			return nil
		}
		c.Held, c.Basis = basis != "", basis
		detail := basis
		if basis == "" {
			detail = "lifted"
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.restrict", By: by, Detail: detail})
	})
}

// Expired is a conversation past its term, for the certificate: nothing of
// what was in it.
type Expired struct {
	ID       string
	Channel  string
	Received int64 // microseconds UTC
	Closed   int64
	Outcome  string
	Keep     time.Duration // the term that was over
}

// ExpireIn ends conversations that were closed longer ago than their channel
// keeps them, a batch at a time, in the transaction that certifies it: their
// rows are deleted, and their keys destroyed by [Service.Finish] after the
// commit. What is restricted stays. It also forgets forms and
// marks past their time.
func (s *Service) ExpireIn(ctx context.Context, tx *db.Tx) ([]Expired, error) {
	if err := forget(ctx, tx, tx.Now-nonceLife.Microseconds(), tx.Now-floodIn.Microseconds()); err != nil {
		return nil, errs.Wrap(err, "expire conversations")
	}
	if err := forgetLoose(ctx, tx, tx.Now-reopenIn.Microseconds()); err != nil {
		return nil, errs.Wrap(err, "expire conversations")
	}
	if err := s.forgetAddresses(ctx, tx); err != nil {
		return nil, err
	}
	if err := forgetPresent(ctx, tx, tx.Now-presentFor.Microseconds()); err != nil {
		return nil, errs.Wrap(err, "expire conversations")
	}
	old, err := s.past(ctx, tx)
	if err != nil {
		return nil, errs.Wrap(err, "expire conversations")
	}
	var out []Expired
	for _, c := range old {
		if err := s.expire(ctx, tx, c.conversation); err != nil {
			return nil, errs.Wrap(err, "expire conversations")
		}
		out = append(out, Expired{ID: c.ID, Channel: c.Channel, Received: c.Received, Closed: c.Closed, Outcome: c.Outcome, Keep: c.keep})
	}
	return out, nil
}

// lapsed is a conversation whose term is over, and how long that was.
type lapsed struct {
	conversation
	keep time.Duration
}

func (s *Service) past(ctx context.Context, tx *db.Tx) ([]lapsed, error) {
	terms, err := closedChannels(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []lapsed
	for _, t := range terms {
		keep := s.Keep(t.channel, t.line)
		old, err := selectPast(ctx, tx, t, tx.Now-keep.Microseconds(), expireBatch-len(out))
		if err != nil {
			return nil, err
		}
		for _, c := range old {
			out = append(out, lapsed{c, keep})
		}
	}
	return out, nil
}

func (s *Service) expire(ctx context.Context, tx *db.Tx, c conversation) error {
	if c, err := selectConversation(ctx, tx, c.ID); err != nil {
		return err
	} else if err := s.empty(ctx, tx, machine, &c, "conversation.purge"); err != nil {
		return err
	}
	if err := deleteConversation(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := count(ctx, tx, "conversation.expired"); err != nil {
		return err
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.purge", Table: tableConversations, ID: c.ID, By: machine, Detail: "term over", Gone: true})
}
