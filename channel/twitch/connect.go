package twitch

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/coder/websocket"

	"ronde/channel"
	"ronde/internal/rest"
)

const (
	maxFrame  = 512 << 10        // several lines come in one
	joinTime  = 15 * time.Second // until the chat is joined
	writeTime = 10 * time.Second
	silence   = 6 * time.Minute // Twitch asks about every five
	patience  = 10 * time.Second
)

var (
	errLost = errors.New("the chat's connection broke off")
	errLate = errors.New("the chat could not be joined in time; perhaps there is no such channel")
	errRate = errors.New("too many requests")
)

// conn is one connection to the chat.
type conn struct {
	ws      *websocket.Conn
	pending []string // lines that came with others
}

// join connects, says who we are, and enters the chat.
func (l *Line) join(ctx context.Context, me identity) (*conn, error) {
	for {
		token := l.token.value()
		c, err := l.enter(ctx, token, me)
		if channel.WhyOf(err) != channel.Expired || !l.token.renew(token, l.exchange(ctx)) {
			return c, err
		}
	}
}

func (l *Line) enter(ctx context.Context, token string, me identity) (*conn, error) {
	short, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	ws, _, err := websocket.Dial(short, l.chat, &websocket.DialOptions{HTTPClient: l.http})
	if err != nil {
		return nil, rest.Told(ctx, err)
	}
	ws.SetReadLimit(maxFrame)
	c := &conn{ws: ws}
	if err := c.handshake(short, token, me.Login, l.home(me)); err != nil {
		ws.CloseNow()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case short.Err() != nil:
			return nil, errLate
		}
		return nil, err
	}
	return c, nil
}

// lost is a failure without the words of the library.
func lost(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errLost
}

func (c *conn) handshake(ctx context.Context, token, login, home string) error {
	for _, line := range []string{"CAP REQ :twitch.tv/commands twitch.tv/tags", "PASS oauth:" + token, "NICK " + login} {
		if err := c.write(ctx, line); err != nil {
			return err
		}
	}
	if err := c.until(ctx, func(m message) (bool, error) {
		if m.command == "CAP" && m.param(1) == "NAK" {
			return false, refuse(channel.Rejected, "the chat no longer knows tags")
		}
		return m.command == "001", nil
	}); err != nil {
		return err
	}
	if err := c.write(ctx, "JOIN #"+home); err != nil {
		return err
	}
	return c.until(ctx, func(m message) (bool, error) {
		return m.command == "ROOMSTATE" && m.param(0) == "#"+home, nil
	})
}

// until reads until one line is enough.
func (c *conn) until(ctx context.Context, enough func(message) (bool, error)) error {
	for {
		m, err := c.read(ctx)
		if err != nil {
			return err
		}
		if err := notice(m); err != nil {
			return err
		}
		if ok, err := enough(m); ok || err != nil {
			return err
		}
		if m.command == "PING" {
			if err := c.write(ctx, "PONG :"+m.param(0)); err != nil {
				return err
			}
		}
	}
}

// notices that end a connection, by what they say or by their msg-id.
var notices = []struct{ said, why, text string }{
	{"Login authentication failed", channel.Expired, "the token is no longer good"},
	{"Login unsuccessful", channel.Expired, "the token is not that of this account"},
	{"Improperly formatted auth", channel.Expired, "the token is not one of Twitch's"},
	{"Invalid NICK", channel.Rejected, "the account's name is not one of Twitch's"},
	{"msg_banned", channel.Gone, "the bot is banned from this chat"},
	{"msg_channel_suspended", channel.Gone, "the channel is suspended, or is no more"},
	{"msg_room_not_found", channel.Gone, "the channel is no more"},
	{"tos_ban", channel.Gone, "the channel is closed"},
	{"msg_suspended", channel.Rejected, "the bot's account is suspended"},
}

func notice(m message) error {
	if m.command != "NOTICE" {
		return nil
	}
	for _, n := range notices {
		if m.tags["msg-id"] == n.said || strings.Contains(n.said, " ") && strings.HasPrefix(m.param(1), n.said) {
			return refuse(n.why, n.text)
		}
	}
	return nil
}

// read is the next line that can be read.
func (c *conn) read(ctx context.Context) (message, error) {
	for {
		for len(c.pending) > 0 {
			line := c.pending[0]
			c.pending = c.pending[1:]
			if m, ok := parse(line); ok {
				return m, nil
			}
		}
		_, b, err := c.ws.Read(ctx)
		if err != nil {
			return message{}, lost(ctx)
		}
		c.pending = strings.Split(string(b), "\n")
	}
}

func (c *conn) write(ctx context.Context, line string) error {
	short, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	line = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(line)
	if c.ws.Write(short, websocket.MessageText, []byte(line+"\r\n")) != nil {
		return lost(ctx)
	}
	return nil
}
