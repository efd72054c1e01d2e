package desk

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
)

// MaxMerged is how many threads can be shown as one.
const MaxMerged = 10

// merge is a row of desk_merges: two threads of one writer, joined by hand.
type merge struct {
	ID           string // mer_…
	Conversation string // shown under Head
	Head         string
	Handle       string
	At           int64
	Undone       int64
}

// Thread is another thread of the same writer, shown with this one.
type Thread struct {
	ID      string
	Channel string
	At      int64 // when they were joined, microseconds UTC
	By      string
}

// Merge shows an open conversation under another open one, because an officer
// who has both judges that one person wrote them: answers go to both, and what
// is added to either waits in one place. Nothing is compared by the program.
// It is refused for a child who only asked something, and between a writer who
// chose to be anonymous and one who did not: it would name them.
func (s *Service) Merge(ctx context.Context, by access.Actor, conversationID, into, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	if conversationID == into || !id.Valid("con", into) {
		return errs.Field("into", "err.desk.merge_with", "merge: no other conversation is named")
	}
	return s.act(ctx, by, "conversation.merge", conversationID, reason, func(tx *db.Tx, c *conversation) (string, error) {
		head, err := s.load(ctx, tx, by, "conversation.merge", into)
		if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) { // not one of those that were offered
			return "", errs.Field("into", "err.desk.merge_with", "merge: the other is not in the same hand")
		}
		if err != nil {
			return "", err
		}
		if err := s.mergeable(ctx, tx, *c, head); err != nil {
			return "", err
		}
		m := merge{ID: tx.NewID("mer"), Conversation: c.ID, Head: head.ID, Handle: by.Handle, At: tx.Now}
		if err := insertMerge(ctx, tx, m); err != nil {
			return "", errs.Wrap(err, "merge")
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.merge", Table: tableMerges, ID: m.ID, By: by}); err != nil {
			return "", err
		}
		c.Head, c.Holder, c.Unit = head.ID, head.Holder, head.Unit
		if err := s.absorb(&head, *c); err != nil {
			return "", err
		}
		return "joined", s.keep(ctx, tx, &head, ledger.Event{Verb: "conversation.merge", By: by, Detail: "joined"})
	})
}

// absorb makes the one that is shown wait for both.
func (s *Service) absorb(head *conversation, other conversation) error {
	if err := s.lend(head, other); err != nil || !other.State.Waits() {
		return err
	}
	head.Unread += other.Unread
	if !head.State.Waits() {
		head.State, head.Waiting = Added, other.Waiting
	}
	head.Waiting = min(head.Waiting, other.Waiting)
	head.Revision++
	return nil
}

// lend gives the words of danger of one thread to the one that is shown, and
// remembers that they were not written there: another's danger opens nobody's
// identity.
func (s *Service) lend(head *conversation, other conversation) error {
	if !other.Danger {
		return nil
	}
	from, err := s.outside(other)
	if err != nil {
		return err
	}
	o, err := s.outside(*head)
	if err != nil {
		return err
	}
	lent := o.Lent || len(o.Danger) == 0
	for _, word := range from.Danger {
		o.addDanger([]Danger{{Word: word}})
	}
	o.Lent, head.Danger = lent, true
	head.sealed, err = s.seal(head.ID, purposeConversation, o)
	return err
}

// mergeable says what stands against joining two threads.
func (s *Service) mergeable(ctx context.Context, tx *db.Tx, c, head conversation) error {
	conflict := func(key, text string) error { return errs.New(errs.Conflict, key, "merge: "+text) }
	for _, one := range []conversation{c, head} {
		switch {
		case one.State == Closed || one.Erased != 0:
			return conflict("err.desk.closed", "one is closed")
		case one.Head != "":
			return conflict("err.desk.merged", "one is shown under another already")
		}
		child, err := isQuestion(ctx, tx, one.ID)
		if err != nil {
			return errs.Wrap(err, "merge")
		}
		if child {
			return conflict("err.desk.question", "one is of a child who only asked")
		}
	}
	below, err := selectMerges(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, "merge")
	}
	above, err := selectMerges(ctx, tx, head.ID)
	if err != nil {
		return errs.Wrap(err, "merge")
	}
	switch {
	case c.Same > 0 || len(below) > 0 || int(head.Same) > 0:
		return conflict("err.desk.merged", "others are shown under one of them")
	case len(above) >= MaxMerged:
		return errs.New(errs.Limit, "err.desk.merges", "merge: too many threads", "max", MaxMerged)
	case (c.Identify == Anonymous) != (head.Identify == Anonymous):
		return conflict("err.desk.merge_named", "one writer chose to be anonymous, the other did not")
	}
	return nil
}

