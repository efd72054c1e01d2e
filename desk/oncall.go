package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// When danger was written and nobody looks, people are rung one after the
// other, at last a room that is staffed round the clock, until somebody opens
// or takes the conversation. What they are told has no word of it.

// oncallKey is the container of addresses of staff.
const (
	oncallKey      = "desk_oncall"
	purposeContact = "desk_contacts.sealed"
)

// Limits of the list.
const (
	MaxContacts  = 20
	MaxWait      = 60 // minutes
	MaxLabel     = 60 // runes
	MaxReach     = 200
	callLife     = 24 * time.Hour
	ringLease    = 45 * time.Second // a ring whose end nobody knows is tried again after it
	ringAgain    = 15 * time.Second // after a ring that did not go through
	noContact    = time.Minute      // how often an empty list is looked at
	ownDelay     = 2 * time.Minute  // before an officer gets a word about their own
	recentCalls  = 20
	callStepMost = 20 // rings a step
)

// What a call is about.
const (
	CallDanger = "danger" // danger was written: the on-call list
	CallHanded = "handed" // a conversation was given to an officer
	CallAdded  = "added"  // something was added to an officer's conversation
	CallTest   = "test"
)

// States of a call.
const (
	callWaiting  = "waiting"
	callAnswered = "answered"
	callEnded    = "ended"
)

// Contact is one place to ring.
type Contact struct {
	ID     string // cnt_…
	Handle string // whose own; empty: of the on-call list
	Place  int64
	Way    string // "mail", "hook", "sms"
	Room   bool   // staffed round the clock: rung again and again at the end
	Wait   int    // minutes until the next is rung
	Label  string
	To     string
	Last   int64  // when it was last rung, microseconds UTC; 0: never
	Result string // what came of it
	sealed []byte
}

type reach struct {
	Label string `json:"label"`
	To    string `json:"to"`
}

// Call is something that waits for somebody to look.
type Call struct {
	ID           string // cal_…
	Conversation string
	Kind         string
	Target       string
	At, Due      int64
	Step         int64
	State        string
	Answered     int64
	Handle       string // who looked
}

// Ringing is one ring as it is handed to who sends it.
type Ringing struct {
	ID           string // rin_…
	Way          string
	To           string
	Kind         string
	Conversation string // id; empty for a test
	At           int64
}

// RingBy says how rings are sent, and what is wrong with an address ("" is
// nothing). It is called once, before anything runs. send returns a result of
// desk_rings: "sent", "refused", "unreachable".
func (s *Service) RingBy(send func(context.Context, Ringing) string, wrong func(way, to string) string) {
	s.ring, s.wrongReach = send, wrong
}

// ContactIn is a place to ring as it is typed.
type ContactIn struct {
	Way, Label, To string
	Room           bool
	Wait           int // minutes
}

func (s *Service) checkContact(in *ContactIn) error {
	in.Label, in.To = strings.TrimSpace(in.Label), strings.TrimSpace(in.To)
	switch {
	case in.Label == "" || utf8.RuneCountInString(in.Label) > MaxLabel || Visible(in.Label) != in.Label:
		return errs.Field("label", "err.desk.label", "add contact: no name", "max", MaxLabel)
	case s.wrongReach == nil:
		return errs.Field("way", "err.desk.way", "add contact: nothing is set up to send with")
	case len(in.To) > MaxReach || s.wrongReach(in.Way, in.To) != "":
		return errs.Field("to", "err.desk.reach", "add contact: the address does not fit the way")
	case in.Wait < 1 || in.Wait > MaxWait:
		return errs.Field("wait", "err.desk.wait", "add contact: wait out of bounds", "max", MaxWait)
	}
	return nil
}

// AddContact puts a place at the end of the on-call list.
func (s *Service) AddContact(ctx context.Context, by access.Actor, in ContactIn) error {
	if err := people.Allow(by, "desk.configure", access.Resource{Kind: "desk"}); err != nil {
		return err
	}
	return s.addContact(ctx, by, "desk.configure", "", in)
}

