package channeltest_test

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/internal/errs"
)

// line is the smallest line that keeps every promise, unless a fault is named.
type line struct {
	n     *network
	fault string
	token string
}

const longest = 4096

func (l *line) Limits() channel.Limits {
	return channel.Limits{Runes: longest, Window: 24 * time.Hour, Files: true, Edits: true, Deletes: true, Receipt: true}
}

// credential reads our token again when the network says that it expired.
func (l *line) credential() error {
	l.n.mu.Lock()
	defer l.n.mu.Unlock()
	if l.token == l.n.token && l.token != "" {
		return nil
	}
	l.token = l.n.file
	if l.token == l.n.token {
		return nil
	}
	err := errors.New("the token is no longer good")
	if l.fault == "tells a secret" {
		err = fmt.Errorf("%q is no longer good", l.token)
	}
	return &channel.Refusal{Why: channel.Expired, Err: err}
}

// connect waits while the network is silent.
func (l *line) connect(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	l.n.mu.Lock()
	silent := l.n.silent
	l.n.mu.Unlock()
	if silent {
		<-ctx.Done()
		if l.fault == "ends late" {
			time.Sleep(1100 * time.Millisecond)
		}
		return ctx.Err()
	}
	return l.credential()
}

func (l *line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	err := l.receive(ctx, from, take)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (l *line) begin(from channel.Mark) (int, error) {
	l.n.mu.Lock()
	defer l.n.mu.Unlock()
	at := len(l.n.updates)
	if from == nil || l.fault == "begins anew" {
		return at, nil
	}
	if json.Unmarshal(from, &at) != nil || at < 0 || at > len(l.n.updates) {
		return 0, errors.New("read mark: not one of ours")
	}
	if at < l.n.stale {
		return 0, &channel.Refusal{Why: channel.Forgotten}
	}
	return at, nil
}

func (l *line) receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	at, err := l.begin(from)
	if err != nil {
		return err
	}
	if l.fault == "leaves a goroutine" {
		go l.leak()
	}
	if l.fault != "says not that it is connected" {
		if err := take(ctx, nil, mark(at)); err != nil {
			return err
		}
	}
	for {
		l.n.mu.Lock()
		changed, cut := l.n.changed, l.n.cut
		batch := append([]channel.Arrival(nil), l.n.updates[at:min(len(l.n.updates), at+channel.MaxBatch)]...)
		l.n.mu.Unlock()
		if len(batch) > 0 {
			if at, err = l.give(ctx, at, batch, take); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			if l.fault == "ends late" {
				time.Sleep(1100 * time.Millisecond)
			}
			return nil
		case <-cut:
			return errors.New("read updates: connection lost")
		case <-changed:
		}
	}
}

func (l *line) leak() { select {} }

func (l *line) give(ctx context.Context, at int, batch []channel.Arrival, take channel.Take) (int, error) {
	next := at + len(batch)
	err := take(ctx, l.tame(at, batch), mark(next))
	if err != nil && l.fault == "hides a failed take" {
		return next, nil
	}
	if err != nil && l.fault == "passes a failed take" {
		l.n.set(func() { l.n.updates = append(l.n.updates[:at:at], make([]channel.Arrival, len(batch))...) })
	}
	return next, err
}

func mark(at int) channel.Mark { return channel.Mark(strconv.Itoa(at)) }

// tame keeps what is within the contract.
func (l *line) tame(at int, batch []channel.Arrival) []channel.Arrival {
	var out []channel.Arrival
	for i, a := range batch {
		cut := false
		a.Author.ID, _ = channel.Cut(a.Author.ID, channel.MaxKey)
		a.Author.Name, _ = channel.Cut(a.Author.Name, channel.MaxName)
		a.Thread, _ = channel.Cut(a.Thread, channel.MaxKey)
		if l.fault != "lets bad bytes in" || utf8.ValidString(a.Text) {
			a.Text, cut = channel.Cut(a.Text, channel.MaxText)
		}
		if cut && l.fault != "cuts unsaid" {
			a.Lost = append(a.Lost, channel.LostText)
		}
		l.spoil(at+i, &a)
		if l.fault == "believes anything" || a.What != "garbage" && a.What != "" {
			out = append(out, a)
		}
	}
	if l.fault == "turns the order" && len(out) > 1 {
		out[0], out[len(out)-1] = out[len(out)-1], out[0]
	}
	return out
}

