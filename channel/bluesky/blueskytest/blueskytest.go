// Package blueskytest plays Bluesky as one account sees it: the session, the
// chat service's log, posts with their keys, notifications, files by content
// and identifiers' documents, with error cases, from the published lexicons.
package blueskytest

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// Me and Handle are our account.
const (
	Me     = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
	Handle = "patrouille.brume.example"
)

// Server is PDS, AppView, chat service and directory in one.
type Server struct {
	*httptest.Server

	mu       sync.Mutex // guards all below
	password string     // that is good
	file     string     // that lies where the setting says
	access   string     // the session that stands; "" when none does
	refresh  string
	signIns  int
	people   []string
	bots     map[string]bool
	log      []entry
	messages []Message
	posts    []*Post
	notes    []note
	blobs    map[string][]byte
	left     map[string]bool
	until    time.Time
	garbage  bool
	hang     bool
	next     int
	// Old makes every access token expire after one call.
	Old bool
	// Narrow is an app password without access to messages.
	Narrow bool
	// Closed is an account that strangers may not write to.
	Closed bool
	// Wrong bytes are given for every file.
	Wrong bool
}

// Message is a direct message.
type Message struct {
	ID, With, From, Text string
	At                   time.Time
}

// Post is a public post.
type Post struct {
	URI, CID, From string
	Record         map[string]any
	Gone           bool
	At             time.Time
}

type entry struct {
	rev string
	raw any
}

type note struct {
	post   *Post
	reason string
}

// File is one of a post.
type File struct {
	Type  string
	Bytes []byte
}

// New starts the server; close it with Close.
func New() *Server {
	s := &Server{password: "abcd-efgh-first", file: "abcd-efgh-first", bots: map[string]bool{}, blobs: map[string][]byte{}, left: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Secret is what lies in the file of the row.
func (s *Server) Secret(string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file, nil
}

// tid is the next number of the played network, as 13 letters.
func (s *Server) tid() string { s.next++; return fmt.Sprintf("3k%011d", s.next) }

func (s *Server) did(name string) string {
	if name == "" {
		return Me
	}
	i := slices.Index(s.people, name)
	if i < 0 {
		i, s.people = len(s.people), append(s.people, name)
	}
	return "did:plc:" + strings.Repeat("b", 22) + string(rune('a'+i/26)) + string(rune('a'+i%26))
}

// DID is somebody's identifier.
func (s *Server) DID(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.did(name)
}

func (s *Server) named(did string) (string, bool) {
	for _, p := range s.people {
		if s.did(p) == did {
			return p, true
		}
	}
	return "", did == Me
}

func (s *Server) convo(name string) string {
	return "3convo" + strings.TrimPrefix(s.did(name), "did:plc:")
}

// Convo is the conversation with somebody.
func (s *Server) Convo(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.convo(name)
}

func (s *Server) profile(name string) map[string]any {
	out := map[string]any{"did": s.did(name), "handle": Handle, "displayName": "Patrouille"}
	if name != "" {
		out["handle"], out["displayName"] = strings.TrimPrefix(s.did(name), "did:plc:")+".example", name
		out["viewer"] = map[string]any{"blockedBy": s.left[name]}
	}
	if s.bots[name] {
		out["labels"] = []any{map[string]any{"val": "bot", "src": s.did(name)}}
	}
	return out
}

// Message lets somebody write a direct message.
func (s *Server) Message(from, text string, bot bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bots[from] = bot
	return s.message(from, from, text).ID
}

// Ours is a message that our own people wrote in the app.
func (s *Server) Ours(to, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.message(to, "", text).ID
}

func (s *Server) message(with, from, text string) Message {
	m := Message{ID: s.tid(), With: with, From: from, Text: text, At: time.Now()}
	s.messages = append(s.messages, m)
	rev := s.tid()
	s.log = append(s.log, entry{rev, map[string]any{"$type": "chat.bsky.convo.defs#logCreateMessage", "rev": rev, "convoId": s.convo(with), "message": s.view(m),
		"relatedProfiles": []any{s.profile(from)}}})
	return m
}

func (s *Server) view(m Message) map[string]any {
	return map[string]any{"$type": "chat.bsky.convo.defs#messageView", "id": m.ID, "rev": m.ID, "text": m.Text, "sender": map[string]any{"did": s.did(m.From)},
		"sentAt": m.At.UTC().Format(time.RFC3339Nano)}
}

// Log adds an entry of any kind to the log.
func (s *Server) Log(raw any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, entry{s.tid(), raw})
}

// Post lets somebody mention us, or answer a post, with a record of theirs.
func (s *Server) Post(from string, record map[string]any, files []File, bot bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bots[from] = bot
	var images []any
	for _, f := range files {
		images = append(images, map[string]any{"alt": "", "image": s.keep(f)})
	}
	if images != nil {
		record["embed"] = map[string]any{"$type": "app.bsky.embed.images", "images": images}
	}
	p := s.add(from, s.tid(), record)
	s.notes = append(s.notes, note{p, "mention"})
	return p.URI
}

func (s *Server) add(from, key string, record map[string]any) *Post {
	p := &Post{URI: "at://" + s.did(from) + "/app.bsky.feed.post/" + key, From: from, Record: record, At: time.Now()}
	b, _ := json.Marshal(record)
	p.CID = CID(b)
	s.posts = append(s.posts, p)
	return p
}

func (s *Server) keep(f File) map[string]any {
	id := CID(f.Bytes)
	s.blobs[id] = f.Bytes
	return map[string]any{"$type": "blob", "ref": map[string]any{"$link": id}, "mimeType": f.Type, "size": len(f.Bytes)}
}

// CID is the identifier of bytes by their content.
func CID(b []byte) string {
	sum := sha256.Sum256(b)
	return "b" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(append([]byte{1, 0x55, 0x12, 0x20}, sum[:]...)))
}

