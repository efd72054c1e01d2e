// Package twitchtest plays Twitch as a bot in one chat sees it: IRC with tags
// over a WebSocket, the API that writes, and the tokens, with their error
// cases, from the published reference.
//
// Like Twitch it keeps nothing: what is said while nobody is in the chat is
// gone.
package twitchtest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// Tokens of the played network: the first is good until Expire.
const (
	Token   = "rfx2uswqe8l4g1mkagrvg5tv0ks3-one"
	Second  = "rfx2uswqe8l4g1mkagrvg5tv0ks3-two"
	Third   = "rfx2uswqe8l4g1mkagrvg5tv0ks3-three" // what a refresh token is exchanged for
	Refresh = "eyJfaWQmNzMtNGCJ9-refresh"
	Secret  = "nyo51xcdrerl8z9m56w9w6wg-secret"
	Client  = "hof5gwx0su6owfnys0nyan9c87zr6t"
)

// The bot, and the channel in whose chat it is.
const (
	Bot     = "brume_bot"
	BotID   = "141981764"
	Channel = "police_brume"
	Room    = "12826"
)

// Network is Twitch with one chat.
type Network struct {
	*httptest.Server

	mu      sync.Mutex // guards all below
	token   string     // that is good
	file    string     // that lies where the setting says
	scopes  []string
	chats   []*chat // that joined
	people  []string
	count   int
	last    string // line that was sent last
	said    map[string]said
	got     []Got
	drop    string // reason for which the next message is dropped
	busy    time.Time
	hang    bool
	mute    bool // answers no PING
	refused string
	joins   int
	pongs   int
	held    chan struct{} // not nil: receipts wait until it is closed
}

// chat is one connection.
type chat struct {
	ws     *websocket.Conn
	token  string
	login  string
	caps   bool
	joined bool
}

// said is a message of the chat.
type said struct{ user, login, text string }

// Got is one message of the bot's.
type Got struct{ ID, Text, ReplyTo string }

// New starts the network; close it with Close.
func New() *Network {
	n := &Network{token: Token, file: Token, scopes: []string{"chat:read", "user:write:chat"}, said: map[string]said{}}
	n.Server = httptest.NewServer(n)
	return n
}

// Close ends the network.
func (n *Network) Close() {
	n.Drop()
	n.Server.Close()
}

// Secret is what lies in the files of the row.
func (n *Network) Secret(name string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return map[string]string{"token": n.file, "refresh": Refresh, "client_secret": Secret}[name], nil
}

func (n *Network) person(name string) (id, login string) {
	i := slices.Index(n.people, name)
	if i < 0 {
		n.people = append(n.people, name)
		i = len(n.people) - 1
	}
	return strconv.Itoa(700001 + i), "viewer_" + strconv.Itoa(i)
}

func (n *Network) id() string {
	n.count++
	return fmt.Sprintf("b34ccfc7-4977-403a-8a94-%012d", n.count)
}

// Write lets somebody write into the chat; more holds further tags.
func (n *Network) Write(from, text, replyTo string, more ...string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	user, login := n.person(from)
	return n.say(user, login, from, text, replyTo, more...)
}

// Ours lets somebody write with our account on twitch.tv.
func (n *Network) Ours(text, replyTo string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.say(BotID, Bot, Bot, text, replyTo)
}

func (n *Network) say(user, login, name, text, replyTo string, more ...string) string {
	id := n.id()
	n.said[id] = said{user, login, text}
	tags := []string{
		"badges=", "color=#0000FF", "display-name=" + escape(cut(name, 25)), "first-msg=0", "id=" + id, "mod=0", "room-id=" + Room,
		"tmi-sent-ts=" + strconv.FormatInt(time.Now().UnixMilli(), 10), "user-id=" + user,
	}
	if to, ok := n.said[replyTo]; ok {
		tags = append(tags, "reply-parent-msg-id="+replyTo, "reply-parent-user-id="+to.user, "reply-parent-msg-body="+escape(cut(to.text, 500)))
		text = "@" + to.login + " " + text
	}
	line := "@" + strings.Join(append(tags, more...), ";") + " :" + login + "!" + login + "@" + login + ".tmi.twitch.tv PRIVMSG #" + Channel + " :" + cut(text, 500)
	n.last = line
	n.send(line)
	return id
}

