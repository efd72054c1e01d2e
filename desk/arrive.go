package desk

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/lexicon"
	"ronde/people"
)

// lineHand is who wrote for us on a network, outside of Ronde.
var lineHand = access.AsMachine("line")

// UseLines tells the desk which lines there are. Call it before anything
// arrives or is answered.
func (s *Service) UseLines(outlets []Outlet) {
	s.lines = map[string]Outlet{}
	for _, o := range outlets {
		s.lines[o.Setting.Name] = o
	}
}

// Arrive keeps what came in on a line, in the order in which it came, and calls
// move in the same transaction, so that nothing is repeated or lost whenever
// the program dies. What was kept before is passed over: a network may deliver
// twice. An error keeps nothing; the line hands the batch over again.
func (s *Service) Arrive(ctx context.Context, line string, batch []channel.Arrival, move func(context.Context, *db.Tx) error) error {
	o, ok := s.lines[line]
	if !ok {
		return errs.New(errs.Internal, "", "keep arrivals: no such line")
	}
	if err := people.Allow(access.AsCitizen(), "conversation.receive", access.Resource{Kind: "conversation"}); err != nil {
		return err
	}
	p := s.post(o, batch)
	var err error
	for range maxTries {
		if err = s.arriveOnce(ctx, p, move); !errors.Is(err, errKey) {
			break
		}
	}
	if err == nil && len(batch) > 0 {
		crash.At(crash.MessageKept)
	}
	return errs.Wrap(err, "keep arrivals")
}

const maxTries = 5

// errKey says that a thread needs a new conversation for which no key was made
// before the transaction; the next try makes one.
var errKey = errors.New("a new conversation has no key yet")

// mail is a batch made ready outside the transaction.
type mail struct {
	set     channel.Setting
	word    string // the channel as people know it
	letters []letter
	keys    map[string]string // thread (hexadecimal) to the new conversation that has a key for it
}

// letter is an arrival with what it is found by.
type letter struct {
	channel.Arrival
	into   string // conversation under whose key its files are sealed
	files  []file
	thread []byte // keyed hashes
	hash   []byte // nil: the network gave no id
	text   []byte // of a flood
	danger []Danger
	again  bool // it was kept before
	late   bool // of a flood: not kept, only counted
}

func (s *Service) post(o Outlet, batch []channel.Arrival) *mail {
	set := o.Setting
	p := &mail{set: set, word: cmp.Or(o.Channel, set.Kind), keys: map[string]string{}}
	for _, a := range batch {
		l := letter{Arrival: a, thread: s.threadHash(set.Name, a.Thread)}
		if a.ID != "" {
			l.hash = s.arrivalHash(set.Name, a.Thread, a.ID)
		}
		if a.What == channel.Written || a.What == channel.Edited {
			l.danger = FindDanger(a.Subject + "\n" + a.Text)
			l.text = s.keys.Hash("desk_marks.text", []byte("line\x00"+set.Name+"\x00"+strings.Join(strings.Fields(lexicon.Fold(a.Text)), " ")))
		}
		p.letters = append(p.letters, l)
	}
	return p
}

// counts reports a letter that counts for a flood: one of theirs that is new and
// has no danger word.
func (l letter) counts() bool {
	return l.What == channel.Written && !l.Ours && !l.again && len(l.danger) == 0
}

// judgeFlood marks the letters of a thread beyond what is kept of it in ten
// minutes. Only what was kept counts, so that a batch that is handed over again
// and again, because it could not be kept, is no flood.
func (s *Service) judgeFlood(p *mail) {
	now, here := s.db.Now(), map[string]int{}
	for i := range p.letters {
		l := &p.letters[i]
		if l.late = false; !l.counts() {
			continue
		}
		caller := string(l.thread)
		l.late = s.floods.used(caller, now)+here[caller] >= floodMost
		here[caller]++
	}
}

// countFlood remembers what was kept.
func (s *Service) countFlood(p *mail) {
	for _, l := range p.letters {
		if l.counts() && !l.late {
			s.floods.count(string(l.thread), s.db.Now())
		}
	}
}

func (s *Service) threadHash(line, thread string) []byte {
	return s.keys.Hash("desk_threads.thread", []byte(line+"\x00"+thread))
}

func (s *Service) arrivalHash(line, thread, arrivalID string) []byte {
	return s.keys.Hash("desk_arrivals.arrival", []byte(line+"\x00"+thread+"\x00"+arrivalID))
}

