package mastodon

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

const (
	maxLine   = 1 << 20 // bytes of one line of the stream
	maxEvents = 64      // that wait to be read
)

// event is one of the stream.
type event struct{ name, data string }

// stream is an open connection of server-sent events (WHATWG HTML §9.2).
type stream struct {
	events chan event
	cancel context.CancelFunc
	done   chan struct{}
	err    error // of the reader, after done
}

func (l *Line) streamAddress() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := *l.stream
	u.Path = "/api/v1/streaming/user"
	return u.String()
}

// open connects. The reader ends when close is called or the stream does.
func (l *Line) open(ctx context.Context) (*stream, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := rest.JSON(ctx, http.MethodGet, l.streamAddress(), nil)
	if err != nil {
		cancel()
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+l.token.Value())
	resp, err := rest.Stream(l.client, req)
	if err != nil {
		cancel()
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		cancel()
		return nil, l.refusal(resp.StatusCode, resp.Header)
	}
	s := &stream{events: make(chan event, maxEvents), cancel: cancel, done: make(chan struct{})}
	go s.read(ctx, resp.Body)
	return s, nil
}

func (s *stream) close() {
	s.cancel()
	<-s.done
}

// why is what ended the stream: never nil, since a stream has no end.
func (s *stream) why() error {
	<-s.done
	if s.err != nil {
		return s.err
	}
	return errors.New("read stream: the server closed it")
}

func (s *stream) read(ctx context.Context, body io.ReadCloser) {
	defer close(s.done)
	defer close(s.events)
	defer body.Close()
	alive := time.AfterFunc(silence, s.cancel)
	defer alive.Stop()
	sc := bufio.NewScanner(body)
	sc.Buffer(make([]byte, 0, 4096), maxLine)
	var e event
	for sc.Scan() {
		alive.Reset(silence)
		switch line := sc.Text(); {
		case line == "":
			if e.name != "" && !s.give(ctx, e) {
				return
			}
			e = event{}
		case strings.HasPrefix(line, "event:"):
			e.name = strings.TrimSpace(line[len("event:"):])
		case strings.HasPrefix(line, "data:") && len(e.data) < maxLine:
			e.data += strings.TrimPrefix(line[len("data:"):], " ")
		}
	}
	if errors.Is(sc.Err(), bufio.ErrTooLong) {
		s.err = errors.New("read stream: a line of more than 1 MiB")
	}
}

func (s *stream) give(ctx context.Context, e event) bool {
	select {
	case s.events <- e:
		return true
	case <-ctx.Done():
		return false
	}
}

// event follows one event, and says whether it is time to look.
func (r *reading) event(ctx context.Context, e event) (wake bool, err error) {
	switch e.name {
	case "notification", "conversation", "notifications_merged":
		return true, nil
	case "status.update":
		var s status
		if json.Unmarshal([]byte(e.data), &s) != nil {
			return false, nil
		}
		return false, r.edited(ctx, s)
	case "delete":
		if id := strings.TrimSpace(e.data); id != "" && len(id) <= channel.MaxKey {
			return false, r.deleted(ctx, id)
		}
	}
	return false, nil
}