// cut keeps what a chat takes: one line of so many letters.
func cut(text string, most int) string {
	text = strings.NewReplacer("\r", " ", "\n", " ", "\x00", "").Replace(text)
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\:`, " ", `\s`).Replace(s)
}

// Delete removes a message, as a moderator does.
func (n *Network) Delete(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.said[id]
	n.send("@login=" + m.login + ";room-id=" + Room + ";target-msg-id=" + id + ";tmi-sent-ts=1700000000000 :tmi.twitch.tv CLEARMSG #" + Channel + " :" + cut(m.text, 500))
}

// Ban removes all that somebody wrote.
func (n *Network) Ban(who string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	user, login := n.person(who)
	n.send("@ban-duration=600;room-id=" + Room + ";target-user-id=" + user + ";tmi-sent-ts=1700000000000 :tmi.twitch.tv CLEARCHAT #" + Channel + " :" + login)
}

// Clear removes all that anybody wrote.
func (n *Network) Clear() {
	n.Raw("@room-id=" + Room + ";tmi-sent-ts=1700000000000 :tmi.twitch.tv CLEARCHAT #" + Channel)
}

// Again sends once more what was sent last.
func (n *Network) Again() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.send(n.last)
}

// Raw sends a line of any form to all that joined.
func (n *Network) Raw(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.send(line)
}

func (n *Network) send(line string) {
	for _, c := range n.chats {
		if c.joined {
			c.write(line)
		}
	}
}

// write sends lines; a connection that is gone shows when it is read.
func (c *chat) write(lines ...string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.ws.Write(ctx, websocket.MessageText, []byte(strings.Join(lines, "\r\n")+"\r\n"))
}

// Reconnect says that the connection will end; End ends all but the newest.
func (n *Network) Reconnect() { n.Raw(":tmi.twitch.tv RECONNECT") }

// End cuts every connection but the newest.
func (n *Network) End() {
	n.set(func() {
		for _, c := range n.chats[:max(0, len(n.chats)-1)] {
			c.ws.CloseNow()
		}
	})
}

// Listened waits until somebody is in the chat, at most so long.
func (n *Network) Listened(most time.Duration) bool {
	const step = 5 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	for range int(most / step) {
		n.mu.Lock()
		here := slices.ContainsFunc(n.chats, func(c *chat) bool { return c.joined })
		n.mu.Unlock()
		if here {
			return true
		}
		<-tick.C
	}
	return false
}

// Ponged is how many of the chat's PINGs were answered.
func (n *Network) Ponged() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.pongs
}

// Hold keeps receipts back, though the chat shows the messages, until release.
func (n *Network) Hold() (release func()) {
	held := make(chan struct{})
	n.set(func() { n.held = held })
	return func() {
		n.set(func() { n.held = nil })
		close(held)
	}
}

// Joins is how often the chat was joined.
func (n *Network) Joins() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.joins
}

// Got is what the bot wrote.
func (n *Network) Got() []Got {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.got)
}

// Drop cuts every connection.
func (n *Network) Drop() {
	n.set(n.cut)
	n.CloseClientConnections()
}

func (n *Network) cut() {
	for _, c := range n.chats {
		c.ws.CloseNow()
	}
	n.chats = nil
}

// Hang answers nothing from now on.
func (n *Network) Hang() { n.set(func() { n.hang = true }); n.Drop() }

// Mute answers no PING from now on.
func (n *Network) Mute() { n.set(func() { n.mute = true }) }

// Busy refuses messages for a while.
func (n *Network) Busy(d time.Duration) { n.set(func() { n.busy = time.Now().Add(d) }) }

// Dropping takes messages and does not show them, for a reason; "": no more.
func (n *Network) Dropping(reason string) { n.set(func() { n.drop = reason }) }

// Expire ends the token.
func (n *Network) Expire() { n.set(func() { n.token = Second; n.cut() }) }

// Exchange ends the token; a refresh token gets the next.
func (n *Network) Exchange() { n.set(func() { n.token = Third; n.cut() }) }

// Renew puts the new token where the setting says.
func (n *Network) Renew() { n.set(func() { n.file = n.token }) }

// Refuse refuses to join, with the msg-id of a notice; "": no more.
func (n *Network) Refuse(id string) { n.set(func() { n.refused = id }) }

// Scopes are what the token is allowed.
func (n *Network) Scopes(s ...string) { n.set(func() { n.scopes = s }) }

func (n *Network) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

var _ http.Handler = (*Network)(nil)
