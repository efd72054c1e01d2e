package desk

import (
	"context"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

const (
	purposeOutbox = "desk_outbox.sealed"

	sendTime  = 60 * time.Second // for one message
	sendBatch = 20               // rows of one look
	sendClaim = 2 * time.Minute  // a row is not tried again before, unless its end is known
	waitFirst = 5 * time.Second  // after the first failure; doubled with each
	waitMost  = 10 * time.Minute
)

// draftOut is the sealed part of a row of the outbox.
type draftOut struct {
	Text    string `json:"text"`
	ReplyTo string `json:"reply_to,omitempty"`
	Auto    bool   `json:"auto,omitempty"`
}

// send puts an answer into the outbox of the line by which the conversation
// came, in the transaction that keeps it. A conversation of the portal has
// none: its writer comes back to read.
func (s *Service) send(ctx context.Context, tx *db.Tx, c *conversation, messageID string, w written) error {
	line, err := lineOf(ctx, tx, c.ID)
	if err != nil || line == "" {
		return errs.Wrap(err, "send answer")
	}
	o, ok := s.lines[line]
	if !ok {
		return errs.New(errs.Conflict, "err.desk.no_line", "send answer: its line is no longer configured")
	}
	text := w.Text
	if w.Sign != "" {
		text += "\n— " + w.Sign
	}
	limit := o.Line.Limits().Runes
	pieces := parts(text, limit)
	if pieces == nil {
		return errs.Field("message", "err.desk.line_long", "send answer: longer than the line takes", "max", limit*maxParts, "parts", maxParts)
	}
	reply, err := s.newestOf(ctx, tx, *c)
	if err != nil {
		return err
	}
	for i, piece := range pieces {
		p := posted{ID: tx.NewID("out"), Message: messageID, Conversation: c.ID, Line: line, Part: i + 1, State: Waits, Made: tx.Now}
		if p.sealed, err = s.seal(c.ID, purposeOutbox, draftOut{Text: piece, ReplyTo: reply.Net, Auto: w.Auto}); err != nil {
			return err
		}
		if err := insertPosted(ctx, tx, p); err != nil {
			return errs.Wrap(err, "send answer")
		}
	}
	return nil
}

// newestOf reads the newest message of who wrote.
func (s *Service) newestOf(ctx context.Context, tx *db.Tx, c conversation) (w written, err error) {
	if c.Last == "" {
		return w, nil
	}
	m, err := selectMessage(ctx, tx, c.Last)
	if err != nil {
		return w, db.One(err, "read newest message")
	}
	if err := s.open(c.ID, purposeMessage, m.sealed, &w); err != nil {
		return w, err
	}
	if w.Sent == 0 {
		w.Sent = m.At
	}
	return w, nil
}

// Deliver sends what waits on a line and says how many left. One copy of the
// program at a time does it for a line. A network that asks to wait is obeyed;
// an answer is sent again under the same key only when nobody knows whether it
// left, and the line then looks first.
func (s *Service) Deliver(ctx context.Context, line string) (sent int, err error) {
	o, ok := s.lines[line]
	if !ok || s.hushed(line) {
		return 0, nil
	}
	for ctx.Err() == nil {
		var due []posted
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = selectDue(ctx, tx, line, sendBatch)
			return err
		})
		if err != nil || len(due) == 0 {
			return sent, errs.Wrap(err, "deliver")
		}
		for _, p := range due {
			left, err := s.deliver(ctx, o, p)
			if err != nil || s.hushed(line) {
				return sent, errs.Wrap(err, "deliver")
			}
			if left {
				sent++
			}
		}
	}
	return sent, nil
}

// hushed reports whether the network asked to be left alone for now.
func (s *Service) hushed(line string) bool {
	s.hushMu.Lock()
	defer s.hushMu.Unlock()
	return s.hush[line] > s.db.Now()
}

func (s *Service) setHush(line string, until int64) {
	s.hushMu.Lock()
	defer s.hushMu.Unlock()
	s.hush[line] = max(s.hush[line], until)
}

// deliver sends one row and writes down how it ended.
func (s *Service) deliver(ctx context.Context, o Outlet, p posted) (left bool, err error) {
	out, gone, err := s.claim(ctx, &p)
	if err != nil || gone {
		return false, err
	}
	crash.At(crash.AnswerTried)
	one, cancel := context.WithTimeout(ctx, sendTime)
	got, failure := o.Line.Send(one, out)
	cancel()
	crash.At(crash.AnswerSent)
	if failure != nil && ctx.Err() != nil {
		return false, nil // the program stops; the row is tried again later
	}
	err = s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		rows, err := selectPosted(ctx, tx, p.ID)
		if err != nil || len(rows) == 0 {
			return err // erased meanwhile
		}
		if failure != nil {
			return s.unsent(ctx, tx, rows[0], failure)
		}
		var hash []byte
		if got.ID != "" {
			hash = s.arrivalHash(p.Line, out.Thread, got.ID)
		}
		return s.sentAs(ctx, tx, rows[0], hash, tx.Now)
	})
	return failure == nil, err
}

