// Package metatest plays Messenger and Instagram's messages as Graph shows
// them to a page: webhooks, the Send API, the Conversations API and their
// error cases, from the published reference.
package metatest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"

	"ronde/internal/graph"
	"ronde/internal/graph/graphtest"
)

// Fixed names of the played network.
const (
	Page      = "104000000000001"
	App       = "700000000000007"
	AppSecret = "app-secret-of-the-played-network"
	Verify    = "word-of-the-handshake"
)

// Network is one page with its people.
type Network struct {
	*httptest.Server
	Caller *graphtest.Caller
	Insta  bool

	mu       sync.Mutex // guards all below
	token    string     // that is good
	file     string     // that lies where the setting says
	people   []string
	messages []*Message
	left     map[string]bool
	late     map[string]bool
	wait     time.Duration // refuses until it is over
	until    time.Time
	hang     bool
	posts    []json.RawMessage // bodies of the Send API
	next     int

	Narrow bool // files of a conversation may not be asked for
	Mute   bool // the app is no longer subscribed to the page's messages
}

// Message is one in a conversation with the page.
type Message struct {
	ID, With, Text, ReplyTo string
	Ours                    bool
	At                      time.Time
	Files                   []File
}

// File is one of a message.
type File struct {
	Name, Type string
	Bytes      []byte
}

// New starts the network; close it with Close.
func New(insta bool) *Network {
	n := &Network{Insta: insta, token: "token-1-of-the-page", file: "token-1-of-the-page", left: map[string]bool{}, late: map[string]bool{},
		Caller: &graphtest.Caller{Secret: AppSecret}}
	n.Server = httptest.NewServer(n)
	return n
}

// Secret is what lies in the files of the row.
func (n *Network) Secret(name string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return map[string]string{"token": n.file, "app_secret": AppSecret, "verify": Verify}[name], nil
}

// Secrets are all that no error may hold.
func (n *Network) Secrets() []string { return []string{"token-1-", "token-2-", AppSecret, Verify} }

// Person is the id that the page knows somebody by.
func (n *Network) Person(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.person(name)
}

func (n *Network) person(name string) string {
	for i, p := range n.people {
		if p == name {
			return strconv.Itoa(9_000_001 + i)
		}
	}
	n.people = append(n.people, name)
	return strconv.Itoa(9_000_000 + len(n.people))
}

// Write lets somebody write, and returns the event without delivering it.
func (n *Network) Write(from, text, replyTo string, files []File) (id string, event map[string]any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.add(&Message{With: n.person(from), Text: text, ReplyTo: replyTo, Files: files})
	message := map[string]any{"mid": m.ID}
	if text != "" {
		message["text"] = text
	}
	if replyTo != "" {
		message["reply_to"] = map[string]any{"mid": replyTo}
	}
	var attachments []any
	for i := range files {
		attachments = append(attachments, map[string]any{"type": "image", "payload": map[string]any{"url": n.address(m, i)}})
	}
	if attachments != nil {
		message["attachments"] = attachments
	}
	return m.ID, n.event(m, "message", message)
}

func (n *Network) add(m *Message) *Message {
	n.next++
	m.ID, m.At = fmt.Sprintf("m_AbZ%dQ", n.next), time.Now()
	n.messages = append(n.messages, m)
	return m
}

func (n *Network) address(m *Message, i int) string {
	return fmt.Sprintf("%s/cdn/%s/%d/%s?oh=played&oe=1", n.URL, m.ID, i, m.Files[i].Name)
}

func (n *Network) event(m *Message, kind string, what any) map[string]any {
	from, to := m.With, Page
	if m.Ours {
		from, to = to, from
	}
	return map[string]any{"sender": map[string]any{"id": from}, "recipient": map[string]any{"id": to}, "timestamp": m.At.UnixMilli(), kind: what}
}

// Edit changes a message and tells the page.
func (n *Network) Edit(id, text string) {
	n.mu.Lock()
	m := n.find(id)
	m.Text = text
	ev := n.event(m, "message_edit", map[string]any{"mid": id, "text": text, "num_edit": 1})
	n.mu.Unlock()
	n.Deliver(ev)
}

