package discord

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"ronde/channel"
)

// message is one of Discord's, as far as the desk shows it.
type message struct {
	ID       string  `json:"id"`
	Channel  string  `json:"channel_id"`
	Guild    string  `json:"guild_id"`
	Author   *user   `json:"author"`
	Edited   *string `json:"edited_timestamp"`
	Type     int     `json:"type"`
	Webhook  string  `json:"webhook_id"`
	Nonce    any     `json:"nonce"`
	Mentions []user  `json:"mentions"`
	Answered *struct {
		Author *user `json:"author"`
	} `json:"referenced_message"`
	Reference *struct {
		Type    int    `json:"type"` // 0: an answer, 1: forwarded
		Message string `json:"message_id"`
	} `json:"message_reference"`
	Snapshots []struct {
		Message parts `json:"message"`
	} `json:"message_snapshots"`
	parts
}

// parts are what a message and a forwarded one both have.
type parts struct {
	Content     *string      `json:"content"`
	Attachments []attachment `json:"attachments"`
	Stickers    []struct {
		Name string `json:"name"`
	} `json:"sticker_items"`
	Poll *struct {
		Question struct {
			Text string `json:"text"`
		} `json:"question"`
	} `json:"poll"`
}

// text is what was said; nil says that Discord left it out.
func (p parts) text() string {
	if p.Content == nil {
		return ""
	}
	return *p.Content
}

