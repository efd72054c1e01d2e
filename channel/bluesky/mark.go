package bluesky

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"ronde/channel"
)

const (
	maxRecent = 50                 // mentions that are looked at again
	watch     = 7 * 24 * time.Hour // for so long
	maxSent   = 1000               // ids of ours that are known
)

// mark is where reading goes on: in the log of messages, or in the list of
// notifications.
type mark struct {
	Log    string   `json:"log,omitempty"`
	Seen   string   `json:"seen,omitempty"` // moment of the last notification, as the network wrote it
	Same   []string `json:"same,omitempty"` // those of that moment
	Recent []recent `json:"recent,omitempty"`
}

// recent is a mention that may still be deleted.
type recent struct {
	ID     string `json:"id"`
	Thread string `json:"thread"`
	At     int64  `json:"at"`
}

func (m mark) bytes() channel.Mark {
	b, _ := json.Marshal(m) // strings and numbers always become JSON
	return b
}

// whole says whether it can be a mark of ours.
func (m mark) whole(mentions bool) bool {
	if len(m.Recent) > maxRecent || len(m.Log) > channel.MaxKey {
		return false
	}
	if !mentions {
		return m.Log != ""
	}
	return !moment(m.Seen).IsZero()
}

// moment reads a time as the network writes it; zero when it is none.
func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (m mark) without(id string) mark {
	m.Recent = slices.DeleteFunc(slices.Clone(m.Recent), func(r recent) bool { return r.ID == id })
	return m
}

// fresh drops mentions older than watch, and the oldest beyond maxRecent.
func (m mark) fresh(now int64) mark {
	m.Recent = slices.DeleteFunc(slices.Clone(m.Recent), func(r recent) bool { return now-r.At > watch.Microseconds() })
	m.Recent = m.Recent[max(0, len(m.Recent)-maxRecent):]
	return m
}

// sentIDs are the ids of what this line sent: the log tells them as well, and
// they are not what somebody wrote elsewhere.
type sentIDs struct {
	mu  sync.RWMutex // held for reading while something is sent, so that the log is read after
	ids []string
	own sync.Mutex // guards ids
}

// settle waits until whatever is being sent is known.
func (s *sentIDs) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
}

func (s *sentIDs) add(id string) {
	s.own.Lock()
	defer s.own.Unlock()
	s.ids = append(s.ids[max(0, len(s.ids)+1-maxSent):], id)
}

func (s *sentIDs) has(id string) bool {
	s.own.Lock()
	defer s.own.Unlock()
	return slices.Contains(s.ids, id)
}
