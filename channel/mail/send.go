package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-imap/v2"
	"github.com/wneessen/go-mail/smtp"

	"ronde/channel"
)

var mediaType = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]{1,100}$`)

// Send submits one mail. One that was tried before is looked for among our
// copies first; when it stands there, its receipt is the answer. Between the
// server's word that it has the mail and our copy a program can die; then the
// mail goes out again under the same Message-ID, which programs show once.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	a, err := l.compose(out)
	if err != nil {
		return channel.Sent{}, err
	}
	sent := channel.Sent{ID: a.id}
	if out.Tried > 0 {
		found, err := l.stands(ctx, a.id)
		if found || err != nil {
			return sent, err
		}
	}
	if err := l.submit(ctx, a); err != nil {
		return channel.Sent{}, err
	}
	if l.copies {
		// The mail is gone out: that no copy lies there changes nothing of that.
		_ = l.file(ctx, a)
	}
	return sent, nil
}

// stands looks whether a mail of ours lies among our copies.
func (l *Line) stands(ctx context.Context, id string) (bool, error) {
	b, err := l.open(ctx)
	if err != nil {
		return false, err
	}
	defer b.close()
	folder, err := l.sentFolder(b)
	if err != nil || folder == "" {
		return false, err
	}
	defer b.within(commandTime)()
	if _, err := b.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return false, told("open sent mails", err)
	}
	found, err := b.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: id}}}, nil).Wait()
	if err != nil {
		return false, told("search sent mails", err)
	}
	return len(found.AllUIDs()) > 0, nil
}

// sentFolder is the folder for copies: the one of the setting, or the one that
// the server marks; "" when there is none.
func (l *Line) sentFolder(b *box) (string, error) {
	if name := l.set.Option("sent", ""); name != "" {
		return name, nil
	}
	defer b.within(commandTime)()
	all, err := b.List("", "*", nil).Collect()
	if err != nil {
		return "", told("list folders", err)
	}
	for _, f := range all {
		if slices.Contains(f.Attrs, imap.MailboxAttrSent) {
			return f.Mailbox, nil
		}
	}
	return "", nil
}

// file puts a copy among our sent mails, and removes those that are too old.
func (l *Line) file(ctx context.Context, a *answer) error {
	b, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	folder, err := l.sentFolder(b)
	if err != nil || folder == "" {
		return err
	}
	if err := b.put(folder, a.raw); err != nil {
		return err
	}
	if l.days == 0 {
		return nil
	}
	sel, err := b.Select(folder, nil).Wait()
	if err != nil {
		return told("open sent mails", err)
	}
	return l.tidy(b, uint32(max(sel.UIDNext, 1))-1)
}

func (b *box) put(folder string, raw []byte) error {
	defer b.within(mailTime)()
	cmd := b.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	if _, err := cmd.Write(raw); err != nil {
		return told("copy mail", err)
	}
	if err := cmd.Close(); err != nil {
		return told("copy mail", err)
	}
	_, err := cmd.Wait()
	return told("copy mail", err)
}

// submit hands the mail to the submission server.
func (l *Line) submit(ctx context.Context, a *answer) error {
	c, conn, err := l.submission(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	t := time.AfterFunc(mailTime, func() { conn.Close() })
	defer t.Stop()
	// SMTPUTF8 only where an address needs it: a server on the way that lacks it
	// would send the mail back (RFC 6531 §3.2).
	c.SkipSMTPUTF8(isASCII(l.account) && isASCII(a.to))
	if err := c.Mail(l.account); err != nil {
		return refusal("hand in sender", err)
	}
	if err := c.Rcpt(a.to); err != nil {
		return refusal("hand in receiver", err)
	}
	w, err := c.Data()
	if err != nil {
		return refusal("hand in mail", err)
	}
	if _, err := w.Write(a.raw); err != nil {
		return refusal("hand in mail", err)
	}
	if err := w.Close(); err != nil {
		return refusal("hand in mail", err)
	}
	_ = c.Quit() // it has the mail; what it says to the farewell changes nothing
	return nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// submission connects to the submission server and signs in. The caller closes
// the connection.
func (l *Line) submission(ctx context.Context) (*smtp.Client, net.Conn, error) {
	conn, free, err := l.dial(ctx, l.smtp)
	if err != nil {
		return nil, nil, err
	}
	freed := closing{conn, free}
	t := time.AfterFunc(commandTime, func() { conn.Close() })
	defer t.Stop()
	c, err := l.introduce(ctx, conn)
	if err != nil {
		freed.Close()
		return nil, nil, err
	}
	return c, freed, nil
}

// closing is a connection that no longer waits for the end of its context.
type closing struct {
	net.Conn
	free func() bool
}

func (c closing) Close() error {
	c.free()
	return c.Conn.Close()
}

func (l *Line) introduce(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	c, err := smtp.NewClient(conn, l.smtp.host)
	if err != nil {
		return nil, refusal("greet server", err)
	}
	if err := c.Hello(l.proofs.domain); err != nil {
		return nil, refusal("greet server", err)
	}
	if !l.smtp.implicit && !l.smtp.loopback {
		if err := c.StartTLS(l.trust(l.smtp)); err != nil {
			return nil, refusal("begin TLS", err)
		}
	}
	secret, bearer, err := l.access.get(ctx)
	if err != nil {
		return nil, err
	}
	var auth smtp.Auth
	_, mechanisms := c.Extension("AUTH")
	switch {
	case bearer:
		auth = smtp.XOAuth2Auth(l.user, secret)
	case slices.Contains(strings.Fields(mechanisms), "PLAIN"):
		auth = smtp.PlainAuth("", l.user, secret, l.smtp.host, l.smtp.loopback)
	default:
		auth = smtp.LoginAuth(l.user, secret, l.smtp.host, l.smtp.loopback)
	}
	if err := c.Auth(auth); err != nil {
		return nil, refusal("sign in", err)
	}
	return c, nil
}

// refusal reads an SMTP server's no (RFC 5321 §4.2, RFC 3463). Its text is left
// out: it repeats addresses.
func refusal(what string, err error) error {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return told(what, err)
	}
	status := enhanced.FindString(answer.Msg)
	said := fmt.Errorf("%s: the server said %d %s", what, answer.Code, status)
	_, detail, _ := strings.Cut(status, ".")
	switch {
	case answer.Code == 535 || answer.Code == 534 || answer.Code == 530:
		return &channel.Refusal{Why: channel.Expired, Err: said}
	case answer.Code < 500:
		return &channel.Refusal{Why: channel.Later, Err: said}
	case answer.Code == 552 && detail != "2.2" || detail == "3.4" || detail == "2.3":
		return &channel.Refusal{Why: channel.TooLong, Err: said}
	case what == "hand in receiver" && (strings.HasPrefix(detail, "1.") || detail == "2.1" || status == "" && (answer.Code == 550 || answer.Code == 551)):
		return &channel.Refusal{Why: channel.Gone, Err: said}
	}
	return &channel.Refusal{Why: channel.Rejected, Err: said}
}

// enhanced is a status code at the beginning of a server's words.
var enhanced = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}`)

// folders opens the folder that is read and the one for copies. Without copies
// nobody could tell after a death whether an answer went out.
func (l *Line) folders(b *box) error {
	sent, err := l.sentFolder(b)
	if err != nil {
		return err
	}
	if sent == "" && l.copies {
		return errors.New("find folder for sent mails: the server marks none; set the option sent, or copy to no")
	}
	defer b.within(commandTime)()
	for _, name := range []string{sent, l.set.Option("folder", "INBOX")} {
		if name == "" {
			continue
		}
		if _, err := b.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			return told("open folder", err)
		}
	}
	return nil
}

// Test signs in on both servers and opens the folders.
func (l *Line) Test(ctx context.Context) (channel.Checkup, error) {
	b, err := l.open(ctx)
	if err != nil {
		return channel.Checkup{}, err
	}
	defer b.close()
	if err := l.folders(b); err != nil {
		return channel.Checkup{}, err
	}
	c, conn, err := l.submission(ctx)
	if err != nil {
		return channel.Checkup{}, err
	}
	defer conn.Close()
	_ = c.Quit()
	return channel.Checkup{Account: l.account, Expires: l.access.expires()}, nil
}
