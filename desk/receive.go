package desk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/people"
)

const (
	codeGroups = 5 // of four letters: 100 random bits

	nonceGroups = 6
	maxNonce    = 200              // bytes
	nonceLife   = 24 * time.Hour   // how long a form sent twice is recognised
	floodIn     = 10 * time.Minute // same text from the same door within this is a flood
	floodLeast  = 40               // runes; shorter texts ("bonjour") are everybody's own
)

// Receipt is the answer to a first message.
type Receipt struct {
	Code   string // the return code, shown once; empty when Again
	Again  bool   // the form was sent before: the message is kept, its code was shown then
	Sent   int64  // microseconds UTC
	Danger bool   // words of danger: the page says 112 once more
	Keep   int    // days the conversation is kept once it is closed
}

// NewNonce makes the secret of one form.
func NewNonce() string { return id.Secret(nonceGroups) }

func checkNonce(nonce string) error {
	if n := len(nonce); n < 16 || n > maxNonce {
		return errs.New(errs.Invalid, "err.desk.form", "read form: its one-time number is missing")
	}
	return nil
}

// Receive keeps a first message and returns the code with which its writer
// comes back. The same form sent twice is one message. A danger word is never
// slowed down or collapsed.
func (s *Service) Receive(ctx context.Context, in Incoming) (Receipt, error) {
	by := access.AsCitizen()
	if err := people.Allow(by, "conversation.receive", access.Resource{Kind: "conversation"}); err != nil {
		return Receipt{}, err
	}
	if err := checkNonce(in.Nonce); err != nil {
		return Receipt{}, err
	}
	in, err := in.checked()
	if err != nil {
		return Receipt{}, err
	}
	a := s.arrival(in)
	if known, r, err := s.sentBefore(ctx, a); known || err != nil {
		return r, err
	}
	now := s.db.Now()
	if len(a.danger) == 0 && s.arrivals.full(in.Caller, now) {
		return Receipt{}, errs.New(errs.Limit, "err.desk.slow", "receive message: too many from one place", "minutes", int(arrivalsIn/time.Minute))
	}
	s.arrivals.count(in.Caller, now)
	return s.receive(ctx, by, a)
}

// arrival is a checked message on its way in.
type arrival struct {
	Incoming
	danger []Danger
	nonce  []byte // keyed hashes
	text   []byte
}

func (s *Service) arrival(in Incoming) arrival {
	a := arrival{Incoming: in, danger: FindDanger(in.Text)}
	a.nonce = s.keys.Hash("desk_nonces.nonce", []byte(in.Nonce))
	// Who wrote is part of what makes two messages the same: an answer to one
	// goes to all of them, and may call its reader by name.
	a.text = s.keys.Hash("desk_marks.text", []byte(strings.Join([]string{in.Channel, string(in.Identify), in.Name, in.Contact, in.Link, in.Age,
		strings.Join(strings.Fields(lexicon.Fold(in.Text)), " ")}, "\x00")))
	return a
}

func (s *Service) receive(ctx context.Context, by access.Actor, a arrival) (Receipt, error) {
	c := conversation{ID: id.New("con", s.db.Now(), 0), Channel: a.Channel, Lang: a.Lang, Identify: a.Identify, State: Untaken, Danger: len(a.danger) > 0}
	if err := s.keys.Create(c.ID); err != nil {
		return Receipt{}, errs.Wrap(err, "receive message")
	}
	o := outside{Name: a.Name, Contact: a.Contact, Link: a.Link, Age: a.Age, About: a.About}
	o.addDanger(a.danger)
	var err error
	if c.sealed, err = s.seal(c.ID, purposeConversation, o); err != nil {
		return Receipt{}, errs.Wrap(err, "receive message")
	}
	files, err := s.holdUploads(ctx, c.ID, a.Files)
	if err != nil {
		return Receipt{}, errors.Join(err, s.keys.Destroy(c.ID, s.db.Now()))
	}
	code, fresh := id.Secret(codeGroups), false
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		c.Received, c.Waiting, c.Head, c.Revision, c.Unread = tx.Now, tx.Now, "", 0, 1
		if fresh, err = insertNonce(ctx, tx, a.nonce, a.text, c.ID); err != nil || !fresh {
			return errs.Wrap(err, "receive message")
		}
		return s.write(ctx, tx, by, &c, a, files, s.codeHash(code))
	})
	if err != nil || !fresh { // nothing was kept: the key has no lock
		s.dropFiles(ctx, files)
		if gone := s.keys.Destroy(c.ID, s.db.Now()); err == nil {
			err = gone
		}
		if err != nil {
			return Receipt{}, err
		}
		_, r, err := s.sentBefore(ctx, a)
		return r, err
	}
	crash.At(crash.MessageKept)
	return s.receipt(c, code), s.shown(ctx, a.nonce)
}

