package mastodon

import (
	"encoding/json"
	"slices"

	"ronde/channel"
)

// maxRecent bounds the mentions that are looked at again.
const maxRecent = 40

// mark is where reading goes on, and which mentions may still change.
type mark struct {
	Since  string   `json:"since"` // the last notification that was read
	Recent []recent `json:"recent,omitempty"`
}

// recent is a mention that may still be edited or deleted.
type recent struct {
	ID     string `json:"id"`
	Thread string `json:"thread"`
	Edited string `json:"edited,omitempty"` // as the server wrote it
	At     int64  `json:"at"`
}

func (m mark) bytes() channel.Mark {
	b, _ := json.Marshal(m) // strings and numbers always become JSON
	return b
}

// read reads a mark; false when it is none of ours.
func read(b channel.Mark) (mark, bool) {
	var m mark
	if json.Unmarshal(b, &m) != nil || m.Since == "" || len(m.Since) > channel.MaxKey || len(m.Recent) > maxRecent {
		return mark{}, false
	}
	return m, true
}

// with is the mark after a mention was read at now.
func (m mark) with(s status, now int64) mark {
	m.Recent = append(m.without(s.ID).Recent, recent{s.ID, s.thread(), s.Edited, now})
	if extra := len(m.Recent) - maxRecent; extra > 0 {
		m.Recent = slices.Clone(m.Recent[extra:])
	}
	return m
}

// without is the mark without a mention.
func (m mark) without(id string) mark {
	m.Recent = slices.DeleteFunc(slices.Clone(m.Recent), func(r recent) bool { return r.ID == id })
	return m
}

func (m mark) find(id string) (recent, bool) {
	i := slices.IndexFunc(m.Recent, func(r recent) bool { return r.ID == id })
	if i < 0 {
		return recent{}, false
	}
	return m.Recent[i], true
}

// fresh drops mentions that are older than watch.
func (m mark) fresh(now int64) mark {
	m.Recent = slices.DeleteFunc(slices.Clone(m.Recent), func(r recent) bool { return now-r.At > watch.Microseconds() })
	return m
}
