package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"ronde/channel"
	"ronde/internal/errs"
)

const (
	maxSeen   = 500         // conversations whose newest message is in the mark
	maxWords  = 200         // bytes of a session's name or a gateway's address
	page      = 100         // messages that REST gives at once
	maxPages  = 50          // of one conversation that are fetched after an absence
	maxAgain  = 3           // sessions that may end at once, one after the other
	reconnect = time.Minute // a connection that held so long may be made anew at once
)

// mark is where reading goes on.
type mark struct {
	Session string            `json:"session"`
	Seq     int64             `json:"seq"`
	URL     string            `json:"url"`    // of the gateway that has the session
	Seen    map[string]string `json:"seen"`   // conversation → its newest message
	Behind  bool              `json:"behind"` // REST was not yet asked for all that was missed
}

// Receive reads what the gateway tells until ctx ends.
func (l *Line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	err := l.receive(ctx, from, take)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (l *Line) receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	m, err := l.begin(from)
	for again := 0; err == nil; {
		began := time.Now()
		token := l.api.token.Value()
		err = l.session(ctx, m, token, take)
		switch {
		case errors.Is(err, errInvalid) && again < maxAgain:
			again++
			m.Session, m.URL, m.Behind = "", "", true
			err = calm(ctx)
		case errors.Is(err, errReconnect) && time.Since(began) > reconnect:
			err = nil
		case channel.WhyOf(err) == channel.Expired && l.api.token.Renew(token):
			err = nil
		}
	}
	return err
}

// begin reads the mark; nil begins now, or where a gap was just told.
func (l *Line) begin(from channel.Mark) (*mark, error) {
	l.mu.Lock()
	last := l.last
	l.last = nil
	l.mu.Unlock()
	m := &mark{}
	switch {
	case from == nil && last != nil:
		return last, nil
	case from == nil:
	case json.Unmarshal(from, m) != nil || !m.sound():
		return nil, &channel.Refusal{Why: channel.Forgotten, Err: errors.New("the mark is not one of this line's")}
	}
	if m.Seen == nil {
		m.Seen = map[string]string{}
	}
	return m, nil
}

func (m *mark) sound() bool {
	if m.Seq < 0 || len(m.Session) > maxWords || len(m.URL) > maxWords || len(m.Seen) > maxSeen || m.Session == "" {
		return false
	}
	for c, id := range m.Seen {
		if !snowflake.MatchString(c) || !snowflake.MatchString(id) {
			return false
		}
	}
	return true
}

// written is the mark's own form.
func (m *mark) written() channel.Mark {
	b, err := json.Marshal(m)
	if err != nil {
		return nil
	}
	return b
}

// saw moves the newest message of a conversation; the conversation that is
// silent for longest is forgotten when there are too many.
func (m *mark) saw(in, id string) {
	if number(id) > number(m.Seen[in]) {
		m.Seen[in] = id
	}
	if len(m.Seen) <= maxSeen {
		return
	}
	oldest := in
	for c, id := range m.Seen {
		if number(id) < number(m.Seen[oldest]) {
			oldest = c
		}
	}
	delete(m.Seen, oldest)
}

