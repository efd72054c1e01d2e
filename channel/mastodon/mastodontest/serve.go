package mastodontest

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// page is how many notifications one answer holds: few, so that paging is used.
const page = 5

// escape turns what somebody typed into a post's markup.
func escape(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br />")
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	hang := s.hang
	s.mu.Unlock()
	if hang {
		io.Copy(io.Discard, r.Body) // or the end of the connection is not seen
		<-r.Context().Done()
		return
	}
	if id, ok := strings.CutPrefix(r.URL.Path, "/media_proxy/"); ok && r.Header.Get("Authorization") == "" {
		http.Redirect(w, r, s.URL+"/cache/"+id, http.StatusFound)
		return
	}
	s.mu.Lock()
	good := r.Header.Get("Authorization") == "Bearer "+s.token
	s.mu.Unlock()
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case path[0] == "cache":
		s.cached(w, path)
	case r.URL.Path == "/api/v2/instance":
		answer(w, map[string]any{"configuration": map[string]any{"urls": map[string]any{"streaming": strings.Replace(s.URL, "http", "ws", 1)},
			"statuses": map[string]any{"max_characters": 500, "characters_reserved_per_url": 23}}})
	case !good:
		fail(w, http.StatusUnauthorized, "The access token is invalid")
	case r.URL.Path == "/api/v1/streaming/user":
		s.stream(w, r)
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.api(w, r, path[2:])
	}
}

func (s *Server) api(w http.ResponseWriter, r *http.Request, path []string) {
	switch what := r.Method + " " + strings.Join(path, "/"); {
	case what == "GET accounts/verify_credentials":
		answer(w, s.account(&Status{}))
	case what == "GET accounts/relationships":
		id := r.URL.Query().Get("id[]")
		answer(w, []any{map[string]any{"id": id, "blocked_by": s.left[id]}})
	case what == "GET notifications":
		s.notifications(w, r)
	case what == "GET statuses" && !s.OldAPI:
		s.several(w, r)
	case what == "POST statuses":
		s.post(w, r)
	case what == "POST media":
		s.upload(w, r)
	case len(path) == 2 && path[0] == "media":
		s.made(w, path[1])
	case len(path) == 2 && path[0] == "accounts":
		name, ok := s.named(path[1])
		if !ok {
			fail(w, 404, "Record not found")
			return
		}
		answer(w, s.account(&Status{From: name}))
	case len(path) == 3 && path[2] == "context":
		s.context(w, path[1])
	case len(path) == 2 && path[0] == "statuses":
		s.one(w, r, path[1])
	default:
		fail(w, 404, "Record not found")
	}
}

