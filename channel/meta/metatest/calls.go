package metatest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/internal/graph/graphtest"
)

// page is how many things one answer holds: few, so that paging is used.
const page = 3

func (n *Network) send(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Recipient struct{ ID string }
		Type      string `json:"messaging_type"`
		Tag       string
		Message   struct{ Text string }
	}
	raw := json.RawMessage{}
	if json.NewDecoder(r.Body).Decode(&raw) != nil || json.Unmarshal(raw, &body) != nil {
		graphtest.Fail(w, 400, 100, 0)
		return
	}
	n.posts = append(n.posts, raw)
	to := body.Recipient.ID
	switch {
	case time.Now().Before(n.until):
		w.Header().Set("X-Business-Use-Case-Usage", fmt.Sprintf(`{"%s":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":%f}]}`, Page, n.wait.Minutes()))
		graphtest.Fail(w, 400, 613, 0)
	case to < "9000001" || len(to) != 7 || to > strconv.Itoa(9_000_000+len(n.people)):
		graphtest.Fail(w, 400, 100, 2018001)
	case n.left[to]:
		graphtest.Fail(w, 400, 551, 1545041)
	case n.late[to] && body.Tag != "HUMAN_AGENT":
		graphtest.Fail(w, 400, 10, 2018278)
	case body.Type != "RESPONSE" && (body.Type != "MESSAGE_TAG" || body.Tag == ""):
		graphtest.Fail(w, 400, 100, 0)
	case body.Message.Text == "" || utf8.RuneCountInString(body.Message.Text) > 2000 || n.Insta && len(body.Message.Text) > 1000:
		graphtest.Fail(w, 400, 100, 2018320)
	default:
		m := n.add(&Message{With: to, Text: body.Message.Text, Ours: true})
		app, _ := strconv.Atoi(App)
		go n.Deliver(n.event(m, "message", map[string]any{"mid": m.ID, "text": m.Text, "is_echo": true, "app_id": app}))
		graphtest.Answer(w, map[string]any{"recipient_id": to, "message_id": m.ID})
	}
}

func (n *Network) subscriptions(w http.ResponseWriter) {
	data := []any{map[string]any{"id": "1", "subscribed_fields": []string{"messages"}}}
	if !n.Mute {
		data = append(data, map[string]any{"id": App, "name": "Ronde", "subscribed_fields": []string{"messages", "message_echoes"}})
	}
	graphtest.Answer(w, map[string]any{"data": data})
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05-0700") }

// conversations lists them, the newest first.
func (n *Network) conversations(w http.ResponseWriter, r *http.Request) {
	newest := map[string]time.Time{}
	for _, m := range n.messages {
		newest[m.With] = m.At
	}
	var with []string
	for id := range newest {
		if only := r.URL.Query().Get("user_id"); only == "" || only == id {
			with = append(with, id)
		}
	}
	slices.SortFunc(with, func(a, b string) int { return newest[b].Compare(newest[a]) })
	var data []any
	for _, id := range with {
		data = append(data, map[string]any{"id": "t_" + id, "updated_time": clock(newest[id])})
	}
	paged(w, r, data)
}

// paged answers with a part of data and where the next begins.
func paged(w http.ResponseWriter, r *http.Request, data []any) {
	from, _ := strconv.Atoi(r.URL.Query().Get("after"))
	end := min(from+page, len(data))
	out := map[string]any{"data": append([]any{}, data[min(from, end):end]...)}
	if end < len(data) {
		out["paging"] = map[string]any{"cursors": map[string]any{"after": strconv.Itoa(end)}, "next": "https://graph.example/more"}
	}
	graphtest.Answer(w, out)
}

// history lists a conversation, the newest first.
func (n *Network) history(w http.ResponseWriter, r *http.Request, conv string) {
	want := r.URL.Query().Get("fields")
	if n.Narrow && strings.Contains(want, "attachments") || strings.Contains(want, "reply_to") {
		graphtest.Fail(w, 400, 100, 0) // "Tried accessing nonexisting field"
		return
	}
	with := strings.TrimPrefix(conv, "t_")
	var data []any
	for _, m := range slices.Backward(n.messages) {
		if m.With != with {
			continue
		}
		from, to := m.With, Page
		if m.Ours {
			from, to = to, from
		}
		one := map[string]any{"id": m.ID, "created_time": clock(m.At), "message": m.Text, "from": map[string]any{"id": from, "name": "nobody asked"},
			"to": map[string]any{"data": []any{map[string]any{"id": to}}}}
		if len(m.Files) > 0 {
			one["attachments"] = n.attachments(m)
		}
		data = append(data, one)
	}
	paged(w, r, data)
}

func (n *Network) attachments(m *Message) any {
	var data []any
	for i, f := range m.Files {
		one := map[string]any{"id": fmt.Sprint(i), "name": f.Name, "mime_type": f.Type, "size": len(f.Bytes)}
		if strings.HasPrefix(f.Type, "image/") {
			one["image_data"] = map[string]any{"url": n.address(m, i), "width": 1, "height": 1}
		} else {
			one["file_url"] = n.address(m, i)
		}
		data = append(data, one)
	}
	return map[string]any{"data": data}
}

// node is a message or a person by id.
func (n *Network) node(w http.ResponseWriter, id string) {
	if m := n.find(id); m.ID != "" {
		graphtest.Answer(w, map[string]any{"id": id, "attachments": n.attachments(m)})
		return
	}
	for _, p := range n.people {
		if n.person(p) == id {
			graphtest.Answer(w, map[string]any{"id": id, "name": p + " L.", "username": p})
			return
		}
	}
	graphtest.Fail(w, 400, 100, 33)
}

func (n *Network) debug(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+App+"|"+AppSecret {
		graphtest.Fail(w, 400, 190, 0)
		return
	}
	graphtest.Answer(w, map[string]any{"data": map[string]any{"app_id": App, "is_valid": r.URL.Query().Get("input_token") == n.token,
		"expires_at": time.Now().Add(30 * 24 * time.Hour).Unix(), "data_access_expires_at": 0}})
}

// cdn gives the bytes of a file, without any token.
func (n *Network) cdn(w http.ResponseWriter, r *http.Request) {
	part := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if len(part) != 4 || part[0] != "cdn" || r.Header.Get("Authorization") != "" {
		http.NotFound(w, r)
		return
	}
	m := n.find(part[1])
	i, err := strconv.Atoi(part[2])
	if err != nil || i < 0 || i >= len(m.Files) {
		http.NotFound(w, r)
		return
	}
	w.Write(m.Files[i].Bytes)
}
