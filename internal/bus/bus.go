// Package bus carries what may be lost: batches of posts to the watch and
// back, wake-ups, live updates.
//
// It owns the NATS server inside the program (no port, no disk) or the
// connection to a NATS cluster. It promises that a request is answered by one
// member of a group or fails in bounded time, and that nothing it carries is
// written to a file. It is not the truth: rows are (design 4), and whoever
// sends keeps what it sent until the answer.
package bus

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"ronde/internal/errs"
)

// MaxMessage bounds one message, in bytes.
const MaxMessage = 1 << 20

const readyWithin = 10 * time.Second

// Bus is an open connection.
type Bus struct {
	embedded *server.Server
	conn     *nats.Conn
}

// Open connects to the cluster at address (nats://…), or, when address is
// empty, starts a server inside the program that listens on no port.
func Open(address string) (*Bus, error) {
	b := &Bus{}
	opts := []nats.Option{nats.Name("ronde"), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond)}
	if address == "" {
		s, err := startEmbedded()
		if err != nil {
			return nil, err
		}
		b.embedded = s
		opts = append(opts, nats.InProcessServer(s))
	}
	conn, err := nats.Connect(address, opts...)
	if err != nil {
		b.Close()
		return nil, errs.As(errs.Wrap(err, "reach bus"), errs.Unavailable, "err.unavailable")
	}
	b.conn = conn
	return b, nil
}

func startEmbedded() (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "ronde", DontListen: true, NoSigs: true, NoLog: true, MaxPayload: MaxMessage,
	})
	if err != nil {
		return nil, errs.Wrap(err, "start bus")
	}
	go s.Start()
	if !s.ReadyForConnections(readyWithin) {
		s.Shutdown()
		return nil, errs.New(errs.Unavailable, "err.unavailable", "start bus: not ready in time")
	}
	return s, nil
}

// Close drops the connection and ends the server inside the program.
func (b *Bus) Close() {
	if b.conn != nil {
		b.conn.Close()
	}
	if b.embedded != nil {
		b.embedded.Shutdown()
		b.embedded.WaitForShutdown()
	}
}

// While a member works on a request it gives signs of life; a sender that sees
// none for a while gives it up.
const (
	signEvery = time.Second
	silence   = 8 * time.Second
	signField = "Ronde-At-Work"
)

// Request sends data to one member of the group that serves subject and
// returns its answer. errs.Unavailable when nobody serves it, when whoever had
// it falls silent, or when nobody answers before ctx ends: the sender still
// has the data and may try again.
func (b *Bus) Request(ctx context.Context, subject string, data []byte) ([]byte, error) {
	if len(data) > MaxMessage {
		return nil, errs.New(errs.Limit, "err.limit", "send request: larger than 1 MiB")
	}
	answer, err := b.request(ctx, subject, data)
	if err != nil {
		return nil, errs.As(errs.Wrap(err, "send request on "+subject), errs.Unavailable, "err.unavailable")
	}
	return answer, nil
}

func (b *Bus) request(ctx context.Context, subject string, data []byte) ([]byte, error) {
	inbox := b.conn.NewInbox()
	sub, err := b.conn.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer sub.Unsubscribe()
	if err := b.conn.PublishRequest(subject, inbox, data); err != nil {
		return nil, err
	}
	for {
		patience, cancel := context.WithTimeout(ctx, silence)
		m, err := sub.NextMsgWithContext(patience)
		cancel()
		if err != nil {
			return nil, err
		}
		if m.Header.Get(signField) == "" {
			return m.Data, nil
		}
	}
}

// Serve answers requests on subject as a member of group, at most workers at
// a time; the rest wait in memory, and their senders with them: they hear that
// somebody has their request. The returned function stops taking requests and
// waits for those under way.
func (b *Bus) Serve(subject, group string, workers int, answer func(ctx context.Context, data []byte) []byte) (stop func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	slots := make(chan struct{}, workers)
	sub, err := b.conn.QueueSubscribe(subject, group, func(m *nats.Msg) {
		go func() {
			defer b.alive(m)()
			slots <- struct{}{}
			defer func() { <-slots }()
			m.Respond(answer(ctx, m.Data))
		}()
	})
	if err != nil {
		cancel()
		return nil, errs.Wrap(err, "serve "+subject)
	}
	return func() {
		sub.Unsubscribe()
		for range workers {
			slots <- struct{}{}
		}
		cancel()
	}, b.flush()
}

// alive gives signs of life to whoever asked, until it is stopped.
func (b *Bus) alive(m *nats.Msg) (stop func()) {
	sign := time.NewTicker(signEvery)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-sign.C:
				b.conn.PublishMsg(&nats.Msg{Subject: m.Reply, Header: nats.Header{signField: []string{"1"}}})
			case <-done:
				return
			}
		}
	}()
	return func() { sign.Stop(); close(done) }
}

// Publish tells whoever listens; nobody may.
func (b *Bus) Publish(subject string, data []byte) error {
	return errs.Wrap(b.conn.Publish(subject, data), "publish on "+subject)
}

// Subscribe calls fn for every message on subject until stop is called.
func (b *Bus) Subscribe(subject string, fn func(data []byte)) (stop func(), err error) {
	sub, err := b.conn.Subscribe(subject, func(m *nats.Msg) { fn(m.Data) })
	if err != nil {
		return nil, errs.Wrap(err, "listen on "+subject)
	}
	return func() { sub.Unsubscribe() }, b.flush()
}

func (b *Bus) flush() error {
	err := b.conn.FlushTimeout(readyWithin)
	if errors.Is(err, nats.ErrTimeout) {
		return errs.As(err, errs.Unavailable, "err.unavailable")
	}
	return errs.Wrap(err, "flush bus")
}
