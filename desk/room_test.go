package desk

import (
	"fmt"
	"strings"
	"testing"

	"ronde/access"
	"ronde/internal/errs"
)

// animals is a list that code words are made of.
var animals = strings.Fields("abeille ane autruche baleine biche bison brebis buffle canard castor cerf chat cheval chien cygne dauphin elan faisan faon furet gazelle girafe grillon grue hamster herisson hibou huitre ibis iguane koala lama lapin lievre lion loir loup loutre lynx marmotte merle mouton")

// room makes a room in a conversation that agnes has.
func (h *house) room(text string) (id string, key RoomKey) {
	h.t.Helper()
	_, id, _ = h.sends(text)
	must(h.t, h.Take(ctx, agnes, id))
	key, err := h.MakeRoom(ctx, agnes, id, animals)
	must(h.t, err)
	return id, key
}

func wantsKey(t *testing.T, err error, key string) {
	t.Helper()
	if got, _ := errs.Message(err); err == nil || got != key {
		t.Fatalf("got %v, want %s", err, key)
	}
}

func TestRoomFromLinkToEnd(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		id, key := h.room("On m’a écrit, je peux vous parler ?")
		if len(strings.ReplaceAll(key.Link, "-", ""))*5 < 128 || len(strings.Fields(key.Word)) != 2 {
			t.Fatalf("%+v", key)
		}
		must(t, h.Knock(ctx, "here", key.Link))
		seat, err := h.EnterRoom(ctx, "here", strings.ToUpper(key.Link), "  "+strings.ToUpper(strings.ReplaceAll(key.Word, " ", "-"))+"! ")
		must(t, err)
		must(t, h.SayInRoom(ctx, agnes, id, Reply{Text: "kanarihello"}, []Upload{{Name: "conseils.pdf", Bytes: []byte("%PDF-1.7 kanari")}, {Name: "p.jpg", Bytes: photo(t)}}))
		v, err := h.ReadRoom(ctx, seat)
		must(t, err)
		if len(v.Messages) != 1 || v.Messages[0].Text != "kanarihello" || len(v.Messages[0].Files) != 2 {
			t.Fatalf("sees more or less than the room: %+v", v.Messages)
		}
		for _, f := range v.Messages[0].Files {
			_, raw, err := h.RoomFile(ctx, seat, f.ID)
			must(t, err)
			if f.Shown == strings.Contains(string(raw), "kanari") {
				t.Errorf("%s: %d bytes", f.Name, len(raw))
			}
		}
		nonce := NewNonce()
		for range 2 {
			must(t, h.SayFromRoom(ctx, seat, "kanariknife il a un couteau", nonce, []Upload{{Name: "capture.jpg", Bytes: photo(t)}}))
		}
		row := h.inboxOf(agnes, ShowOpen).Rows[0]
		if row.ID != id || len(row.Danger) == 0 || row.State != Added || row.Unread != 1 {
			t.Errorf("danger in the room does not come on top: %+v", row)
		}
		for _, secret := range append(strings.Fields(key.Word), key.Link, seat.Secret, "kanari") {
			if where := h.finds(secret); len(where) > 0 {
				t.Errorf("%q in clear: %q", secret, where)
			}
		}
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		if len(talk.Messages) != 3 || !talk.Messages[1].Room || !talk.Messages[1].Read || talk.Room.State != RoomOpen || !talk.Room.Seated {
			t.Errorf("%+v %+v", talk.Messages, talk.Room)
		}
		// What the other side sent is not handed out again, nor anything elsewhere.
		if _, _, err := h.RoomFile(ctx, seat, talk.Messages[2].Files[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("own file: %v", err)
		}
		must(t, h.LeaveRoom(ctx, seat))
		for name, err := range map[string]error{
			"read": func() error { _, err := h.ReadRoom(ctx, seat); return err }(), "say": h.SayFromRoom(ctx, seat, "encore", NewNonce(), nil),
			"news": func() error { _, err := h.RoomNews(ctx, seat); return err }(), "knock": h.Knock(ctx, "", key.Link),
			"enter": func() error { _, err := h.EnterRoom(ctx, "", key.Link, key.Word); return err }(), "leave": h.LeaveRoom(ctx, seat),
		} {
			if key, _ := errs.Message(err); key != "err.room.over" {
				t.Errorf("%s after the end: %v", name, err)
			}
		}
		if err := h.SayInRoom(ctx, agnes, id, Reply{Text: "encore là ?"}, nil); !errs.Is(err, errs.Conflict) {
			t.Errorf("said into a closed room: %v", err)
		}
		if names, _ := h.blobs.List(ctx, filesPrefix); len(names) != 3 {
			t.Errorf("%d files", len(names))
		}
	})
}

// What was said in a room is read by no other door: somebody who finds the
// return code of the conversation does not read it.
func TestReturnCodeDoesNotOpenARoom(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		code, id, _ := h.sends("Bonjour")
		must(t, h.Take(ctx, agnes, id))
		key, err := h.MakeRoom(ctx, agnes, id, animals)
		must(t, err)
		seat, err := h.EnterRoom(ctx, "", key.Link, key.Word)
		must(t, err)
		must(t, h.SayFromRoom(ctx, seat, "entre nous", NewNonce(), nil))
		v, err := h.Return(ctx, "", code)
		must(t, err)
		if len(v.Messages) != 1 {
			t.Errorf("%+v", v.Messages)
		}
	})
}