// SetOwn sets where by wants a word when something of theirs waits; an empty
// address ends it. It says nothing of the conversation.
func (s *Service) SetOwn(ctx context.Context, by access.Actor, way, to string) error {
	if err := people.Allow(by, "conversation.list", access.Resource{Kind: "conversation"}); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		own, err := selectContacts(ctx, tx, by.Handle)
		if err != nil {
			return errs.Wrap(err, "forget own address")
		}
		for _, c := range own {
			if err := s.dropContact(ctx, tx, by, "conversation.notice", c.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || strings.TrimSpace(to) == "" {
		return err
	}
	return s.addContact(ctx, by, "conversation.notice", by.Handle, ContactIn{Way: way, Label: by.Handle, To: to, Wait: 1})
}

func (s *Service) addContact(ctx context.Context, by access.Actor, verb, handle string, in ContactIn) error {
	if err := s.checkContact(&in); err != nil {
		return err
	}
	if err := s.keys.Ensure(oncallKey); err != nil {
		return errs.Wrap(err, "add contact")
	}
	sealed, err := s.seal(oncallKey, purposeContact, reach{in.Label, in.To})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectContacts(ctx, tx, handle)
		if err != nil {
			return errs.Wrap(err, "add contact")
		}
		if len(all) >= MaxContacts {
			return errs.New(errs.Limit, "err.desk.contacts", "add contact: the list is full", "max", MaxContacts)
		}
		c := Contact{ID: tx.NewID("cnt"), Handle: handle, Place: 1, Way: in.Way, Room: in.Room, Wait: in.Wait, sealed: sealed}
		if len(all) > 0 {
			c.Place = all[len(all)-1].Place + 1
		}
		if err := insertContact(ctx, tx, c); err != nil {
			return errs.Wrap(err, "add contact")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableContacts, ID: c.ID, By: by, Detail: "contact " + in.Way})
	})
}

func (s *Service) dropContact(ctx context.Context, tx *db.Tx, by access.Actor, verb, contactID string) error {
	if err := deleteContact(ctx, tx, contactID); err != nil {
		return errs.Wrap(err, "remove contact")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableContacts, ID: contactID, By: by, Detail: "contact removed", Gone: true})
}

// RemoveContact takes a place off the on-call list.
func (s *Service) RemoveContact(ctx context.Context, by access.Actor, contactID string) error {
	return s.onList(ctx, by, contactID, func(tx *db.Tx, _ []Contact, _ int) error {
		return s.dropContact(ctx, tx, by, "desk.configure", contactID)
	})
}

