package desk

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/people"
)

// actRoom is the frame of what an officer does with the newest room of a
// conversation: load both, ask the rules, do, keep.
func (s *Service) actRoom(ctx context.Context, by access.Actor, verb, conversationID string, do func(tx *db.Tx, c *conversation, r *room) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.roomRow(ctx, tx, by, verb, conversationID)
		if err != nil {
			return err
		}
		r, found, err := selectNewestRoom(ctx, tx, c.ID)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		if !found || !r.live(tx.Now) {
			return errs.New(errs.Conflict, "err.room.none", verb+": no room is open")
		}
		return do(tx, &c, &r)
	})
}

// roomRow loads a conversation for an act in its room.
func (s *Service) roomRow(ctx context.Context, tx *db.Tx, by access.Actor, verb, conversationID string) (conversation, error) {
	if !id.Valid("con", conversationID) {
		return conversation{}, errs.New(errs.NotFound, "err.not_found", verb+": no such conversation")
	}
	c, err := selectConversation(ctx, tx, conversationID)
	if err != nil {
		return c, db.One(err, verb)
	}
	if err := people.Allow(by, verb, roomResource(c, by)); err != nil {
		return c, err
	}
	if c.Erased != 0 || c.State == Closed {
		return c, errs.New(errs.Conflict, "err.desk.closed", verb+": the conversation is closed")
	}
	return c, nil
}

// keepRoom writes a room and its event, in that order.
func (s *Service) keepRoom(ctx context.Context, tx *db.Tx, r room, by access.Actor, verb, detail string) error {
	if err := updateRoom(ctx, tx, r); err != nil {
		return errs.Wrap(err, verb)
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableRooms, ID: r.ID, By: by, Detail: detail})
}

// MakeRoom makes a secure room for a conversation: its link and code word are
// returned once. A room that was there ends. words is the list of code words in
// the language of the conversation; without one the code is six digits.
func (s *Service) MakeRoom(ctx context.Context, by access.Actor, conversationID string, words []string) (RoomKey, error) {
	word, err := codeWord(words)
	if err != nil {
		return RoomKey{}, errs.Wrap(err, "make room")
	}
	key := RoomKey{Link: id.Secret(linkGroups), Word: word}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.roomRow(ctx, tx, by, "room.make", conversationID)
		if err != nil {
			return err
		}
		if n, err := countRooms(ctx, tx, c.ID); err != nil || n >= maxRooms {
			return errs.Wrap(firstOf(err, errs.New(errs.Limit, "err.room.many", "make room: too many", "max", maxRooms)), "make room")
		}
		if err := s.endRoomIn(ctx, tx, by, c.ID, EndedByOfficer); err != nil {
			return err
		}
		r := room{ID: tx.NewID("rom"), Conversation: c.ID, State: RoomWaiting, Handle: by.Handle, Made: tx.Now, Until: tx.Now + RoomWait.Microseconds(), seat: []byte{}}
		r.link, r.word, key.Until = s.linkHash(key.Link), s.wordHash(r.ID, key.Word), r.Until
		if err := insertRoom(ctx, tx, r); err != nil {
			return errs.Wrap(err, "make room")
		}
		if err := count(ctx, tx, "room.made"); err != nil {
			return errs.Wrap(err, "make room")
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "room.make", Table: tableRooms, ID: r.ID, By: by, Detail: "for " + c.ID}); err != nil {
			return err
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.room", By: by})
	})
	if err != nil {
		return RoomKey{}, err
	}
	return key, nil
}

