package desk

import (
	"context"
	"slices"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// CitizenView is a conversation as its writer sees it.
type CitizenView struct {
	State    State
	Status   string // word of the group "plain"
	Identity Identity
	Lang     string
	Messages []Message
	Outcome  string // only where it may be told; otherwise empty
	Sent     int64  // microseconds UTC
	Waiting  int64  // since when they wait for us; 0 when they do not
	Closed   int64  // 0 while open
	Until    int64  // when it is erased by itself; 0 while open or restricted
	Erasing  bool   // they have asked for erasure
}

// Message is one message, ready to show.
type Message struct {
	ID     string
	Ours   bool
	Author string // workbench: service handle; portal: the name that signed
	Sign   string // workbench: the published name that signed; empty: the service did
	At     int64
	Text   string   // made visible
	Danger []string // workbench only: the words of danger in it
	Read   bool     // ours, and its reader has looked since
	Note   bool     // workbench only: inside, never shown to who wrote
	Thread string   // workbench only: the joined thread it stands in; empty: this one
	Via    string   // the channel of that thread
	Room   bool     // workbench only: said in a secure room
	Files  []File

	// Of a message of a line, workbench only:
	Written   int64     // when it was written, where that is well before it came; otherwise 0
	Edited    bool      // Text is what it says now
	Earlier   []Earlier // what it said before
	Taken     int64     // when its writer took it back; neither text nor files are shown
	Auto      bool      // written by a machine
	Public    bool      // it stands in public
	Elsewhere bool      // ours, written outside of Ronde
	Lost      []string  // what the line could not carry: channel.LostText, …
	Way       *Delivery // ours: where it stands on its way; nil: nothing was sent
}

// Earlier is what a message said before it was edited.
type Earlier struct {
	Text string
	At   int64 // when it was replaced
}

// told are the outcomes that somebody may be told about their own message.
// The others would tell of other people or of an enquiry (D 2.22).
var told = []string{Advice, ReferredHelpline, ReferredStation, CrimeReport, Takedown, NoAction}

// Return opens a conversation with its code. A code that fits nothing, one that
// is malformed and one whose conversation was erased get the same answer
// (errs.NotFound on field "code"); after ten of them a caller waits.
func (s *Service) Return(ctx context.Context, caller, code string) (CitizenView, error) {
	var v CitizenView
	err := s.withCode(ctx, caller, code, "conversation.return", func(tx *db.Tx, by access.Actor, c *conversation) (string, error) {
		c.Seen = tx.Now
		var err error
		v, err = s.citizenView(ctx, tx, *c)
		return "", err
	})
	return v, err
}

// withCode is the frame of every verb of somebody who holds a code.
func (s *Service) withCode(ctx context.Context, caller, code, verb string, do func(tx *db.Tx, by access.Actor, c *conversation) (string, error)) error {
	by, now := access.AsCitizen(), s.db.Now()
	if err := people.Allow(by, "conversation.return", access.Resource{Kind: "conversation"}); err != nil {
		return err
	}
	if s.wrong.full(caller, now) {
		return errs.New(errs.Limit, "err.desk.tries", "open with code: too many wrong codes", "minutes", int(wrongCodesIn.Minutes()))
	}
	hash := s.codeHash(code)
	found := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := selectByCode(ctx, tx, hash)
		if found = err == nil; !found {
			return db.One(err, verb)
		}
		detail, err := do(tx, by, &c)
		if err != nil {
			return err
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: verb, By: by, Detail: detail})
	})
	if !found && errs.Is(err, errs.NotFound) {
		s.wrong.count(caller, now)
		return wrongCode()
	}
	return err
}

func wrongCode() error {
	return &errs.Error{Kind: errs.NotFound, Key: "err.desk.code", Field: "code", Err: errs.New(errs.NotFound, "err.desk.code", "open with code: it fits nothing")}
}

func (s *Service) citizenView(ctx context.Context, tx *db.Tx, c conversation) (CitizenView, error) {
	v := CitizenView{State: c.State, Status: c.State.Status(), Identity: c.Identify, Lang: c.Lang, Sent: c.Received, Waiting: c.Waiting, Closed: c.Closed, Erasing: c.Asked != 0}
	if c.Held {
		v.Status = "restricted"
	}
	if c.State == Closed && !c.Held {
		v.Until = c.Closed + s.Keep(c.Channel, "").Microseconds()
	}
	if slices.Contains(told, c.Outcome) && c.State == Closed {
		v.Outcome = c.Outcome
	}
	rows, err := selectMessages(ctx, tx, c.ID)
	if err != nil {
		return v, errs.Wrap(err, "read messages")
	}
	files, err := s.filesOf(ctx, tx, c.ID)
	if err != nil {
		return v, err
	}
	rooms, err := selectSaid(ctx, tx, c.ID)
	if err != nil {
		return v, errs.Wrap(err, "read messages")
	}
	for _, r := range rows {
		if rooms[r.ID] != "" {
			continue // what was said in a room is read by no other door (D 2.15)
		}
		var w written
		if err := s.open(c.ID, purposeMessage, r.sealed, &w); err != nil {
			return v, err
		}
		v.Messages = append(v.Messages, Message{ID: r.ID, Ours: !r.Incoming, Author: w.Sign, At: r.At, Text: Visible(w.Text), Auto: w.Auto && !r.Incoming, Files: files[r.ID]})
	}
	return v, nil
}