// write puts the conversation with its first message into the tables.
func (s *Service) write(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, a arrival, files []file, code []byte) error {
	if err := s.joinFlood(ctx, tx, by, c, a); err != nil {
		return err
	}
	if err := insertConversation(ctx, tx, *c, code); err != nil {
		return errs.Wrap(err, "receive message")
	}
	var err error
	if c.Last, err = s.addMessage(ctx, tx, by, "conversation.receive", c, true, written{Text: a.Text, With: len(files)}); err != nil {
		return err
	}
	if err := s.recordFiles(ctx, tx, by, *c, c.Last, true, files); err != nil {
		return err
	}
	if err := s.keepAddress(ctx, tx, *c, a.Caller, len(a.danger) > 0); err != nil {
		return err
	}
	names := []string{"conversation.received", "channel." + c.Channel, "language." + c.Lang}
	if c.Danger {
		names = append(names, "conversation.danger")
	}
	if err := count(ctx, tx, names...); err != nil {
		return errs.Wrap(err, "receive message")
	}
	detail := "channel " + c.Channel + ", " + string(c.Identify)
	if c.Danger {
		detail += ", danger word"
	}
	return s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.receive", By: by, Detail: detail})
}

// joinFlood shows a conversation under another that brought the same text, and
// nothing else, through the same door a moment ago, so that a flood is one line with a
// count (D 2.91). Nothing is lost: it keeps its own code, key and answer. A
// message with a danger word, or a short one, always has a line of its own.
func (s *Service) joinFlood(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, a arrival) error {
	if c.Danger || len(a.Files) > 0 || utf8.RuneCountInString(a.Text) < floodLeast {
		return nil
	}
	head, err := findMark(ctx, tx, a.text, tx.Now-floodIn.Microseconds())
	if err != nil {
		return errs.Wrap(err, "receive message")
	}
	if head == "" {
		return errs.Wrap(putMark(ctx, tx, a.text, c.ID), "receive message")
	}
	h, err := selectConversation(ctx, tx, head)
	if err != nil {
		return errs.Wrap(err, "receive message")
	}
	if h.State != Untaken && h.State != Taken || h.Erased != 0 || h.Revision > 1 {
		return errs.Wrap(putMark(ctx, tx, a.text, c.ID), "receive message")
	}
	c.Head = head
	h.Same++
	return s.keep(ctx, tx, &h, ledger.Event{Verb: "conversation.receive", By: by, Detail: "same text again"})
}

func (s *Service) receipt(c conversation, code string) Receipt {
	return Receipt{Code: code, Sent: c.Received, Danger: c.Danger, Keep: int(s.Keep(c.Channel, "") / (24 * time.Hour))}
}

// shown records that the code of a form has left the house. From then on the
// form sent again gets no code: whoever finds it in a browser learns nothing.
func (s *Service) shown(ctx context.Context, nonce []byte) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return errs.Wrap(markShown(ctx, tx, nonce), "show receipt")
	})
}

// sentBefore recognises a form that was sent before. If the program died
// between keeping the message and showing its code, the very same form and
// text get a new code, and the old one, which nobody has, ends.
func (s *Service) sentBefore(ctx context.Context, a arrival) (known bool, r Receipt, err error) {
	var f form
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, known, err = selectNonce(ctx, tx, a.nonce)
		return err
	})
	if err != nil || !known {
		return false, Receipt{}, errs.Wrap(err, "receive message")
	}
	r = Receipt{Again: true, Sent: f.at, Danger: len(a.danger) > 0, Keep: int(s.Keep(a.Channel, "") / (24 * time.Hour))}
	if f.shown || string(f.text) != string(a.text) {
		return true, r, nil
	}
	code := id.Secret(codeGroups)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if f, known, err = selectNonce(ctx, tx, a.nonce); err != nil || !known || f.shown {
			return errs.Wrap(err, "receive message")
		}
		c, err := selectConversation(ctx, tx, f.conversation)
		if err != nil {
			return db.One(err, "receive message")
		}
		if err := replaceCode(ctx, tx, c.ID, s.codeHash(code)); err != nil {
			return errs.Wrap(err, "receive message")
		}
		if err := markShown(ctx, tx, a.nonce); err != nil {
			return errs.Wrap(err, "receive message")
		}
		r = s.receipt(c, code)
		return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.receive", By: access.AsCitizen(), Detail: "receipt after an interruption"})
	})
	return true, r, err
}
