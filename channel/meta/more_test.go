package meta_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/meta"
	"ronde/channel/meta/metatest"
	"ronde/internal/errs"
)

// sink keeps what a line hands over.
type sink struct {
	mu   sync.Mutex
	all  []channel.Arrival
	mark channel.Mark
	seen chan struct{}
}

func newSink() *sink { return &sink{seen: make(chan struct{}, 100)} }

func (s *sink) take(_ context.Context, batch []channel.Arrival, next channel.Mark) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, batch...)
	if next != nil {
		s.mark = next
	}
	if len(batch) == 0 {
		s.seen <- struct{}{}
	}
	return nil
}

// sweep runs Receive until it has looked once for what was missed.
func sweep(t *testing.T, l *meta.Line, s *sink) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Receive(ctx, s.mark, s.take) }()
	<-s.seen // connected
	<-s.seen // looked
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// A webhook that never came loses nothing: more messages in more conversations
// than one page of an answer holds, in their order, once each.
func TestWhatNoWebhookBroughtIsFetched(t *testing.T) {
	n := play(t, false)
	s := newSink()
	sweep(t, line(t, n), s)
	n.Ours("ada", "from Meta's own app", 263902037430900)
	for i := range 40 {
		n.Write([]string{"ada", "bo", "cy", "di", "ed"}[i%5], "message", "", nil)
	}
	sweep(t, line(t, n), s)
	last := map[string]string{}
	ours := 0
	for _, a := range s.all {
		if a.Ours {
			ours++
			continue
		}
		if len(a.ID) < len(last[a.Thread]) || len(a.ID) == len(last[a.Thread]) && a.ID < last[a.Thread] {
			t.Errorf("%s after %s", a.ID, last[a.Thread])
		}
		last[a.Thread] = a.ID
	}
	if len(s.all) != 41 || ours != 1 || len(last) != 5 {
		t.Errorf("%d arrivals, %d ours, %d people", len(s.all), ours, len(last))
	}
}

// An account whose files may not be asked for still gives its texts.
func TestTextsWithoutFiles(t *testing.T) {
	n := play(t, true)
	s := newSink()
	sweep(t, line(t, n), s)
	n.Write("ada", "with a picture", "", []metatest.File{{Name: "a.png", Type: "image/png"}})
	n.Narrow = true
	sweep(t, line(t, n), s)
	if len(s.all) != 1 || s.all[0].Text != "with a picture" {
		t.Errorf("%+v", s.all)
	}
}

func TestLateAnswersCarryTheTagOnlyOfAPerson(t *testing.T) {
	n := play(t, false)
	ada := n.Person("ada")
	now := time.Now().UnixMicro()
	day := (24 * time.Hour).Microseconds()
	for _, c := range []struct {
		human, automatic bool
		last             int64
		want             string // the tag, or a reason
	}{
		{true, false, now - day/2, "RESPONSE"}, {true, false, now - 2*day, "HUMAN_AGENT"}, {true, true, now - 2*day, channel.Window},
		{true, false, now - 8*day, channel.Window}, {false, false, now - 2*day, channel.Window}, {false, true, now - day/2, "RESPONSE"},
	} {
		l := line(t, n, "human_agent", map[bool]string{true: "yes", false: "no"}[c.human])
		before := len(n.Posts())
		_, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: ada, Text: "x", Last: c.last, Automatic: c.automatic})
		if got := channel.WhyOf(err); err != nil {
			if got != c.want || len(n.Posts()) != before {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		var body struct {
			Type string `json:"messaging_type"`
			Tag  string
		}
		if json.Unmarshal(n.Posts()[before], &body) != nil || body.Type != c.want && body.Tag != c.want {
			t.Errorf("%+v: sent as %+v", c, body)
		}
	}
}

func TestNamesOnlyWhereTheRowAsks(t *testing.T) {
	n := play(t, true)
	for value, want := range map[string]string{"no": "", "yes": "ada L."} {
		s := newSink()
		_, ev := n.Write("ada", "x", "", nil)
		if code := deliver(line(t, n, "names", value).Hook(s.take), n.Body(ev)); code != http.StatusOK || len(s.all) != 1 || s.all[0].Author.Name != want {
			t.Errorf("names %s: %d %+v", value, code, s.all)
		}
	}
}

// Whoever can make a page tell an address of a file cannot make us call inside.
func TestFilesAreFetchedByTheGuardedClientOnly(t *testing.T) {
	n := play(t, false)
	id, _ := n.Write("ada", "", "", []metatest.File{{Name: "a.bin", Type: "application/octet-stream", Bytes: []byte("inside")}})
	dialled := 0
	guarded := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if dialled++; dialled > 1 {
			return nil, errs.New(errs.Denied, "err.feed.inside", "dial: the address is not on the public internet")
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}, DisableKeepAlives: true}}
	l, err := meta.New(row(n), n.Secret, channel.Means{Client: guarded, Now: func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = l.(*meta.Line).Fetch(t.Context(), channel.File{ID: id + "#0"}, io.Writer(&out))
	if !errs.Is(err, errs.Denied) || out.Len() != 0 || dialled != 2 {
		t.Errorf("%v, %d bytes, dialled %d times", err, out.Len(), dialled)
	}
}

func TestRowsAreChecked(t *testing.T) {
	n := play(t, false)
	for what, more := range map[string][]string{"id": {"id", "me"}, "version": {"version", "v25.0/../x"}, "server": {"server", "ftp://x"},
		"network": {"network", "threads"}, "sweep": {"sweep", "0"}, "colour": {"colour", "blue"}, "app": {"app", "x|y"}} {
		_, err := meta.New(row(n, more...), n.Secret, channel.Means{Client: n.Client()})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	set := row(n)
	delete(set.Secrets, "verify")
	if _, err := meta.New(set, n.Secret, channel.Means{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
}

// A page whose webhooks were switched off falls silent without a word: the
// self-test tells.
func TestLostSubscriptionIsTold(t *testing.T) {
	n := play(t, false)
	got, err := line(t, n).Test(t.Context())
	if err != nil || got.Expires < time.Now().UnixMicro() {
		t.Fatalf("%+v %v", got, err)
	}
	n.Mute = true
	if _, err := line(t, n).Test(t.Context()); channel.WhyOf(err) != channel.Rejected {
		t.Errorf("%v", err)
	}
}
