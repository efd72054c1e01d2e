package desk

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/patrol"
	"ronde/people"
)

// Accounted are the tables whose rows the ledger accounts for.
var Accounted = []string{tableConversations, tableMessages, tableNotes, tableFiles, tableRooms, tableMerges, tableHandovers, tableReveals, tableSettings, tableContacts, tableCalls, tableRings, tableAddresses, tableTexts, tableLooks, tableReferrals}

// Tables and the purposes under which their sealed columns are bound.
const (
	tableConversations = "desk_conversations"
	tableMessages      = "desk_messages"
	tableNotes         = "desk_notes"
	tableMerges        = "desk_merges"
	tableHandovers     = "desk_handovers"
	tableReveals       = "desk_reveals"
	tableSettings      = "desk_settings"
	tableContacts      = "desk_contacts"
	tableCalls         = "desk_calls"
	tableRings         = "desk_rings"
	tableAddresses     = "desk_addresses"
	tableTexts         = "desk_texts"
	tableLooks         = "desk_looks"
	tableReferrals     = "desk_referrals"
	tableFiles         = "desk_files"
	tableRooms         = "desk_rooms"

	purposeConversation = "desk_conversations.sealed"
	purposeMessage      = "desk_messages.sealed"
	purposeNote         = "desk_notes.sealed"
)

// Service receives, shows and answers.
type Service struct {
	db       *db.DB
	keys     *seal.Ring
	blobs    *blob.Store // sealed bytes of files
	book     *ledger.Ledger
	patrol   *patrol.Service // which published name is whose
	wrong    *throttle       // return codes that fitted nothing
	arrivals *throttle       // messages without a danger word
	knocks   *throttle       // links of rooms that fitted nothing
	floods   *throttle       // messages without a danger word, of one thread of a line
	onePic   chan struct{}   // one picture is unfolded at a time: it may take hundreds of megabytes
	lines    map[string]Outlet
	terms    map[string]time.Duration // of channels and lines whose setting says how long

	hushMu sync.Mutex // guards hush
	hush   map[string]int64

	ring       func(context.Context, Ringing) string // sends a word to staff; nil: nothing is set up
	speech     *Speech                               // what fills automatic answers; nil: none are sent
	wrongReach func(way, to string) string           // what is wrong with an address
}

// New makes the service. The patrol says which name an answer may be signed
// with.
func New(d *db.DB, keys *seal.Ring, blobs *blob.Store, book *ledger.Ledger, faces *patrol.Service) *Service {
	return &Service{db: d, keys: keys, blobs: blobs, book: book, patrol: faces, onePic: make(chan struct{}, 1),
		wrong: newThrottle(maxWrongCodes, wrongCodesIn), arrivals: newThrottle(maxArrivals, arrivalsIn), knocks: newThrottle(maxKnocks, knocksIn),
		floods: newThrottle(floodMost, arrivalsIn), lines: map[string]Outlet{}, terms: map[string]time.Duration{}, hush: map[string]int64{}}
}

// Changes is a number that differs once a conversation changes or a colleague
// comes, goes or writes, for pages that are live. It costs one look at an index.
func (s *Service) Changes(ctx context.Context) (n int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = lastChange(ctx, tx)
		return err
	})
	return n, errs.Wrap(err, "read changes")
}

// Counts sums the module's own counters over days, both ends included
// ("2026-11-23"), for the public figures.
func (s *Service) Counts(ctx context.Context, tx *db.Tx, fromDay, toDay string) (map[string]int64, error) {
	m, err := db.Counts(ctx, tx, sqlCounts, fromDay, toDay)
	return m, errs.Wrap(err, "read counts")
}

// act is the frame of every verb on one conversation: load, ask the rules, do,
// keep, account. do returns the public detail of the event.
func (s *Service) act(ctx context.Context, by access.Actor, verb, conversationID, reason string, do func(tx *db.Tx, c *conversation) (detail string, err error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, verb, conversationID)
		if err != nil {
			return err
		}
		if c.Erased != 0 {
			return errs.New(errs.NotFound, "err.erased", verb+": the conversation is erased")
		}
		detail, err := do(tx, &c)
		if err != nil {
			return err
		}
		if slices.Contains(works, verb) {
			if err := s.patrol.SignIn(ctx, tx, c.Channel); err != nil {
				return err
			}
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: verb, By: by, Detail: detail, Reason: reason})
	})
}

