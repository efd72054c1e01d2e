package desk

import (
	"context"
	"fmt"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// The views of the inbox.
const (
	ShowOpen     = "open"     // everybody who waits for us
	ShowMine     = "mine"     // what I have and is not closed
	ShowAnswered = "answered" // the last word is ours
	ShowClosed   = "closed"
)

// Shows lists them in order.
var Shows = []string{ShowOpen, ShowMine, ShowAnswered, ShowClosed}

// Filter chooses a page of the inbox.
type Filter struct {
	Show string // one of Shows; empty: ShowOpen
	Skip int    // rows to leave out
	Rows int    // at most MaxPage; 0: MaxPage
}

// Row is one line of the inbox.
type Row struct {
	ID       string
	Excerpt  string   // first words of the newest message, one line; may be empty when files came with it
	Files    int      // how many came with it
	Danger   []string // the words that put it on top
	Age      string   // what who wrote said of their age
	Channel  string
	Lang     string
	Identity Identity
	State    State
	Waiting  int64 // since when somebody waits for us, microseconds UTC; 0: nobody
	Received int64
	Holder   string // service handle; empty: nobody has it
	Mine     bool
	Unread   int // messages since our last answer
	Same     int // how many brought the same text and are shown under this line
	Outcome  string
	Asked    bool // erasure was asked for
	Held     bool
	Urgent   bool      // a danger word was written
	Draft    bool      // who looks has an answer begun
	Present  []Present // colleagues who have it open now

	unit string // that has taken it
}

// Inbox is one page, with the counts of every view.
type Inbox struct {
	Rows    []Row
	Counts  map[string]int
	Nobody  int   // conversations that wait and nobody has
	Longest int64 // since when the longest of those waits; 0: none
	More    bool  // there are rows after these
}

// Inbox lists conversations: danger first, then by waiting time. It is
// recorded as one list view.
func (s *Service) Inbox(ctx context.Context, by access.Actor, f Filter) (Inbox, error) {
	if err := people.Allow(by, "conversation.list", access.Resource{Kind: "conversation"}); err != nil {
		return Inbox{}, err
	}
	f = f.settled()
	var in Inbox
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		in, err = s.inbox(ctx, tx, by, f)
		if err != nil {
			return errs.Wrap(err, "list conversations")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.list", ID: "conversation", By: by, Detail: fmt.Sprintf("%s, %d rows", show(f.Show), len(in.Rows))})
	})
	return in, err
}

// settled fills what was not said and bounds what was.
func (f Filter) settled() Filter {
	if f.Show == "" {
		f.Show = ShowOpen
	}
	if f.Rows <= 0 || f.Rows > MaxPage {
		f.Rows = MaxPage
	}
	f.Skip = max(0, f.Skip)
	return f
}

// show keeps what a caller typed out of the book.
func show(name string) string {
	for _, s := range Shows {
		if s == name {
			return s
		}
	}
	return "nothing"
}

func (s *Service) inbox(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) (Inbox, error) {
	scope := access.ScopeOf(by, "conversation")
	in := Inbox{Counts: map[string]int{}}
	if scope.None {
		return in, nil
	}
	var err error
	if in.Counts, err = countShows(ctx, tx, scope, by.Handle); err != nil {
		return in, err
	}
	if in.Nobody, in.Longest, err = nobodys(ctx, tx, scope, by.Handle); err != nil {
		return in, err
	}
	rows, err := selectInbox(ctx, tx, scope, by.Handle, f.Show, f.Skip, f.Rows+1)
	if err != nil {
		return in, err
	}
	if in.More = len(rows) > f.Rows; in.More {
		rows = rows[:f.Rows]
	}
	newest, err := selectNewest(ctx, tx, rows)
	if err != nil {
		return in, err
	}
	there, err := s.presence(ctx, tx, rows, by)
	if err != nil {
		return in, err
	}
	begun, err := draftsOf(ctx, tx, by.Handle)
	if err != nil {
		return in, err
	}
	for _, c := range rows {
		r, err := s.row(c, newest[c.Last], by)
		if err != nil {
			return in, err
		}
		r.Present, r.Draft = there[c.ID], slices.Contains(begun, c.ID)
		in.Rows = append(in.Rows, r)
	}
	return in, nil
}

