package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	hang, token := n.hang, n.token
	n.mu.Unlock()
	if hang {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return
	}
	if r.URL.Path == "/gateway" {
		n.gateway(w, r)
		return
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/cdn/attachments/"); ok {
		n.download(w, rest)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/api/v10/")
	switch {
	case !strings.HasPrefix(r.Header.Get("User-Agent"), "DiscordBot ("):
		w.WriteHeader(http.StatusForbidden) // Cloudflare's page is HTML
		io.WriteString(w, "<html>error code: 1010</html>")
		return
	case r.Header.Get("Authorization") != "Bot "+token:
		fail(w, http.StatusUnauthorized, 0, "401: Unauthorized")
		return
	case !ok:
		fail(w, http.StatusNotFound, 0, "404: Not Found")
		return
	}
	parts := strings.Split(path, "/")
	switch {
	case path == "users/@me":
		answer(w, map[string]any{"id": Bot, "username": "brume-patrouille", "bot": true})
	case path == "gateway/bot":
		n.mu.Lock()
		left := n.left
		n.mu.Unlock()
		answer(w, map[string]any{"url": "ws" + n.URL[len("http"):] + "/gateway", "shards": 1, "session_start_limit": map[string]any{"total": 1000, "remaining": left, "reset_after": 14400000, "max_concurrency": 1}})
	case len(parts) == 3 && parts[2] == "messages" && r.Method == http.MethodPost:
		n.create(w, r, parts[1])
	case len(parts) == 3 && parts[2] == "messages":
		n.list(w, r, parts[1])
	case len(parts) == 4 && parts[2] == "messages":
		n.one(w, parts[3])
	default:
		fail(w, http.StatusNotFound, 0, "404: Not Found")
	}
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"message": text, "code": code})
}

// posted is what a message is created with.
type posted struct {
	Content   string `json:"content"`
	Nonce     string `json:"nonce"`
	Enforce   bool   `json:"enforce_nonce"`
	Reference struct {
		ID string `json:"message_id"`
	} `json:"message_reference"`
	Mentions *struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
}

func read(r *http.Request) (p posted, files []File, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return p, nil, json.NewDecoder(r.Body).Decode(&p)
	}
	if err := r.ParseMultipartForm(64 << 20); err != nil {
		return p, nil, err
	}
	for i := range 10 {
		for _, h := range r.MultipartForm.File["files["+strconv.Itoa(i)+"]"] {
			f, err := h.Open()
			if err != nil {
				return p, nil, err
			}
			b, err := io.ReadAll(f)
			f.Close()
			if err != nil {
				return p, nil, err
			}
			files = append(files, File{Name: h.Filename, Type: h.Header.Get("Content-Type"), Bytes: b})
		}
	}
	return p, files, json.Unmarshal([]byte(r.FormValue("payload_json")), &p)
}

func (n *Network) create(w http.ResponseWriter, r *http.Request, in string) {
	p, files, err := read(r)
	n.mu.Lock()
	defer n.mu.Unlock()
	if left := time.Until(n.busy); left > 0 {
		n.tooMany(w, left)
		return
	}
	text := strings.TrimSpace(p.Content)
	switch {
	case err != nil:
		fail(w, http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	case n.blocked[in]:
		fail(w, http.StatusForbidden, 50007, "Cannot send messages to this user")
	case !n.exists(in):
		fail(w, http.StatusNotFound, 10003, "Unknown Channel")
	case utf8.RuneCountInString(text) > 2000:
		fail(w, http.StatusBadRequest, 50035, "Invalid Form Body")
	case text == "" && len(files) == 0:
		fail(w, http.StatusBadRequest, 50006, "Cannot send an empty message")
	case len(p.Nonce) > 25:
		fail(w, http.StatusBadRequest, 50035, "Invalid Form Body")
	case p.Enforce && n.nonces[p.Nonce] != "":
		n.created(w, n.find(n.nonces[p.Nonce]))
	default:
		m := n.add(&Message{Channel: in, From: "brume-patrouille", Ours: true, Text: text, ReplyTo: p.Reference.ID, Nonce: p.Nonce, Files: files})
		n.nonces[p.Nonce] = m.ID
		n.bucket(w)
		n.created(w, m)
		body := n.shown(m)
		body["nonce"] = m.Nonce
		n.push("MESSAGE_CREATE", body)
	}
}

// created answers with the message and its nonce.
func (n *Network) created(w http.ResponseWriter, m *Message) {
	body := n.shown(m)
	body["nonce"] = m.Nonce
	answer(w, body)
}

func (n *Network) tooMany(w http.ResponseWriter, left time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(left/time.Second)+1))
	w.Header().Set("X-RateLimit-Scope", "user")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusTooManyRequests)
	json.NewEncoder(w).Encode(map[string]any{"message": "You are being rate limited.", "retry_after": left.Seconds(), "global": false})
}

// bucket tells how many more messages pass.
func (n *Network) bucket(w http.ResponseWriter) {
	if n.drained == 0 {
		return
	}
	n.drained--
	w.Header().Set("X-RateLimit-Limit", "5")
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(n.drained))
	w.Header().Set("X-RateLimit-Reset-After", "4.5")
}

func (n *Network) exists(in string) bool {
	return slices.ContainsFunc(n.messages, func(m *Message) bool { return m.Channel == in })
}

// list gives the messages next after one, newest first.
func (n *Network) list(w http.ResponseWriter, r *http.Request, in string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.exists(in) {
		fail(w, http.StatusNotFound, 10003, "Unknown Channel")
		return
	}
	after, _ := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	out := []map[string]any{}
	for _, m := range n.messages {
		if id, _ := strconv.ParseUint(m.ID, 10, 64); m.Channel == in && id > after && len(out) < limit {
			body := n.shown(m)
			delete(body, "guild_id") // REST leaves it out
			out = append(out, body)
		}
	}
	slices.Reverse(out)
	answer(w, out)
}

func (n *Network) one(w http.ResponseWriter, id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if m := n.find(id); m != nil {
		answer(w, n.shown(m))
		return
	}
	fail(w, http.StatusNotFound, 10008, "Unknown Message")
}

func (n *Network) download(w http.ResponseWriter, key string) {
	n.mu.Lock()
	b, ok := n.files[key]
	n.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Write(b)
}