// works are the verbs that show that somebody is there: the roster's promised
// time is held against them, by channel and never by person.
var works = []string{"conversation.take", "conversation.answer", "conversation.note", "conversation.handover", "conversation.close"}

// load reads a row and asks the rules; a row that is not there looks like one
// that somebody may not know of.
func (s *Service) load(ctx context.Context, tx *db.Tx, by access.Actor, verb, conversationID string) (conversation, error) {
	if !id.Valid("con", conversationID) {
		return conversation{}, errs.New(errs.NotFound, "err.not_found", verb+": no such conversation")
	}
	c, err := selectConversation(ctx, tx, conversationID)
	if err != nil {
		return c, db.One(err, verb)
	}
	return c, people.Allow(by, verb, c.resource(by))
}

// keep writes the row and its event, in that order.
func (s *Service) keep(ctx context.Context, tx *db.Tx, c *conversation, e ledger.Event) error {
	c.Changed = tx.Now
	if err := updateConversation(ctx, tx, *c); err != nil {
		return errs.Wrap(err, e.Verb)
	}
	e.Table, e.ID = tableConversations, c.ID
	return s.book.Append(ctx, tx, e)
}

// addMessage seals and writes one message, and accounts for it.
func (s *Service) addMessage(ctx context.Context, tx *db.Tx, by access.Actor, verb string, c *conversation, incoming bool, w written) (string, error) {
	n, err := countMessages(ctx, tx, c.ID)
	if err != nil {
		return "", errs.Wrap(err, verb)
	}
	if n >= MaxMessages {
		return "", errs.New(errs.Limit, "err.desk.full", verb+": the conversation is full", "max", MaxMessages)
	}
	sealed, err := s.seal(c.ID, purposeMessage, w)
	if err != nil {
		return "", err
	}
	m := message{ID: tx.NewID("msg"), Conversation: c.ID, Incoming: incoming, Handle: by.Handle, At: tx.Now, sealed: sealed}
	if err := insertMessage(ctx, tx, m); err != nil {
		return "", errs.Wrap(err, verb)
	}
	c.Revision++
	if incoming && len(FindDanger(w.Text)) > 0 {
		if err := s.callIn(ctx, tx, c); err != nil {
			return "", err
		}
	}
	return m.ID, s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableMessages, ID: m.ID, By: by})
}

func (s *Service) addNote(ctx context.Context, tx *db.Tx, by access.Actor, verb string, c *conversation, text string) error {
	n, err := countNotes(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, verb)
	}
	if n >= MaxNotes {
		return errs.New(errs.Limit, "err.desk.full", verb+": too many notes", "max", MaxNotes)
	}
	sealed, err := s.seal(c.ID, purposeNote, written{Text: text})
	if err != nil {
		return err
	}
	row := message{ID: tx.NewID("not"), Conversation: c.ID, Handle: by.Handle, At: tx.Now, sealed: sealed}
	if err := insertNote(ctx, tx, row); err != nil {
		return errs.Wrap(err, verb)
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableNotes, ID: row.ID, By: by})
}

// message is a row of desk_messages or desk_notes.
type message struct {
	ID           string
	Conversation string
	Incoming     bool
	Handle       string
	At           int64
	sealed       []byte
}

func (s *Service) seal(container, purpose string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, errs.Wrap(err, "seal")
	}
	return s.keys.Seal(container, purpose, text)
}

func (s *Service) open(container, purpose string, sealed []byte, into any) error {
	text, err := s.keys.Open(container, purpose, sealed)
	if err != nil {
		return err
	}
	return errs.Wrap(json.Unmarshal(text, into), "open sealed text")
}

func (s *Service) outside(c conversation) (o outside, err error) {
	err = s.open(c.ID, purposeConversation, c.sealed, &o)
	return o, err
}

func (s *Service) codeHash(code string) []byte {
	return s.keys.Hash("desk_conversations.code", []byte(id.FoldSecret(code)))
}