// Delete takes a message back and tells the page.
func (n *Network) Delete(id string) {
	n.mu.Lock()
	ev := n.event(n.find(id), "message", map[string]any{"mid": id, "is_deleted": true})
	n.mu.Unlock()
	n.Deliver(ev)
}

// Read lets somebody read a message of the page's.
func (n *Network) Read(who, id string) {
	n.mu.Lock()
	m := &Message{With: n.person(who), At: time.Now()}
	what := map[string]any{"watermark": time.Now().UnixMilli()}
	if n.Insta {
		what = map[string]any{"mid": id}
	}
	ev := n.event(m, "read", what)
	n.mu.Unlock()
	n.Deliver(ev)
}

func (n *Network) find(id string) *Message {
	for _, m := range n.messages {
		if m.ID == id {
			return m
		}
	}
	return &Message{}
}

// Deliver calls the webhook with events in one batch.
func (n *Network) Deliver(events ...any) { n.Caller.Send(n.Body(events...)) }

// Body is a webhook's body.
func (n *Network) Body(events ...any) []byte {
	object := "page"
	if n.Insta {
		object = "instagram"
	}
	b, _ := json.Marshal(map[string]any{"object": object, "entry": []any{map[string]any{"id": Page, "time": time.Now().UnixMilli(), "messaging": events}}})
	return b
}

// Leave makes somebody unreachable.
func (n *Network) Leave(who string) { n.set(func() { n.left[n.person(who)] = true }) }

// Late lets the window of somebody pass.
func (n *Network) Late(who string) { n.set(func() { n.late[n.person(who)] = true }) }

// Busy refuses messages for a while.
func (n *Network) Busy(d time.Duration) { n.set(func() { n.wait, n.until = d, time.Now().Add(d) }) }

// Hang answers nothing from now on.
func (n *Network) Hang() { n.set(func() { n.hang = true }); n.CloseClientConnections() }

// Expire ends the token.
func (n *Network) Expire() { n.set(func() { n.token = "token-2-of-the-page" }) }

// Renew puts the new token where the setting says.
func (n *Network) Renew() { n.set(func() { n.file = n.token }) }

func (n *Network) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

// Got is what the page sent to somebody.
func (n *Network) Got(who string) []Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Message
	for _, m := range n.messages {
		if m.Ours && m.With == n.person(who) {
			out = append(out, *m)
		}
	}
	return out
}

// Posts are the bodies that the Send API got.
func (n *Network) Posts() []json.RawMessage {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.posts
}

// Ours puts a message that the page's own staff wrote in Meta's app.
func (n *Network) Ours(to, text string, app int) string {
	n.mu.Lock()
	m := n.add(&Message{With: n.person(to), Text: text, Ours: true})
	ev := n.event(m, "message", map[string]any{"mid": m.ID, "text": text, "is_echo": true, "app_id": app})
	n.mu.Unlock()
	n.Deliver(ev)
	return m.ID
}

func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	hang := n.hang
	n.mu.Unlock()
	if hang {
		io.Copy(io.Discard, r.Body) // or the end of the connection is not seen
		<-r.Context().Done()
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	path := graphtest.Path(r, graph.Version)
	switch {
	case r.URL.Path != "" && len(path) == 0:
		n.cdn(w, r)
	case path[0] == "debug_token":
		n.debug(w, r)
	case !graphtest.Authorised(r, n.token, AppSecret):
		graphtest.Fail(w, http.StatusBadRequest, 190, 463)
	case len(path) == 1 && path[0] == "me":
		graphtest.Answer(w, map[string]any{"id": Page, "name": "Patrouille de Brume"})
	case len(path) == 2 && path[1] == "messages" && r.Method == http.MethodPost:
		n.send(w, r)
	case len(path) == 2 && path[1] == "subscribed_apps":
		n.subscriptions(w)
	case len(path) == 2 && path[1] == "conversations":
		n.conversations(w, r)
	case len(path) == 2 && path[1] == "messages":
		n.history(w, r, path[0])
	case len(path) == 1:
		n.node(w, path[0])
	default:
		graphtest.Fail(w, http.StatusBadRequest, 100, 33)
	}
}