// Ref is a post's address and content, as a reply names it.
func (s *Server) Ref(uri string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{"uri": uri, "cid": s.find(uri).CID}
}

func (s *Server) find(uri string) *Post {
	for _, p := range s.posts {
		if p.URI == uri && !p.Gone {
			return p
		}
	}
	return &Post{}
}

// Delete removes a post.
func (s *Server) Delete(uri string) { s.set(func() { s.find(uri).Gone = true }) }

// Leave makes somebody block us and close their messages.
func (s *Server) Leave(who string) { s.set(func() { s.left[who] = true }) }

// Busy refuses what we write for a while.
func (s *Server) Busy(d time.Duration) {
	s.set(func() { s.until = time.Now().Add(d).Truncate(time.Second).Add(time.Second) })
}

// Garbage spoils the next lists.
func (s *Server) Garbage() { s.set(func() { s.garbage = true }) }

// Hang answers nothing from now on.
func (s *Server) Hang() { s.set(func() { s.hang = true }); s.CloseClientConnections() }

// Expire ends the session and the password.
func (s *Server) Expire() {
	s.set(func() { s.password, s.access, s.refresh = "abcd-efgh-second", "", "" })
}

// Renew puts the new password where the setting says.
func (s *Server) Renew() { s.set(func() { s.file = s.password }) }

// SignIns counts the sign-ins that were tried.
func (s *Server) SignIns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signIns
}

func (s *Server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Got is what we wrote to somebody.
func (s *Server) Got(who string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		if m.With == who && m.From == "" {
			out = append(out, m)
		}
	}
	return out
}

// Answers are our posts that reply to somebody, or name them.
func (s *Server) Answers(who string) []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Post
	for _, p := range s.posts {
		b, _ := json.Marshal([]any{p.Record["reply"], p.Record["facets"]})
		if p.From == "" && strings.Contains(string(b), s.did(who)) {
			out = append(out, *p)
		}
	}
	return out
}

// Blob is the bytes of a file.
func (s *Server) Blob(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.blobs[id]
}
