package mail

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"ronde/channel"
)

// box is one connection to the mailbox.
type box struct {
	*imapclient.Client
	news chan struct{} // holds something once the server told of a new mail
	conn net.Conn
	free func() bool
}

// dial connects, with TLS where it begins at once. The connection is cut when
// ctx ends.
func (l *Line) dial(ctx context.Context, s server) (net.Conn, func() bool, error) {
	d := net.Dialer{Timeout: commandTime, KeepAlive: 30 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", s.address())
	if err != nil {
		return nil, nil, fmt.Errorf("connect: %w", err)
	}
	raw := conn
	free := context.AfterFunc(ctx, func() { raw.Close() })
	if !s.implicit {
		return conn, free, nil
	}
	secure := tls.Client(conn, l.trust(s))
	timed, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	if err := secure.HandshakeContext(timed); err != nil {
		free()
		conn.Close()
		return nil, nil, told("begin TLS", err)
	}
	return secure, free, nil
}

func (l *Line) trust(s server) *tls.Config {
	c := l.tls.Clone()
	c.ServerName = s.host
	return c
}

// open connects and signs in.
func (l *Line) open(ctx context.Context) (*box, error) {
	conn, free, err := l.dial(ctx, l.imap)
	if err != nil {
		return nil, err
	}
	b := &box{news: make(chan struct{}, 1), conn: conn, free: free}
	options := &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				b.tell()
			}
		},
	}}
	if err := b.greet(ctx, l, options); err != nil {
		b.close()
		return nil, err
	}
	if err := b.signIn(ctx, l); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *box) tell() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// greet waits for the server, and begins TLS where it must.
func (b *box) greet(ctx context.Context, l *Line, options *imapclient.Options) error {
	defer b.within(commandTime)()
	if !l.imap.implicit && !l.imap.loopback {
		secure, err := startTLS(ctx, b.conn, l.trust(l.imap))
		if err != nil {
			return told("begin TLS", err)
		}
		b.conn = secure
	}
	b.Client = imapclient.New(b.conn, options)
	return told("greet server", b.WaitGreeting())
}

// maxGreeting bounds what a server says before TLS begins.
const maxGreeting = 8 << 10

// errNoTLS is a server, or somebody on the way to it, that will not begin TLS.
var errNoTLS = errors.New("the server does not begin TLS")

// startTLS does what stands before TLS (RFC 9051 §6.2.1): nothing that was said
// there is believed. A byte after the server's word would be somebody else's
// (CVE-2011-0411), and ends the connection.
func startTLS(ctx context.Context, conn net.Conn, trust *tls.Config) (net.Conn, error) {
	in := bufio.NewReaderSize(conn, maxGreeting)
	if line, err := in.ReadSlice('\n'); err != nil || !bytes.HasPrefix(line, []byte("* OK")) {
		return nil, errNoTLS
	}
	if _, err := conn.Write([]byte("s STARTTLS\r\n")); err != nil {
		return nil, err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(line, []byte("* ")) {
			continue
		}
		if !bytes.HasPrefix(line, []byte("s OK")) || in.Buffered() > 0 {
			return nil, errNoTLS
		}
		break
	}
	secure := tls.Client(conn, trust)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return &greeted{Conn: secure, rest: strings.NewReader("* OK begun\r\n")}, nil
}

// greeted is a connection within TLS: the server greeted before, and the client
// that reads it waits for a greeting.
type greeted struct {
	net.Conn
	rest *strings.Reader
}

func (g *greeted) Read(p []byte) (int, error) {
	if g.rest.Len() > 0 {
		return g.rest.Read(p)
	}
	return g.Conn.Read(p)
}

// within cuts the connection unless it is called off in time: no answer is
// waited for without end.
func (b *box) within(d time.Duration) (calledOff func()) {
	conn := b.conn
	t := time.AfterFunc(d, func() { conn.Close() })
	return func() { t.Stop() }
}

func (b *box) signIn(ctx context.Context, l *Line) error {
	secret, bearer, err := l.access.get(ctx)
	if err != nil {
		return err
	}
	defer b.within(commandTime)()
	if bearer {
		err = b.Authenticate(&xoauth2{user: l.user, token: secret})
	} else {
		err = b.Login(l.user, secret).Wait()
	}
	var refused *imap.Error
	if errors.Is(err, errToken) {
		return &channel.Refusal{Why: channel.Expired, Err: err}
	}
	if errors.As(err, &refused) && refused.Type == imap.StatusResponseTypeNo && !passing(refused.Code) {
		return &channel.Refusal{Why: channel.Expired, Err: told("sign in", err)}
	}
	return told("sign in", err)
}

// passing says whether a refusal is for now only (RFC 5530).
func passing(code imap.ResponseCode) bool {
	switch code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return true
	}
	return false
}

func (b *box) close() {
	b.free()
	if b.Client != nil {
		b.Close()
	}
	b.conn.Close()
}

// told is an error without anything that the server said but its code: a server
// repeats addresses and subjects.
func told(what string, err error) error {
	if err == nil {
		return nil
	}
	var refused *imap.Error
	var network net.Error
	switch {
	case errors.As(err, &refused):
		err = fmt.Errorf("%s: the server said %s %s", what, refused.Type, refused.Code)
		if passing(refused.Code) {
			return &channel.Refusal{Why: channel.Later, Err: err}
		}
		return err
	case errors.As(err, new(x509.UnknownAuthorityError)), errors.As(err, new(x509.HostnameError)), errors.As(err, new(x509.CertificateInvalidError)):
		return fmt.Errorf("%s: the server's certificate is not to be believed: %w", what, err)
	case errors.Is(err, errNoTLS):
		return fmt.Errorf("%s: %w", what, err)
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: connection lost", what)
	}
	return fmt.Errorf("%s: the server's answer was not understood (%T)", what, err)
}

// xoauth2 signs in with an access token, as the large providers' documents say;
// OAUTHBEARER (RFC 7628) came later and is offered less.
type xoauth2 struct{ user, token string }

var _ sasl.Client = (*xoauth2)(nil)

func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// errToken is a server's no to an access token.
var errToken = errors.New("the access token is refused")

// Next is only asked when the server describes why the token is no good. It
// waits for an empty answer to that, which the library cannot write; the
// connection ends instead.
func (x *xoauth2) Next([]byte) ([]byte, error) { return nil, errToken }