// arriveOnce makes the keys that the batch needs, keeps it, and destroys the
// keys that were not used after all.
func (s *Service) arriveOnce(ctx context.Context, p *mail, move func(context.Context, *db.Tx) error) error {
	if err := s.makeKeys(ctx, p); err != nil {
		return err
	}
	s.judgeFlood(p)
	used, kept := map[string]bool{}, map[string]bool{}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		clear(used)
		clear(kept)
		for _, l := range p.letters {
			if err := s.arrive(ctx, tx, p, l, used, kept); err != nil {
				return err
			}
		}
		return move(ctx, tx)
	})
	if err == nil {
		s.countFlood(p)
	}
	for _, l := range p.letters {
		for _, f := range l.files {
			if err != nil || !kept[f.ID] {
				s.dropFiles(ctx, []file{f})
			}
		}
	}
	for thread, container := range p.keys {
		if err == nil && used[container] {
			continue
		}
		delete(p.keys, thread)
		if gone := s.keys.Destroy(container, s.db.Now()); err == nil {
			err = gone
		}
	}
	return err
}

// makeKeys makes a key for each thread that will need a new conversation, and
// seals the files that came along: neither may be done in a transaction.
func (s *Service) makeKeys(ctx context.Context, p *mail) error {
	var fresh []string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		for i := range p.letters {
			l := &p.letters[i]
			l.into, l.files, l.again = "", nil, false
			thread := hex.EncodeToString(l.thread)
			if l.What != channel.Written && l.What != channel.Edited || slices.Contains(fresh, thread) {
				continue
			}
			if known, err := s.known(ctx, tx, *l); known || err != nil {
				if err != nil {
					return err
				}
				l.again = true
				continue
			}
			c, open, err := s.threadNow(ctx, tx, l.thread, len(p.letters))
			if err != nil {
				return err
			}
			if l.into = c.ID; !open {
				l.into = ""
				fresh = append(fresh, thread)
			}
		}
		return nil
	})
	for _, thread := range fresh {
		if err == nil {
			p.keys[thread] = id.New("con", s.db.Now(), 0)
			err = s.keys.Create(p.keys[thread])
		}
	}
	if err == nil {
		err = s.holdFiles(ctx, p)
	}
	return err
}

// holdFiles seals the files that came with the letters under the keys of their
// conversations.
func (s *Service) holdFiles(ctx context.Context, p *mail) (err error) {
	for i := range p.letters {
		l := &p.letters[i]
		if len(l.Files) == 0 || l.What != channel.Written && l.What != channel.Edited {
			continue
		}
		if container := p.keys[hex.EncodeToString(l.thread)]; container != "" {
			l.into = container
		}
		if l.into == "" {
			continue // known already
		}
		if l.files, err = s.holdArrived(ctx, l.into, p.set.Name, l.Files); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) known(ctx context.Context, tx *db.Tx, l letter) (bool, error) {
	if l.hash == nil {
		return false, nil
	}
	_, known, err := selectArrival(ctx, tx, l.hash)
	return known, err
}

// threadNow returns the conversation of a thread, and whether it takes so many
// messages more.
func (s *Service) threadNow(ctx context.Context, tx *db.Tx, thread []byte, more int) (c conversation, open bool, err error) {
	conversationID, err := threadOf(ctx, tx, thread)
	if err != nil || conversationID == "" {
		return c, false, err
	}
	if c, err = selectConversation(ctx, tx, conversationID); err != nil {
		return c, false, err
	}
	if c.Erased != 0 || c.State == Closed && c.Closed <= tx.Now-reopenIn.Microseconds() {
		return c, false, nil
	}
	n, err := countMessages(ctx, tx, c.ID)
	return c, n+more <= MaxMessages, err
}

// arrive keeps one arrival.
func (s *Service) arrive(ctx context.Context, tx *db.Tx, p *mail, l letter, used, kept map[string]bool) error {
	switch l.What {
	case channel.Read, channel.Failed:
		return s.receiptOf(ctx, tx, p, l)
	}
	a, known, err := arrived{}, false, error(nil)
	if l.hash != nil {
		if a, known, err = selectArrival(ctx, tx, l.hash); err != nil {
			return err
		}
	}
	switch {
	case l.What == channel.Deleted && !known: // it overtook what it takes back
		return insertArrival(ctx, tx, l.hash, "", "")
	case l.What == channel.Deleted:
		return s.withdraw(ctx, tx, a)
	case l.What == channel.Edited && known:
		return s.edit(ctx, tx, a, l)
	case known:
		return nil
	}
	c, err := s.conversationFor(ctx, tx, p, l, used)
	if err != nil {
		return err
	}
	switch {
	case l.Ours:
		return s.oursElsewhere(ctx, tx, c, l)
	case l.late && c.Last != "":
		return s.leave(ctx, tx, c)
	}
	if len(l.Files) > 0 && l.into != c.ID {
		return errKey // its files are sealed for another conversation
	}
	return s.keepLetter(ctx, tx, c, l, kept)
}
