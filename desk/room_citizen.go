package desk

import (
	"context"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/media"
	"ronde/ledger"
	"ronde/people"
)

// roomOver is the one answer to a link or a seat that opens nothing (any
// more), whatever the reason.
func roomOver() error { return errs.New(errs.Lapsed, "err.room.over", "enter room: it is closed") }

// Knock says whether a link still leads to a room; it opens nothing. The
// programs of networks that look at every link that is sent learn no more.
func (s *Service) Knock(ctx context.Context, caller, link string) error {
	now := s.db.Now()
	if s.knocks.full(caller, now) {
		return errs.New(errs.Limit, "err.desk.tries", "knock: too many links that fit nothing", "minutes", int(knocksIn.Minutes()))
	}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := selectRoomByLink(ctx, tx, s.linkHash(link))
		if err != nil || !r.live(tx.Now) {
			return firstOf(closedDoor(err), roomOver())
		}
		return nil
	})
	if errs.Is(err, errs.Lapsed) {
		s.knocks.count(caller, now)
	}
	return err
}

// closedDoor turns "no such row" into the answer for a closed room.
func closedDoor(err error) error {
	if err = db.One(err, "enter room"); errs.Is(err, errs.NotFound) {
		return roomOver()
	}
	return err
}

// EnterRoom lets the first browser with link and code word in; no second one
// is, until the officer frees the seat. After five wrong words the link is
// dead.
func (s *Service) EnterRoom(ctx context.Context, caller, link, word string) (Seat, error) {
	by := access.AsCitizen()
	if err := people.Allow(by, "room.enter", access.Resource{Kind: "room"}); err != nil {
		return Seat{}, err
	}
	if err := s.Knock(ctx, caller, link); err != nil {
		return Seat{}, err
	}
	var seat Seat
	var answer error // told after what was counted is committed
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := selectRoomByLink(ctx, tx, s.linkHash(link))
		if err != nil || !r.live(tx.Now) {
			return firstOf(closedDoor(err), roomOver())
		}
		if !same(r.word, s.wordHash(r.ID, word)) {
			answer, err = s.wrongWord(ctx, tx, by, r)
			return err
		}
		if len(r.seat) > 0 {
			return errs.Field("word", "err.room.taken", "enter room: somebody is in it")
		}
		seat = Seat{Room: r.ID, Secret: id.Secret(seatGroups)}
		r.seat, r.State, r.Seen, answer = s.seatHash(seat), RoomOpen, tx.Now, nil
		if r.Entered == 0 {
			r.Entered = tx.Now
			if err := count(ctx, tx, "room.entered"); err != nil {
				return errs.Wrap(err, "enter room")
			}
		}
		r.stay(tx.Now)
		return s.keepRoom(ctx, tx, r, by, "room.enter", "")
	})
	if err == nil {
		err = answer
	}
	if err != nil {
		return Seat{}, err
	}
	return seat, nil
}

// wrongWord counts a wrong code word.
func (s *Service) wrongWord(ctx context.Context, tx *db.Tx, by access.Actor, r room) (answer, err error) {
	r.Tries++
	if r.Tries >= RoomTries {
		r.end(tx.Now, EndedByGuesses)
		return roomOver(), s.keepRoom(ctx, tx, r, by, "room.end", EndedByGuesses)
	}
	left := RoomTries - int(r.Tries)
	return errs.Field("word", "err.room.word", "enter room: not the word", "n", left), s.keepRoom(ctx, tx, r, by, "room.guess", "")
}

// inRoom is the frame of what the one in the room does.
func (s *Service) inRoom(ctx context.Context, seat Seat, do func(tx *db.Tx, by access.Actor, r *room) error) error {
	by := access.AsCitizen()
	if err := people.Allow(by, "room.enter", access.Resource{Kind: "room"}); err != nil {
		return err
	}
	if !id.Valid("rom", seat.Room) {
		return roomOver()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := selectRoom(ctx, tx, seat.Room)
		if err != nil || !r.live(tx.Now) || !same(r.seat, s.seatHash(seat)) {
			return firstOf(closedDoor(err), roomOver())
		}
		return do(tx, by, &r)
	})
}

// ReadRoom shows what was said in the room, and nothing that was said
// elsewhere.
func (s *Service) ReadRoom(ctx context.Context, seat Seat) (RoomView, error) {
	var v RoomView
	err := s.inRoom(ctx, seat, func(tx *db.Tx, by access.Actor, r *room) error {
		c, err := selectConversation(ctx, tx, r.Conversation)
		if err != nil {
			return db.One(err, "read room")
		}
		line, err := lineOf(ctx, tx, c.ID)
		if err != nil {
			return errs.Wrap(err, "read room")
		}
		r.stay(tx.Now)
		r.Seen = tx.Now
		v = RoomView{Until: r.Until, Lang: c.Lang, Keep: s.Keep(c.Channel, line)}
		if v.Messages, err = s.saidIn(ctx, tx, c, r.ID); err != nil {
			return err
		}
		return s.keepRoom(ctx, tx, *r, by, "room.read", "")
	})
	return v, err
}

