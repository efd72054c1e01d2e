package blueskytest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// page is how many things one answer holds: few, so that paging is used.
const page = 4

func fail(w http.ResponseWriter, status int, name, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":%q,"message":%q}`, name, message)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
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
	s.mu.Lock()
	defer s.mu.Unlock()
	method, ok := strings.CutPrefix(r.URL.Path, "/xrpc/")
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case !ok:
		s.document(w, r)
	case method == "com.atproto.server.createSession":
		s.signIn(w, r)
	case method == "com.atproto.server.refreshSession":
		if bearer == "" || bearer != s.refresh {
			fail(w, 400, "ExpiredToken", "Token has been revoked")
			return
		}
		s.session(w)
	case method == "com.atproto.sync.getBlob":
		s.blob(w, r)
	case bearer == "":
		fail(w, 401, "AuthMissing", "Authentication Required")
	case bearer != s.access:
		fail(w, 400, "ExpiredToken", "Token has expired")
	case strings.HasPrefix(method, "chat.bsky.") && r.Header.Get("Atproto-Proxy") != "did:web:api.bsky.chat#bsky_chat":
		fail(w, 501, "MethodNotImplemented", "Method Not Implemented")
	case strings.HasPrefix(method, "chat.bsky.") && s.Narrow:
		fail(w, 400, "InvalidToken", "Bad token method")
	case r.Method == http.MethodPost && time.Now().Before(s.until):
		w.Header().Set("RateLimit-Limit", "1666")
		w.Header().Set("RateLimit-Remaining", "0")
		w.Header().Set("RateLimit-Reset", strconv.FormatInt(s.until.Unix(), 10))
		fail(w, 429, "RateLimitExceeded", "Rate Limit Exceeded")
	default:
		s.xrpc(w, r, method)
		if s.Old {
			s.access = ""
		}
	}
}

func (s *Server) xrpc(w http.ResponseWriter, r *http.Request, method string) {
	q := r.URL.Query()
	switch r.Method + " " + method {
	case "GET com.atproto.server.getSession":
		answer(w, map[string]any{"did": Me, "handle": Handle, "active": true})
	case "GET chat.bsky.convo.listConvos":
		answer(w, map[string]any{"convos": []any{}})
	case "GET chat.bsky.convo.getLog":
		s.getLog(w, q.Get("cursor"))
	case "GET chat.bsky.convo.getConvo":
		s.getConvo(w, q.Get("convoId"))
	case "GET chat.bsky.convo.getMessages":
		s.getMessages(w, q.Get("convoId"))
	case "POST chat.bsky.convo.sendMessage":
		s.sendMessage(w, r)
	case "GET app.bsky.notification.listNotifications":
		s.notifications(w, q.Get("cursor"))
	case "GET app.bsky.feed.getPosts":
		s.getPosts(w, q["uris"])
	case "GET app.bsky.actor.getProfile":
		name, ok := s.named(q.Get("actor"))
		if !ok {
			fail(w, 400, "InvalidRequest", "Profile not found")
			return
		}
		answer(w, s.profile(name))
	case "GET com.atproto.repo.getRecord":
		if q.Get("collection") == "chat.bsky.actor.declaration" && !s.Closed {
			answer(w, map[string]any{"uri": "at://" + Me + "/chat.bsky.actor.declaration/self", "value": map[string]any{"allowIncoming": "all"}})
			return
		}
		p := s.find("at://" + q.Get("repo") + "/" + q.Get("collection") + "/" + q.Get("rkey"))
		if p.URI == "" {
			fail(w, 400, "RecordNotFound", "Could not locate record")
			return
		}
		answer(w, map[string]any{"uri": p.URI, "cid": p.CID, "value": p.Record})
	case "POST com.atproto.repo.createRecord":
		s.createRecord(w, r)
	case "POST com.atproto.repo.uploadBlob":
		b, _ := io.ReadAll(r.Body)
		answer(w, map[string]any{"blob": s.keep(File{r.Header.Get("Content-Type"), b})})
	default:
		fail(w, 501, "MethodNotImplemented", "Method Not Implemented")
	}
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	var in struct{ Identifier, Password string }
	s.signIns++
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Identifier != Handle || in.Password != s.password {
		fail(w, 401, "AuthenticationRequired", "Invalid identifier or password")
		return
	}
	s.session(w)
}

func (s *Server) session(w http.ResponseWriter) {
	s.next++
	s.access, s.refresh = fmt.Sprintf("access.jwt.%d", s.next), fmt.Sprintf("refresh.jwt.%d", s.next)
	answer(w, map[string]any{"accessJwt": s.access, "refreshJwt": s.refresh, "did": Me, "handle": Handle, "didDoc": s.doc(Me)})
}

