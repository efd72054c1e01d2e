package desk

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Take gives a conversation to who asks, if nobody has it (D 2.34). Taking
// what one has is no error.
func (s *Service) Take(ctx context.Context, by access.Actor, conversationID string) error {
	return s.act(ctx, by, "conversation.take", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		switch {
		case c.Holder == by.Handle:
			return "again", nil
		case c.Holder != "":
			return "", errs.New(errs.Conflict, "err.desk.taken", "take conversation: somebody has it", "holder", c.Holder)
		case c.State == Closed:
			return "", errs.New(errs.Conflict, "err.desk.closed", "take conversation: it is closed")
		}
		c.Holder = by.Handle
		if c.Unit == "" {
			c.Unit = by.Unit
		}
		if c.State == Untaken {
			c.State = Taken
		}
		if err := s.answerCalls(ctx, tx, by, c.ID); err != nil {
			return "", err
		}
		return "", s.together(ctx, tx, by, c, "conversation.take")
	})
}

// together keeps the threads of one writer in one hand.
func (s *Service) together(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, verb string) error {
	return s.eachMerged(ctx, tx, c, ledger.Event{Verb: verb, By: by, Detail: "with a joined thread"}, func(other *conversation) error {
		other.Holder, other.Unit = c.Holder, c.Unit
		return nil
	})
}

// Release gives a conversation back to everybody.
func (s *Service) Release(ctx context.Context, by access.Actor, conversationID string) error {
	return s.act(ctx, by, "conversation.handover", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		c.Holder = ""
		if c.State == Taken {
			c.State = Untaken
		}
		return "released", s.together(ctx, tx, by, c, "conversation.handover")
	})
}

// handle is the form of a service handle. What is typed goes into a column and
// the book in clear, so nothing else may: no name, no word.
var handle = regexp.MustCompile(`^[A-Z]-[0-9]{1,6}$`)

// Handover gives a conversation to a colleague, named by service handle, with
// a word why.
func (s *Service) Handover(ctx context.Context, by access.Actor, conversationID, to, reason string) error {
	if to = strings.TrimSpace(to); !handle.MatchString(to) {
		return errs.Field("to", "err.desk.to", "hand over: nobody is named")
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.handover", conversationID, reason, func(tx *db.Tx, c *conversation) (string, error) {
		if c.State == Closed {
			return "", errs.New(errs.Conflict, "err.desk.closed", "hand over: it is closed")
		}
		if c.Holder = to; c.State == Untaken {
			c.State = Taken
		}
		if err := s.give(ctx, tx, by, c, to); err != nil {
			return "", err
		}
		return "to " + to, s.together(ctx, tx, by, c, "conversation.handover")
	})
}

// Note adds a note that only colleagues see.
func (s *Service) Note(ctx context.Context, by access.Actor, conversationID, text string) error {
	if err := checkText("note", text); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.note", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		return "", s.addNote(ctx, tx, by, "conversation.note", c, text)
	})
}

// Reply is an answer to who wrote.
type Reply struct {
	Text     string
	Sign     string // the published name of who answers; empty: the service signs
	Revision int64  // of the conversation that was read; 0: not compared
}

// Answer sends an answer, if nothing has happened since the conversation was
// read (D 2.34); otherwise errs.Conflict, and the officer reads what is new.
// Those who brought the same text get the same answer. It is signed with the
// published name of who answers or with none: the reader takes that name for
// somebody they can check.
func (s *Service) Answer(ctx context.Context, by access.Actor, conversationID string, r Reply) error {
	if err := checkText("message", r.Text); err != nil {
		return err
	}
	if err := short("sign", r.Sign, MaxName); err != nil {
		return err
	}
	announced, err := s.announced(ctx)
	if err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.answer", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		switch {
		case c.State == Closed:
			return "", errs.New(errs.Conflict, "err.desk.closed", "answer: the conversation is closed")
		case r.Revision != 0 && r.Revision != c.Revision:
			return "", errs.New(errs.Conflict, "err.desk.moved", "answer: something was added since it was read")
		}
		if err := s.maySign(ctx, tx, by, r.Sign); err != nil {
			return "", err
		}
		if err := measure(ctx, tx, *c, announced); err != nil {
			return "", err
		}
		if err := s.answer(ctx, tx, by, c, r); err != nil {
			return "", err
		}
		if err := s.said(ctx, tx, c.ID, by.Handle); err != nil {
			return "", err
		}
		return "", s.eachSame(ctx, tx, c, ledger.Event{Verb: "conversation.answer", By: by, Detail: "with the others"}, func(same *conversation) error {
			return s.answer(ctx, tx, by, same, r)
		})
	})
}

// maySign lets nobody sign as a colleague.
func (s *Service) maySign(ctx context.Context, tx *db.Tx, by access.Actor, name string) error {
	if name == "" {
		return nil
	}
	own, err := s.patrol.Signature(ctx, tx, by.Handle)
	if err == nil && own != name {
		err = errs.New(errs.Denied, "err.desk.sign", "answer: the name that signs is not on a card of who answers")
	}
	return err
}

