package mail

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/mail/mailtest"
)

// office is one mailbox of ours on the real server, with the people who write.
type office struct {
	server   *mailtest.Server
	account  string
	password string
	filed    string // the password in our file
	imap     *mailtest.Proxy
	smtp     *mailtest.Proxy
	chance   string
	count    int
	roots    map[string]string
	last     []byte
	lastFrom string
	options  map[string]string
	way      string // password or token
}

func newOffice(t *testing.T, s *mailtest.Server) *office {
	chance := strings.ToLower(rand.Text()[:8])
	o := &office{
		server: s, account: "patrol-" + chance + "@ronde.example", password: "first-" + chance, filed: "first-" + chance, chance: chance,
		imap: mailtest.NewProxy(t, s.IMAP), smtp: mailtest.NewProxy(t, s.SMTP), roots: map[string]string{}, options: map[string]string{}, way: "password",
	}
	s.Add(t, o.account, o.password)
	s.Add(t, o.address("ada"), "x"+chance)
	s.Add(t, o.address("bo"), "x"+chance)
	return o
}

func (o *office) address(who string) string { return who + "-" + o.chance + "@town.example" }

func (o *office) setting() channel.Setting {
	set := channel.Setting{
		Name: "mail-fr", Kind: "mail", Account: o.account, Secrets: map[string]string{o.way: "file"},
		Options: map[string]string{"imap": "imap://" + o.imap.Address, "smtp": "smtp://" + o.smtp.Address},
	}
	for k, v := range o.options {
		set.Options[k] = v
	}
	return set
}

func (o *office) line(t *testing.T) channel.Line {
	t.Helper()
	read := func(string) (string, error) {
		if o.filed == "" {
			return "", errors.New("no file")
		}
		return o.filed, nil
	}
	l, err := New(o.setting(), read, channel.Means{Client: http.DefaultClient, Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// deliver lets somebody's mail come in, and returns its ID.
func (o *office) deliver(t *testing.T, m channeltest.Message) string {
	t.Helper()
	id, raw := o.compose(m)
	sender := o.address("someone")
	o.last, o.lastFrom = raw, sender
	o.server.Deliver(t, sender, o.account, raw)
	return id
}

func (o *office) compose(m channeltest.Message) (string, []byte) {
	o.count++
	id := fmt.Sprintf("%d.%s@town.example", o.count, o.chance)
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: %s\r\nSubject: A question\r\nMessage-ID: <%s>\r\nDate: %s\r\nMIME-Version: 1.0\r\n",
		m.From, o.address(m.From), o.account, id, time.Now().Format(time.RFC1123Z))
	root := id
	if m.ReplyTo != "" {
		root = o.roots[m.ReplyTo]
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s> <%s>\r\n", m.ReplyTo, root, m.ReplyTo)
	}
	o.roots[id] = root
	if m.Automatic {
		b.WriteString("Auto-Submitted: auto-replied\r\n")
	}
	if len(m.Files) == 0 {
		fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", m.Text)
		return id, b.Bytes()
	}
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=zz\r\n\r\n--zz\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", m.Text)
	for _, f := range m.Files {
		fmt.Fprintf(&b, "--zz\r\nContent-Type: %s; name=%q\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n", f.Type, f.Name, f.Name)
		lines := base64.StdEncoding.EncodeToString(f.Bytes)
		for len(lines) > 0 {
			n := min(76, len(lines))
			b.WriteString(lines[:n] + "\r\n")
			lines = lines[n:]
		}
	}
	b.WriteString("--zz--\r\n")
	return id, b.Bytes()
}

// got is what lies in somebody's mailbox.
func (o *office) got(t *testing.T, who string) []channeltest.Got {
	t.Helper()
	var out []channeltest.Got
	for _, raw := range o.server.Mails(t, o.address(who)) {
		e, err := message.Read(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("a mail of ours cannot be read: %v", err)
		}
		g := channeltest.Got{Automatic: e.Header.Get("Auto-Submitted") == "auto-replied"}
		parts := e.MultipartReader()
		if parts == nil {
			text, _ := io.ReadAll(e.Body)
			g.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
		}
		for parts != nil {
			p, err := parts.NextPart()
			if err != nil {
				break
			}
			body, _ := io.ReadAll(p.Body)
			if d, params, _ := p.Header.ContentDisposition(); d == "attachment" {
				name, _ := new(mime.WordDecoder).DecodeHeader(params["filename"])
				g.Files = append(g.Files, channel.File{Name: name, Bytes: body})
				continue
			}
			g.Text += string(body)
		}
		out = append(out, g)
	}
	return out
}

var rubbish = []string{
	"no header at all, only words\r\n",
	"Content-Type: multipart/mixed; boundary=\"\r\n\r\n--\r\n",
	"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
	"From: \r\nContent-Type: text/plain; charset=klingon\r\nContent-Transfer-Encoding: x-none\r\n\r\n=ZZ\xff\r\n",
	"From: =?x?y?z?=\r\nMessage-ID: <>\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n",
}

func (o *office) world() channeltest.World {
	return channeltest.World{
		New:   o.line,
		Write: o.deliver,
		Got:   o.got,
		Leave: func(t *testing.T, who string) { o.server.Remove(t, o.address(who)) },
		Big: func(t *testing.T, from string) {
			o.deliver(t, channeltest.Message{From: from, Text: "big", Files: []channel.File{{Name: "big.bin", Type: "application/zip", Bytes: make([]byte, channel.MaxFile+1)}}})
		},
		Drop: func(*testing.T) { o.imap.Cut(); o.smtp.Cut() },
		Hang: func(*testing.T) { o.imap.Hush(); o.smtp.Hush() },
		Busy: func(*testing.T, time.Duration) { o.smtp.Answer("MAIL FROM", "451 4.7.1 <"+o.account+"> too fast") },
		Expire: func(t *testing.T) {
			o.password = "second-" + o.chance
			o.server.Add(t, o.account, o.password)
			o.imap.Cut()
		},
		Renew: func(*testing.T) { o.filed = o.password },
		Garbage: func(t *testing.T) {
			for _, raw := range rubbish {
				o.server.Deliver(t, "x@town.example", o.account, []byte(raw))
			}
		},
		Again: func(t *testing.T) { o.server.Deliver(t, o.lastFrom, o.account, o.last) },
		Shuffle: func(t *testing.T, a, b channeltest.Message) {
			_, first := o.compose(a)
			o.deliver(t, b)
			o.server.Deliver(t, o.lastFrom, o.account, first)
		},
		Parallel:   true,
		Patience:   20 * time.Second,
		Secrets:    []string{"first-" + o.chance, "second-" + o.chance, o.address("ada")},
		Goroutines: []string{"go-imap/v2/imapclient"},
		Lacks: map[string]string{
			channeltest.Forget: "a mailbox that is numbered anew is read again from its days; TestNumberedAnew",
		},
	}
}

func TestLine(t *testing.T) {
	s := mailtest.Start(t)
	channeltest.Run(t, func(t *testing.T) channeltest.World { return newOffice(t, s).world() })
}
