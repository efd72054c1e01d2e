package mastodon_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"ronde/channel"
	"ronde/channel/mastodon"
	"ronde/channel/mastodon/mastodontest"
	"ronde/internal/errs"
)

// sink keeps what a line hands over, and says when something came.
type sink struct {
	mu   sync.Mutex
	all  []channel.Arrival
	mark channel.Mark
	came chan channel.Arrival
	on   chan struct{}
}

func run(t *testing.T, l *mastodon.Line, from *sink) (*sink, func()) {
	t.Helper()
	s := &sink{came: make(chan channel.Arrival, 1000), on: make(chan struct{}, 1000)}
	if from != nil {
		s.mark = from.mark
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- l.Receive(ctx, s.mark, func(_ context.Context, batch []channel.Arrival, next channel.Mark) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			if next != nil {
				s.mark = next
			}
			s.all = append(s.all, batch...)
			for _, a := range batch {
				s.came <- a
			}
			s.on <- struct{}{}
			return nil
		})
	}()
	<-s.on
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return s, stop
}

func TestAsPrivateAsTheQuestion(t *testing.T) {
	for visibility, want := range map[string]string{"direct": "direct", "private": "direct", "unlisted": "unlisted", "public": "unlisted"} {
		srv := play(t)
		l := line(t, srv)
		s, _ := run(t, l, nil)
		srv.Write(mastodontest.Status{From: "ada", Text: "hello", Visibility: visibility}, false)
		a := <-s.came
		if a.Public != (want != "direct") {
			t.Errorf("%s: public %v", visibility, a.Public)
		}
		if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: a.Thread, ReplyTo: a.ID, To: a.Author, Text: "answer, not for @u5002@ailleurs.example"}); err != nil {
			t.Fatal(err)
		}
		if got := srv.Got("ada"); len(got) != 1 || got[0].Visibility != want || got[0].ReplyTo != a.ID {
			t.Errorf("%s: %+v", visibility, got)
		}
	}
}

func TestPublicMentionsCanBePassedOver(t *testing.T) {
	srv := play(t)
	s, _ := run(t, line(t, srv, "mentions", "private"), nil)
	srv.Write(mastodontest.Status{From: "ada", Text: "in public", Visibility: "public"}, false)
	srv.Write(mastodontest.Status{From: "ada", Text: "in private"}, false)
	if a := <-s.came; a.Text != "in private" || a.Public {
		t.Errorf("%+v", a)
	}
}

// What the stream tells nobody is seen at the next look, also after a restart.
func TestEditsAndDeletionsThatNobodyTells(t *testing.T) {
	for _, old := range []bool{false, true} {
		srv := play(t)
		srv.Deaf, srv.OldAPI = true, old
		s, stop := run(t, line(t, srv), nil)
		edited := srv.Write(mastodontest.Status{From: "ada", Text: "one"}, false)
		deleted := srv.Write(mastodontest.Status{From: "bo", Text: "two"}, false)
		<-s.came
		two := <-s.came
		stop()
		srv.Edit(edited, "one more")
		srv.Delete(deleted)
		s, _ = run(t, line(t, srv), s)
		e, d := <-s.came, <-s.came
		if e.What != channel.Edited || e.ID != edited || e.Text != "one more" || d.What != channel.Deleted || d.ID != deleted || d.Thread != two.Thread {
			t.Errorf("old %v: %+v, %+v", old, e, d)
		}
	}
}

func TestAnAnswerToNobodyIsTakenBack(t *testing.T) {
	srv := play(t)
	l := line(t, srv)
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: "private:9999", Text: "x"}); channel.WhyOf(err) != channel.Gone {
		t.Errorf("%v", err)
	}
	srv.Lost = true
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: "private:" + srv.Person("ada"), Text: "x"}); channel.WhyOf(err) != channel.Gone || srv.Standing() != 0 {
		t.Errorf("%v, %d posts stand", err, srv.Standing())
	}
	for _, bad := range []string{"", "private:", "5001", "direct:5001"} {
		if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: bad, Text: "x"}); channel.WhyOf(err) != channel.Gone {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A question that was deleted meanwhile is still answered.
func TestAnswerToADeletedQuestion(t *testing.T) {
	srv := play(t)
	id := srv.Write(mastodontest.Status{From: "ada", Text: "x"}, true)
	srv.Delete(id)
	if _, err := line(t, srv).Send(t.Context(), channel.Outgoing{Key: "k", Thread: "private:" + srv.Person("ada"), ReplyTo: id, Text: "y"}); err != nil || len(srv.Got("ada")) != 1 {
		t.Errorf("%v %+v", err, srv.Got("ada"))
	}
}

// Hours after a try whose end nobody knows, the key is forgotten: the line
// looks whether the answer stands.
func TestTheSameAnswerHoursLater(t *testing.T) {
	srv := play(t)
	id := srv.Write(mastodontest.Status{From: "ada", Text: "x"}, true)
	out := channel.Outgoing{Key: "k", Thread: "private:" + srv.Person("ada"), ReplyTo: id, Text: "yes &\nhttps://a.example/b"}
	first, err := line(t, srv).Send(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	srv.Forget()
	out.Tried = now() - 2*3600*1_000_000
	second, err := line(t, srv).Send(t.Context(), out)
	if err != nil || second.ID != first.ID || len(srv.Got("ada")) != 1 {
		t.Errorf("%v %+v", err, srv.Got("ada"))
	}
}

// A file's address comes from strangers: no token goes there, and a redirect
// leads nowhere that the guarded client does not dial.
func TestFilesOfStrangers(t *testing.T) {
	srv := play(t)
	var heard []string
	inside := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { heard = append(heard, r.Header.Get("Authorization")) }))
	defer inside.Close()
	id := srv.Write(mastodontest.Status{From: "ada", Media: []*mastodontest.Media{{Name: "a.png", Bytes: []byte("png")}}}, true)
	guarded := &http.Client{Transport: refuse{srv.Client().Transport}}
	l, err := mastodon.New(row(srv), srv.Secret, channel.Means{Client: guarded, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := l.(*mastodon.Line).Fetch(t.Context(), channel.File{ID: id + "#0"}, &out); !errs.Is(err, errs.Denied) || out.Len() != 0 || len(heard) != 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
	for _, bad := range []string{"", id, id + "#1", id + "#-1", "9#0", "#0"} {
		if err := line(t, srv).Fetch(t.Context(), channel.File{ID: bad}, &out); channel.WhyOf(err) != channel.Gone {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// refuse is the guard: the redirect's target lies inside.
type refuse struct{ http.RoundTripper }

func (r refuse) RoundTrip(q *http.Request) (*http.Response, error) {
	if strings.HasPrefix(q.URL.Path, "/cache/") {
		return nil, errs.New(errs.Denied, "err.feed.inside", "dial: the address is not on the public internet")
	}
	return r.RoundTripper.RoundTrip(q)
}

func TestRowsAreChecked(t *testing.T) {
	srv := play(t)
	for what, more := range map[string][]string{"server": {"server", "brume.example"}, "colour": {"colour", "blue"}, "mentions": {"mentions", "none"}, "answers": {"answers", "loud"}} {
		_, err := mastodon.New(row(srv, more...), srv.Secret, channel.Means{Client: srv.Client()})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