func (l *line) spoil(at int, a *channel.Arrival) {
	switch l.fault {
	case "makes up ids":
		a.ID = strconv.Itoa(at)
	case "mixes people":
		a.Thread = "all"
	case "loses replies":
		a.ReplyTo = ""
	case "takes edits for messages":
		if a.What == channel.Edited {
			a.What = channel.Written
		}
	case "loses deletions":
		if a.What == channel.Deleted {
			a.What = "garbage"
		}
	case "marks no machine":
		a.Automatic = false
	case "drops files":
		a.Files = nil
	}
}

func (l *line) Fetch(_ context.Context, f channel.File, w io.Writer) error {
	l.n.mu.Lock()
	defer l.n.mu.Unlock()
	b := l.n.bytes[f.ID]
	if len(b) > channel.MaxFile && l.fault != "fetches without end" {
		return errs.New(errs.Limit, "err.limit", "fetch file: too large")
	}
	_, err := w.Write(b)
	return err
}

func (l *line) Test(ctx context.Context) (channel.Checkup, error) {
	if err := l.connect(ctx); err != nil {
		return channel.Checkup{}, err
	}
	return channel.Checkup{Account: "ronde"}, nil
}

func (l *line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := l.connect(ctx); err != nil {
		return channel.Sent{}, err
	}
	if utf8.RuneCountInString(out.Text) > longest && l.fault != "splits long texts" {
		return channel.Sent{}, &channel.Refusal{Why: channel.TooLong}
	}
	l.n.mu.Lock()
	defer l.n.mu.Unlock()
	return l.post(out)
}

func (l *line) post(out channel.Outgoing) (channel.Sent, error) {
	n := l.n
	switch {
	case !n.busy.IsZero():
		n.busy = time.Time{}
		if l.fault == "sends when it may not" {
			break
		}
		return channel.Sent{}, &channel.Refusal{Why: channel.Later, After: n.after}
	case n.gone[out.Thread] && l.fault != "sends to nobody":
		return channel.Sent{}, &channel.Refusal{Why: channel.Gone}
	case n.late[out.Thread]:
		return channel.Sent{}, &channel.Refusal{Why: channel.Window}
	}
	if id, ok := n.keys[out.Key]; ok && l.fault != "sends twice" {
		return channel.Sent{ID: id}, nil
	}
	n.ids++
	id := "o" + strconv.Itoa(n.ids)
	n.keys[out.Key] = id
	if l.fault == "has no receipt" {
		id = ""
	}
	got := channeltest.Got{Text: out.Text, Automatic: out.Automatic && l.fault != "labels nothing"}
	for _, f := range out.Files {
		f.Name = path.Base(strings.NewReplacer("\r", "", "\n", "").Replace(f.Name))
		got.Files = append(got.Files, f)
	}
	n.shown[out.To.ID] = append(n.shown[out.To.ID], got)
	return channel.Sent{ID: id}, nil
}

// calledLine is the same for a network that calls us.
type calledLine struct{ *line }

func (l *calledLine) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	if from != nil && json.Unmarshal(from, new(int)) != nil {
		return errors.New("read mark: not one of ours")
	}
	for ctx.Err() == nil {
		if err := l.connect(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		if err := take(ctx, nil, mark(0)); err != nil {
			return err
		}
		l.n.mu.Lock()
		cut := l.n.cut
		l.n.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-cut:
			return errors.New("connection lost")
		}
	}
	return nil
}

func (l *calledLine) Hook(take channel.Take) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, channel.MaxHook))
		if err != nil && l.fault != "reads without end" {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		if !hmac.Equal([]byte(r.Header.Get("Signature")), []byte(sign(body))) && l.fault != "believes strangers" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var batch []channel.Arrival
		if json.Unmarshal(body, &batch) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if err := take(r.Context(), l.tame(0, batch), nil); err != nil && l.fault != "answers before take" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
}