func firstOf(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// endRoomIn ends the room of a conversation, if one is open.
func (s *Service) endRoomIn(ctx context.Context, tx *db.Tx, by access.Actor, conversationID, cause string) error {
	r, found, err := selectNewestRoom(ctx, tx, conversationID)
	if err != nil || !found || r.State == RoomEnded {
		return errs.Wrap(err, "end room")
	}
	r.end(tx.Now, cause)
	return s.keepRoom(ctx, tx, r, by, "room.end", cause)
}

// EndRoom ends the room: its link is dead, and the browser in it shows nothing
// any more.
func (s *Service) EndRoom(ctx context.Context, by access.Actor, conversationID string) error {
	return s.actRoom(ctx, by, "room.end", conversationID, func(tx *db.Tx, c *conversation, r *room) error {
		r.end(tx.Now, EndedByOfficer)
		if err := s.keepRoom(ctx, tx, *r, by, "room.end", EndedByOfficer); err != nil {
			return err
		}
		return s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.room", By: by, Detail: "ended"})
	})
}

// FreeSeat lets another browser in: somebody lost theirs. The one that was
// there shows nothing any more.
func (s *Service) FreeSeat(ctx context.Context, by access.Actor, conversationID string) error {
	return s.actRoom(ctx, by, "room.make", conversationID, func(tx *db.Tx, _ *conversation, r *room) error {
		r.seat, r.State = []byte{}, RoomWaiting
		return s.keepRoom(ctx, tx, *r, by, "room.free", "")
	})
}

// SayInRoom writes to the one in the room, text and files. It is signed as an
// answer is.
func (s *Service) SayInRoom(ctx context.Context, by access.Actor, conversationID string, reply Reply, uploads []Upload) error {
	if err := checkSaid(reply.Text, uploads); err != nil {
		return err
	}
	if err := short("sign", reply.Sign, MaxName); err != nil {
		return err
	}
	if err := s.db.Read(ctx, func(tx *db.Tx) error { // before anything is sealed for it
		_, err := s.roomRow(ctx, tx, by, "room.say", conversationID)
		return err
	}); err != nil {
		return err
	}
	files, err := s.holdUploads(ctx, conversationID, uploads)
	if err != nil {
		return err
	}
	err = s.actRoom(ctx, by, "room.say", conversationID, func(tx *db.Tx, c *conversation, r *room) error {
		if err := s.maySign(ctx, tx, by, reply.Sign); err != nil {
			return err
		}
		if _, err := s.sayIn(ctx, tx, by, c, r, "conversation.answer", false, written{Text: reply.Text, Sign: reply.Sign, With: len(files)}, files); err != nil {
			return err
		}
		c.State, c.Waiting, c.Unread = Answered, 0, 0
		if err := count(ctx, tx, "conversation.answered"); err != nil {
			return errs.Wrap(err, "say in room")
		}
		return s.keep(ctx, tx, c, ledger.Event{Verb: "conversation.answer", By: by, Detail: "in the room"})
	})
	if err != nil {
		s.dropFiles(ctx, files)
	}
	return err
}

// sayIn writes one message of a room with its files, and moves its end away.
func (s *Service) sayIn(ctx context.Context, tx *db.Tx, by access.Actor, c *conversation, r *room, verb string, incoming bool, w written, files []file) (string, error) {
	said, err := s.addMessage(ctx, tx, by, verb, c, incoming, w)
	if err != nil {
		return "", err
	}
	if err := insertSaid(ctx, tx, said, r.ID); err != nil {
		return "", errs.Wrap(err, verb)
	}
	if err := s.recordFiles(ctx, tx, by, *c, said, incoming, files); err != nil {
		return "", err
	}
	r.stay(tx.Now)
	return said, s.keepRoom(ctx, tx, *r, by, "room.say", "")
}

// EndRooms ends what is past its time. Whoever comes before it does is refused
// all the same: the time is looked at with every act.
func (s *Service) EndRooms(ctx context.Context) (ended int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		ended = 0
		rows, err := selectPastRooms(ctx, tx, roomEndBatch)
		if err != nil {
			return errs.Wrap(err, "end rooms")
		}
		for _, r := range rows {
			r.end(r.Until, EndedByTime)
			if err := s.keepRoom(ctx, tx, r, machine, "room.end", EndedByTime); err != nil {
				return err
			}
			ended++
		}
		return nil
	})
	return ended, err
}

// roomOf is the newest room of a conversation, or nil.
func (s *Service) roomOf(ctx context.Context, tx *db.Tx, conversationID string) (*Room, error) {
	r, found, err := selectNewestRoom(ctx, tx, conversationID)
	if err != nil || !found {
		return nil, errs.Wrap(err, "open room")
	}
	v := r.view(tx.Now)
	return &v, nil
}
