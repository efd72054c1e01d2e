package desk

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/ledger"
)

// conversationFor finds the conversation of a thread or begins one.
func (s *Service) conversationFor(ctx context.Context, tx *db.Tx, p *mail, l letter, used map[string]bool) (*conversation, error) {
	c, open, err := s.threadNow(ctx, tx, l.thread, 1)
	if err != nil || open {
		return &c, err
	}
	container, ok := p.keys[hex.EncodeToString(l.thread)]
	if !ok || used[container] {
		return nil, errKey
	}
	used[container] = true
	return s.beginOn(ctx, tx, p, l, container)
}

// beginOn makes the conversation of a new thread.
func (s *Service) beginOn(ctx context.Context, tx *db.Tx, p *mail, l letter, container string) (*conversation, error) {
	c := &conversation{ID: container, Channel: p.word, Lang: baseLang(l.Lang, p.set.Language), Identify: Confidential, State: Untaken, Danger: len(l.danger) > 0,
		Received: tx.Now, Waiting: sentAt(l.Arrival, tx.Now)}
	o := outside{Line: &lineAddress{Thread: l.Thread, Author: l.Author, Subject: l.Subject, Public: l.Public}}
	if l.Ours { // we wrote first: who they are is not known yet
		o.Line.Author = channel.Author{}
		c.State, c.Waiting = Answered, 0
	}
	o.Name, o.Contact = nameOf(o.Line.Author)
	o.addDanger(l.danger)
	var err error
	if c.sealed, err = s.seal(c.ID, purposeConversation, o); err != nil {
		return nil, err
	}
	if !l.Ours && len(l.Files) == 0 {
		a := arrival{Incoming: Incoming{Channel: p.word, Text: l.Text}, text: l.text}
		if err := s.joinFlood(ctx, tx, access.AsCitizen(), c, a); err != nil {
			return nil, err
		}
	}
	if err := insertConversation(ctx, tx, *c, nil); err != nil {
		return nil, err
	}
	if err := putLine(ctx, tx, c.ID, p.set.Name); err != nil {
		return nil, err
	}
	names := []string{"conversation.received", "channel." + c.Channel, "language." + c.Lang}
	if c.Danger {
		names = append(names, "conversation.danger")
	}
	if err := count(ctx, tx, names...); err != nil {
		return nil, err
	}
	return c, putThread(ctx, tx, l.thread, c.ID)
}

// keepLetter adds a message of theirs to its conversation.
func (s *Service) keepLetter(ctx context.Context, tx *db.Tx, c *conversation, l letter, kept map[string]bool) error {
	by := access.AsCitizen()
	first := c.Last == ""
	w := s.writtenOf(l, tx.Now)
	room, err := s.roomFor(ctx, tx, *c, l.files)
	if err != nil {
		return err
	}
	if w.With = len(l.files); !room {
		w.With, w.Lost = 0, append(slices.Clone(w.Lost), channel.LostFiles)
	}
	messageID, err := s.addMessage(ctx, tx, by, "conversation.receive", c, true, w)
	if err != nil {
		return err
	}
	if room {
		if err := s.recordFiles(ctx, tx, by, *c, messageID, true, l.files); err != nil {
			return err
		}
		for _, f := range l.files {
			kept[f.ID] = true
		}
	}
	if l.hash != nil {
		if err := insertArrival(ctx, tx, l.hash, c.ID, messageID); err != nil {
			return err
		}
	}
	c.Last = messageID
	c.Unread++
	if err := s.renew(c, l); err != nil {
		return err
	}
	detail := "channel " + c.Channel
	switch {
	case first && c.State == Untaken:
	case l.Automatic && len(l.danger) == 0:
		detail += ", written by a machine" // nobody waits
	default:
		if detail, err = s.wait(ctx, tx, by, c); err != nil {
			return err
		}
		if c.Waiting == tx.Now {
			c.Waiting = sentAt(l.Arrival, tx.Now)
		}
	}
	if len(l.danger) > 0 {
		detail += ", danger word"
	}
	return s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.receive", By: by, Detail: detail})
}

