package meta

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

const (
	overlap         = time.Minute // Graph tells whole seconds, and not always at once
	pageSize        = "50"
	maxPages        = 200 // of conversations in one sweep: 10,000
	maxMessagePages = 40  // of one conversation: 2,000
)

// mark is where reading goes on.
type mark struct {
	At int64 `json:"at"` // microseconds UTC by Graph's clock: everything before it was read
}

func (m mark) bytes() channel.Mark {
	b, _ := json.Marshal(m) // a number always becomes JSON
	return b
}

// Receive asks for what was missed, now and every sweep minutes, until ctx ends.
func (l *Line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	m := mark{At: l.now()}
	if from != nil && (json.Unmarshal(from, &m) != nil || m.At <= 0) {
		return &channel.Refusal{Why: channel.Forgotten}
	}
	return rest.Ended(ctx, l.follow(ctx, m, take))
}

func (l *Line) follow(ctx context.Context, m mark, take channel.Take) error {
	if err := l.api.Get(ctx, "me", fields("id"), nil); err != nil {
		return refusal(err)
	}
	if err := take(ctx, nil, m.bytes()); err != nil {
		return err
	}
	for {
		next, err := l.missed(ctx, m, take)
		if err != nil {
			return err
		}
		m = next
		if err := take(ctx, nil, m.bytes()); err != nil {
			return err
		}
		if !rest.Pause(ctx, l.sweep) {
			return nil
		}
	}
}

// missed hands over what was written in every conversation that moved since
// the mark, and returns the new one: the newest moment that Graph told of.
func (l *Line) missed(ctx context.Context, m mark, take channel.Take) (mark, error) {
	since := m.At - overlap.Microseconds()
	convs, whole, err := l.moved(ctx, since)
	if err != nil {
		return m, err
	}
	for _, c := range convs {
		batch, all, err := l.said(ctx, c.ID, since)
		if err != nil {
			return m, err
		}
		whole = whole && all
		l.name(ctx, batch)
		for part := range slices.Chunk(batch, channel.MaxBatch) {
			if err := take(ctx, part, nil); err != nil {
				return m, err
			}
		}
		m.At = max(m.At, c.Updated.micros())
	}
	if !whole {
		return m, &channel.Refusal{Why: channel.Forgotten}
	}
	return m, nil
}

// stamp is a time of Graph's: a date, or seconds since 1970.
type stamp string

func (s *stamp) UnmarshalJSON(b []byte) error {
	*s = stamp(strings.Trim(string(b), `"`))
	return nil
}

func (s stamp) micros() int64 {
	if n, err := strconv.ParseInt(string(s), 10, 64); err == nil {
		return n * 1_000_000
	}
	for _, form := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(form, string(s)); err == nil {
			return t.UnixMicro()
		}
	}
	return 0
}

type conversation struct {
	ID      string `json:"id"`
	Updated stamp  `json:"updated_time"`
}

type paging struct {
	Cursors struct{ After string } `json:"cursors"`
	Next    string                 `json:"next"`
}

func fields(names string) url.Values { return url.Values{"fields": {names}} }

// moved lists the conversations with something new, the oldest first, and says
// whether that is all of them.
func (l *Line) moved(ctx context.Context, since int64) ([]conversation, bool, error) {
	var out []conversation
	q := fields("id,updated_time")
	q.Set("platform", l.platform())
	q.Set("limit", pageSize)
	for range maxPages {
		var page struct {
			Data   []conversation `json:"data"`
			Paging paging         `json:"paging"`
		}
		if err := l.api.Get(ctx, "me/conversations", q, &page); err != nil {
			return nil, false, refusal(err)
		}
		for _, c := range page.Data { // the newest first
			if c.Updated.micros() < since {
				slices.Reverse(out)
				return out, true, nil
			}
			out = append(out, c)
		}
		if page.Paging.Next == "" || page.Paging.Cursors.After == "" {
			slices.Reverse(out)
			return out, true, nil
		}
		q.Set("after", page.Paging.Cursors.After)
	}
	slices.Reverse(out)
	return out, false, nil
}

// told is a message as the Conversations API tells it.
type told struct {
	ID      string
	Created stamp `json:"created_time"`
	From    struct{ ID string }
	To      struct{ Data []struct{ ID string } }
	Message string
	Files   struct {
		Data []struct {
			Name string
			Type string `json:"mime_type"`
			Size int64
		}
	} `json:"attachments"`
}

// knownFields are those of the Conversations guide; files are asked for beside
// them, which not every account may.
const (
	knownFields = "id,created_time,from,to,message"
	toldFields  = knownFields + ",attachments{id,mime_type,name,size}"
)

// said lists the messages of a conversation since a moment, the oldest first.
func (l *Line) said(ctx context.Context, conv string, since int64) ([]channel.Arrival, bool, error) {
	all, whole, err := l.messages(ctx, conv, toldFields, since)
	if channel.WhyOf(err) == channel.Rejected { // then without files: a text is better than nothing
		all, whole, err = l.messages(ctx, conv, knownFields, since)
	}
	if err != nil {
		return nil, false, err
	}
	var out []channel.Arrival
	for _, t := range all {
		if a := l.carried(t); a.Check() == nil {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b channel.Arrival) int { return cmp.Compare(a.At, b.At) })
	return out, whole, nil
}

// messages reads a conversation back to a moment, the newest first reversed.
func (l *Line) messages(ctx context.Context, conv, want string, since int64) ([]told, bool, error) {
	var out []told
	q := fields(want)
	q.Set("limit", pageSize)
	for range maxMessagePages {
		var page struct {
			Data   []told `json:"data"`
			Paging paging `json:"paging"`
		}
		if err := l.api.Get(ctx, url.PathEscape(conv)+"/messages", q, &page); err != nil {
			return nil, false, refusal(err)
		}
		for _, t := range page.Data {
			if t.Created.micros() < since {
				slices.Reverse(out)
				return out, true, nil
			}
			out = append(out, t)
		}
		if page.Paging.Next == "" || page.Paging.Cursors.After == "" {
			slices.Reverse(out)
			return out, true, nil
		}
		q.Set("after", page.Paging.Cursors.After)
	}
	slices.Reverse(out)
	return out, false, nil
}

// carried makes an arrival of a message that was asked for.
func (l *Line) carried(t told) channel.Arrival {
	a := channel.Arrival{What: channel.Written, ID: t.ID, Thread: t.From.ID,
		Author: channel.Author{ID: t.From.ID}, At: t.Created.micros()}
	if t.From.ID == l.id {
		a.Ours, a.Thread = true, ""
		if len(t.To.Data) > 0 {
			a.Thread = t.To.Data[0].ID
		}
	}
	for i, f := range t.Files.Data {
		if i == channel.MaxFiles {
			lose(&a, channel.LostFiles)
			break
		}
		name, _ := channel.Cut(f.Name, channel.MaxName)
		kind, _ := channel.Cut(f.Type, channel.MaxName)
		a.Files = append(a.Files, channel.File{ID: fileID(t.ID, i), Name: name, Type: kind, Size: max(f.Size, 0)})
	}
	if t.Message == "" && len(a.Files) == 0 {
		lose(&a, channel.LostKind)
	}
	setText(&a, t.Message)
	return a
}
