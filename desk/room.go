package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"ronde/access"
	"ronde/internal/id"
	"ronde/lexicon"
)

// The limits of a secure room (D 2.14–2.16).
const (
	RoomWait     = 24 * time.Hour // from the making of the link to its end, entered or not
	RoomIdle     = 2 * time.Hour  // without a sign of life of either side
	RoomTries    = 5              // wrong code words; then the link is dead
	linkGroups   = 7              // of four letters: 140 random bits
	seatGroups   = 7
	leastWords   = 40 // of a list that code words are made of
	maxRooms     = 50 // of one conversation
	wordDigits   = 6  // of a code where a language has no list
	maxKnocks    = 30 // links that fitted nothing, from one caller
	knocksIn     = 15 * time.Minute
	roomPurpose  = "desk_rooms.link"
	wordPurpose  = "desk_rooms.word"
	seatPurpose  = "desk_rooms.seat"
	maxCodeWord  = 100 // runes that are looked at
	roomEndBatch = 100
)

// RoomState is where a secure room stands.
type RoomState string

// The states of a room.
const (
	RoomWaiting RoomState = "waiting" // nobody has given the word
	RoomOpen    RoomState = "open"
	RoomEnded   RoomState = "ended"
)

// Why a room ended, words of the group "roomend".
const (
	EndedByOfficer = "officer"
	EndedByCitizen = "citizen"
	EndedByTime    = "time"
	EndedByGuesses = "guesses"
	EndedByClosing = "closed" // the conversation was closed
)

// Room is a secure room as the officer sees it.
type Room struct {
	ID      string
	State   RoomState
	Made    int64 // microseconds UTC
	Until   int64
	Entered int64 // 0: not yet
	Seen    int64
	Seated  bool // a browser is let in; no other one is
	Ended   int64
	Cause   string
	Tries   int
}

// RoomKey is what opens a room: shown to the officer once.
type RoomKey struct {
	Link  string // secret part of the address, at least 128 random bits
	Word  string // code word, to be told by another way
	Until int64
}

// Seat is what the one browser in a room holds.
type Seat struct {
	Room   string
	Secret string
}

// RoomView is a room as the one in it sees it.
type RoomView struct {
	Messages []Message
	Until    int64 // when it ends by itself without a sign of life, microseconds UTC
	Lang     string
	Keep     time.Duration // how long we keep what was said, once the conversation is closed
}

// room is a row.
type room struct {
	ID           string
	Conversation string
	State        RoomState
	Handle       string
	Tries        int64
	Made         int64
	Until        int64
	Entered      int64
	Seen         int64
	Ended        int64
	Cause        string
	link         []byte
	word         []byte
	seat         []byte
}

func (r room) live(now int64) bool { return r.State != RoomEnded && now < r.Until }

// stay moves the end away after a sign of life.
func (r *room) stay(now int64) {
	r.Until = min(now+RoomIdle.Microseconds(), r.Made+RoomWait.Microseconds())
}

func (r *room) end(now int64, cause string) {
	r.State, r.Ended, r.Cause, r.link, r.word, r.seat = RoomEnded, now, cause, nil, []byte{}, []byte{}
}

func (r room) view(now int64) Room {
	v := Room{ID: r.ID, State: r.State, Made: r.Made, Until: r.Until, Entered: r.Entered, Seen: r.Seen, Seated: len(r.seat) > 0, Ended: r.Ended, Cause: r.Cause, Tries: int(r.Tries)}
	if r.State != RoomEnded && !r.live(now) {
		v.State, v.Ended, v.Cause = RoomEnded, r.Until, EndedByTime
	}
	return v
}

// resource is what the policies may ask of a room: its conversation's.
func roomResource(c conversation, by access.Actor) access.Resource {
	r := c.resource(by)
	r.Kind = "room"
	return r
}

// codeWord makes a code word of two different words of a list, or of digits
// where a language has no list.
func codeWord(words []string) (string, error) {
	if len(words) < leastWords {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%0*d", wordDigits, n), nil
	}
	var chosen []string
	for len(chosen) < 2 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(words))))
		if err != nil {
			return "", err
		}
		if w := words[n.Int64()]; len(chosen) == 0 || chosen[0] != w {
			chosen = append(chosen, w)
		}
	}
	return strings.Join(chosen, " "), nil
}

// foldWord undoes what people do to a code word when they type it: capitals,
// accents, spaces, hyphens.
func foldWord(typed string) string {
	if r := []rune(typed); len(r) > maxCodeWord {
		typed = string(r[:maxCodeWord])
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, lexicon.Fold(typed))
}

func (s *Service) linkHash(link string) []byte {
	return s.keys.Hash(roomPurpose, []byte(id.FoldSecret(link)))
}

func (s *Service) wordHash(roomID, word string) []byte {
	return s.keys.Hash(wordPurpose, []byte(roomID+"\x00"+foldWord(word)))
}

func (s *Service) seatHash(seat Seat) []byte {
	return s.keys.Hash(seatPurpose, []byte(seat.Room+"\x00"+seat.Secret))
}

func same(a, b []byte) bool { return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1 }