// roomFor reports whether the files of a letter fit into its conversation: what
// does not fit never stops the message.
func (s *Service) roomFor(ctx context.Context, tx *db.Tx, c conversation, files []file) (bool, error) {
	if len(files) == 0 {
		return true, nil
	}
	n, size, err := sumFiles(ctx, tx, c.ID)
	for _, f := range files {
		n++
		size += f.Size
	}
	return n <= MaxFiles && size <= MaxFileBytes, err
}

func (s *Service) writtenOf(l letter, now int64) written {
	w := written{Text: l.Text, Net: l.ID, Auto: l.Automatic, Public: l.Public, Lost: l.Lost, Sent: l.At, Edited: l.What == channel.Edited}
	if l.At > now {
		w.Sent = 0
	}
	return w
}

// renew keeps who writes and what they last wrote of up to date: an answer
// goes to where the last message came from.
func (s *Service) renew(c *conversation, l letter) error {
	o, err := s.outside(*c)
	if err != nil {
		return err
	}
	if o.Line == nil {
		o.Line = &lineAddress{Thread: l.Thread}
	}
	o.Line.Author, o.Line.Public = l.Author, l.Public
	if l.Subject != "" {
		o.Line.Subject = l.Subject
	}
	o.Name, o.Contact = nameOf(l.Author)
	o.addDanger(l.danger)
	c.Danger = c.Danger || len(l.danger) > 0
	c.sealed, err = s.seal(c.ID, purposeConversation, o)
	return err
}

// leave counts a message of a flood that is not kept. The conversation says how
// many there were.
func (s *Service) leave(ctx context.Context, tx *db.Tx, c *conversation) error {
	o, err := s.outside(*c)
	if err != nil {
		return err
	}
	if o.Line == nil {
		o.Line = &lineAddress{}
	}
	o.Line.Left++
	if c.sealed, err = s.seal(c.ID, purposeConversation, o); err != nil {
		return err
	}
	if err := count(ctx, tx, "flood.left"); err != nil {
		return err
	}
	return s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.receive", By: access.AsCitizen(), Detail: "one of a flood, not kept"})
}

// oursElsewhere keeps what our own account wrote outside of Ronde, on the
// network's own app. The echo of an answer that is being sent is its receipt.
func (s *Service) oursElsewhere(ctx context.Context, tx *db.Tx, c *conversation, l letter) error {
	echo, err := s.echoOf(ctx, tx, *c, l)
	if err != nil {
		return err
	}
	if echo != nil {
		return s.sentAs(ctx, tx, *echo, l.hash, sentAt(l.Arrival, tx.Now))
	}
	w := s.writtenOf(l, tx.Now)
	if w.Elsewhere = true; len(l.Files) > 0 {
		w.Lost = append(slices.Clone(w.Lost), channel.LostFiles)
	}
	messageID, err := s.addMessage(ctx, tx, lineHand, "conversation.answer", c, false, w)
	if err != nil {
		return err
	}
	if l.hash != nil {
		if err := insertArrival(ctx, tx, l.hash, c.ID, messageID); err != nil {
			return err
		}
	}
	if c.State != Closed {
		c.State, c.Waiting, c.Unread = Answered, 0, 0
	}
	return s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.answer", By: lineHand, Detail: "outside of Ronde"})
}

// echoOf finds the answer on its way that a network shows us as our own.
func (s *Service) echoOf(ctx context.Context, tx *db.Tx, c conversation, l letter) (*posted, error) {
	rows, err := postedIn(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range rows {
		if p.State != Waits || p.Tried == 0 {
			continue
		}
		var d draftOut
		if err := s.open(c.ID, purposeOutbox, p.sealed, &d); err != nil {
			return nil, err
		}
		if strings.TrimSpace(d.Text) == strings.TrimSpace(l.Text) && utf8.RuneCountInString(d.Text) > 0 {
			return &p, nil
		}
	}
	return nil, nil
}
