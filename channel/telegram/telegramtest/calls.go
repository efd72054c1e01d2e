package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
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
	if rest, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+token+"/"); ok {
		n.download(w, rest)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+token+"/")
	if !ok {
		fail(w, http.StatusUnauthorized, "Unauthorized", nil)
		return
	}
	in := fields(r)
	switch method {
	case "getMe":
		succeed(w, map[string]any{"id": Bot, "is_bot": true, "first_name": "Patrouille de Brume", "username": "brume_patrouille_bot"})
	case "getUpdates":
		n.poll(w, r, in)
	case "sendMessage", "sendDocument", "sendMediaGroup":
		n.send(w, r, method, in)
	case "getFile":
		n.locate(w, in.text("file_id"))
	case "leaveChat":
		n.set(func() { n.left = append(n.left, in.number("chat_id")) })
		succeed(w, true)
	default:
		fail(w, http.StatusNotFound, "Not Found", nil)
	}
}

// form is what a method was asked with, from JSON or from several parts.
type form map[string]json.RawMessage

func fields(r *http.Request) form {
	out := form{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if r.ParseMultipartForm(64<<20) != nil {
			return out
		}
		for k, v := range r.MultipartForm.Value {
			out[k] = json.RawMessage(v[0])
			if !json.Valid(out[k]) {
				out[k], _ = json.Marshal(v[0])
			}
		}
		return out
	}
	json.NewDecoder(r.Body).Decode(&out)
	return out
}

func (f form) number(name string) int64 {
	n, _ := strconv.ParseInt(strings.Trim(string(f[name]), `"`), 10, 64)
	return n
}

func (f form) text(name string) string {
	var s string
	if json.Unmarshal(f[name], &s) != nil {
		return string(f[name])
	}
	return s
}

func succeed(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

func fail(w http.ResponseWriter, code int, description string, parameters map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	body := map[string]any{"ok": false, "error_code": code, "description": description}
	if parameters != nil {
		body["parameters"] = parameters
	}
	json.NewEncoder(w).Encode(body)
}

// poll holds the question until there is an update, or the time is over.
func (n *Network) poll(w http.ResponseWriter, r *http.Request, in form) {
	wait := time.NewTimer(time.Duration(in.number("timeout")) * time.Second)
	defer wait.Stop()
	offset, limit := in.number("offset"), int(in.number("limit"))
	for {
		n.mu.Lock()
		changed, odd, webhook := n.changed, n.odd, n.webhook
		n.odd = false
		for offset > 0 && len(n.updates) > 0 && n.updates[0].id < offset {
			n.updates = n.updates[1:]
		}
		out := make([]json.RawMessage, 0, limit)
		for _, u := range n.updates[:min(limit, len(n.updates))] {
			out = append(out, u.body)
		}
		n.mu.Unlock()
		switch {
		case webhook:
			fail(w, http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", nil)
			return
		case odd:
			io.WriteString(w, "<html>Bad Gateway</html>")
			return
		case len(out) > 0 || in.number("timeout") == 0:
			succeed(w, out)
			return
		}
		select {
		case <-changed:
			n.mu.Lock()
			gone := n.hang || !strings.Contains(r.URL.Path, n.token)
			n.mu.Unlock()
			if gone {
				panic(http.ErrAbortHandler)
			}
		case <-wait.C:
			succeed(w, out)
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (n *Network) send(w http.ResponseWriter, r *http.Request, method string, in form) {
	n.mu.Lock()
	defer n.mu.Unlock()
	chat, text, files := in.number("chat_id"), in.text("text"), attached(r)
	most := 4096
	if method != "sendMessage" {
		text, most = in.text("caption"), 1024
	}
	if method == "sendMediaGroup" {
		var media []struct{ Caption string }
		json.Unmarshal(in["media"], &media)
		if len(media) < 2 || len(media) > 10 {
			fail(w, http.StatusBadRequest, "Bad Request: wrong number of items in the album", nil)
			return
		}
		text = media[0].Caption
	}
	left := time.Until(n.busy)
	switch {
	case left > 0:
		after := int(left/time.Second) + 1
		fail(w, http.StatusTooManyRequests, fmt.Sprintf("Too Many Requests: retry after %d", after), map[string]any{"retry_after": after})
	case n.moved[chat] != 0:
		fail(w, http.StatusBadRequest, "Bad Request: group chat was upgraded to a supergroup chat", map[string]any{"migrate_to_chat_id": n.moved[chat]})
	case n.blocked[chat]:
		fail(w, http.StatusForbidden, "Forbidden: bot was blocked by the user", nil)
	case chat > 0 && chat >= 5_000_001+int64(len(n.people)), chat == 0:
		fail(w, http.StatusBadRequest, "Bad Request: chat not found", nil)
	case len(utf16.Encode([]rune(text))) > most:
		fail(w, http.StatusBadRequest, "Bad Request: message is too long", nil)
	case text == "" && len(files) == 0:
		fail(w, http.StatusBadRequest, "Bad Request: message text is empty", nil)
	default:
		n.accept(w, method, Sent{Chat: chat, Topic: in.number("message_thread_id"), ReplyTo: replied(in), Text: text, Files: files})
	}
}

func replied(in form) int64 {
	var p struct {
		ID int64 `json:"message_id"`
	}
	json.Unmarshal(in["reply_parameters"], &p)
	return p.ID
}

func (n *Network) accept(w http.ResponseWriter, method string, s Sent) {
	n.ids++
	s.ID = n.ids
	n.sent = append(n.sent, s)
	body := map[string]any{"message_id": s.ID, "date": time.Now().Unix(), "chat": n.chat(s.Chat), "text": s.Text}
	if method != "sendMediaGroup" {
		succeed(w, body)
		return
	}
	n.ids += int64(len(s.Files)) - 1
	succeed(w, []any{body, map[string]any{"message_id": n.ids, "date": time.Now().Unix(), "chat": n.chat(s.Chat)}})
}

// attached reads the files of a request of several parts.
func attached(r *http.Request) []File {
	if r.MultipartForm == nil {
		return nil
	}
	var out []File
	for _, name := range []string{"document", "file0", "file1", "file2", "file3", "file4", "file5", "file6", "file7", "file8", "file9"} {
		for _, h := range r.MultipartForm.File[name] {
			f, err := h.Open()
			if err != nil {
				continue
			}
			b, _ := io.ReadAll(f)
			f.Close()
			out = append(out, File{Name: h.Filename, Type: h.Header.Get("Content-Type"), Bytes: b})
		}
	}
	return out
}

func (n *Network) locate(w http.ResponseWriter, id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch _, ok := n.files[id]; {
	case !ok:
		fail(w, http.StatusBadRequest, "Bad Request: wrong file_id or the file is temporarily unavailable", nil)
	case n.sizes[id] > 20<<20:
		fail(w, http.StatusBadRequest, "Bad Request: file is too big", nil)
	default:
		succeed(w, map[string]any{"file_id": id, "file_size": n.sizes[id], "file_path": "documents/" + id + " 1.bin"})
	}
}

func (n *Network) download(w http.ResponseWriter, path string) {
	n.mu.Lock()
	b, ok := n.files[strings.TrimSuffix(strings.TrimPrefix(path, "documents/"), " 1.bin")]
	n.mu.Unlock()
	if !ok {
		fail(w, http.StatusNotFound, "Not Found", nil)
		return
	}
	w.Write(b)
}
