package meta

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"ronde/channel"
	"ronde/internal/graph"
)

// Hook is what Meta calls: the handshake, and events in signed batches.
func (l *Line) Hook(take channel.Take) http.Handler {
	return graph.Hook{Verify: l.verify, App: l.api.App, Max: channel.MaxHook, Take: func(ctx context.Context, body []byte) error {
		batch, err := l.read(body)
		if err != nil {
			return err
		}
		l.name(ctx, batch)
		for part := range slices.Chunk(batch, channel.MaxBatch) {
			if err := take(ctx, part, nil); err != nil {
				return err
			}
		}
		return nil
	}}
}

// call is the body of a webhook. What it holds is read event by event: one
// that is malformed does not take the others with it.
type call struct {
	Object string `json:"object"`
	Entry  []struct {
		ID        string            `json:"id"`
		Messaging []json.RawMessage `json:"messaging"`
		Standby   []json.RawMessage `json:"standby"` // while another app has the conversation
	} `json:"entry"`
}

func (l *Line) read(body []byte) ([]channel.Arrival, error) {
	var c call
	if json.Unmarshal(body, &c) != nil || c.Entry == nil {
		return nil, graph.ErrBody
	}
	want := "page"
	if l.insta {
		want = "instagram"
	}
	var out []channel.Arrival
	for _, e := range c.Entry {
		if c.Object != want || e.ID != l.id {
			continue
		}
		for _, raw := range append(e.Messaging, e.Standby...) {
			var ev event
			if json.Unmarshal(raw, &ev) != nil {
				continue
			}
			if a, ok := l.arrival(ev); ok && a.Check() == nil {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// event is one thing that happened in a conversation.
type event struct {
	Sender    struct{ ID string }
	Recipient struct{ ID string }
	Timestamp int64 // milliseconds
	Message   *message
	Edit      *struct{ MID, Text string } `json:"message_edit"`
	Postback  *struct{ MID, Title string }
	Read      *struct {
		MID       string // Instagram
		Watermark int64  // Messenger: what was sent until then, milliseconds
	}
}

type message struct {
	MID         string
	Text        string
	Echo        bool        `json:"is_echo"`
	Deleted     bool        `json:"is_deleted"`
	Unsupported bool        `json:"is_unsupported"`
	App         json.Number `json:"app_id"`
	ReplyTo     struct {
		MID   string
		Story struct{ URL string }
	} `json:"reply_to"`
	Attachments []attachment
}

type attachment struct {
	Type    string
	Payload struct{ URL, Title string }
	URL     string // of a "fallback": a link with its preview
	Title   string
}

// arrival is what an event says, or nothing.
func (l *Line) arrival(ev event) (channel.Arrival, bool) {
	a := channel.Arrival{Thread: ev.Sender.ID, Author: channel.Author{ID: ev.Sender.ID}, At: ev.Timestamp * 1000}
	if ev.Sender.ID == l.id {
		a.Thread, a.Ours = ev.Recipient.ID, true
	}
	switch m := ev.Message; {
	case m != nil && m.Deleted:
		a.What, a.ID = channel.Deleted, m.MID
	case m != nil:
		if a.Ours && l.app != "" && m.App.String() == l.app {
			return a, false // what we sent ourselves
		}
		l.fill(&a, m)
	case ev.Edit != nil:
		a.What, a.ID = channel.Edited, ev.Edit.MID
		setText(&a, ev.Edit.Text)
	case ev.Postback != nil:
		a.What, a.ID = channel.Written, ev.Postback.MID
		setText(&a, ev.Postback.Title)
	case ev.Read != nil && !a.Ours:
		a.What, a.ID = channel.Read, ev.Read.MID
		if a.ID == "" {
			a.At = ev.Read.Watermark * 1000
		}
	default:
		return a, false
	}
	return a, true
}