// RaiseContact moves a place one up on the on-call list.
func (s *Service) RaiseContact(ctx context.Context, by access.Actor, contactID string) error {
	return s.onList(ctx, by, contactID, func(tx *db.Tx, all []Contact, at int) error {
		if at == 0 {
			return nil
		}
		a, b := all[at-1], all[at]
		a.Place, b.Place = b.Place, a.Place
		for _, c := range []Contact{a, b} {
			if err := placeContact(ctx, tx, c.ID, c.Place); err != nil {
				return errs.Wrap(err, "move contact")
			}
			if err := s.book.Append(ctx, tx, ledger.Event{Verb: "desk.configure", Table: tableContacts, ID: c.ID, By: by, Detail: "contact moved"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// onList finds a place of the on-call list.
func (s *Service) onList(ctx context.Context, by access.Actor, contactID string, do func(tx *db.Tx, all []Contact, at int) error) error {
	if err := people.Allow(by, "desk.configure", access.Resource{Kind: "desk"}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectContacts(ctx, tx, "")
		if err != nil {
			return errs.Wrap(err, "read contacts")
		}
		at := slices.IndexFunc(all, func(c Contact) bool { return c.ID == contactID })
		if at < 0 {
			return errs.New(errs.NotFound, "err.not_found", "read contacts: not on the list")
		}
		return do(tx, all, at)
	})
}

// OnCall is the on-call list and what was rung lately.
type OnCall struct {
	Contacts []Contact
	Calls    []Call // newest first
	Settings Settings
	Sends    bool // there is something to send with
}

// OnCall reads the on-call list. It holds addresses of staff; reading it is
// recorded.
func (s *Service) OnCall(ctx context.Context, by access.Actor) (o OnCall, err error) {
	if err := people.Allow(by, "desk.read", access.Resource{Kind: "desk"}); err != nil {
		return o, err
	}
	o.Sends = s.ring != nil
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if o.Contacts, err = s.contacts(ctx, tx, ""); err != nil {
			return err
		}
		for i := range o.Contacts {
			if o.Contacts[i].Last, o.Contacts[i].Result, err = lastRing(ctx, tx, o.Contacts[i].ID); err != nil {
				return errs.Wrap(err, "read on-call list")
			}
		}
		if o.Calls, err = selectCalls(ctx, tx, recentCalls); err != nil {
			return errs.Wrap(err, "read on-call list")
		}
		if o.Settings, err = s.settings(ctx, tx); err != nil {
			return errs.Wrap(err, "read on-call list")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "desk.read", ID: "desk", By: by})
	})
	return o, err
}

// Own is where by gets a word; the zero value: nowhere.
func (s *Service) Own(ctx context.Context, by access.Actor) (c Contact, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := s.contacts(ctx, tx, by.Handle)
		if len(all) > 0 && by.Handle != "" {
			c = all[0]
		}
		return err
	})
	return c, err
}

func (s *Service) contacts(ctx context.Context, tx *db.Tx, handle string) ([]Contact, error) {
	all, err := selectContacts(ctx, tx, handle)
	if err != nil {
		return nil, errs.Wrap(err, "read contacts")
	}
	for i := range all {
		var r reach
		if err := s.open(oncallKey, purposeContact, all[i].sealed, &r); err != nil {
			return nil, err
		}
		all[i].Label, all[i].To = r.Label, r.To
	}
	return all, nil
}

// TestContact rings a place now and says what came of it: "sent", "refused" or
// "unreachable".
func (s *Service) TestContact(ctx context.Context, by access.Actor, contactID string) (string, error) {
	if s.ring == nil {
		return "", errs.New(errs.Conflict, "err.desk.way", "test contact: nothing is set up to send with")
	}
	var r Ringing
	err := s.onList(ctx, by, contactID, func(tx *db.Tx, _ []Contact, at int) error {
		all, err := s.contacts(ctx, tx, "")
		if err != nil {
			return err
		}
		r, err = s.ringing(ctx, tx, by, Call{Kind: CallTest}, all[at])
		return err
	})
	if err != nil {
		return "", err
	}
	result := s.ring(ctx, r)
	return result, s.db.Write(ctx, func(tx *db.Tx) error { return s.rung(ctx, tx, by, r.ID, result) })
}

// ringing writes down that a place is rung, before it is.
func (s *Service) ringing(ctx context.Context, tx *db.Tx, by access.Actor, c Call, to Contact) (Ringing, error) {
	r := Ringing{ID: tx.NewID("rin"), Way: to.Way, To: to.To, Kind: c.Kind, Conversation: c.Conversation, At: tx.Now}
	if err := insertRing(ctx, tx, r.ID, c.ID, to.ID); err != nil {
		return r, errs.Wrap(err, "ring")
	}
	return r, s.book.Append(ctx, tx, ledger.Event{Verb: "desk.ring", Table: tableRings, ID: r.ID, By: by, Detail: c.Kind + ", by " + to.Way})
}

// rung writes down what came of a ring.
func (s *Service) rung(ctx context.Context, tx *db.Tx, by access.Actor, ringID, result string) error {
	if err := endRing(ctx, tx, ringID, result); err != nil {
		return errs.Wrap(err, "ring")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "desk.ring", Table: tableRings, ID: ringID, By: by, Detail: result})
}