// claim marks a row as tried before it is sent, so that whoever comes after a
// sudden end knows that it may have left.
func (s *Service) claim(ctx context.Context, p *posted) (out channel.Outgoing, gone bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := selectPosted(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if gone = len(rows) == 0 || rows[0].State != Waits; gone {
			return nil
		}
		now := rows[0]
		if out, err = s.outgoing(ctx, tx, now); err != nil {
			return err
		}
		now.Tries++
		now.Due = tx.Now + sendClaim.Microseconds()
		if now.Tried == 0 {
			now.Tried = tx.Now
		}
		*p = now
		_, err = updatePosted(ctx, tx, now)
		return err
	})
	return out, gone, errs.Wrap(err, "send answer")
}

func (s *Service) outgoing(ctx context.Context, tx *db.Tx, p posted) (out channel.Outgoing, err error) {
	c, err := selectConversation(ctx, tx, p.Conversation)
	if err != nil {
		return out, db.One(err, "send answer")
	}
	o, err := s.outside(c)
	if err != nil {
		return out, err
	}
	var d draftOut
	if err := s.open(c.ID, purposeOutbox, p.sealed, &d); err != nil {
		return out, err
	}
	newest, err := s.newestOf(ctx, tx, c)
	if err != nil {
		return out, err
	}
	out = channel.Outgoing{Key: p.ID, ReplyTo: d.ReplyTo, Text: d.Text, Lang: c.Lang, Last: newest.Sent, Tried: p.Tried, Automatic: d.Auto}
	if o.Line != nil {
		out.Thread, out.To, out.Subject = o.Line.Thread, o.Line.Author, o.Line.Subject
	}
	return out, nil
}

// sentAs writes down that a row has left, under the name that the network gave
// it.
func (s *Service) sentAs(ctx context.Context, tx *db.Tx, p posted, hash []byte, at int64) error {
	if hash != nil {
		if err := insertArrival(ctx, tx, hash, p.Conversation, p.ID); err != nil {
			return err
		}
	}
	if p.State != Waits {
		return nil // its echo was here first
	}
	p.State, p.Why, p.Done, p.sealed = Sent, "", at, nil
	if _, err := updatePosted(ctx, tx, p); err != nil {
		return err
	}
	return s.touch(ctx, tx, p.Conversation, "conversation.sent", "part "+string(rune('0'+p.Part)), nil)
}

// unsent decides what a failure means: to try again, or to tell the officer.
func (s *Service) unsent(ctx context.Context, tx *db.Tx, p posted, failure error) error {
	if p.State != Waits {
		return nil
	}
	why := channel.WhyOf(failure)
	switch why {
	case channel.Window, channel.Gone, channel.TooLong, channel.Rejected:
		return s.refuse(ctx, tx, p, why)
	case channel.Later:
		s.setHush(p.Line, tx.Now+channel.After(failure).Microseconds())
		p.Tried = 0 // the network said that it did not take it
	case channel.Expired:
		p.Tried = 0
	default:
		why = WhyUnreachable
	}
	if p.Made < tx.Now-giveUp.Microseconds() {
		return s.refuse(ctx, tx, p, why)
	}
	wait := max(min(waitFirst<<min(p.Tries-1, 10), waitMost), channel.After(failure))
	p.Why, p.Due = why, tx.Now+wait.Microseconds()
	_, err := updatePosted(ctx, tx, p)
	return err
}

// refuse tells the officer that an answer did not reach its reader: the rest of
// it stays, the reason stands on the message, and the conversation waits again.
func (s *Service) refuse(ctx context.Context, tx *db.Tx, p posted, why string) error {
	rows, err := postedIn(ctx, tx, p.Conversation)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.ID != p.ID && (r.Message != p.Message || r.State != Waits) {
			continue
		}
		r.State, r.Why, r.Done, r.sealed = Refused, why, tx.Now, nil
		if _, err := updatePosted(ctx, tx, r); err != nil {
			return err
		}
	}
	if err := count(ctx, tx, "answer.refused"); err != nil {
		return err
	}
	return s.touch(ctx, tx, p.Conversation, "conversation.refused", why, func(c *conversation) {
		if c.State == Answered {
			c.State, c.Waiting = Added, tx.Now
		}
	})
}

// touch accounts for what became of an answer.
func (s *Service) touch(ctx context.Context, tx *db.Tx, conversationID, verb, detail string, do func(*conversation)) error {
	c, err := selectConversation(ctx, tx, conversationID)
	if err != nil {
		return db.One(err, verb)
	}
	if do != nil {
		do(&c)
	}
	return s.keep(ctx, tx, &c, ledger.Event{Verb: verb, By: machine, Detail: detail})
}

// deliveries sums the rows of the outbox up by message.
func deliveries(rows []posted) map[string]*Delivery {
	worst := map[string]int{Seen: 0, Sent: 1, Waits: 2, Refused: 3}
	out := map[string]*Delivery{}
	for _, p := range rows {
		d := out[p.Message]
		if d == nil {
			d = &Delivery{State: Seen}
			out[p.Message] = d
		}
		d.Parts++
		if worst[p.State] < worst[d.State] {
			continue
		}
		d.State, d.At = p.State, max(p.Done, p.Seen)
		if p.Why != "" {
			d.Why = p.Why
		}
	}
	return out
}

// Waiting counts, by line, the answers that have not left yet.
func (s *Service) Waiting(ctx context.Context, by access.Actor) (n map[string]int, err error) {
	if err := people.Allow(by, "channel.list", access.Resource{Kind: "channel"}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = countWaiting(ctx, tx)
		return err
	})
	return n, errs.Wrap(err, "count waiting answers")
}