func number(id string) uint64 {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// session connects, and reads until the connection ends.
func (l *Line) session(ctx context.Context, m *mark, token string, take channel.Take) error {
	if _, err := l.self(ctx); err != nil {
		return err
	}
	g, err := l.connect(ctx, m)
	if err != nil {
		return err
	}
	defer g.end()
	if m.Session == "" {
		err = l.identify(ctx, g, token)
	} else {
		err = l.resume(ctx, g, token, m)
	}
	if err != nil {
		return err
	}
	return l.listen(ctx, g, m, take)
}

// connect goes to the gateway that has the session, and to the front door when
// there is none or it does not open.
func (l *Line) connect(ctx context.Context, m *mark) (*gateway, error) {
	if m.URL != "" {
		if g, err := l.dial(ctx, m.URL); err == nil || ctx.Err() != nil {
			return g, err
		}
	}
	address, err := l.gateway(ctx)
	if err != nil {
		return nil, err
	}
	return l.dial(ctx, address)
}

// gateway asks where the gateway is, and whether a session may be begun.
func (l *Line) gateway(ctx context.Context) (string, error) {
	var at struct {
		URL   string `json:"url"`
		Limit struct {
			Remaining *int  `json:"remaining"`
			After     int64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	if err := l.api.get(ctx, "/gateway/bot", &at); err != nil {
		return "", err
	}
	if r := at.Limit.Remaining; r != nil && *r <= 0 {
		return "", later(time.Duration(at.Limit.After)*time.Millisecond, "no more sessions today")
	}
	return at.URL, nil
}

// listen hands on what the gateway tells, several at once when they are there.
func (l *Line) listen(ctx context.Context, g *gateway, m *mark, take channel.Take) error {
	greeted := false
	for {
		f, err := g.next(ctx)
		if err != nil {
			return err
		}
		if !greeted {
			greeted = true
			if err := l.greet(ctx, f, m, take); err != nil {
				return err
			}
		}
		batch := l.event(f, m)
		var after error
		for ok := true; ok && after == nil && len(batch) < channel.MaxBatch; {
			if f, ok, after = g.ready(ctx); ok {
				batch = append(batch, l.event(f, m)...)
			}
		}
		for part := range slices.Chunk(batch, channel.MaxBatch) {
			if err := take(ctx, part, m.written()); err != nil {
				return err
			}
		}
		if after != nil {
			return after
		}
	}
}

// greet says that the line is connected, and fetches what was missed when the
// session is a new one.
func (l *Line) greet(ctx context.Context, f frame, m *mark, take channel.Take) error {
	if f.Type == "READY" {
		var r struct {
			User    user   `json:"user"`
			Session string `json:"session_id"`
			URL     string `json:"resume_gateway_url"`
		}
		if json.Unmarshal(f.Data, &r) != nil || r.Session == "" || len(r.Session) > maxWords || len(r.URL) > maxWords {
			return errors.New("read ready: not as published")
		}
		m.Session, m.URL, m.Seq = r.Session, r.URL, 0
		l.known(r.User.ID)
	}
	if err := take(ctx, nil, m.written()); err != nil || !m.Behind {
		return err
	}
	if err := l.catchUp(ctx, m, take); err != nil {
		return err
	}
	if f.Seq != nil {
		m.Seq = *f.Seq
	}
	m.Behind = false
	if err := take(ctx, nil, m.written()); err != nil {
		return err
	}
	l.mu.Lock()
	l.last = m
	l.mu.Unlock()
	return &channel.Refusal{Why: channel.Forgotten, Err: errors.New("the session could not be resumed; a stranger's first message, edits and deletions in between are lost")}
}

// catchUp fetches what was written in the conversations that the mark knows.
func (l *Line) catchUp(ctx context.Context, m *mark, take channel.Take) error {
	var all []string
	for c := range m.Seen {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(number(m.Seen[b]), number(m.Seen[a])) })
	for _, c := range all {
		if err := l.missed(ctx, c, m, take); err != nil {
			return err
		}
	}
	return nil
}

// missed fetches one conversation, oldest first. What is beyond maxPages is
// part of the gap that is told afterwards.
func (l *Line) missed(ctx context.Context, in string, m *mark, take channel.Take) error {
	for range maxPages {
		raw, more, err := l.after(ctx, in, m.Seen[in])
		if why := channel.WhyOf(err); why == channel.Gone || why == channel.Rejected {
			delete(m.Seen, in)
			return nil
		}
		if err != nil {
			return err
		}
		batch := l.page(raw, in, m)
		if err := take(ctx, batch, m.written()); err != nil || !more {
			return err
		}
	}
	return nil
}

// after asks for the messages that follow one, newest first; more: there may be
// others after them. An answer that is too large is asked for in halves.
func (l *Line) after(ctx context.Context, in, id string) (raw []json.RawMessage, more bool, err error) {
	for limit := page; limit > 0; limit /= 2 {
		err = l.api.get(ctx, "/channels/"+in+"/messages?limit="+strconv.Itoa(limit)+"&after="+id, &raw)
		if !errs.Is(err, errs.Limit) {
			return raw, len(raw) >= limit, err
		}
	}
	return nil, false, err
}

// page turns messages, newest first, into arrivals, oldest first. REST does not
// say the server of a message; that its conversation is asked for does.
func (l *Line) page(raw []json.RawMessage, in string, m *mark) (batch []channel.Arrival) {
	slices.Reverse(raw)
	for _, r := range raw {
		var msg message
		if json.Unmarshal(r, &msg) != nil || msg.Channel != in || !snowflake.MatchString(msg.ID) {
			continue
		}
		m.saw(in, msg.ID)
		if a, ok := l.heeded(&msg, channel.Written); ok && len(batch) < channel.MaxBatch {
			batch = append(batch, a)
		}
	}
	return batch
}
