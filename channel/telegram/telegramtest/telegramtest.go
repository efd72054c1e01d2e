// Package telegramtest plays Telegram's Bot API as a bot sees it: updates,
// messages, files and the error cases, from the published reference.
//
// It keeps updates until they are confirmed by a higher offset, as Telegram
// does, and forgets them only when it is told to.
package telegramtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Tokens of the played network: the first is good until Expire.
const (
	Token  = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-one"
	Second = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-two"
)

// Bot is the bot's own number.
const Bot = 110201543

// Network is Telegram with one bot.
type Network struct {
	*httptest.Server

	mu       sync.Mutex // guards all below
	token    string     // that is good
	file     string     // that lies where the setting says
	skew     time.Duration
	updates  []update
	next     int64 // number of the next update
	messages map[string]Message
	ids      int64
	people   []string
	sent     []Sent
	files    map[string][]byte
	sizes    map[string]int64 // claimed of a file that is too large
	blocked  map[int64]bool
	moved    map[int64]int64
	left     []int64
	busy     time.Time
	hang     bool
	webhook  bool
	odd      bool
	changed  chan struct{}
}

type update struct {
	id   int64
	body json.RawMessage
}

// Message is one that somebody wrote to the bot.
type Message struct {
	From, Text, ReplyTo string
	Chat                int64 // 0: the private chat with From
	Topic               int64
	Machine             bool
	Files               []File
	Extra               map[string]any // further fields of Telegram's message
	id, date            int64
}

// File is one of a message.
type File struct {
	Name, Type string
	Bytes      []byte
	Claimed    int64 // size that Telegram says; 0: that of Bytes
}

// Sent is one message of the bot's.
type Sent struct {
	ID, Chat, Topic, ReplyTo int64
	Text                     string
	Files                    []File
}

// New starts the network; close it with Close.
func New() *Network {
	n := &Network{
		token: Token, file: Token, next: 870000001, messages: map[string]Message{}, files: map[string][]byte{}, sizes: map[string]int64{},
		blocked: map[int64]bool{}, moved: map[int64]int64{}, changed: make(chan struct{}), ids: 100,
	}
	n.Server = httptest.NewServer(n)
	return n
}

// Secret is what lies in the files of the row.
func (n *Network) Secret(string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.file, nil
}

// Now is the clock that the line and the network share, microseconds UTC.
func (n *Network) Now() int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Now().Add(n.skew).UnixMicro()
}

// Person is somebody's number, which is that of the private chat with the bot.
func (n *Network) Person(name string) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.person(name)
}

func (n *Network) person(name string) int64 {
	i := slices.Index(n.people, name)
	if i < 0 {
		n.people = append(n.people, name)
		i = len(n.people) - 1
	}
	return 5_000_001 + int64(i)
}

// Write lets somebody write, and returns the message's id.
func (n *Network) Write(m Message) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ids++
	m.id, m.date = n.ids, time.Now().Unix()
	id := strconv.FormatInt(m.id, 10)
	n.messages[id] = m
	n.push("message", n.shown(m))
	return id
}

// Edit changes a message.
func (n *Network) Edit(id, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.messages[id]
	m.Text = text
	n.messages[id] = m
	body := n.shown(m)
	body["edit_date"] = time.Now().Unix()
	n.push("edited_message", body)
}

// Block makes somebody block the bot.
func (n *Network) Block(who string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id := n.person(who)
	n.blocked[id] = true
	n.push("my_chat_member", map[string]any{
		"chat": n.chat(id), "from": n.user(who, false), "date": time.Now().Unix(),
		"old_chat_member": map[string]any{"status": "member"}, "new_chat_member": map[string]any{"status": "kicked", "until_date": 0},
	})
}

// Invite puts the bot into a group.
func (n *Network) Invite(group int64, by string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.push("my_chat_member", map[string]any{
		"chat": n.chat(group), "from": n.user(by, false), "date": time.Now().Unix(),
		"old_chat_member": map[string]any{"status": "left"}, "new_chat_member": map[string]any{"status": "member"},
	})
}

// Move gives a group another number.
func (n *Network) Move(group, to int64, by string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.moved[group] = to
	n.ids++
	n.push("message", map[string]any{"message_id": n.ids, "date": time.Now().Unix(), "chat": n.chat(group), "from": n.user(by, false), "migrate_to_chat_id": to})
}

