package twitch

import (
	"context"
	"strconv"
	"strings"

	"ronde/channel"
)

// maxUser bounds the id of a user, so that a thread fits into channel.MaxKey.
const maxUser = 64

// recent are the last messages of the chat: their ids, and who wrote them.
type recent struct {
	ids  []string
	user map[string]string // id → user; "" when it was not passed on
}

// add remembers a message; false when it is known.
func (r *recent) add(id string) bool {
	if _, ok := r.user[id]; ok {
		return false
	}
	if r.user == nil {
		r.user = map[string]string{}
	}
	if len(r.ids) == maxRecent {
		delete(r.user, r.ids[0])
		r.ids = r.ids[1:]
	}
	r.ids = append(r.ids, id)
	r.user[id] = ""
	return true
}

// own is a message of our account that the chat showed.
type own struct {
	id, text string
	at       int64 // microseconds UTC
}

// said is a message of the chat. A notice about a user (a subscription, an
// announcement) counts when that user wrote something with it.
func (h *hearing) said(ctx context.Context, m message) ([]channel.Arrival, error) {
	t := m.tags
	user := t["user-id"]
	if t["id"] == "" || user == "" || len(t["id"]) > channel.MaxKey || len(user) > maxUser || m.param(1) == "" || !h.here(t) {
		return nil, nil
	}
	h.l.mu.Lock()
	fresh := h.l.recent.add(t["id"])
	h.l.mu.Unlock()
	if !fresh {
		return nil, nil
	}
	a := h.arrival(m)
	if user != h.me.User {
		if h.l.called && !h.calls(m) {
			return nil, nil
		}
		h.l.mu.Lock()
		defer h.l.mu.Unlock()
		h.l.recent.user[t["id"]] = user
		return []channel.Arrival{a}, nil
	}
	known, err := h.l.ours(ctx, a)
	to := tidy(t["reply-parent-user-id"], maxUser)
	if known || err != nil || to == "" {
		return nil, err // what we say to everybody answers nobody
	}
	a.Ours, a.Thread = true, h.thread(to)
	return []channel.Arrival{a}, nil
}

// calls says whether a message is addressed to us: it answers one of ours, or
// names the bot or the channel.
func (h *hearing) calls(m message) bool {
	text := strings.ToLower(m.param(1))
	return m.tags["reply-parent-user-id"] == h.me.User || strings.Contains(text, "@"+h.me.Login) || strings.Contains(text, "@"+h.l.home(h.me))
}

// thread is the conversation with one person in the chat.
func (h *hearing) thread(user string) string { return h.room + "/" + user }

// here says whether it was said in this room: in a shared chat, other rooms'
// messages are shown too, and they are not to us.
func (h *hearing) here(t map[string]string) bool {
	source := t["source-room-id"]
	return t["room-id"] == h.room && (source == "" || source == h.room)
}

// arrival is a message in the desk's form.
func (h *hearing) arrival(m message) channel.Arrival {
	t := m.tags
	a := channel.Arrival{
		What: channel.Written, ID: tidy(t["id"], channel.MaxKey), Thread: h.thread(tidy(t["user-id"], maxUser)), Public: true, At: stamp(t["tmi-sent-ts"]),
		ReplyTo: tidy(t["reply-parent-msg-id"], channel.MaxKey), Automatic: strings.Contains(","+t["badges"], ",bot-badge/"),
	}
	a.Author.ID = tidy(t["user-id"], channel.MaxKey)
	a.Author.Handle = tidy(m.nick, channel.MaxName)
	if m.command == "USERNOTICE" {
		a.Author.Handle = tidy(t["login"], channel.MaxName)
	}
	a.Author.Name = tidy(t["display-name"], channel.MaxName)
	text := m.param(1)
	if action, ok := strings.CutPrefix(text, "\x01ACTION "); ok {
		text = "* " + strings.TrimSuffix(action, "\x01")
	}
	var cut bool
	if a.Text, cut = channel.Cut(text, channel.MaxText); cut {
		a.Lost = append(a.Lost, channel.LostText)
	}
	return a
}

func tidy(s string, limit int) string {
	s, _ = channel.Cut(s, limit)
	return s
}

// stamp is a time in milliseconds, as Twitch writes it.
func stamp(s string) int64 {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil || ms < 0 || ms > 1<<43 {
		return 0
	}
	return ms * 1000
}

// ours remembers what our account wrote, and says whether this line sent it.
// It waits for a message that is on its way, whose id is not known yet.
func (l *Line) ours(ctx context.Context, a channel.Arrival) (bool, error) {
	select {
	case l.sending <- struct{}{}:
		defer func() { <-l.sending }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own = append(l.own, own{a.ID, a.Text, l.now()})
	if len(l.own) > maxOwn {
		l.own = l.own[1:]
	}
	for _, id := range l.sent {
		if id == a.ID {
			return true, nil
		}
	}
	return false, nil
}

// removed tells that messages were taken out of the chat.
func (h *hearing) removed(ids ...string) (batch []channel.Arrival) {
	for _, id := range ids {
		if user := h.l.recent.user[id]; user != "" {
			batch = append(batch, channel.Arrival{What: channel.Deleted, ID: tidy(id, channel.MaxKey), Thread: h.thread(tidy(user, maxUser)), Public: true})
		}
	}
	return batch
}

// cleared is the removal of all that somebody, or everybody, wrote.
func (h *hearing) cleared(m message) []channel.Arrival {
	if m.tags["room-id"] != "" && m.tags["room-id"] != h.room {
		return nil
	}
	target := m.tags["target-user-id"]
	if target == "" && m.param(1) != "" {
		return nil // somebody, but not said who
	}
	h.l.mu.Lock()
	defer h.l.mu.Unlock()
	var ids []string
	for _, id := range h.l.recent.ids {
		if target == "" || h.l.recent.user[id] == target {
			ids = append(ids, id)
		}
	}
	return h.removed(ids...)
}
