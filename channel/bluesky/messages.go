package bluesky

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"ronde/channel"
	"ronde/internal/rest"
)

const maxConvos = 1000 // conversations whose members are remembered

// entry is one of the log of conversations.
type entry struct {
	Type     string    `json:"$type"`
	Convo    string    `json:"convoId"`
	Message  *message  `json:"message"`
	Profiles []profile `json:"relatedProfiles"`
}

// message is a direct message.
type message struct {
	Type   string               `json:"$type"`
	ID     string               `json:"id"`
	Text   string               `json:"text"`
	Facets []facet              `json:"facets"`
	Embed  json.RawMessage      `json:"embed"`
	Sender struct{ DID string } `json:"sender"`
	Sent   string               `json:"sentAt"`
}

// profile is somebody, as the network tells it.
type profile struct {
	DID    string `json:"did"`
	Handle string `json:"handle"`
	Name   string `json:"displayName"`
	Labels []struct {
		Val string `json:"val"`
		Src string `json:"src"`
	} `json:"labels"`
	Viewer struct {
		BlockedBy bool `json:"blockedBy"`
	} `json:"viewer"`
}

// bot says whether an account calls itself automatic.
func (p profile) bot() bool {
	for _, l := range p.Labels {
		if l.Val == "bot" && l.Src == p.DID {
			return true
		}
	}
	return false
}

// author is whom an arrival comes from.
func (p profile) author(did string) channel.Author {
	a := channel.Author{ID: did}
	if p.DID == did {
		a.Handle, _ = channel.Cut(p.Handle, channel.MaxName)
		a.Name, _ = channel.Cut(p.Name, channel.MaxName)
	}
	return a
}

func (l *Line) readMessages(ctx context.Context, m mark, take channel.Take) error {
	me, err := l.me(ctx)
	if err != nil {
		return err
	}
	if m.Log != "" {
		if err := take(ctx, nil, m.bytes()); err != nil {
			return err
		}
	}
	for first := m.Log == ""; ; first = false {
		moved := true
		for moved {
			var page struct {
				Cursor string            `json:"cursor"`
				Logs   []json.RawMessage `json:"logs"`
			}
			q := values()
			if m.Log != "" {
				q.Set("cursor", m.Log)
			}
			l.sent.settle()
			if err := l.query(ctx, "chat.bsky.convo.getLog", q, &page); err != nil {
				return err
			}
			moved = page.Cursor != "" && page.Cursor != m.Log && !first
			var batch []channel.Arrival
			if !first { // the first answer only says where the log stands
				if batch, err = l.entries(ctx, me, page.Logs); err != nil {
					return err
				}
			}
			if page.Cursor != "" && len(page.Cursor) <= channel.MaxKey {
				m.Log = page.Cursor
			}
			if err := hand(ctx, take, batch, m); err != nil {
				return err
			}
			first = false
		}
		if !rest.Pause(ctx, l.poll) {
			return nil
		}
	}
}

// hand gives a batch to take in parts; the mark moves with the last.
func hand(ctx context.Context, take channel.Take, batch []channel.Arrival, m mark) error {
	for len(batch) > channel.MaxBatch {
		if err := take(ctx, batch[:channel.MaxBatch], nil); err != nil {
			return err
		}
		batch = batch[channel.MaxBatch:]
	}
	if m.Log == "" && m.Seen == "" {
		return take(ctx, batch, nil)
	}
	return take(ctx, batch, m.bytes())
}

// entries makes arrivals of a part of the log. What is malformed, or of a kind
// that is no message, is passed over.
func (l *Line) entries(ctx context.Context, me string, logs []json.RawMessage) ([]channel.Arrival, error) {
	var out []channel.Arrival
	for _, raw := range logs {
		var e entry
		if json.Unmarshal(raw, &e) != nil || !strings.HasSuffix(e.Type, "#logCreateMessage") || e.Message == nil || strings.HasSuffix(e.Message.Type, "#deletedMessageView") {
			continue
		}
		c, err := l.convo(ctx, e.Convo)
		if channel.WhyOf(err) == channel.Gone || channel.WhyOf(err) == channel.Rejected {
			c, err = convo{}, nil // we have left it since; the message still came
		}
		if err != nil {
			return nil, err
		}
		if c.Kind.group() || l.sent.has(e.Message.ID) {
			continue
		}
		if a := e.arrival(me, c); a.Check() == nil {
			out = append(out, a)
		}
	}
	return out, nil
}

func (e entry) arrival(me string, c convo) channel.Arrival {
	m := e.Message
	a := channel.Arrival{What: channel.Written, ID: m.ID, Thread: e.Convo, Author: channel.Author{ID: m.Sender.DID}, At: moment(m.Sent).UnixMicro(), Ours: m.Sender.DID == me}
	for _, p := range append(slices.Clone(c.Members), e.Profiles...) {
		if p.DID == m.Sender.DID && p.DID != "" {
			a.Author, a.Automatic = p.author(p.DID), p.bot()
		}
	}
	text := named(m.Text, m.Facets)
	if link := quoted(m.Embed); link != "" {
		text = strings.TrimSpace(text + "\n" + link)
	} else if len(m.Embed) > 0 && string(m.Embed) != "null" {
		a.Lost = append(a.Lost, channel.LostKind)
	}
	setText(&a, text)
	return a
}

func setText(a *channel.Arrival, s string) {
	var cut bool
	if a.Text, cut = channel.Cut(s, channel.MaxText); cut {
		a.Lost = append(a.Lost, channel.LostText)
	}
	if a.Text == "" && len(a.Files) == 0 && len(a.Lost) == 0 {
		a.Lost = append(a.Lost, channel.LostKind)
	}
}

// quoted is the address of a post that is shown within a message or a post.
func quoted(embed json.RawMessage) string {
	var e struct {
		Record struct {
			URI    string
			Record struct{ URI string }
		}
	}
	if json.Unmarshal(embed, &e) != nil {
		return ""
	}
	uri := e.Record.URI
	if uri == "" {
		uri = e.Record.Record.URI
	}
	did, key, ok := strings.Cut(strings.TrimPrefix(uri, "at://"), "/app.bsky.feed.post/")
	if !ok || !didForm.MatchString(did) || !keyForm.MatchString(key) {
		return ""
	}
	return "https://bsky.app/profile/" + did + "/post/" + key
}

// convo is a conversation.
type convo struct {
	Members []profile `json:"members"`
	Kind    kind      `json:"kind"`
}

type kind struct {
	Type string `json:"$type"`
}

func (k kind) group() bool { return strings.HasSuffix(k.Type, "#groupConvo") }

// convos remembers conversations: who is in one does not change.
type convos struct {
	mu  sync.Mutex // guards all
	all map[string]convo
}

func (l *Line) convo(ctx context.Context, id string) (convo, error) {
	l.convos.mu.Lock()
	c, ok := l.convos.all[id]
	l.convos.mu.Unlock()
	if ok {
		return c, nil
	}
	var out struct{ Convo convo }
	if err := l.query(ctx, "chat.bsky.convo.getConvo", values("convoId", id), &out); err != nil {
		return c, err
	}
	l.convos.mu.Lock()
	defer l.convos.mu.Unlock()
	if l.convos.all == nil || len(l.convos.all) >= maxConvos {
		l.convos.all = map[string]convo{}
	}
	l.convos.all[id] = out.Convo
	return out.Convo, nil
}
