package discord

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"ronde/channel"
	"ronde/internal/rest"
)

// What the gateway sends and takes.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Intents: what the gateway is asked to tell.
const (
	guildMessages  = 1 << 9
	directMessages = 1 << 12
	messageContent = 1 << 15 // privileged
)

const (
	maxFrame  = 8 << 20
	dialTime  = 15 * time.Second // until the gateway says hello
	writeTime = 10 * time.Second
	minBeat   = 100 * time.Millisecond
	maxBeat   = 5 * time.Minute
	backlog   = channel.MaxBatch
)

// frame is one message of the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type string          `json:"t"`
}

// Errors after which the line itself connects once more.
var (
	errReconnect = errors.New("the gateway asked to connect anew")
	errInvalid   = errors.New("the session is over")
)

// gateway is one connection.
type gateway struct {
	conn   *websocket.Conn
	in     chan frame
	failed chan error // one, when reading ended
	beat   *time.Ticker
	acked  bool
	seq    int64
}

// dial connects and waits for the gateway's hello.
func (l *Line) dial(ctx context.Context, address string) (*gateway, error) {
	at, err := url.Parse(address)
	plain := strings.HasPrefix(l.api.base, "http:")
	if err != nil || at.Scheme != "wss" && !(plain && at.Scheme == "ws") || !l.gateways(at.Host) || at.User != nil {
		return nil, errors.New("connect to gateway: not an address of Discord's")
	}
	at.RawQuery = "v=10&encoding=json"
	short, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	conn, _, err := websocket.Dial(short, at.String(), &websocket.DialOptions{HTTPClient: l.api.http})
	if err != nil {
		return nil, rest.Told(ctx, err)
	}
	conn.SetReadLimit(maxFrame)
	var hello frame
	var body struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	if err := wsjson.Read(short, conn, &hello); err != nil || hello.Op != opHello || json.Unmarshal(hello.Data, &body) != nil {
		conn.CloseNow()
		return nil, lost(ctx, "read hello of gateway")
	}
	every := min(max(time.Duration(body.Interval)*time.Millisecond, minBeat), maxBeat)
	g := &gateway{conn: conn, in: make(chan frame, backlog), failed: make(chan error, 1), beat: time.NewTicker(every), acked: true}
	go g.read(ctx)
	return g, nil
}

// lost is a failure without the words of the library, which may hold more than
// a log should.
func lost(ctx context.Context, what string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.New(what + ": no connection")
}

// read hands frames on until the connection ends. One that cannot be read is
// passed over.
func (g *gateway) read(ctx context.Context) {
	defer close(g.in)
	for {
		_, b, err := g.conn.Read(ctx)
		if err != nil {
			g.failed <- err
			return
		}
		var f frame
		if json.Unmarshal(b, &f) != nil {
			continue
		}
		select {
		case g.in <- f:
		case <-ctx.Done():
			g.failed <- ctx.Err()
			return
		}
	}
}

// end drops the connection without a word: a proper close (1000, 1001) would
// end the session, which the next start wants to resume.
func (g *gateway) end() {
	g.conn.CloseNow()
	g.beat.Stop()
	for range g.in {
	}
}

func (g *gateway) write(ctx context.Context, op int, data any) error {
	short, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if err := wsjson.Write(short, g.conn, map[string]any{"op": op, "d": data}); err != nil {
		return lost(ctx, "write to gateway")
	}
	return nil
}

// pulse beats, and fails when the last beat was not heard: such a connection is
// dead though it stands.
func (g *gateway) pulse(ctx context.Context, due bool) error {
	if due && !g.acked {
		return errors.New("the gateway does not answer heartbeats")
	}
	g.acked = false
	if g.seq == 0 {
		return g.write(ctx, opHeartbeat, nil)
	}
	return g.write(ctx, opHeartbeat, g.seq)
}

// next waits for something that concerns the line, and keeps the connection
// alive meanwhile.
func (g *gateway) next(ctx context.Context) (frame, error) {
	for {
		select {
		case <-ctx.Done():
			return frame{}, ctx.Err()
		case <-g.beat.C:
			if err := g.pulse(ctx, true); err != nil {
				return frame{}, err
			}
		case f, ok := <-g.in:
			if !ok {
				return frame{}, closed(ctx, <-g.failed)
			}
			if done, err := g.own(ctx, f); done || err != nil {
				return f, err
			}
		}
	}
}

// ready is next without waiting; false: nothing is there.
func (g *gateway) ready(ctx context.Context) (frame, bool, error) {
	for {
		select {
		case f, ok := <-g.in:
			if !ok {
				return frame{}, false, closed(ctx, <-g.failed)
			}
			if done, err := g.own(ctx, f); done || err != nil {
				return f, err == nil, err
			}
		default:
			return frame{}, false, nil
		}
	}
}

// own does what concerns the connection alone; done: the line wants the frame.
func (g *gateway) own(ctx context.Context, f frame) (done bool, err error) {
	if f.Seq != nil {
		g.seq = *f.Seq
	}
	switch f.Op {
	case opDispatch:
		return true, nil
	case opHeartbeat:
		return false, g.pulse(ctx, false)
	case opAck:
		g.acked = true
	case opReconnect:
		return true, errReconnect
	case opInvalid:
		if string(f.Data) == "true" {
			return true, errReconnect
		}
		return true, errInvalid
	}
	return false, nil
}

// closed says why the gateway ended a connection, by its code.
func closed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	refuse := func(why, text string) error { return &channel.Refusal{Why: why, Err: errors.New(text)} }
	switch websocket.CloseStatus(err) {
	case 4004:
		return refuse(channel.Expired, "the token is no longer good")
	case 4007, 4009:
		return errInvalid
	case 4008:
		return refuse(channel.Later, "the gateway was asked too much")
	case 4010, 4011:
		return refuse(channel.Rejected, "the bot is on so many servers that Discord wants it in several parts")
	case 4012:
		return refuse(channel.Rejected, "the gateway no longer speaks version 10")
	case 4013, 4014:
		return refuse(channel.Rejected, "the bot may not read messages of servers: switch on the intent Message Content in Discord's developer portal")
	}
	return errors.New("the gateway's connection broke off")
}

// identify begins a session.
func (l *Line) identify(ctx context.Context, g *gateway, token string) error {
	intents := directMessages
	if len(l.channels) > 0 {
		intents |= guildMessages | messageContent
	}
	return g.write(ctx, opIdentify, map[string]any{
		"token": token, "intents": intents,
		"properties": map[string]string{"os": "linux", "browser": "ronde", "device": "ronde"},
	})
}

// resume goes on with a session.
func (l *Line) resume(ctx context.Context, g *gateway, token string, m *mark) error {
	g.seq = m.Seq
	return g.write(ctx, opResume, map[string]any{"token": token, "session_id": m.Session, "seq": m.Seq})
}

// calm waits between one and two seconds, as is asked for before a session is
// begun after another was lost.
func calm(ctx context.Context) error {
	t := time.NewTimer(time.Second + rand.N(time.Second))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
