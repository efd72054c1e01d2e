// Package discordtest plays Discord as a bot sees it: the gateway with its
// sessions, heartbeats and close codes, and the part of REST that a line uses,
// with its error cases, from the published reference.
package discordtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Tokens of the played network: the first is good until Expire.
const (
	Token  = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-one"
	Second = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-two"
)

// Bot is the bot's own id; Guild that of a server it is on.
const (
	Bot   = "198622483471925248"
	Guild = "1100000000000000001"
)

const epoch = 1420070400000

// Network is Discord with one bot.
type Network struct {
	*httptest.Server

	mu       sync.Mutex // guards all below
	token    string     // that is good
	file     string     // that lies where the setting says
	beat     time.Duration
	sessions map[string]*session
	count    uint64
	people   []string
	messages []*Message
	files    map[string][]byte
	blocked  map[string]bool
	nonces   map[string]string
	busy     time.Time
	hang     bool
	deaf     bool // hears no heartbeats
	content  bool // the privileged intent is switched on
	begun    int
	left     int // sessions that may still be begun today
	drained  int // messages of ours that are still free before the bucket is empty; 0: no bucket
}

// Message is one, theirs or the bot's.
type Message struct {
	ID, Channel, Guild, From, Text, ReplyTo string
	Bot                                     bool
	Ours                                    bool
	Nonce                                   string
	Files                                   []File
	Extra                                   map[string]any
	edited                                  time.Time
}

// File is one of a message.
type File struct {
	Name, Type string
	Bytes      []byte
	Claimed    int64 // size that Discord says; 0: that of Bytes
}

// session is one of the gateway's: what happened stays until it is over.
type session struct {
	id     string
	seq    int64
	events []map[string]any
	conn   *websocket.Conn
	over   bool
}

// New starts the network; close it with Close.
func New() *Network {
	n := &Network{
		token: Token, file: Token, beat: 300 * time.Millisecond, sessions: map[string]*session{}, files: map[string][]byte{},
		blocked: map[string]bool{}, nonces: map[string]string{}, content: true, left: 1000,
	}
	n.Server = httptest.NewServer(n)
	return n
}

// Close ends the network.
func (n *Network) Close() {
	n.Drop()
	n.Server.Close()
}

// Secret is what lies in the files of the row.
func (n *Network) Secret(string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.file, nil
}

// Direct is the conversation of somebody with the bot.
func (n *Network) Direct(who string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.direct(who)
}

func (n *Network) direct(who string) string { return "13" + n.person(who)[2:] }

func (n *Network) person(name string) string {
	i := slices.Index(n.people, name)
	if i < 0 {
		n.people = append(n.people, name)
		i = len(n.people) - 1
	}
	return strconv.Itoa(120000000000000001 + i)
}

// snowflake is the next number.
func (n *Network) snowflake() string {
	n.count++
	return strconv.FormatUint(uint64(time.Now().UnixMilli()-epoch)<<22|n.count&(1<<22-1), 10)
}

// Write lets somebody write: directly, or where Channel says.
func (n *Network) Write(m Message) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.push("MESSAGE_CREATE", n.shown(n.add(&m)))
	return m.ID
}

func (n *Network) add(m *Message) *Message {
	m.ID = n.snowflake()
	if m.Channel == "" {
		m.Channel = n.direct(m.From)
	}
	n.messages = append(n.messages, m)
	return m
}

// Two lets somebody write a and then b; b is delivered first.
func (n *Network) Two(a, b Message) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.add(&a)
	n.add(&b)
	n.push("MESSAGE_CREATE", n.shown(&b))
	n.push("MESSAGE_CREATE", n.shown(&a))
}

// Again delivers the newest message once more.
func (n *Network) Again() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.push("MESSAGE_CREATE", n.shown(n.messages[len(n.messages)-1]))
}

// Edit changes a message.
func (n *Network) Edit(id, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.find(id)
	m.Text, m.edited = text, time.Now()
	n.push("MESSAGE_UPDATE", n.shown(m))
}

// Look is Discord's own update of a message with links.
func (n *Network) Look(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.push("MESSAGE_UPDATE", n.shown(n.find(id)))
}

// Delete takes messages back, several in one event.
func (n *Network) Delete(ids ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.find(ids[0])
	body := map[string]any{"channel_id": m.Channel}
	if m.Guild != "" {
		body["guild_id"] = m.Guild
	}
	n.messages = slices.DeleteFunc(n.messages, func(m *Message) bool { return slices.Contains(ids, m.ID) })
	if len(ids) > 1 {
		body["ids"] = ids
		n.push("MESSAGE_DELETE_BULK", body)
		return
	}
	body["id"] = ids[0]
	n.push("MESSAGE_DELETE", body)
}