// Add keeps another message of who holds the code. A closed conversation opens
// again; one that was shown under another gets its own line. The same form sent
// twice is one message.
func (s *Service) Add(ctx context.Context, caller, code, text, nonce string, uploads ...Upload) error {
	if err := checkNonce(nonce); err != nil {
		return err
	}
	if err := checkSaid(text, uploads); err != nil {
		return err
	}
	files, err := s.holdFor(ctx, caller, code, uploads)
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			s.dropFiles(ctx, files)
		}
	}()
	danger := FindDanger(text)
	hash, mark := s.keys.Hash("desk_nonces.nonce", []byte(nonce)), s.keys.Hash("desk_marks.text", []byte(text))
	err = s.withCode(ctx, caller, code, "conversation.add", func(tx *db.Tx, by access.Actor, c *conversation) (string, error) {
		fresh, err := insertNonce(ctx, tx, hash, mark, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "add message")
		}
		if kept = fresh; !fresh {
			return "same form again", nil
		}
		if c.Last, err = s.addMessage(ctx, tx, by, "conversation.add", c, true, written{Text: text, With: len(files)}); err != nil {
			return "", err
		}
		if err := s.keepAddress(ctx, tx, *c, caller, len(danger) > 0); err != nil {
			return "", err
		}
		if err := s.recordFiles(ctx, tx, by, *c, c.Last, true, files); err != nil {
			return "", err
		}
		c.Unread++
		if err := s.raise(c, danger); err != nil {
			return "", err
		}
		return s.wait(ctx, tx, by, c)
	})
	if err == nil {
		crash.At(crash.MessageKept)
	} else {
		kept = false
	}
	return err
}

// holdFor seals files for the conversation that a code opens, before the
// transaction that keeps them; a wrong code counts as one.
func (s *Service) holdFor(ctx context.Context, caller, code string, uploads []Upload) ([]file, error) {
	if len(uploads) == 0 {
		return nil, nil
	}
	conversationID, err := s.FindByCode(ctx, caller, code)
	if err != nil {
		return nil, err
	}
	return s.holdUploads(ctx, conversationID, uploads)
}

// raise puts a conversation on top when something that was added speaks of
// danger.
func (s *Service) raise(c *conversation, danger []Danger) error {
	if len(danger) == 0 {
		return nil
	}
	o, err := s.outside(*c)
	if err != nil {
		return err
	}
	o.addDanger(danger)
	c.Danger = true
	c.sealed, err = s.seal(c.ID, purposeConversation, o)
	return err
}

// wait moves a conversation to where somebody waits for us again.
func (s *Service) wait(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation) (string, error) {
	if !c.State.Waits() {
		c.Waiting = tx.Now
		c.State, c.Closed, c.Outcome = Added, 0, ""
	}
	if err := s.tellOwn(ctx, tx, CallAdded, c.ID, c.Holder); err != nil {
		return "", err
	}
	if err := s.stepOut(ctx, tx, by, c); err != nil {
		return "", err
	}
	if c.Head == "" {
		return string(c.State), nil
	}
	if joined, err := s.wakeHead(ctx, tx, by, *c); err != nil || joined {
		return string(c.State), err
	}
	head, err := selectConversation(ctx, tx, c.Head)
	if err != nil {
		return "", db.One(err, "add message")
	}
	c.Head = ""
	head.Same--
	return string(c.State), s.keep(ctx, tx, &head, ledger.Event{Verb: "conversation.add", By: by, Detail: "one of the same went its own way"})
}

// stepOut takes c from the front of those that brought the same text: what it
// adds is its own, and so must be the answer. The next stands for the others.
func (s *Service) stepOut(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation) error {
	if c.Same == 0 {
		return nil
	}
	others, err := selectFlood(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, "add message")
	}
	c.Same = 0
	for i, o := range others {
		o.Head = others[0].ID
		if i == 0 {
			o.Head, o.Same = "", int64(len(others)-1)
		}
		if err := s.keep(ctx, tx, &o, ledger.Event{Verb: "conversation.add", By: by, Detail: "one of the same went its own way"}); err != nil {
			return err
		}
	}
	return nil
}

// AskErase records that the writer wants the conversation erased and returns
// its id for the request that oversight keeps. Two people decide.
func (s *Service) AskErase(ctx context.Context, caller, code string) (conversationID string, err error) {
	err = s.withCode(ctx, caller, code, "conversation.ask-erase", func(tx *db.Tx, _ access.Actor, c *conversation) (string, error) {
		conversationID = c.ID
		if c.Asked == 0 {
			c.Asked = tx.Now
		}
		return "", nil
	})
	return conversationID, err
}

// FindByCode returns the id of the conversation that a code opens, without
// opening it: for a rights request. Wrong codes count like those of Return: it
// must be no other way to guess.
func (s *Service) FindByCode(ctx context.Context, caller, code string) (conversationID string, err error) {
	now := s.db.Now()
	if s.wrong.full(caller, now) {
		return "", errs.New(errs.Limit, "err.desk.tries", "find by code: too many wrong codes", "minutes", int(wrongCodesIn.Minutes()))
	}
	hash := s.codeHash(code)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err := selectByCode(ctx, tx, hash)
		conversationID = c.ID
		return db.One(err, "find conversation")
	})
	if errs.Is(err, errs.NotFound) {
		s.wrong.count(caller, now)
		return "", wrongCode()
	}
	return conversationID, err
}