// notifications gives those after min_id, the newest first. Mentions of
// strangers are filtered, as a server's own policy begins with.
func (s *Server) notifications(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	out := []any{}
	if q.Get("include_filtered") != "true" {
		answer(w, out)
		return
	}
	after, _ := strconv.Atoi(q.Get("min_id"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	limit = min(limit, page)
	var found []*Status
	for _, p := range s.notes {
		if id, _ := strconv.Atoi(p.ID); id > after {
			found = append(found, p)
		}
	}
	if q.Get("min_id") == "" {
		found = found[max(0, len(found)-limit):]
	}
	found = found[:min(limit, len(found))]
	for _, p := range slices.Backward(found) {
		out = append(out, s.note(p))
	}
	if len(found) > 0 {
		w.Header().Set("Link", fmt.Sprintf(`<%s/api/v1/notifications?max_id=%s&types%%5B%%5D=mention>; rel="next", <%s/api/v1/notifications?limit=5&min_id=%s>; rel="prev"`,
			s.URL, found[0].ID, s.URL, found[len(found)-1].ID))
	}
	answer(w, out)
}

func (s *Server) several(w http.ResponseWriter, r *http.Request) {
	out := []any{}
	for _, id := range r.URL.Query()["id[]"] {
		if p := s.find(id); p.ID != "" {
			out = append(out, s.entity(p))
		}
	}
	answer(w, out)
}

func (s *Server) one(w http.ResponseWriter, r *http.Request, id string) {
	p := s.find(id)
	if p.ID == "" {
		fail(w, 404, "Record not found")
		return
	}
	if r.Method == http.MethodDelete {
		p.Gone = p.From == ""
	}
	answer(w, s.entity(p))
}

func (s *Server) context(w http.ResponseWriter, id string) {
	down := []any{}
	for _, p := range s.statuses {
		if p.ReplyTo == id && !p.Gone {
			down = append(down, s.entity(p))
		}
	}
	answer(w, map[string]any{"ancestors": []any{}, "descendants": down})
}

var mentionForm = regexp.MustCompile(`(?:^|[^=/\pL\pN_])@u(\d+)@ailleurs\.example`)

func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Status, Visibility string
		ReplyTo            string   `json:"in_reply_to_id"`
		Media              []string `json:"media_ids"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		fail(w, 422, "Validation failed")
		return
	}
	key := r.Header.Get("Idempotency-Key")
	switch old := s.keys[key]; {
	case time.Now().Before(s.until):
		w.Header().Set("X-RateLimit-Limit", "300")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", s.until.UTC().Format(time.RFC3339Nano))
		fail(w, 429, "Too many requests")
		return
	case old != nil && key != "":
		answer(w, s.entity(old))
		return
	case body.ReplyTo != "" && s.find(body.ReplyTo).ID == "":
		fail(w, 404, "The post you are trying to reply to does not appear to exist")
		return
	case utf8.RuneCountInString(strings.ReplaceAll(body.Status, "@ailleurs.example", "")) > 500:
		fail(w, 422, "Validation failed: Text character limit of 500 exceeded")
		return
	}
	p := &Status{ID: s.id(), Text: body.Status, Visibility: body.Visibility, ReplyTo: body.ReplyTo, At: time.Now()}
	if m := mentionForm.FindAllStringSubmatch(body.Status, -1); len(m) > 0 && !s.Lost {
		if _, ok := s.named(m[0][1]); ok {
			p.To = m[0][1]
		}
	}
	for _, id := range body.Media {
		if m := s.media[id]; m != nil {
			p.Media = append(p.Media, m)
		}
	}
	s.statuses, s.keys[key] = append(s.statuses, p), p
	answer(w, s.entity(p))
}

// upload takes a file and makes it while it is asked for.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	f, h, err := r.FormFile("file")
	if err != nil {
		fail(w, 422, "Validation failed: File can't be blank")
		return
	}
	defer f.Close()
	b, _ := io.ReadAll(f)
	m := &Media{ID: s.id(), Name: h.Filename, Type: h.Header.Get("Content-Type"), Bytes: b}
	s.media[m.ID] = m
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, `{"id":%q,"url":null}`, m.ID)
}

func (s *Server) made(w http.ResponseWriter, id string) {
	m := s.media[id]
	if m == nil {
		fail(w, 404, "Record not found")
		return
	}
	if m.asked++; m.asked == 1 {
		w.WriteHeader(http.StatusPartialContent)
		fmt.Fprintf(w, `{"id":%q,"url":null}`, id)
		return
	}
	answer(w, map[string]any{"id": id, "url": s.URL + "/media_proxy/" + id + "/x"})
}

func (s *Server) cached(w http.ResponseWriter, path []string) {
	s.mu.Lock()
	m := s.media[path[1]]
	s.mu.Unlock()
	if m == nil {
		http.NotFound(w, &http.Request{})
		return
	}
	w.Write(m.Bytes)
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	c := make(chan string, 1000)
	s.set(func() { s.streams[c] = true })
	defer s.set(func() { delete(s.streams, c) })
	w.Header().Set("Content-Type", "text/event-stream")
	io.WriteString(w, ":)\n:thump\n\n")
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case text := <-c:
			io.WriteString(w, text)
			w.(http.Flusher).Flush()
		}
	}
}