// Push adds an update of any form; n of it counts on by one.
func (n *Network) Push(kind string, body any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.push(kind, body)
}

func (n *Network) push(kind string, body any) {
	raw, err := json.Marshal(map[string]any{"update_id": n.next, kind: body})
	if err != nil {
		panic(err) // the test gave something that is no JSON
	}
	n.updates = append(n.updates, update{n.next, raw})
	n.next++
	n.wake()
}

func (n *Network) wake() {
	close(n.changed)
	n.changed = make(chan struct{})
}

// shown is a message in Telegram's form.
func (n *Network) shown(m Message) map[string]any {
	chat := m.Chat
	if chat == 0 {
		chat = n.person(m.From)
	}
	body := map[string]any{"message_id": m.id, "from": n.user(m.From, m.Machine), "chat": n.chat(chat), "date": m.date}
	text := "text"
	if len(m.Files) > 0 {
		text = "caption"
		f := m.Files[0]
		id := "BQACAgIAAxkBAAM" + strconv.FormatInt(m.id, 10)
		n.files[id] = f.Bytes
		size := f.Claimed
		if size == 0 {
			size = int64(len(f.Bytes))
		}
		n.sizes[id] = size
		body["document"] = map[string]any{"file_id": id, "file_unique_id": "AgAD" + id, "file_name": f.Name, "mime_type": f.Type, "file_size": size}
	}
	if m.Text != "" {
		body[text] = m.Text
	}
	if m.ReplyTo != "" {
		reply, _ := strconv.ParseInt(m.ReplyTo, 10, 64)
		body["reply_to_message"] = map[string]any{"message_id": reply, "chat": n.chat(chat), "date": m.date}
	}
	if m.Topic != 0 {
		body["message_thread_id"], body["is_topic_message"] = m.Topic, true
	}
	for k, v := range m.Extra {
		body[k] = v
	}
	return body
}

func (n *Network) user(name string, machine bool) map[string]any {
	return map[string]any{"id": n.person(name), "is_bot": machine, "first_name": name, "username": name, "language_code": "fr"}
}

func (n *Network) chat(id int64) map[string]any {
	if id < 0 {
		return map[string]any{"id": id, "type": "supergroup", "title": "Quartier du Pont"}
	}
	return map[string]any{"id": id, "type": "private"}
}

// Got is what the bot sent to somebody.
func (n *Network) Got(who string) []Sent { return n.GotIn(n.Person(who)) }

// GotIn is what the bot sent into a chat.
func (n *Network) GotIn(chat int64) []Sent {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Sent
	for _, s := range n.sent {
		if s.Chat == chat {
			out = append(out, s)
		}
	}
	return out
}

// Left are the groups that the bot left.
func (n *Network) Left() []int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.left)
}

// Waiting is how many updates Telegram still holds.
func (n *Network) Waiting() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.updates)
}

// Drop cuts every connection.
func (n *Network) Drop() { n.CloseClientConnections() }

// Hang answers nothing from now on.
func (n *Network) Hang() { n.set(func() { n.hang = true }); n.Drop() }

// Busy refuses messages for a while.
func (n *Network) Busy(d time.Duration) { n.set(func() { n.busy = time.Now().Add(d) }) }

// Expire ends the token, and with it the question that is held.
func (n *Network) Expire() { n.set(func() { n.token = Second }) }

// Renew puts the new token where the setting says.
func (n *Network) Renew() { n.set(func() { n.file = n.token }) }

// Forget lets a day and an hour pass: updates that nobody fetched are gone.
func (n *Network) Forget() { n.set(func() { n.skew += 25 * time.Hour; n.updates = nil }) }

// Idle lets time pass without any update; the next has a lower number.
func (n *Network) Idle(d time.Duration) { n.set(func() { n.skew += d; n.next = 4_000_000 }) }

// Webhook says that one is set.
func (n *Network) Webhook(on bool) { n.set(func() { n.webhook = on }) }

// Odd answers the next question with what is no JSON.
func (n *Network) Odd() { n.set(func() { n.odd = true }) }

func (n *Network) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
	n.wake()
}

var _ http.Handler = (*Network)(nil)