func TestCodeWordsAreLimited(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		id, key := h.room("Bonjour")
		for i := range RoomTries - 1 {
			_, err := h.EnterRoom(ctx, "", key.Link, fmt.Sprintf("faux mot %d", i))
			wantsKey(t, err, "err.room.word")
		}
		_, err := h.EnterRoom(ctx, "", key.Link, "dernier faux mot")
		wantsKey(t, err, "err.room.over")
		_, err = h.EnterRoom(ctx, "", key.Link, key.Word)
		wantsKey(t, err, "err.room.over")
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		if talk.Room.Cause != EndedByGuesses || talk.Room.Tries != RoomTries {
			t.Errorf("the officer does not see it: %+v", talk.Room)
		}
		// Links that fit nothing are slowed down; another caller is not.
		for range maxKnocks {
			wantsKey(t, h.Knock(ctx, "there", "abcd-efgh"), "err.room.over")
		}
		if err := h.Knock(ctx, "there", "abcd-efgh"); !errs.Is(err, errs.Limit) {
			t.Errorf("no end to trying links: %v", err)
		}
		wantsKey(t, h.Knock(ctx, "here", "abcd-efgh"), "err.room.over")
	})
}

func TestOneBrowserAtATime(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		id, key := h.room("Bonjour")
		first, err := h.EnterRoom(ctx, "", key.Link, key.Word)
		must(t, err)
		_, err = h.EnterRoom(ctx, "", key.Link, key.Word)
		wantsKey(t, err, "err.room.taken")
		_, err = h.ReadRoom(ctx, Seat{Room: first.Room, Secret: "abcd-efgh"})
		wantsKey(t, err, "err.room.over")
		if err := h.FreeSeat(ctx, bruno, id); !errs.Is(err, errs.NotFound) {
			t.Errorf("freed by who does not have it: %v", err)
		}
		must(t, h.FreeSeat(ctx, agnes, id))
		_, err = h.ReadRoom(ctx, first)
		wantsKey(t, err, "err.room.over")
		second, err := h.EnterRoom(ctx, "", key.Link, key.Word)
		must(t, err)
		_, err = h.ReadRoom(ctx, second)
		must(t, err)
	})
}

func TestRoomEndsByTimeAndWithItsConversation(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		_, key := h.room("le premier")
		seat, err := h.EnterRoom(ctx, "", key.Link, key.Word)
		must(t, err)
		h.clock.Move(RoomIdle - minute)
		_, err = h.ReadRoom(ctx, seat) // a sign of life
		must(t, err)
		h.clock.Move(RoomIdle - minute)
		_, err = h.RoomNews(ctx, seat) // is none
		must(t, err)
		h.clock.Move(2 * minute)
		_, err = h.ReadRoom(ctx, seat) // refused before anything is swept
		wantsKey(t, err, "err.room.over")
		other, _ := h.room("le second")
		n, err := h.EndRooms(ctx)
		must(t, err)
		if n != 1 {
			t.Errorf("%d rooms ended", n)
		}
		must(t, h.Close(ctx, agnes, other, Advice, ""))
		talk, err := h.Open(ctx, agnes, other)
		must(t, err)
		if talk.Room.State != RoomEnded || talk.Room.Cause != EndedByClosing {
			t.Errorf("%+v", talk.Room)
		}
		if _, err := h.MakeRoom(ctx, agnes, other, animals); !errs.Is(err, errs.Conflict) {
			t.Errorf("a room in a closed conversation: %v", err)
		}
		// However long somebody stays, a room has an end.
		_, key = h.room("le dernier")
		seat, err = h.EnterRoom(ctx, "", key.Link, key.Word)
		must(t, err)
		for range 25 {
			h.clock.Move(hour)
			_, err = h.ReadRoom(ctx, seat)
		}
		wantsKey(t, err, "err.room.over")
	})
}

func TestWhoMakesRooms(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		_, id, _ := h.sends("Bonjour")
		for _, by := range []access.Actor{agnes, bruno, far, analyst, root, dpo} { // nobody has it
			if _, err := h.MakeRoom(ctx, by, id, animals); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", by.Handle, err)
			}
		}
		must(t, h.Take(ctx, agnes, id))
		first, err := h.MakeRoom(ctx, agnes, id, nil)
		must(t, err)
		if len(first.Word) != wordDigits || strings.Trim(first.Word, "0123456789") != "" {
			t.Errorf("without a list: %q", first.Word)
		}
		second, err := h.MakeRoom(ctx, agnes, id, animals)
		must(t, err)
		wantsKey(t, h.Knock(ctx, "", first.Link), "err.room.over")
		must(t, h.Knock(ctx, "", second.Link))
		must(t, h.EndRoom(ctx, lead, id)) // the duty lead ends a room of the unit
		wantsKey(t, h.Knock(ctx, "", second.Link), "err.room.over")
		if err := h.EndRoom(ctx, agnes, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("ended twice: %v", err)
		}
	})
}