func (s *Service) saidIn(ctx context.Context, tx *db.Tx, c conversation, roomID string) (out []Message, err error) {
	rows, err := selectMessages(ctx, tx, c.ID)
	if err != nil {
		return nil, errs.Wrap(err, "read room")
	}
	rooms, err := selectSaid(ctx, tx, c.ID)
	if err != nil {
		return nil, errs.Wrap(err, "read room")
	}
	files, err := s.filesOf(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		if rooms[m.ID] != roomID {
			continue
		}
		var w written
		if err := s.open(c.ID, purposeMessage, m.sealed, &w); err != nil {
			return nil, err
		}
		out = append(out, Message{ID: m.ID, Ours: !m.Incoming, Author: w.Sign, At: m.At, Text: Visible(w.Text), Files: files[m.ID]})
	}
	return out, nil
}

// SayFromRoom keeps what the one in the room wrote or sent. The same form sent
// twice is one message. Words of danger count as everywhere.
func (s *Service) SayFromRoom(ctx context.Context, seat Seat, text, nonce string, uploads []Upload) error {
	if err := checkNonce(nonce); err != nil {
		return err
	}
	if err := checkSaid(text, uploads); err != nil {
		return err
	}
	var conversationID string
	err := s.inRoom(ctx, seat, func(_ *db.Tx, _ access.Actor, r *room) error { conversationID = r.Conversation; return nil })
	if err != nil {
		return err
	}
	files, err := s.holdUploads(ctx, conversationID, uploads)
	if err != nil {
		return err
	}
	danger, fresh := FindDanger(text), false
	hash, mark := s.keys.Hash("desk_nonces.nonce", []byte(nonce)), s.keys.Hash("desk_marks.text", []byte(text))
	err = s.inRoom(ctx, seat, func(tx *db.Tx, by access.Actor, r *room) error {
		c, err := selectConversation(ctx, tx, r.Conversation)
		if err != nil {
			return db.One(err, "say from room")
		}
		if fresh, err = insertNonce(ctx, tx, hash, mark, c.ID); err != nil || !fresh {
			return errs.Wrap(err, "say from room")
		}
		r.Seen = tx.Now
		if c.Last, err = s.sayIn(ctx, tx, by, &c, r, "conversation.add", true, written{Text: text, With: len(files)}, files); err != nil {
			return err
		}
		c.Unread++
		if err := s.raise(&c, danger); err != nil {
			return err
		}
		state, err := s.wait(ctx, tx, by, &c)
		if err != nil {
			return err
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.add", By: by, Detail: state + ", in the room"})
	})
	if err != nil || !fresh {
		s.dropFiles(ctx, files)
		return err
	}
	crash.At(crash.MessageKept)
	return nil
}

// LeaveRoom ends the room from the inside, for good.
func (s *Service) LeaveRoom(ctx context.Context, seat Seat) error {
	return s.inRoom(ctx, seat, func(tx *db.Tx, by access.Actor, r *room) error {
		r.end(tx.Now, EndedByCitizen)
		return s.keepRoom(ctx, tx, *r, by, "room.end", EndedByCitizen)
	})
}

// RoomFile reads a file that we gave in the room: a picture as a copy to show,
// anything else as it is, to be saved. What the other side sent is not handed
// out again.
func (s *Service) RoomFile(ctx context.Context, seat Seat, fileID string) (File, []byte, error) {
	var f file
	err := s.inRoom(ctx, seat, func(tx *db.Tx, by access.Actor, r *room) (err error) {
		none := errs.New(errs.NotFound, "err.not_found", "read file in room: no such file")
		if !id.Valid("fil", fileID) {
			return none
		}
		if f, err = selectFile(ctx, tx, fileID); err != nil {
			return db.One(err, "read file in room")
		}
		rooms, err := selectSaid(ctx, tx, r.Conversation)
		if err != nil {
			return errs.Wrap(err, "read file in room")
		}
		if f.Conversation != r.Conversation || f.Incoming || f.State != FileKept || rooms[f.Message] != r.ID {
			return none
		}
		if err := s.open(f.Conversation, purposeFile, f.sealed, &f.about); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.give", Table: tableFiles, ID: f.ID, By: by})
	})
	if err != nil {
		return File{}, nil, err
	}
	v := f.view()
	if v.Shown {
		raw, err := s.copyOf(ctx, f, media.Colour)
		return v, raw, err
	}
	raw, err := s.bytesOf(ctx, f)
	return v, raw, err
}

// RoomNews is how many messages were said in the room. It is no sign of life:
// a page left open does not keep a room open.
func (s *Service) RoomNews(ctx context.Context, seat Seat) (n int, err error) {
	if !id.Valid("rom", seat.Room) {
		return 0, roomOver()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := selectRoom(ctx, tx, seat.Room)
		if err != nil || !r.live(tx.Now) || !same(r.seat, s.seatHash(seat)) {
			return firstOf(closedDoor(err), roomOver())
		}
		n, err = countSaid(ctx, tx, r.ID)
		return errs.Wrap(err, "look for news in room")
	})
	return n, err
}