func (n *Network) find(id string) *Message {
	for _, m := range n.messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Push sends an event of any form.
func (n *Network) Push(kind string, body any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.push(kind, body)
}

// Raw sends a frame that is none.
func (n *Network) Raw(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.sessions {
		if s.conn != nil {
			write(s.conn, []byte(text))
		}
	}
}

// shown is a message in Discord's form.
func (n *Network) shown(m *Message) map[string]any {
	body := map[string]any{
		"id": m.ID, "channel_id": m.Channel, "content": m.Text, "type": 0, "timestamp": time.Now().UTC().Format(time.RFC3339),
		"edited_timestamp": nil, "mentions": []any{}, "embeds": []any{},
		"author": map[string]any{"id": n.author(m), "username": short(m.From), "global_name": short(m.From) + " de Brume", "bot": m.Bot || m.Ours},
	}
	if m.Guild != "" {
		body["guild_id"] = m.Guild
	}
	if !m.edited.IsZero() {
		body["edited_timestamp"] = m.edited.UTC().Format(time.RFC3339)
	}
	if m.ReplyTo != "" {
		body["type"], body["message_reference"] = 19, map[string]any{"message_id": m.ReplyTo, "channel_id": m.Channel}
	}
	attachments := []any{}
	for i, f := range m.Files {
		size := f.Claimed
		if size == 0 {
			size = int64(len(f.Bytes))
		}
		key := m.Channel + "/" + strconv.Itoa(7000+i) + m.ID
		n.files[key] = f.Bytes
		attachments = append(attachments, map[string]any{
			"id": strconv.Itoa(7000 + i), "filename": f.Name, "content_type": f.Type, "size": size,
			"url": n.URL + "/cdn/attachments/" + key + "?ex=played&is=played&hm=played",
		})
	}
	body["attachments"] = attachments
	for k, v := range m.Extra {
		body[k] = v
	}
	return body
}

func (n *Network) author(m *Message) string {
	if m.Ours {
		return Bot
	}
	return n.person(m.From)
}

// short keeps a name as long as Discord lets it be, and valid.
func short(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if len(name) > 32 {
		name = name[:32]
	}
	return name
}

// Got is what the bot wrote to somebody.
func (n *Network) Got(who string) []Message { return n.GotIn(n.Direct(who)) }

// GotIn is what the bot wrote into a conversation.
func (n *Network) GotIn(in string) []Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Message
	for _, m := range n.messages {
		if m.Ours && m.Channel == in {
			out = append(out, *m)
		}
	}
	return out
}

// Begun is how many sessions were begun.
func (n *Network) Begun() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.begun
}

// Drop cuts every connection; sessions can be resumed.
func (n *Network) Drop() { n.set(n.cut); n.CloseClientConnections() }

func (n *Network) cut() {
	for _, s := range n.sessions {
		if s.conn != nil {
			s.conn.CloseNow()
			s.conn = nil
		}
	}
}

// Reconnect asks every connection to be made anew.
func (n *Network) Reconnect() { n.Raw(`{"op":7,"d":null}`) }

// Refuse closes every connection with a code.
func (n *Network) Refuse(code int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.sessions {
		if s.conn != nil {
			go s.conn.Close(websocket.StatusCode(code), "played")
			s.conn = nil
		}
	}
}

// Forget ends every session.
func (n *Network) Forget() {
	n.set(func() {
		for _, s := range n.sessions {
			s.over = true
		}
		n.cut()
	})
}

// Hang answers nothing from now on.
func (n *Network) Hang() { n.set(func() { n.hang = true }); n.Drop() }

// Deaf hears no heartbeats from now on.
func (n *Network) Deaf(on bool) { n.set(func() { n.deaf = on }) }

// Busy refuses messages for a while.
func (n *Network) Busy(d time.Duration) { n.set(func() { n.busy = time.Now().Add(d) }) }

// Bucket lets n more messages pass, and says so in headers.
func (n *Network) Bucket(free int) { n.set(func() { n.drained = free }) }

// Expire ends the token.
func (n *Network) Expire() { n.set(func() { n.token = Second; n.cut() }) }

// Renew puts the new token where the setting says.
func (n *Network) Renew() { n.set(func() { n.file = n.token }) }

// Block makes somebody take no messages from the bot.
func (n *Network) Block(who string) { n.set(func() { n.blocked[n.direct(who)] = true }) }

// Nonces forgets the nonces, as Discord does after some minutes.
func (n *Network) Nonces() { n.set(func() { n.nonces = map[string]string{} }) }

// Sessions says how many may still be begun today.
func (n *Network) Sessions(left int) { n.set(func() { n.left = left }) }

// Content switches the privileged intent.
func (n *Network) Content(on bool) { n.set(func() { n.content = on }) }

func (n *Network) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

// push tells every session, connected or not.
func (n *Network) push(kind string, body any) {
	for _, s := range n.sessions {
		if !s.over {
			s.tell(kind, body)
		}
	}
}

func (s *session) tell(kind string, body any) {
	s.seq++
	e := map[string]any{"op": 0, "t": kind, "s": s.seq, "d": body}
	s.events = append(s.events, e)
	if s.conn == nil {
		return
	}
	raw, err := json.Marshal(e)
	if err != nil {
		panic(err) // the test gave something that is no JSON
	}
	write(s.conn, raw)
}

var _ http.Handler = (*Network)(nil)
