package e2e

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/rogpeppe/go-internal/testscript"
	"ronde/channel/mail/mailtest"
)

// post is a real mail server with the people of one story.
type post struct {
	server *mailtest.Server
	domain string // of this story alone
	count  int
}

const postPassword = "kanari-postwort-4711"

func (p *post) address(who string) string { return who + "@" + p.domain }

// postCmd is what happens by mail:
//
//	post opens                  a mailbox of ours, and $WORK/channels.toml with its row
//	post is-read                waits until the program waits for mails
//	post writes WHO SUBJECT TEXT
//	post answers WHO TEXT       to the newest mail in their mailbox
//	post brings WHO TEXT…       waits until a mail with these words lies there
//	post forges WHO WHOM TEXT   answers the newest mail of somebody else
//	post counts WHO TEXT N      so many mails with the text lie there
//	post loses WHO              takes their mailbox away
func postCmd(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts)
	if len(args) == 1 && args[0] == "opens" {
		check(ts, neg, openPost(ts, h))
		return
	}
	if len(args) == 1 && args[0] == "is-read" && h.post != nil {
		check(ts, neg, h.post.server.AwaitReader(h.tb, h.post.address("patrouille")))
		return
	}
	if h.post == nil || len(args) < 2 {
		ts.Fatalf("post: what happens?")
	}
	p, who := h.post, args[1]
	switch args[0] {
	case "writes":
		check(ts, neg, p.write(h, who, args[2], args[3], ""))
	case "answers":
		newest, err := p.newest(h, who)
		ts.Check(err)
		check(ts, neg, p.write(h, who, newest.Header.Get("Subject"), args[2]+p.quote(h, who), newest.Header.Get("Message-Id")))
	case "forges":
		newest, err := p.newest(h, args[2])
		ts.Check(err)
		check(ts, neg, p.write(h, who, newest.Header.Get("Subject"), args[3], newest.Header.Get("Message-Id")))
	case "counts":
		check(ts, neg, p.counts(h, who, args[2], args[3]))
	case "brings":
		check(ts, neg, p.brings(h, who, args[2:]))
	case "loses":
		p.server.Remove(h.tb, p.address(who))
	default:
		ts.Fatalf("post: %s?", args[0])
	}
}

func openPost(ts *testscript.TestScript, h *house) error {
	server := h.mail()
	h.post = &post{server: server, domain: strings.ToLower(rand.Text()[:10]) + ".example"}
	for _, who := range []string{"patrouille", "lena", "nino"} {
		server.Add(h.tb, h.post.address(who), postPassword)
	}
	row := fmt.Sprintf(`
[[channel]]
name = "mail-fr"
kind = "mail"
account = %q
language = "fr"

[channel.options]
imap = "imap://%s"
smtp = "smtp://%s"

[channel.secrets]
password = "mail.secret"
`, h.post.address("patrouille"), server.IMAP, server.SMTP)
	if err := os.WriteFile(filepath.Join(h.work, "mail.secret"), []byte(postPassword+"\n"), 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(h.work, "channels.toml"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(row)
	return errorsOf(err, f.Close())
}

func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *post) write(h *house, who, subject, text, answers string) error {
	p.count++
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%d.%s@%s>\r\nContent-Type: text/plain; charset=utf-8\r\n",
		who, p.address(who), p.address("patrouille"), subject, p.count, who, p.domain)
	if answers != "" {
		fmt.Fprintf(&b, "In-Reply-To: %s\r\n", answers)
	}
	fmt.Fprintf(&b, "\r\n%s\r\n", text)
	p.server.Deliver(h.tb, p.address(who), p.address("patrouille"), b.Bytes())
	return nil
}

// mails are the mails in somebody's mailbox with their texts.
func (p *post) mails(h *house, who string) (all []*message.Entity, texts []string, err error) {
	for _, raw := range p.server.Mails(h.tb, p.address(who)) {
		e, err := message.Read(bytes.NewReader(raw))
		if err != nil {
			return nil, nil, err
		}
		text, err := io.ReadAll(e.Body)
		if err != nil {
			return nil, nil, err
		}
		all, texts = append(all, e), append(texts, string(text))
	}
	return all, texts, nil
}

func (p *post) newest(h *house, who string) (*message.Entity, error) {
	all, _, err := p.mails(h, who)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no mail lies in the mailbox of %s", who)
	}
	if err != nil {
		return nil, err
	}
	return all[len(all)-1], nil
}

// quote is what mail programs put below an answer: the newest mail once more.
func (p *post) quote(h *house, who string) string {
	_, texts, err := p.mails(h, who)
	if err != nil || len(texts) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(texts[len(texts)-1]), "\n")
	return "\r\n\r\nLe lun. 2 nov. 2026 à 10:00, Patrouille <" + p.address("patrouille") + "> a écrit :\r\n\r\n> " + strings.Join(lines, "\n> ")
}

func (p *post) counts(h *house, who, word, want string) error {
	_, texts, err := p.mails(h, who)
	n := 0
	for _, text := range texts {
		n += strings.Count(text, word)
	}
	if err == nil && fmt.Sprint(n) != want {
		err = fmt.Errorf("%d mails with %q lie in the mailbox of %s", n, word, who)
	}
	return err
}

func (p *post) brings(h *house, who string, words []string) error {
	const patience = 45 * time.Second
	for late := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		_, texts, err := p.mails(h, who)
		if err != nil {
			return err
		}
		for _, text := range texts {
			found := 0
			for _, word := range words {
				if strings.Contains(text, word) {
					found++
				}
			}
			if found == len(words) {
				return nil
			}
		}
		if time.Now().After(late) {
			return fmt.Errorf("waited %s for a mail with %q; %d lie there: %q\n%s", patience, words, len(texts), texts, h.said())
		}
	}
}
