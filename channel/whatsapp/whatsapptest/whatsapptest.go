// Package whatsapptest plays WhatsApp's Cloud API as one business phone number
// sees it: webhooks with their repetitions, messages, media, statuses and
// error cases, from the published reference.
package whatsapptest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"ronde/internal/graph"
	"ronde/internal/graph/graphtest"
)

// Fixed names of the played network.
const (
	Number    = "106540352242922" // the id of the phone number
	Display   = "+33 1 99 00 00 00"
	App       = "700000000000007"
	AppSecret = "app-secret-of-the-played-network"
	Verify    = "word-of-the-handshake"
)

// Network is one number with its people.
type Network struct {
	*httptest.Server
	Caller *graphtest.Caller
	// Users gives people business-scoped ids and hides their numbers.
	Users bool

	mu     sync.Mutex // guards all below
	token  string     // that is good
	file   string     // that lies where the setting says
	people []string
	media  map[string]File
	got    map[string][]Message
	left   map[string]bool
	late   map[string]bool
	until  time.Time
	wait   time.Duration
	hang   bool
	next   int
}

// Message is one of the number's, as somebody sees it.
type Message struct {
	ID, Text, ReplyTo string
	Files             []File
}

// File is a medium.
type File struct {
	Name, Type string
	Bytes      []byte
}

// New starts the network; close it with Close.
func New() *Network {
	n := &Network{token: "token-1-of-the-number", file: "token-1-of-the-number", media: map[string]File{}, got: map[string][]Message{},
		left: map[string]bool{}, late: map[string]bool{}, Caller: &graphtest.Caller{Secret: AppSecret}}
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

// Phone is somebody's number, User the business-scoped id.
func (n *Network) Phone(who string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.phone(who)
}

func (n *Network) phone(who string) string {
	for i, p := range n.people {
		if p == who {
			return strconv.Itoa(33_600_000_001 + i)
		}
	}
	n.people = append(n.people, who)
	return strconv.Itoa(33_600_000_000 + len(n.people))
}

// User is somebody's business-scoped user id.
func (n *Network) User(who string) string { return user(n.Phone(who)) }

func user(phone string) string { return "FR.u" + phone }

// person is whose phone or user id it is.
func (n *Network) person(id string) string {
	for _, p := range n.people {
		if ph := n.phone(p); id == ph || id == user(ph) {
			return p
		}
	}
	return ""
}

// Event is a message of somebody's of a type, not yet delivered.
func (n *Network) Event(from, kind string, what any, replyTo string) (id string, event map[string]any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.next++
	id = fmt.Sprintf("wamid.HBgLMzM%dAA==", n.next)
	event = map[string]any{"id": id, "timestamp": strconv.FormatInt(time.Now().Unix(), 10), "type": kind, kind: what}
	n.who(from, event, "from", "from_user_id")
	if replyTo != "" {
		event["context"] = map[string]any{"from": Number, "id": replyTo}
	}
	return id, event
}

func (n *Network) who(who string, into map[string]any, phone, id string) {
	if n.Users {
		into[id] = user(n.phone(who))
	} else {
		into[phone] = n.phone(who)
	}
}

// Write lets somebody write a text, or send files with it.
func (n *Network) Write(from, text, replyTo string, files []File) (id string, event map[string]any) {
	if len(files) == 0 {
		return n.Event(from, "text", map[string]any{"body": text}, replyTo)
	}
	f := files[0]
	sum := sha256.Sum256(f.Bytes)
	what := map[string]any{"id": n.Keep(f), "mime_type": f.Type, "sha256": base64.StdEncoding.EncodeToString(sum[:]), "caption": text}
	kind := "image"
	if !strings.HasPrefix(f.Type, "image/") {
		kind, what["filename"] = "document", f.Name
	}
	return n.Event(from, kind, what, replyTo)
}

// Keep puts a file among the media and returns its id.
func (n *Network) Keep(f File) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.keep(f)
}

func (n *Network) keep(f File) string {
	n.next++
	id := strconv.Itoa(500_000 + n.next)
	n.media[id] = f
	return id
}

// Body is a webhook's body with what a value holds: "messages", "statuses".
func (n *Network) Body(who, kind string, events ...any) []byte {
	value := map[string]any{"messaging_product": "whatsapp", "metadata": map[string]any{"display_phone_number": Display, "phone_number_id": Number}, kind: events}
	if who != "" {
		c := map[string]any{"profile": map[string]any{"name": who}}
		n.mu.Lock()
		n.who(who, c, "wa_id", "user_id")
		n.mu.Unlock()
		value["contacts"] = []any{c}
	}
	b, _ := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": "W", "changes": []any{map[string]any{"field": "messages", "value": value}}}}})
	return b
}

// Deliver calls the webhook.
func (n *Network) Deliver(who string, events ...any) {
	n.Caller.Send(n.Body(who, "messages", events...))
}

// Status tells what became of a message of the number's.
func (n *Network) Status(to, id, status string, code int) {
	n.mu.Lock()
	s := map[string]any{"id": id, "status": status, "timestamp": strconv.FormatInt(time.Now().Unix(), 10)}
	n.who(to, s, "recipient_id", "recipient_user_id")
	n.mu.Unlock()
	if code != 0 {
		s["errors"] = []any{map[string]any{"code": code, "title": "played"}}
	}
	n.Caller.Send(n.Body("", "statuses", s))
}