// bareRow is what the row itself says.
func bareRow(c conversation, by access.Actor) Row {
	return Row{ID: c.ID, Channel: c.Channel, Lang: c.Lang, Identity: c.Identify, State: c.State, Waiting: c.Waiting, Received: c.Received,
		Holder: c.Holder, Mine: c.Holder != "" && c.Holder == by.Handle, Unread: int(c.Unread), Same: int(c.Same), Outcome: c.Outcome, Asked: c.Asked != 0, Held: c.Held, Urgent: c.Danger, unit: c.Unit}
}

func (s *Service) row(c conversation, newest []byte, by access.Actor) (Row, error) {
	r := bareRow(c, by)
	if c.Erased != 0 {
		return r, nil
	}
	o, err := s.outside(c)
	if err != nil {
		return r, err
	}
	r.Danger, r.Age = o.Danger, Visible(o.Age)
	var w written
	if newest != nil {
		if err := s.open(c.ID, purposeMessage, newest, &w); err != nil {
			return r, err
		}
	}
	if r.Excerpt, r.Files = excerpt(w.Text), w.With; w.Taken != 0 {
		r.Excerpt, r.Files = "", 0
	}
	return r, nil
}

// Talk is one opened conversation.
type Talk struct {
	Row
	Link      string // as given, made visible
	About     string
	Messages  []Message // with notes, in the order of time
	Masked    bool      // there is a name or contact; it is opened with a reason, by one or two
	Line      string    // by which it came; empty: the portal
	Account   string    // of ours, on that line
	Subject   string    // of a mail, made visible
	Public    bool      // what is answered stands in public
	Left      int       // messages of a flood that were not kept
	Most      int       // runes of one message that the line takes; 0: no limit
	Closed    int64
	Until     int64 // when it is erased by itself; 0 while open or restricted
	Erased    int64
	Basis     string   // of the restriction or erasure
	Revision  int64    // to be given back with an answer
	Room      *Room    // the newest secure room; nil: none was made
	Begun     Draft    // the own answer that is not sent yet
	Question  bool     // of a child who only asked something
	Threads   []Thread // other threads of the writer, shown with this one
	Under     string   // the conversation that this one is shown under; empty: none
	Handed    *Handed  // the last time it was given to a colleague
	Reveal    *Reveal  // the last time its identity was asked for
	Referrals []Referral
	Protocols []Protocol // what to do, by the kind of danger
	Two       bool       // opening the identity takes a second person here
	Changed   int64      // when the row changed last, microseconds UTC
}

// Open shows one conversation; it is recorded as an opened record.
func (s *Service) Open(ctx context.Context, by access.Actor, conversationID string) (Talk, error) {
	var t Talk
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.open", conversationID)
		if err != nil {
			return err
		}
		if t, err = s.talk(ctx, tx, by, c); err != nil {
			return errs.Wrap(err, "open conversation")
		}
		if err := s.besides(ctx, tx, by, c, &t); err != nil {
			return errs.Wrap(err, "open conversation")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.open", Table: tableConversations, ID: c.ID, By: by})
	})
	return t, err
}

func (s *Service) talk(ctx context.Context, tx *db.Tx, by access.Actor, c conversation) (Talk, error) {
	row, err := s.row(c, nil, by)
	t := Talk{Row: row, Closed: c.Closed, Erased: c.Erased, Basis: c.Basis, Revision: c.Revision, Changed: c.Changed}
	if err != nil {
		return t, err
	}
	if t.Line, err = lineOf(ctx, tx, c.ID); err != nil || c.Erased != 0 {
		return t, err
	}
	if o, ok := s.lines[t.Line]; ok {
		t.Account, t.Most = o.Setting.Account, o.Line.Limits().Runes
	}
	if c.State == Closed && !c.Held {
		t.Until = c.Closed + s.Keep(c.Channel, t.Line).Microseconds()
	}
	o, err := s.outside(c)
	if err != nil {
		return t, err
	}
	t.Link, t.About = Visible(o.Link), o.About
	if o.Line != nil {
		t.Subject, t.Public, t.Left = Visible(o.Line.Subject), o.Line.Public, o.Line.Left
	}
	t.Masked = o.Name != "" || o.Contact != ""
	if t.Messages, err = s.messages(ctx, tx, c); err != nil {
		return t, err
	}
	if t.Room, err = s.roomOf(ctx, tx, c.ID); err == nil && t.Room != nil {
		t.readInRoom()
	}
	return t, err
}