type user struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"global_name"`
	Bot      bool   `json:"bot"`
	Locale   string `json:"locale"`
}

type attachment struct {
	ID   string `json:"id"`
	Name string `json:"filename"`
	Type string `json:"content_type"`
	Size int64  `json:"size"`
	URL  string `json:"url"`
}

// Types of messages that somebody wrote; all others tell that somebody joined,
// pinned, called, ….
var writtenTypes = map[int]bool{0: true, 19: true, 20: true, 23: true}

// event turns what the gateway told into arrivals, and moves the mark.
func (l *Line) event(f frame, m *mark) []channel.Arrival {
	if f.Seq != nil {
		m.Seq = *f.Seq
	}
	switch f.Type {
	case "MESSAGE_CREATE", "MESSAGE_UPDATE":
		return l.told(f, m)
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		return l.deleted(f)
	}
	return nil
}

func (l *Line) told(f frame, m *mark) []channel.Arrival {
	var msg message
	if json.Unmarshal(f.Data, &msg) != nil || !l.reads(msg.Channel, msg.Guild) {
		return nil
	}
	what := channel.Written
	if f.Type == "MESSAGE_UPDATE" {
		// Discord also updates a message when it has looked at its links.
		if what = channel.Edited; msg.Edited == nil || msg.Content == nil {
			return nil
		}
	}
	a, ok := l.heeded(&msg, what)
	if what == channel.Written && snowflake.MatchString(msg.ID) {
		m.saw(msg.Channel, msg.ID)
	}
	if !ok {
		return nil
	}
	return []channel.Arrival{a}
}

// reads says whether a conversation is ours to read: a direct one, or a channel
// that the row names.
func (l *Line) reads(in, guild string) bool {
	return snowflake.MatchString(in) && (guild == "" || l.channels[in])
}

func (l *Line) deleted(f frame) (batch []channel.Arrival) {
	var d struct {
		ID      string   `json:"id"`
		IDs     []string `json:"ids"`
		Channel string   `json:"channel_id"`
		Guild   string   `json:"guild_id"`
	}
	if json.Unmarshal(f.Data, &d) != nil || !l.reads(d.Channel, d.Guild) {
		return nil
	}
	public := l.channels[d.Channel]
	for _, id := range append(d.IDs, d.ID) {
		thread := d.Channel
		if public {
			thread = l.threadOf(id)
		}
		if snowflake.MatchString(id) && thread != "" {
			batch = append(batch, channel.Arrival{What: channel.Deleted, ID: id, Thread: thread, Public: public})
		}
	}
	return batch
}

// heeded is the message in the desk's form; false: it is not for us.
func (l *Line) heeded(m *message, what string) (channel.Arrival, bool) {
	a, ok := l.arrival(m, what)
	if ok = ok && l.heeds(m); ok && a.Public {
		l.remember(m.ID, a.Thread)
	}
	return a, ok
}

// heeds says whether a message is for us: all of a direct conversation is, and
// of a channel what the row says.
func (l *Line) heeds(m *message) bool {
	l.mu.Lock()
	me := l.me
	l.mu.Unlock()
	if !l.called || !l.channels[m.Channel] || m.Answered != nil && m.Answered.Author != nil && m.Answered.Author.ID == me {
		return true
	}
	return slices.ContainsFunc(m.Mentions, func(u user) bool { return u.ID == me })
}

// remember keeps whose conversation a message of a channel is in: Discord does
// not say so when it is deleted.
func (l *Line) remember(id, thread string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.threads[id]; ok {
		return
	}
	if len(l.order) == maxRecent {
		delete(l.threads, l.order[0])
		l.order = l.order[1:]
	}
	l.order = append(l.order, id)
	l.threads[id] = thread
}

func (l *Line) threadOf(id string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.threads[id]
}

// arrival is the message in the desk's form; false: nobody wrote it to us.
func (l *Line) arrival(m *message, what string) (channel.Arrival, bool) {
	l.mu.Lock()
	me := l.me
	l.mu.Unlock()
	if m.Author == nil || m.Author.ID == "" || m.Author.ID == me || !writtenTypes[m.Type] || !snowflake.MatchString(m.ID) {
		return channel.Arrival{}, false
	}
	a := channel.Arrival{
		What: what, ID: m.ID, Thread: m.Channel, At: at(m.ID), Public: l.channels[m.Channel],
		Automatic: m.Author.Bot || m.Webhook != "",
	}
	a.Author.ID, _ = channel.Cut(m.Author.ID, maxUser)
	if a.Public {
		a.Thread += "/" + a.Author.ID
	}
	a.Author.Handle, _ = channel.Cut(m.Author.Username, channel.MaxName)
	a.Author.Name, _ = channel.Cut(m.Author.Name, channel.MaxName)
	if r := m.Reference; r != nil && r.Type == 0 && snowflake.MatchString(r.Message) {
		a.ReplyTo = r.Message
	}
	if what == channel.Edited {
		if t, err := time.Parse(time.RFC3339, *m.Edited); err == nil {
			a.At = t.UnixMicro()
		}
	}
	m.fill(&a)
	return a, true
}

// fill adds what was said, forwarded and attached.
func (m *message) fill(a *channel.Arrival) {
	text := m.text()
	all := []parts{m.parts}
	for _, s := range m.Snapshots {
		all = append(all, s.Message)
		if said := s.Message.text(); said != "" {
			text = strings.TrimSpace(text + "\n> " + strings.ReplaceAll(said, "\n", "\n> "))
		}
	}
	lost := map[string]bool{}
	for _, p := range all {
		text = strings.TrimSpace(text + p.rest(lost))
		for _, f := range p.Attachments {
			if !snowflake.MatchString(f.ID) || len(a.Files) == channel.MaxFiles || f.Size > channel.MaxFile {
				lost[channel.LostFiles] = true
				continue
			}
			a.Files = append(a.Files, f.file(m))
		}
	}
	var cut bool
	if a.Text, cut = channel.Cut(emoji.ReplaceAllString(text, "$1"), channel.MaxText); cut {
		lost[channel.LostText] = true
	}
	if a.Text == "" && len(a.Files) == 0 && len(lost) == 0 {
		lost[channel.LostKind] = true
	}
	for _, what := range []string{channel.LostText, channel.LostFiles, channel.LostKind} {
		if lost[what] {
			a.Lost = append(a.Lost, what)
		}
	}
}

// rest are the kinds that are told as lost, with the words they have.
func (p parts) rest(lost map[string]bool) (text string) {
	for _, s := range p.Stickers {
		lost[channel.LostKind] = true
		text += "\n:" + s.Name + ":"
	}
	if p.Poll != nil {
		lost[channel.LostKind] = true
		text += "\n" + p.Poll.Question.Text
	}
	return text
}

// emoji is how a server's own pictures stand in a text.
var emoji = regexp.MustCompile(`<a?(:[A-Za-z0-9_]{1,40}:)[0-9]{1,20}>`)

func (f attachment) file(m *message) channel.File {
	out := channel.File{ID: m.Channel + "/" + m.ID + "/" + f.ID, Size: max(0, f.Size)}
	out.Name, _ = channel.Cut(f.Name, channel.MaxName)
	out.Type, _ = channel.Cut(f.Type, channel.MaxName)
	return out
}
