package twitch

import (
	"context"
	"time"

	"ronde/channel"
)

// Hurry makes a line ask a silent connection sooner.
func Hurry(line channel.Line, quiet, answer time.Duration) {
	l := line.(*Line)
	l.quiet, l.answer = quiet, answer
}

// Join enters the chat, and leaves at once.
func Join(ctx context.Context, line channel.Line) error {
	c, err := line.(*Line).enter(ctx, "token", identity{Login: "brume_bot"})
	if err == nil {
		c.ws.CloseNow()
	}
	return err
}

// Said reads lines of a chat, for the fuzzer.
func Said(lines []string) (all []channel.Arrival) {
	l := &Line{now: func() int64 { return 0 }, sending: make(chan struct{}, 1)}
	h := &hearing{l: l, me: identity{User: "1"}, room: "2", now: &conn{}}
	for _, s := range lines {
		m, ok := parse(s)
		if !ok || m.command == "PING" || m.command == "RECONNECT" {
			continue
		}
		batch, err := h.line(context.Background(), heard{h.now, m, nil})
		if err == nil {
			all = append(all, batch...)
		}
	}
	return all
}

// Parse reads one line of IRC.
func Parse(s string) (tags map[string]string, nick, command string, params []string, ok bool) {
	m, ok := parse(s)
	return m.tags, m.nick, m.command, m.params, ok
}