func (s *Service) answer(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, r Reply) error {
	w := written{Text: r.Text, Sign: r.Sign}
	messageID, err := s.addMessage(ctx, tx, by, "conversation.answer", c, false, w)
	if err != nil {
		return err
	}
	if err := s.send(ctx, tx, c, messageID, w); err != nil {
		return err
	}
	c.State, c.Waiting, c.Unread = Answered, 0, 0
	return errs.Wrap(count(ctx, tx, "conversation.answered"), "answer")
}

// eachSame does to every conversation shown under c what was done to c: those
// that brought the same text, and other threads of its writer.
func (s *Service) eachSame(ctx context.Context, tx *db.Tx, c *conversation, e ledger.Event, do func(*conversation) error) error {
	all, err := selectSame(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, e.Verb)
	}
	for _, same := range all {
		if same.State == Closed || same.Erased != 0 {
			continue
		}
		if err := do(&same); err != nil {
			return err
		}
		if err := s.keep(ctx, tx, &same, e); err != nil {
			return err
		}
	}
	return nil
}

// Close ends a conversation with one of Outcomes and an optional remark, which
// becomes a note. An outcome that is a measure counts as one, once, however
// many brought the same text.
func (s *Service) Close(ctx context.Context, by access.Actor, conversationID, outcome, remark string) error {
	if !slices.Contains(Outcomes, outcome) {
		return errs.Field("outcome", "err.desk.outcome", "close conversation: no such outcome")
	}
	if err := short("reason", remark, MaxText); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.close", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		if c.State == Closed {
			return "", errs.New(errs.Conflict, "err.desk.closed", "close conversation: it is closed")
		}
		if strings.TrimSpace(remark) != "" {
			if err := s.addNote(ctx, tx, by, "conversation.close", c, remark); err != nil {
				return "", err
			}
		}
		names := []string{"outcome." + outcome, "conversation.closed"}
		if Measure(outcome) {
			names = append(names, "measure")
		}
		if err := count(ctx, tx, names...); err != nil {
			return "", errs.Wrap(err, "close conversation")
		}
		if err := s.endRoomIn(ctx, tx, by, c.ID, EndedByClosing); err != nil {
			return "", err
		}
		if err := deleteDrafts(ctx, tx, c.ID); err != nil {
			return "", errs.Wrap(err, "close conversation")
		}
		if err := s.drawLook(ctx, tx, by, *c, outcome); err != nil {
			return "", err
		}
		c.end(tx.Now, outcome)
		return outcome, s.eachSame(ctx, tx, c, ledger.Event{Verb: "conversation.close", By: by, Detail: outcome + ", with the others"}, func(same *conversation) error {
			same.end(tx.Now, outcome)
			if err := s.endRoomIn(ctx, tx, by, same.ID, EndedByClosing); err != nil {
				return err
			}
			return errs.Wrap(deleteDrafts(ctx, tx, same.ID), "close conversation")
		})
	})
}

func (c *conversation) end(now int64, outcome string) {
	c.State, c.Closed, c.Outcome, c.Waiting, c.Unread = Closed, now, outcome, 0, 0
}

// Reopen takes a closing back. The count of its outcome stays: it is what was
// done that day.
func (s *Service) Reopen(ctx context.Context, by access.Actor, conversationID string) error {
	return s.act(ctx, by, "conversation.close", conversationID, "", func(_ *db.Tx, c *conversation) (string, error) {
		if c.State != Closed {
			return "", errs.New(errs.Conflict, "err.desk.open", "reopen conversation: it is open")
		}
		c.State, c.Closed, c.Outcome = Answered, 0, ""
		return "reopened", nil
	})
}

// Emergency records that the emergency desk was told, with what it was told.
func (s *Service) Emergency(ctx context.Context, by access.Actor, conversationID, told string) error {
	if err := checkReason(told); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.handover", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		if err := s.addNote(ctx, tx, by, "conversation.handover", c, told); err != nil {
			return "", err
		}
		return "to the emergency desk", errs.Wrap(count(ctx, tx, "conversation.emergency"), "hand to emergency desk")
	})
}

// Person is the covered part of a conversation.
type Person struct {
	Name    string
	Contact string
}

// Unmask shows name and contact to who has the conversation, with a reason
// that is sealed in the ledger.
func (s *Service) Unmask(ctx context.Context, by access.Actor, conversationID, reason string) (Person, error) {
	var p Person
	if err := checkReason(reason); err != nil {
		return p, err
	}
	err := s.act(ctx, by, "conversation.unmask", conversationID, reason, func(tx *db.Tx, c *conversation) (string, error) {
		if two, err := s.takesTwo(ctx, tx, *c); err != nil || two {
			return "", cmp.Or(err, errs.New(errs.Conflict, "err.desk.two", "unmask: it takes a second person here"))
		}
		// From now on an answer may call its reader by name: it is for them alone.
		if err := s.stepOut(ctx, tx, by, c); err != nil {
			return "", err
		}
		o, err := s.outside(*c)
		if err != nil {
			return "", err
		}
		if o.Name == "" && o.Contact == "" {
			return "", errs.New(errs.NotFound, "err.desk.nobody", "unmask: nothing was given")
		}
		p = Person{Name: Visible(o.Name), Contact: Visible(o.Contact)}
		return string(c.Identify), nil
	})
	return p, err
}