// Leave makes somebody unreachable.
func (n *Network) Leave(who string) { n.set(func() { n.left[who] = true }) }

// Late lets the window of somebody pass.
func (n *Network) Late(who string) { n.set(func() { n.late[who] = true }) }

// Busy refuses messages for a while.
func (n *Network) Busy(d time.Duration) { n.set(func() { n.wait, n.until = d, time.Now().Add(d) }) }

// Hang answers nothing from now on.
func (n *Network) Hang() { n.set(func() { n.hang = true }); n.CloseClientConnections() }

// Expire ends the token.
func (n *Network) Expire() { n.set(func() { n.token = "token-2-of-the-number" }) }

// Renew puts the new token where the setting says.
func (n *Network) Renew() { n.set(func() { n.file = n.token }) }

func (n *Network) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

// Got is what somebody sees of the number's messages.
func (n *Network) Got(who string) []Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.got[who]
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
	case len(path) == 0:
		n.bytes(w, r)
	case path[0] == "debug_token":
		n.debug(w, r)
	case !graphtest.Authorised(r, n.token, AppSecret):
		graphtest.Fail(w, http.StatusUnauthorized, 190, 463)
	case len(path) == 1 && path[0] == Number:
		graphtest.Answer(w, map[string]any{"id": Number, "display_phone_number": Display, "verified_name": "Patrouille de Brume"})
	case len(path) == 2 && path[0] == Number && path[1] == "messages" && r.Method == http.MethodPost:
		n.send(w, r)
	case len(path) == 2 && path[0] == Number && path[1] == "media" && r.Method == http.MethodPost:
		n.upload(w, r)
	case len(path) == 1:
		n.medium(w, path[0])
	default:
		graphtest.Fail(w, http.StatusBadRequest, 100, 33)
	}
}

func (n *Network) send(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Product                string `json:"messaging_product"`
		To, Recipient, Type    string
		Text                   struct{ Body string }
		Image, Video, Document struct{ ID, Caption, Filename string }
		Context                struct {
			ID string `json:"message_id"`
		}
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Product != "whatsapp" {
		graphtest.Fail(w, 400, 100, 0)
		return
	}
	who := n.person(body.To + body.Recipient)
	text := body.Text.Body + body.Image.Caption + body.Video.Caption + body.Document.Caption
	f, file := n.media[body.Image.ID+body.Video.ID+body.Document.ID]
	switch {
	case time.Now().Before(n.until):
		w.Header().Set("Retry-After", strconv.Itoa(int(n.wait.Seconds())))
		graphtest.Fail(w, 429, 130429, 0)
	case body.To != "" && body.Recipient != "" || who == "":
		graphtest.Fail(w, 400, 131026, 0)
	case n.late[who]:
		graphtest.Fail(w, 400, 131047, 0)
	case body.Type == "text" && (text == "" || utf8.RuneCountInString(text) > 4096) || body.Type != "text" && (!file || utf8.RuneCountInString(text) > 1024):
		graphtest.Fail(w, 400, 100, 0)
	default:
		n.next++
		id := fmt.Sprintf("wamid.gBEGkY%d==", n.next)
		graphtest.Answer(w, map[string]any{"messaging_product": "whatsapp", "messages": []any{map[string]any{"id": id, "message_status": "accepted"}}})
		if n.left[who] { // WhatsApp takes it, and tells later
			go n.Status(who, id, "failed", 131026)
			return
		}
		m := Message{ID: id, Text: text, ReplyTo: body.Context.ID}
		if file {
			if body.Document.Filename != "" {
				f.Name = body.Document.Filename
			}
			m.Files = []File{f}
		}
		n.got[who] = append(n.got[who], m)
		go n.Status(who, id, "delivered", 0)
	}
}

func (n *Network) upload(w http.ResponseWriter, r *http.Request) {
	file, h, err := r.FormFile("file")
	if err != nil || r.FormValue("messaging_product") != "whatsapp" || r.FormValue("type") != h.Header.Get("Content-Type") {
		graphtest.Fail(w, 400, 131053, 0)
		return
	}
	defer file.Close()
	b, _ := io.ReadAll(file)
	graphtest.Answer(w, map[string]any{"id": n.keep(File{Name: h.Filename, Type: r.FormValue("type"), Bytes: b})})
}

func (n *Network) medium(w http.ResponseWriter, id string) {
	f, ok := n.media[id]
	if !ok {
		graphtest.Fail(w, 400, 100, 33)
		return
	}
	sum := sha256.Sum256(f.Bytes)
	graphtest.Answer(w, map[string]any{"id": id, "url": n.URL + "/whatsapp_business/attachments/?mid=" + id, "mime_type": f.Type,
		"sha256": hex.EncodeToString(sum[:]), "messaging_product": "whatsapp"})
}

// bytes gives a medium's bytes to whoever has the token.
func (n *Network) bytes(w http.ResponseWriter, r *http.Request) {
	f, ok := n.media[r.URL.Query().Get("mid")]
	if !ok || r.Header.Get("Authorization") != "Bearer "+n.token {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	w.Write(f.Bytes)
}

func (n *Network) debug(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+App+"|"+AppSecret {
		graphtest.Fail(w, 400, 190, 0)
		return
	}
	graphtest.Answer(w, map[string]any{"data": map[string]any{"app_id": App, "is_valid": r.URL.Query().Get("input_token") == n.token, "expires_at": 0}})
}