// Split takes a joining back: the thread has a line of its own again, with who
// has the other.
func (s *Service) Split(ctx context.Context, by access.Actor, conversationID string) error {
	return s.act(ctx, by, "conversation.merge", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		m, err := findMerge(ctx, tx, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "split")
		}
		if m.ID == "" {
			return "", errs.New(errs.Conflict, "err.desk.single", "split: it stands alone")
		}
		head, err := selectConversation(ctx, tx, m.Head)
		if err != nil {
			return "", db.One(err, "split")
		}
		if c.State != Closed {
			c.Holder, c.Unit = head.Holder, head.Unit
		}
		c.Head = ""
		return "taken apart", s.unmerge(ctx, tx, by, "conversation.merge", m)
	})
}

// unmerge ends a joining in the books.
func (s *Service) unmerge(ctx context.Context, tx *db.Tx, by access.Actor, verb string, m merge) error {
	if err := undoMerge(ctx, tx, m.ID); err != nil {
		return errs.Wrap(err, "split")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableMerges, ID: m.ID, By: by, Detail: "taken apart"})
}

// eachMerged does to every open thread that is shown under c what was done to c.
func (s *Service) eachMerged(ctx context.Context, tx *db.Tx, c *conversation, e ledger.Event, do func(*conversation) error) error {
	all, err := selectMerges(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, e.Verb)
	}
	for _, m := range all {
		other, err := selectConversation(ctx, tx, m.Conversation)
		if err != nil {
			return db.One(err, e.Verb)
		}
		if other.State == Closed || other.Erased != 0 {
			continue
		}
		if err := do(&other); err != nil {
			return err
		}
		if err := s.keep(ctx, tx, &other, e); err != nil {
			return err
		}
	}
	return nil
}

// wakeHead makes the conversation under which c is shown wait, when something
// was added to c. It reports false when c stands alone.
func (s *Service) wakeHead(ctx context.Context, tx *db.Tx, by access.Actor, c conversation) (bool, error) {
	m, err := findMerge(ctx, tx, c.ID)
	if err != nil || m.ID == "" {
		return false, errs.Wrap(err, "add message")
	}
	head, err := selectConversation(ctx, tx, m.Head)
	if err != nil {
		return false, db.One(err, "add message")
	}
	if !head.State.Waits() {
		head.State, head.Closed, head.Outcome, head.Waiting = Added, 0, "", tx.Now
	}
	head.Unread++
	head.Revision++
	if err := s.lend(&head, c); err != nil {
		return true, err
	}
	return true, s.keep(ctx, tx, &head, ledger.Event{Verb: "conversation.add", By: by, Detail: "in a joined thread"})
}

// partMerged ends every joining of a conversation that is to be erased or has
// expired; the others have lines of their own.
func (s *Service) partMerged(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, verb string) error {
	below, err := selectMerges(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, verb)
	}
	for _, m := range below {
		other, err := selectConversation(ctx, tx, m.Conversation)
		if err != nil {
			return db.One(err, verb)
		}
		if other.Head = ""; other.State != Closed {
			other.Holder, other.Unit = c.Holder, c.Unit
		}
		if err := s.keep(ctx, tx, &other, ledger.Event{Verb: verb, By: by, Detail: "a thread has a line of its own"}); err != nil {
			return err
		}
		if err := s.unmerge(ctx, tx, by, verb, m); err != nil {
			return err
		}
	}
	m, err := findMerge(ctx, tx, c.ID)
	if err != nil || m.ID == "" {
		return errs.Wrap(err, verb)
	}
	c.Head = ""
	return s.unmerge(ctx, tx, by, verb, m)
}

// MarkQuestion says that a conversation is of a child who only asked something,
// or takes that back: it is then never joined with others, so that no picture
// of a child grows from its questions (design 1).
func (s *Service) MarkQuestion(ctx context.Context, by access.Actor, conversationID string, only bool) error {
	return s.act(ctx, by, "conversation.note", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		m, err := findMerge(ctx, tx, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "mark question")
		}
		below, err := selectMerges(ctx, tx, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "mark question")
		}
		if only && (m.ID != "" || len(below) > 0) {
			return "", errs.New(errs.Conflict, "err.desk.question_joined", "mark question: it is joined with others; take them apart first")
		}
		if only {
			return "a child who only asked", errs.Wrap(putQuestion(ctx, tx, c.ID, by.Handle), "mark question")
		}
		return "more than a question", errs.Wrap(deleteQuestion(ctx, tx, c.ID), "mark question")
	})
}
