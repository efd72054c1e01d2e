package whatsapp

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

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
		for part := range slices.Chunk(batch, channel.MaxBatch) {
			if err := take(ctx, part, nil); err != nil {
				return err
			}
		}
		return nil
	}}
}

// call is the body of a webhook. Messages are read one by one: one that is
// malformed does not take the others with it.
type call struct {
	Object string `json:"object"`
	Entry  []struct {
		Changes []struct {
			Value value `json:"value"`
		} `json:"changes"`
	} `json:"entry"`
}

type value struct {
	Metadata struct {
		ID string `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts []contact         `json:"contacts"`
	Messages []json.RawMessage `json:"messages"`
	Echoes   []json.RawMessage `json:"message_echoes"`
	Statuses []json.RawMessage `json:"statuses"`
}

type contact struct {
	Profile struct{ Name, Username string }
	Phone   string `json:"wa_id"`
	User    string `json:"user_id"`
}

func (l *Line) read(body []byte) ([]channel.Arrival, error) {
	var c call
	if json.Unmarshal(body, &c) != nil || c.Entry == nil {
		return nil, graph.ErrBody
	}
	var out []channel.Arrival
	keep := func(a channel.Arrival, ok bool) {
		if ok && a.Check() == nil {
			out = append(out, a)
		}
	}
	for _, e := range c.Entry {
		for _, ch := range e.Changes {
			v := ch.Value
			if c.Object != "whatsapp_business_account" || v.Metadata.ID != l.id {
				continue
			}
			for _, raw := range v.Messages {
				keep(theirs(raw, v.Contacts))
			}
			for _, raw := range v.Echoes {
				keep(echo(raw))
			}
			for _, raw := range v.Statuses {
				keep(status(raw))
			}
		}
	}
	return out, nil
}

// seconds reads a time, which WhatsApp writes as text.
func seconds(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return 0
	}
	return n * 1_000_000
}

// theirs is a message that somebody wrote to us.
func theirs(raw json.RawMessage, contacts []contact) (channel.Arrival, bool) {
	var m message
	if json.Unmarshal(raw, &m) != nil || m.Group != "" {
		return channel.Arrival{}, false
	}
	a := channel.Arrival{At: seconds(m.Timestamp), Author: channel.Author{ID: first(m.FromUser, m.From), Address: m.From}}
	for _, c := range contacts {
		if c.wrote(m) {
			a.Author.ID, a.Author.Address = first(m.FromUser, c.User, m.From, c.Phone), first(m.From, c.Phone)
			a.Author.Name, _ = channel.Cut(c.Profile.Name, channel.MaxName)
			a.Author.Handle, _ = channel.Cut(c.Profile.Username, channel.MaxName)
			break
		}
	}
	a.Thread = a.Author.ID
	return m.fill(a)
}

// wrote says whether a contact of the call is who wrote m: nothing of it speaks
// against that, and something for it. Another's name on a message would bring
// our answer to a stranger.
func (c contact) wrote(m message) bool {
	against := c.User != "" && m.FromUser != "" && c.User != m.FromUser || c.Phone != "" && m.From != "" && c.Phone != m.From
	return !against && (c.User != "" && c.User == m.FromUser || c.Phone != "" && c.Phone == m.From)
}

// echo is a message that our own people wrote in the Business app.
func echo(raw json.RawMessage) (channel.Arrival, bool) {
	var m message
	if json.Unmarshal(raw, &m) != nil || m.Group != "" {
		return channel.Arrival{}, false
	}
	return m.fill(channel.Arrival{At: seconds(m.Timestamp), Ours: true, Author: channel.Author{ID: m.From, Address: m.From}, Thread: first(m.ToUser, m.To)})
}

// status is what became of a message of ours.
func status(raw json.RawMessage) (channel.Arrival, bool) {
	var s struct {
		ID        string
		Status    string
		Timestamp string
		To        string               `json:"recipient_id"`
		ToUser    string               `json:"recipient_user_id"`
		Errors    []struct{ Code int } `json:"errors"`
	}
	if json.Unmarshal(raw, &s) != nil {
		return channel.Arrival{}, false
	}
	a := channel.Arrival{ID: s.ID, Thread: first(s.ToUser, s.To), At: seconds(s.Timestamp)}
	switch s.Status {
	case "read", "played":
		a.What = channel.Read
	case "failed":
		a.What, a.Why = channel.Failed, channel.Rejected
		if len(s.Errors) > 0 {
			a.Why = why(&graph.Error{Code: s.Errors[0].Code, Status: http.StatusBadRequest})
		}
	default:
		return a, false
	}
	return a, true
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
