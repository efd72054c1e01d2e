package mail

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"ronde/channel"
)

// Limits with their numbers.
const (
	maxMessage  = 40 << 20 // bytes of one mail that is read whole: a file of MaxFile, encoded
	maxHead     = 1 << 20  // bytes read of a larger one
	maxBatch    = 8 << 20  // bytes of mails handed over at once
	maxRunes    = 100_000  // letters of one answer: more is a document
	defaultMost = 18 << 20 // bytes of files of one answer: with base64 below the usual 25 MB
	highestMost = 100 << 20
	minSecret   = 16 // letters

	idleFor     = 9 * time.Minute // then IDLE is begun anew: below 29 minutes (RFC 2177), and a dead line is noticed
	commandTime = time.Minute
	mailTime    = 5 * time.Minute // to carry one large mail
	defaultPoll = 60              // seconds
	reread      = 48 * time.Hour  // how far before the mark a mailbox numbered anew is read again
)

var needs = channel.Needs{
	Options: []string{"imap", "smtp", "user", "folder", "sent", "copy", "name", "plus", "days", "poll", "authserv", "ca", "most", "oauth", "client", "scope"},
	May:     []string{"password", "token", "client", "refresh", "threads"},
}

// Line is one mailbox. It is safe for concurrent use.
type Line struct {
	set     channel.Setting
	secret  func(string) (string, error)
	means   channel.Means
	account string // our address
	user    string
	imap    server
	smtp    server
	tls     *tls.Config
	proofs  proofs
	copies  bool
	plus    bool
	days    int
	poll    time.Duration
	idle    time.Duration // until IDLE is begun anew
	most    int
	access  access
}

// server is where one protocol is spoken.
type server struct {
	host, port string
	implicit   bool // TLS from the first byte
	loopback   bool // may be spoken to without TLS
}

func (s server) address() string { return net.JoinHostPort(s.host, s.port) }

// New makes a line from its row. It asks the network nothing.
func New(set channel.Setting, secret func(string) (string, error), means channel.Means) (channel.Line, error) {
	if err := set.Check(needs); err != nil {
		return nil, err
	}
	l := &Line{set: set, secret: secret, means: means, idle: idleFor}
	for _, read := range []func() error{l.readAccount, l.readServers, l.readTrust, l.readNumbers, l.readSecrets} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *Line) readAccount() error {
	a, err := netmail.ParseAddress(l.set.Account)
	if err != nil || a.Name != "" || strings.ContainsAny(a.Address, "+ \"") {
		return l.set.Wrong("account is one mail address, without a plus")
	}
	l.account = strings.ToLower(a.Address)
	l.user = l.set.Option("user", l.account)
	copies, err := l.set.Choice("copy", "yes", "no")
	if err != nil {
		return err
	}
	plus, err := l.set.Choice("plus", "no", "yes")
	l.copies, l.plus = copies == "yes", plus == "yes"
	return err
}

func (l *Line) readServers() error {
	var err error
	if l.imap, err = l.server("imap", "993", "143"); err != nil {
		return err
	}
	l.smtp, err = l.server("smtp", "465", "587")
	return err
}

// server reads an address such as imaps://mail.example.
func (l *Line) server(protocol, implicit, started string) (server, error) {
	u, err := url.Parse(l.set.Option(protocol, ""))
	if err != nil || u.Hostname() == "" || u.Path != "" || u.User != nil || u.Scheme != protocol && u.Scheme != protocol+"s" {
		return server{}, l.set.Wrong("option %s is an address like %ss://mail.example:%s", protocol, protocol, implicit)
	}
	s := server{host: u.Hostname(), port: u.Port(), implicit: u.Scheme == protocol+"s"}
	if s.port == "" {
		s.port = started
		if s.implicit {
			s.port = implicit
		}
	}
	// A name is never loopback: what it leads to, its name server says.
	ip, err := netip.ParseAddr(s.host)
	s.loopback = err == nil && ip.IsLoopback()
	return s, nil
}

func (l *Line) readTrust() error {
	l.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	name := l.set.Option("ca", "")
	if name == "" {
		return nil
	}
	pem, err := os.ReadFile(name)
	if err != nil {
		return l.set.Wrong("the file of option ca cannot be read")
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return l.set.Wrong("the file of option ca has no certificate")
	}
	l.tls.RootCAs = pool
	return nil
}

func (l *Line) readNumbers() error {
	var err error
	if l.days, err = l.set.Number("days", 0, 0, 3650); err != nil {
		return err
	}
	seconds, err := l.set.Number("poll", defaultPoll, 1, 3600)
	if err != nil {
		return err
	}
	l.poll = time.Duration(seconds) * time.Second
	l.most, err = l.set.Number("most", defaultMost, 0, highestMost)
	return err
}

// readSecrets makes sure that there is one way to sign in, and a key for
// proofs.
func (l *Line) readSecrets() error {
	a, err := newAccess(l)
	if err != nil {
		return err
	}
	l.access = a
	key := ""
	for _, name := range []string{"threads", "password", "refresh", "client", "token"} {
		if key == "" && l.set.Secrets[name] != "" {
			if key, err = l.secret(name); err != nil {
				return l.set.Wrong("secret %s cannot be read", name)
			}
			if name == "threads" && len(key) < minSecret {
				return l.set.Wrong("secret threads has fewer than %d letters", minSecret)
			}
		}
	}
	l.proofs = newProofs(key, l.account)
	return nil
}

// Limits of mail: no window, no longest text but one of good sense, and nothing
// that was sent can be changed.
func (l *Line) Limits() channel.Limits {
	return channel.Limits{Runes: maxRunes, Files: l.most > 0}
}
