package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"ronde/channel"
	"ronde/internal/errs"
)

const (
	hold    = 20                 // seconds that one question waits for an answer
	kept    = 24 * time.Hour     // Telegram holds an update so long
	numbers = 6 * 24 * time.Hour // update numbers begin anew after seven days without one
	pause   = time.Hour          // between two leaves taken of one group
	maxMove = 100                // groups whose move is remembered
	gone    = "kicked"           // what Telegram calls a block
	left    = "left"
)

// mark is where reading goes on.
type mark struct {
	Next  int64           `json:"next"`  // number of the next update
	At    int64           `json:"at"`    // when Telegram was last heard, microseconds UTC
	New   int64           `json:"new"`   // when the last update came
	Moved map[int64]int64 `json:"moved"` // groups that got another number
}

// update is one of Telegram's. At most one of its parts is there.
type update struct {
	ID     int64    `json:"update_id"`
	New    *message `json:"message"`
	Edited *message `json:"edited_message"`
	Member *struct {
		Chat chat `json:"chat"`
		Now  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

// Receive fetches updates until ctx ends.
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
	m, err := l.begin(from)
	if err != nil {
		return err
	}
	// The first question does not wait, so that being connected is told at once.
	for wait := 0; ; wait = hold {
		updates, err := l.ask(ctx, m, wait)
		if err != nil {
			return err
		}
		if wait == 0 {
			if err := take(ctx, nil, l.written(m)); err != nil {
				return err
			}
		}
		if m, err = l.pass(ctx, m, updates, take); err != nil {
			return err
		}
	}
}

// begin reads the mark.
func (l *Line) begin(from channel.Mark) (mark, error) {
	m := mark{At: l.now(), New: l.now()}
	if from == nil {
		return m, nil
	}
	if json.Unmarshal(from, &m) != nil || m.Next < 0 || len(m.Moved) > maxMove {
		return m, forgotten("the mark is not one of this line's")
	}
	if l.now()-m.At > kept.Microseconds() {
		return m, forgotten("Telegram was not asked for more than a day")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for to, was := range m.Moved {
		l.moved[to] = was
	}
	return m, nil
}

func forgotten(why string) error {
	return &channel.Refusal{Why: channel.Forgotten, Err: errors.New(why)}
}

// ask fetches what comes after the mark; wait is in seconds. An answer that is
// too large is asked for in halves: nobody may stop the line with long messages.
func (l *Line) ask(ctx context.Context, m mark, wait int) (out []json.RawMessage, err error) {
	in := map[string]any{"timeout": wait, "allowed_updates": []string{"message", "edited_message", "my_chat_member"}}
	if l.now()-m.New < numbers.Microseconds() {
		in["offset"] = m.Next
	}
	for limit := channel.MaxBatch; limit > 0; limit /= 2 {
		in["limit"] = limit
		if err = l.api.call(ctx, "getUpdates", in, &out); !errs.Is(err, errs.Limit) {
			break
		}
	}
	return out, err
}

// pass hands on what came. What cannot be read is passed over: asked for again
// it would be no better, and nobody behind it would be heard.
func (l *Line) pass(ctx context.Context, m mark, raw []json.RawMessage, take channel.Take) (mark, error) {
	var batch []channel.Arrival
	m.At = l.now()
	for _, r := range raw {
		var u update
		if json.Unmarshal(r, &u) != nil {
			var bare struct {
				ID int64 `json:"update_id"`
			}
			if json.Unmarshal(r, &bare) != nil {
				continue
			}
			u = update{ID: bare.ID}
		}
		m.Next, m.New = u.ID+1, l.now()
		batch = append(batch, l.arrivals(ctx, u)...)
	}
	return m, take(ctx, batch, l.written(m))
}

// written is the mark's own form, with the groups that moved.
func (l *Line) written(m mark) channel.Mark {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.Moved = l.moved
	b, err := json.Marshal(m)
	if err != nil {
		return nil
	}
	return b
}

// arrivals turns an update into what the desk keeps: at most one thing.
func (l *Line) arrivals(ctx context.Context, u update) []channel.Arrival {
	m, what := u.New, channel.Written
	switch {
	case u.Edited != nil:
		m, what = u.Edited, channel.Edited
	case u.Member != nil:
		if now := u.Member.Now.Status; now != gone && now != left {
			l.leave(ctx, u.Member.Chat)
		}
		return nil
	}
	if m == nil {
		return nil
	}
	if m.MovedTo != 0 {
		l.move(m.Chat.ID, m.MovedTo)
		return nil
	}
	if !l.reads(m.Chat) {
		l.leave(ctx, m.Chat)
		return nil
	}
	if m.service() {
		return nil
	}
	a := l.arrival(m, what)
	if a.Thread == "" || a.ID == "0" || m.Ours() {
		return nil
	}
	return []channel.Arrival{a}
}

// reads says whether the chat is one that the row lets us read.
func (l *Line) reads(c chat) bool {
	return c.Type == "private" || l.groups[l.known(c.ID)]
}

// leave takes the bot out of a group that nobody allowed: what is said there is
// not for us, and nobody shall believe that the police reads along. Telegram is
// asked again after pause, when the bot is still there.
func (l *Line) leave(ctx context.Context, c chat) {
	if c.ID >= 0 || l.reads(c) || !l.due(c.ID) {
		return
	}
	_ = l.api.call(ctx, "leaveChat", map[string]any{"chat_id": c.ID}, nil) // asked again at the next sign of it
}

// due says whether a group was not left during the last pause.
func (l *Line) due(group int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, at := range l.took {
		if l.now()-at > pause.Microseconds() || len(l.took) >= maxMove {
			delete(l.took, id)
		}
	}
	if _, ok := l.took[group]; ok {
		return false
	}
	l.took[group] = l.now()
	return true
}

// move remembers the new number of a group.
func (l *Line) move(was, to int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if first, ok := l.moved[was]; ok {
		was = first
	}
	if l.groups[was] && len(l.moved) < maxMove {
		l.moved[to] = was
	}
}

// known is the number that a chat's conversation is known by.
func (l *Line) known(id int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if was, ok := l.moved[id]; ok {
		return was
	}
	return id
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