// readInRoom marks what the one in the room has seen.
func (t *Talk) readInRoom() {
	for i, m := range t.Messages {
		if m.Room && m.Ours && t.Room.Seen >= m.At {
			t.Messages[i].Read = true
		}
	}
}

// besides reads what stands beside a conversation that is opened: colleagues who
// have it open, and the own draft.
func (s *Service) besides(ctx context.Context, tx *db.Tx, by access.Actor, c conversation, t *Talk) error {
	there, err := s.presence(ctx, tx, []conversation{c}, by)
	if err != nil {
		return err
	}
	t.Present = there[c.ID]
	if err := s.answerCalls(ctx, tx, by, c.ID); err != nil {
		return err
	}
	if t.Handed, err = s.handed(ctx, tx, by, c); err != nil {
		return err
	}
	if c.Erased != 0 {
		return nil
	}
	if t.Referrals, err = s.referrals(ctx, tx, c.ID); err != nil {
		return err
	}
	if t.Protocols, err = s.protocols(ctx, tx, c.ID, t.Danger); err != nil {
		return err
	}
	if err := s.threads(ctx, tx, by, c, t); err != nil {
		return err
	}
	if t.Reveal, err = s.lastReveal(ctx, tx, by, c); err != nil {
		return err
	}
	if t.Two, err = s.takesTwo(ctx, tx, c); err != nil {
		return err
	}
	if err := putPresent(ctx, tx, c.ID, by.Handle, false); err != nil {
		return err
	}
	t.Begun, err = s.draft(ctx, tx, by, c.ID)
	return err
}

// messages reads messages and notes in the order of time.
func (s *Service) messages(ctx context.Context, tx *db.Tx, c conversation) ([]Message, error) {
	said, err := selectMessages(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	notes, err := selectNotes(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	posts, err := postedIn(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	ways := deliveries(posts)
	files, err := s.filesOf(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	rooms, err := selectSaid(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	var out []Message
	for len(said) > 0 || len(notes) > 0 {
		note := len(said) == 0 || len(notes) > 0 && notes[0].At < said[0].At
		rows, purpose := &said, purposeMessage
		if note {
			rows, purpose = &notes, purposeNote
		}
		r := (*rows)[0]
		*rows = (*rows)[1:]
		m, err := s.message(c, r, purpose)
		if err != nil {
			return nil, err
		}
		m.Note, m.Room = note, rooms[m.ID] != ""
		if m.Taken == 0 {
			m.Files = files[m.ID]
		}
		if m.Way = ways[m.ID]; m.Way != nil {
			m.Read = m.Way.State == Seen
		}
		out = append(out, m)
	}
	return out, nil
}

func (s *Service) message(c conversation, r message, purpose string) (Message, error) {
	var w written
	if err := s.open(c.ID, purpose, r.sealed, &w); err != nil {
		return Message{}, err
	}
	m := Message{ID: r.ID, Ours: !r.Incoming, Author: r.Handle, Sign: w.Sign, At: r.At, Text: Visible(w.Text), Read: !r.Incoming && c.Seen >= r.At}
	m.Auto, m.Public, m.Elsewhere, m.Lost, m.Edited = w.Auto, w.Public, w.Elsewhere, w.Lost, w.Edited
	if w.Sent != 0 && r.At-w.Sent > lateLeast.Microseconds() {
		m.Written = w.Sent
	}
	if r.Incoming {
		m.Author = ""
	}
	if m.Taken = w.Taken; m.Taken != 0 {
		m.Text = ""
		return m, nil
	}
	for _, e := range w.Earlier {
		m.Earlier = append(m.Earlier, Earlier{Text: Visible(e.Text), At: e.At})
	}
	if r.Incoming {
		for _, d := range FindDanger(w.Text) {
			m.Danger = append(m.Danger, d.Word)
		}
	}
	return m, nil
}
