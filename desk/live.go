package desk

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

// How long somebody counts as present after their page was last heard of.
const (
	presentFor = 40 * time.Second
	typingFor  = 15 * time.Second
	// MaxMine bounds the strip of one's own conversations; four to ten at once
	// is what officers manage (D 2.64).
	MaxMine = 12
)

// Present is a colleague who has a conversation open.
type Present struct {
	Handle  string
	Writing bool
}

// Glance is what a page that is open must know to stay true, without a word of
// what was written: it is no new list view, and is not recorded as one. The
// words are read by opening the page again, and that is.
type Glance struct {
	Rows   []Row // without excerpt, danger words and age
	Mine   []Row // what by has and is not closed, oldest first, at most MaxMine
	Counts map[string]int
}

// Glance reads the state of a page of the inbox again.
func (s *Service) Glance(ctx context.Context, by access.Actor, f Filter) (Glance, error) {
	g := Glance{Counts: map[string]int{}}
	if err := people.Allow(by, "conversation.list", access.Resource{Kind: "conversation"}); err != nil {
		return g, err
	}
	f = f.settled()
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		scope := access.ScopeOf(by, "conversation")
		if scope.None {
			return nil
		}
		if g.Counts, err = countShows(ctx, tx, scope, by.Handle); err != nil {
			return err
		}
		rows, err := selectInbox(ctx, tx, scope, by.Handle, f.Show, f.Skip, f.Rows)
		if err != nil {
			return err
		}
		if g.Rows, err = s.bare(ctx, tx, rows, by); err != nil {
			return err
		}
		g.Mine, err = s.mine(ctx, tx, by)
		return err
	})
	return g, errs.Wrap(err, "glance at conversations")
}

// Mine is the strip of what by has and is not closed, without a word of what
// was written.
func (s *Service) Mine(ctx context.Context, by access.Actor) (rows []Row, err error) {
	if err := people.Allow(by, "conversation.list", access.Resource{Kind: "conversation"}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err = s.mine(ctx, tx, by)
		return err
	})
	return rows, errs.Wrap(err, "list own conversations")
}

func (s *Service) mine(ctx context.Context, tx *db.Tx, by access.Actor) ([]Row, error) {
	own, err := selectMine(ctx, tx, by.Handle, MaxMine)
	if err != nil {
		return nil, err
	}
	return s.bare(ctx, tx, own, by)
}

// bare makes rows without opening anything that is sealed.
func (s *Service) bare(ctx context.Context, tx *db.Tx, list []conversation, by access.Actor) ([]Row, error) {
	there, err := s.presence(ctx, tx, list, by)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(list))
	for i, c := range list {
		out[i] = bareRow(c, by)
		out[i].Present = there[c.ID]
	}
	return out, nil
}

// presence reads who else has these conversations open.
func (s *Service) presence(ctx context.Context, tx *db.Tx, list []conversation, by access.Actor) (map[string][]Present, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	found, err := selectPresent(ctx, tx, ids, tx.Now-presentFor.Microseconds())
	if err != nil {
		return nil, err
	}
	out := map[string][]Present{}
	for _, p := range found {
		if p.handle != by.Handle {
			out[p.conversation] = append(out[p.conversation], Present{Handle: p.handle, Writing: p.typed > tx.Now-typingFor.Microseconds()})
		}
	}
	return out, nil
}

// Here says that by has the conversation open, and whether they are writing,
// so that nobody answers twice (D 2.34). It is forgotten within a minute and
// is no record of anybody's work.
func (s *Service) Here(ctx context.Context, by access.Actor, conversationID string, writing bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.open", conversationID)
		if err != nil || c.Erased != 0 {
			return err
		}
		return errs.Wrap(putPresent(ctx, tx, c.ID, by.Handle, writing), "say who is here")
	})
}

// Gone says that by has closed the page.
func (s *Service) Gone(ctx context.Context, by access.Actor, conversationID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return errs.Wrap(deletePresent(ctx, tx, conversationID, by.Handle), "say who has gone")
	})
}

// Pulse is what an open conversation must know to stay true, without a word of
// what was written.
type Pulse struct {
	Revision int64
	State    State
	Holder   string
	Present  []Present
	Changed  int64
}

// Pulse reads the state of one conversation that is open on a page.
func (s *Service) Pulse(ctx context.Context, by access.Actor, conversationID string) (p Pulse, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.open", conversationID)
		if err != nil {
			return err
		}
		there, err := s.presence(ctx, tx, []conversation{c}, by)
		p = Pulse{Revision: c.Revision, State: c.State, Holder: c.Holder, Present: there[c.ID], Changed: c.Changed}
		return errs.Wrap(err, "read pulse")
	})
	return p, err
}
