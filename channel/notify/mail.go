package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"
)

// smtps is the port on which a server begins with TLS (RFC 8314).
const smtps = "465"

// mail hands one mail to our server.
func (n *Notifier) mail(ctx context.Context, r Ring) error {
	m := n.set.Mail
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.Server)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			conn.Close()
			return err
		}
	}
	if port == smtps {
		conn = tls.Client(conn, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		conn.Close()
		return fmt.Errorf("mail: %w", err)
	}
	defer c.Close()
	if err := n.secure(c, host, port); err != nil {
		return refusal(err)
	}
	return refusal(n.hand(c, r))
}

// secure begins TLS and signs in. Without TLS nothing is said, unless the
// settings say that the server stands on this machine.
func (n *Notifier) secure(c *smtp.Client, host, port string) error {
	m := n.set.Mail
	if port != smtps && !m.Plain {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return errors.New("the server offers no TLS")
		}
		if err := c.StartTLS(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}); err != nil {
			return err
		}
	}
	if m.User == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", m.User, n.password, host))
}

func (n *Notifier) hand(c *smtp.Client, r Ring) error {
	if err := c.Mail(n.set.Mail.From); err != nil {
		return err
	}
	if err := c.Rcpt(r.To); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(n.letter(r)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Quit() // taken: how the server says goodbye changes nothing
	return nil
}

// letter is the mail as it goes out. The same ring has the same Message-ID.
func (n *Notifier) letter(r Ring) []byte {
	from := n.set.Mail.From
	_, domain, _ := strings.Cut(from, "@")
	var b strings.Builder
	for _, line := range [][2]string{
		{"From", from}, {"To", r.To}, {"Subject", mime.QEncoding.Encode("utf-8", r.Subject)}, {"Date", r.At.Format(time.RFC1123Z)},
		{"Message-ID", "<" + r.ID + "@" + domain + ">"}, {"Auto-Submitted", "auto-generated"}, {"X-Priority", "1"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"},
	} {
		b.WriteString(line[0] + ": " + line[1] + "\r\n")
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	q.Write([]byte(strings.ReplaceAll(r.Text, "\n", "\r\n"))) // a strings.Builder takes everything
	q.Close()
	return []byte(b.String())
}

// refusal tells a server that says no from one that cannot be reached.
func refusal(err error) error {
	var said *textproto.Error
	if errors.As(err, &said) {
		return fmt.Errorf("%w: mail server says %d", ErrRefused, said.Code)
	}
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}