func (s *Server) doc(did string) any {
	return map[string]any{"id": did, "service": []any{map[string]any{"id": "#other", "type": "Other", "serviceEndpoint": map[string]any{"x": 1}},
		map[string]any{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": s.URL}}}
}

func (s *Server) document(w http.ResponseWriter, r *http.Request) {
	did := strings.TrimPrefix(r.URL.Path, "/")
	if _, ok := s.named(did); !ok || r.Header.Get("Authorization") != "" {
		http.NotFound(w, r)
		return
	}
	answer(w, s.doc(did))
}

func (s *Server) blob(w http.ResponseWriter, r *http.Request) {
	b, ok := s.blobs[r.URL.Query().Get("cid")]
	switch {
	case !ok || r.Header.Get("Authorization") != "":
		fail(w, 400, "BlobNotFound", "Blob not found")
	case s.Wrong:
		w.Write(append([]byte("x"), b...))
	default:
		w.Write(b)
	}
}

// spoil is what a broken service would put between.
func (s *Server) spoil(list []any) []any {
	if !s.garbage {
		return list
	}
	s.garbage = false
	return append([]any{7, nil, "x", []any{}, map[string]any{"$type": 7}, map[string]any{"$type": "chat.bsky.convo.defs#logCreateMessage", "message": nil},
		map[string]any{"uri": 7}, map[string]any{"indexedAt": "soon"}}, list...)
}

func (s *Server) getLog(w http.ResponseWriter, cursor string) {
	out, end := []any{}, cursor
	if cursor == "" {
		if end = "0"; len(s.log) > 0 {
			end = s.log[len(s.log)-1].rev
		}
	}
	for _, e := range s.log {
		if cursor != "" && e.rev > cursor && len(out) < page {
			out, end = append(out, e.raw), e.rev
		}
	}
	answer(w, map[string]any{"cursor": end, "logs": s.spoil(out)})
}

func (s *Server) withWhom(convo string) (string, bool) {
	for _, p := range s.people {
		if s.convo(p) == convo {
			return p, true
		}
	}
	return "", false
}

func (s *Server) getConvo(w http.ResponseWriter, id string) {
	who, ok := s.withWhom(id)
	switch {
	case strings.HasPrefix(id, "3group"):
		answer(w, map[string]any{"convo": map[string]any{"id": id, "members": []any{s.profile("")}, "kind": map[string]any{"$type": "chat.bsky.convo.defs#groupConvo", "name": "x"}}})
	case !ok:
		fail(w, 400, "InvalidConvo", "Could not find convo")
	default:
		answer(w, map[string]any{"convo": map[string]any{"id": id, "rev": "1", "muted": false, "unreadCount": 0, "members": []any{s.profile(""), s.profile(who)}}})
	}
}

func (s *Server) getMessages(w http.ResponseWriter, id string) {
	who, _ := s.withWhom(id)
	out := []any{}
	for _, m := range slices.Backward(s.messages) {
		if m.With == who {
			out = append(out, s.view(m))
		}
	}
	answer(w, map[string]any{"messages": out})
}

func (s *Server) sendMessage(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Convo   string `json:"convoId"`
		Message struct {
			Text   string
			Facets json.RawMessage
		}
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	who, ok := s.withWhom(in.Convo)
	switch {
	case string(in.Message.Facets) == "null":
		fail(w, 400, "InvalidRequest", "Input/message/facets must be an array")
	case err != nil || in.Message.Text == "" || length(in.Message.Text) > 1000 || len(in.Message.Text) > 10_000:
		fail(w, 400, "InvalidRequest", "Input/message/text must not be longer than 1000 graphemes")
	case !ok:
		fail(w, 400, "InvalidConvo", "Could not find convo")
	case s.left[who]:
		fail(w, 400, "InvalidRequest", "recipient has disabled incoming messages")
	default:
		answer(w, s.view(s.message(who, "", in.Message.Text)))
	}
}

func length(text string) (n int) {
	for it := graphemes.FromString(text); it.Next(); {
		n++
	}
	return n
}

func (s *Server) notifications(w http.ResponseWriter, cursor string) {
	from := len(s.notes)
	if n, err := strconv.Atoi(cursor); err == nil {
		from = min(n, from)
	}
	out := []any{}
	for i := from - 1; i >= 0 && len(out) < page; i-- {
		n := s.notes[i]
		if from = i; n.post.Gone {
			continue
		}
		out = append(out, map[string]any{"uri": n.post.URI, "cid": n.post.CID, "author": s.profile(n.post.From), "reason": n.reason, "record": n.post.Record,
			"isRead": false, "indexedAt": n.post.At.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000Z")})
	}
	answer(w, map[string]any{"cursor": strconv.Itoa(from), "notifications": s.spoil(out)})
}

func (s *Server) getPosts(w http.ResponseWriter, uris []string) {
	out := []any{}
	for _, uri := range uris {
		if p := s.find(uri); p.URI != "" {
			out = append(out, map[string]any{"uri": p.URI, "cid": p.CID, "author": s.profile(p.From), "record": p.Record, "indexedAt": p.At.UTC().Format(time.RFC3339Nano)})
		}
	}
	answer(w, map[string]any{"posts": out})
}

func (s *Server) createRecord(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Repo, Collection, Rkey string
		Record                 map[string]any
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Repo != Me || in.Collection != "app.bsky.feed.post" || len(in.Rkey) != 13 {
		fail(w, 400, "InvalidRequest", "Invalid record")
		return
	}
	text, _ := in.Record["text"].(string)
	switch uri := "at://" + Me + "/" + in.Collection + "/" + in.Rkey; {
	case in.Record["$type"] != in.Collection || length(text) > 300 || len(text) > 3000:
		fail(w, 400, "InvalidRequest", "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes")
	case s.find(uri).URI != "":
		fail(w, 500, "InternalServerError", "Internal Server Error")
	default:
		p := s.add("", in.Rkey, in.Record)
		answer(w, map[string]any{"uri": p.URI, "cid": p.CID})
	}
}
