package twitch

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"ronde/channel"
)

// mark is until when we listened.
type mark struct {
	At int64 `json:"at"` // microseconds UTC
}

// Receive listens to the chat until ctx ends.
func (l *Line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	err := l.receive(ctx, from, take)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (l *Line) receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := l.gap(from); err != nil {
		return err
	}
	me, room, err := l.place(ctx)
	if err != nil {
		return err
	}
	c, err := l.join(ctx, me)
	if err != nil {
		return err
	}
	h := &hearing{l: l, me: me, room: room, lines: make(chan heard, channel.MaxBatch)}
	ctx, stop := context.WithCancel(ctx)
	defer h.all.Wait()
	defer stop()
	h.listen(ctx, c)
	return h.hear(ctx, take)
}

// gap tells once that what was said since a mark is lost.
func (l *Line) gap(from channel.Mark) error {
	if !l.owe(false) || from == nil {
		return nil
	}
	return refuse(channel.Forgotten, "what was said while nobody listened is gone")
}

// owe says whether a gap has to be told if we begin from a mark, and returns
// what it was before.
func (l *Line) owe(now bool) (before bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, l.owes = l.owes, now
	return before
}

// heard is a line of one connection, or the end of it.
type heard struct {
	from *conn
	m    message
	err  error
}

// hearing is one stay in the chat, over one connection after the other.
type hearing struct {
	l     *Line
	me    identity
	room  string
	now   *conn // the connection that counts
	lines chan heard
	all   sync.WaitGroup
	last  time.Time // when something was heard
	asked time.Time // when we asked whether anybody is there; zero: not
}

// listen reads a connection until it, or ctx, ends. It is then the one that
// counts; the end of an older one is nothing.
func (h *hearing) listen(ctx context.Context, c *conn) {
	h.now, h.last, h.asked = c, time.Now(), time.Time{}
	h.all.Go(func() {
		defer c.ws.CloseNow()
		for {
			m, err := c.read(ctx)
			select {
			case h.lines <- heard{c, m, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	})
}

// hear hands on what is said, several lines at once when they are there.
func (h *hearing) hear(ctx context.Context, take channel.Take) error {
	h.l.owe(true)
	if err := h.hand(ctx, nil, take); err != nil {
		return err
	}
	tick := time.NewTicker(h.l.answer)
	defer tick.Stop()
	for {
		var batch []channel.Arrival
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			err = h.stillThere(ctx)
		case x := <-h.lines:
			batch, err = h.line(ctx, x)
			for more := true; more && err == nil && len(batch) < channel.MaxBatch; {
				select {
				case x = <-h.lines:
					var next []channel.Arrival
					next, err = h.line(ctx, x)
					batch = append(batch, next...)
				default:
					more = false
				}
			}
			if failed := h.hand(ctx, batch, take); failed != nil {
				return failed
			}
		}
		if err != nil {
			return h.ended(err)
		}
	}
}

// hand gives a batch to the desk, or the sign that the line lives.
func (h *hearing) hand(ctx context.Context, batch []channel.Arrival, take channel.Take) error {
	next, err := json.Marshal(mark{h.l.now()})
	if err != nil {
		return err
	}
	if len(batch) == 0 {
		return take(ctx, nil, next)
	}
	for part := range slices.Chunk(batch, channel.MaxBatch) {
		if err := take(ctx, part, next); err != nil {
			return err
		}
	}
	return nil
}

// ended says what the end of the connection means: from here on something is
// missed.
func (h *hearing) ended(err error) error {
	if errors.Is(err, errLost) {
		h.l.owe(false)
		return &channel.Refusal{Why: channel.Forgotten, Err: errLost}
	}
	return err
}

// line is what one line of IRC means.
func (h *hearing) line(ctx context.Context, x heard) ([]channel.Arrival, error) {
	if x.err != nil {
		if x.from != h.now {
			return nil, nil
		}
		return nil, x.err
	}
	h.last, h.asked = time.Now(), time.Time{}
	switch x.m.command {
	case "PING":
		return nil, x.from.write(ctx, "PONG :"+x.m.param(0))
	case "RECONNECT":
		return nil, h.again(ctx, x.from)
	case "PRIVMSG", "USERNOTICE":
		return h.said(ctx, x.m)
	case "CLEARMSG":
		h.l.mu.Lock()
		defer h.l.mu.Unlock()
		return h.removed(x.m.tags["target-msg-id"]), nil
	case "CLEARCHAT":
		return h.cleared(x.m), nil
	}
	return nil, notice(x.m)
}

// again joins anew while the old connection is still read: what both tell is
// told once, by its id.
func (h *hearing) again(ctx context.Context, old *conn) error {
	if old != h.now {
		return nil
	}
	c, err := h.l.join(ctx, h.me)
	if err != nil {
		return err
	}
	h.listen(ctx, c)
	return nil
}

// stillThere asks when nothing was heard for long, and gives up when nobody
// answers: such a connection is dead though it stands.
func (h *hearing) stillThere(ctx context.Context) error {
	switch {
	case !h.asked.IsZero() && time.Since(h.asked) >= h.l.answer:
		return errLost
	case h.asked.IsZero() && time.Since(h.last) >= h.l.quiet:
		h.asked = time.Now()
		return h.now.write(ctx, "PING :ronde")
	}
	return nil
}
