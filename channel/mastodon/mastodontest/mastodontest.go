// Package mastodontest plays a Mastodon server as one account sees it:
// notifications with their filter and paging, the stream, statuses with
// idempotency keys, media, and error cases, from the published documentation.
package mastodontest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Me is our account's id there.
const Me = "1"

// Server is one server with one account of ours.
type Server struct {
	*httptest.Server

	mu       sync.Mutex // guards all below
	token    string     // that is good
	file     string     // that lies where the setting says
	people   []string
	statuses []*Status
	notes    []*Status // notifications: mentions of us, in order
	keys     map[string]*Status
	media    map[string]*Media
	left     map[string]bool
	streams  map[chan string]bool
	last     string // event that was last sent
	until    time.Time
	wait     time.Duration
	hang     bool
	next     int

	OldAPI bool // as before 4.3: no list of statuses by id
	Deaf   bool // an edit or a deletion is not told on the stream
	Lost   bool // the server finds nobody that a post mentions
}

// Status is a post.
type Status struct {
	ID, From, To, Text, HTML, ReplyTo, Visibility, Warning string
	Bot, Gone                                              bool
	Edited                                                 string
	At                                                     time.Time
	Media                                                  []*Media
}

// Media is a file of a post.
type Media struct {
	ID, Name, Type string
	Bytes          []byte
	asked          int
}

// New starts the server; close it with Close.
func New() *Server {
	s := &Server{token: "token-1-of-the-account", file: "token-1-of-the-account", keys: map[string]*Status{}, media: map[string]*Media{},
		left: map[string]bool{}, streams: map[chan string]bool{}, next: 100}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Secret is what lies in the files of the row.
func (s *Server) Secret(string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file, nil
}

func (s *Server) id() string { s.next++; return strconv.Itoa(s.next) }

// Person is the account id of somebody.
func (s *Server) Person(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.person(name)
}

func (s *Server) person(name string) string {
	i := slices.Index(s.people, name)
	if i < 0 {
		i, s.people = len(s.people), append(s.people, name)
	}
	return strconv.Itoa(5001 + i)
}

func (s *Server) named(id string) (string, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < 5001 || n > 5000+len(s.people) {
		return "", false
	}
	return s.people[n-5001], true
}

// Write lets somebody mention us, and tells the stream unless quiet.
func (s *Server) Write(p Status, quiet bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ID, p.At, p.To = s.id(), time.Now(), Me
	if p.Visibility == "" {
		p.Visibility = "direct"
	}
	for _, m := range p.Media {
		m.ID = s.id()
		s.media[m.ID] = m
	}
	s.person(p.From)
	s.statuses, s.notes = append(s.statuses, &p), append(s.notes, &p)
	if !quiet {
		b, _ := json.Marshal(s.note(&p))
		s.tell("notification", string(b))
	}
	return p.ID
}

// Edit changes a post, Delete removes it.
func (s *Server) Edit(id, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(id)
	p.Text, p.HTML, p.Edited = text, "", time.Now().UTC().Format(time.RFC3339Nano)
	if b, _ := json.Marshal(s.entity(p)); !s.Deaf {
		s.tell("status.update", string(b))
	}
}

// Delete removes a post.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.find(id).Gone = true
	s.notes = slices.DeleteFunc(s.notes, func(p *Status) bool { return p.ID == id })
	if !s.Deaf {
		s.tell("delete", id)
	}
}

func (s *Server) find(id string) *Status {
	for _, p := range s.statuses {
		if p.ID == id && !p.Gone {
			return p
		}
	}
	return &Status{}
}

// Tell sends an event to every stream; Again sends the last once more.
func (s *Server) Tell(name, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(name, data)
}

// Again repeats the last event.
func (s *Server) Again() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.streams {
		c <- s.last
	}
}

func (s *Server) tell(name, data string) {
	s.last = "event: " + name + "\ndata: " + data + "\n\n"
	for c := range s.streams {
		c <- s.last
	}
}

// Leave makes somebody block us.
func (s *Server) Leave(who string) { s.set(func() { s.left[s.person(who)] = true }) }

// Busy refuses posts for a while.
func (s *Server) Busy(d time.Duration) { s.set(func() { s.wait, s.until = d, time.Now().Add(d) }) }

// Hang answers nothing from now on.
func (s *Server) Hang() { s.set(func() { s.hang = true }); s.CloseClientConnections() }

// Expire ends the token and what was opened with it.
func (s *Server) Expire() {
	s.set(func() { s.token = "token-2-of-the-account" })
	s.CloseClientConnections()
}

// Renew puts the new token where the setting says.
func (s *Server) Renew() { s.set(func() { s.file = s.token }) }

// Forget drops what the server knows of idempotency keys, as after an hour.
func (s *Server) Forget() { s.set(func() { clear(s.keys) }) }

func (s *Server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Got is what somebody sees of our posts.
func (s *Server) Got(who string) []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Status
	for _, p := range s.statuses {
		if p.From == "" && !p.Gone && p.To == s.person(who) {
			out = append(out, *p)
		}
	}
	return out
}

// Standing counts our posts that are not deleted.
func (s *Server) Standing() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.statuses {
		if p.From == "" && !p.Gone {
			n++
		}
	}
	return n
}

func (s *Server) note(p *Status) any {
	return map[string]any{"id": p.ID, "type": "mention", "created_at": p.At, "account": s.account(p), "status": s.entity(p)}
}

func (s *Server) account(p *Status) any {
	if p.From == "" {
		return map[string]any{"id": Me, "acct": "patrouille", "display_name": "Patrouille de Brume"}
	}
	id := s.person(p.From)
	return map[string]any{"id": id, "acct": "u" + id + "@ailleurs.example", "display_name": p.From, "bot": p.Bot}
}

func (s *Server) entity(p *Status) any {
	content := p.HTML
	if content == "" {
		content = "<p>" + escape(p.Text) + "</p>"
	}
	var media []any
	for _, m := range p.Media {
		media = append(media, map[string]any{"id": m.ID, "type": "image", "url": s.URL + "/media_proxy/" + m.ID + "/" + m.Name})
	}
	mentions := []any{}
	if p.To == Me {
		mentions = append(mentions, map[string]any{"id": Me, "acct": "patrouille"})
	} else if p.To != "" {
		mentions = append(mentions, map[string]any{"id": p.To, "acct": "u" + p.To + "@ailleurs.example"})
	}
	out := map[string]any{"id": p.ID, "created_at": p.At.UTC().Format(time.RFC3339Nano), "edited_at": nil, "in_reply_to_id": nil, "visibility": p.Visibility,
		"spoiler_text": p.Warning, "content": content, "account": s.account(p), "media_attachments": media, "mentions": mentions, "poll": nil, "language": "fr"}
	if p.Edited != "" {
		out["edited_at"] = p.Edited
	}
	if p.ReplyTo != "" {
		out["in_reply_to_id"] = p.ReplyTo
	}
	return out
}

func fail(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":%q}`, text)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}
