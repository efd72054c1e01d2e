package mail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-message"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/mail/mailtest"
)

// reader runs a line and keeps what it gives.
type reader struct {
	t     *testing.T
	mu    sync.Mutex // guards all below
	mark  channel.Mark
	got   []channel.Arrival
	seen  bool
	calls int
}

func (r *reader) take(_ context.Context, batch []channel.Arrival, next channel.Mark) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got, r.mark, r.seen = append(r.got, batch...), next, true
	r.calls++
	return nil
}

// until runs the line until enough says so.
func (r *reader) until(l channel.Line, what string, enough func() bool, do ...func()) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	r.seen = false
	go func() { done <- l.Receive(ctx, r.mark, r.take) }()
	defer func() { cancel(); <-done }()
	look := func(f func() bool) bool { r.mu.Lock(); defer r.mu.Unlock(); return f() }
	for end := time.Now().Add(20 * time.Second); !look(func() bool { return r.seen }); time.Sleep(10 * time.Millisecond) {
		select {
		case err := <-done:
			r.t.Fatalf("Receive returned: %v", err)
		default:
		}
		if time.Now().After(end) {
			r.t.Fatal("the line does not connect")
		}
	}
	for _, f := range do {
		f()
	}
	for end := time.Now().Add(20 * time.Second); !look(enough); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("waited in vain for %s; %d arrivals", what, len(r.got))
		}
	}
}

func (r *reader) texts() map[string]int {
	out := map[string]int{}
	for _, a := range r.got {
		out[a.Text]++
	}
	return out
}

// TestTwoPeople is a correspondence over the real servers: what we send is a
// mail as mails should be, and what their programs send back finds its place.
func TestTwoPeople(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	o.options["name"] = "Patrouille numérique"
	o.options["plus"] = "yes"
	l := o.line(t)
	r := &reader{t: t}
	r.until(l, "two mails", func() bool { return len(r.got) == 2 }, func() {
		o.deliver(t, channeltest.Message{From: "ada", Text: "hello"})
		o.deliver(t, channeltest.Message{From: "bo", Text: "good day"})
	})
	ada := r.got[0]
	sent, err := l.Send(t.Context(), channel.Outgoing{
		Key: "out_1", Thread: ada.Thread, ReplyTo: ada.ID, To: ada.Author, Subject: ada.Subject, Lang: "fr", Text: "Bonjour Ada.\n.\nÀ bientôt.",
	})
	if err != nil {
		t.Fatal(err)
	}
	var raw []byte
	for end := time.Now().Add(10 * time.Second); raw == nil && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if all := o.server.Mails(t, o.address("ada")); len(all) > 0 {
			raw = all[0]
		}
	}
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Message-Id": "<" + sent.ID + ">", "In-Reply-To": "<" + ada.ID + ">", "References": "<" + ada.ID + ">", "Content-Language": "fr",
		"Subject": "Re: A question", "Auto-Submitted": "", "User-Agent": "", "X-Mailer": "", "Return-Path": "<" + o.account + ">",
	} {
		if got := e.Header.Get(header); got != want {
			t.Errorf("%s is %q, not %q", header, got, want)
		}
	}
	if text, _ := e.Header.Text("From"); text != "Patrouille numérique <"+o.account+">" {
		t.Errorf("From is %q", text)
	}
	if strings.Contains(string(raw), "127.0.0.1] helo=vm") || !strings.Contains(o.got(t, "ada")[0].Text, "Bonjour Ada.\n.\nÀ bientôt.") {
		t.Errorf("the text came as %q", o.got(t, "ada")[0].Text)
	}
	if n := len(o.server.Copies(t, o.account)); n != 1 {
		t.Errorf("%d copies lie among sent mails", n)
	}
	back := e.Header.Get("Reply-To")
	r.until(l, "her answers", func() bool { return len(r.got) == 4 }, func() {
		from := fmt.Sprintf("From: %s\r\n", o.address("ada"))
		o.server.Deliver(t, "", o.account, []byte(from+"Message-ID: <r1@town.example>\r\nIn-Reply-To: <"+sent.ID+">\r\n\r\nthanks\r\n\r\nOn Mon, 2 Nov 2026, Patrol wrote:\r\n> Bonjour Ada.\r\n"))
		o.server.Deliver(t, "", o.account, []byte(from+"Message-ID: <r2@town.example>\r\nTo: "+back+"\r\n\r\none more thing\r\n"))
	})
	for i, want := range map[int]string{2: "thanks", 3: "one more thing"} {
		if a := r.got[i]; a.Text != want || a.Thread != ada.Thread {
			t.Errorf("%q is in another conversation, or not whole: %q", want, a.Text)
		}
	}
}

func TestNumberedAnew(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	o.options["folder"] = "Desk"
	admin := func(do func(c *imapclient.Client) error) {
		t.Helper()
		c, err := imapclient.DialInsecure(o.server.IMAP, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := errors.Join(c.Login(o.account, o.password).Wait(), do(c)); err != nil {
			t.Fatal(err)
		}
	}
	put := func(c *imapclient.Client, text string) error {
		raw := []byte("From: ada@town.example\r\nMessage-ID: <" + text + "@town.example>\r\n\r\n" + text + "\r\n")
		cmd := c.Append("Desk", int64(len(raw)), nil)
		_, err := cmd.Write(raw)
		_, done := cmd.Wait, cmd.Close()
		_, werr := cmd.Wait()
		_ = done
		return errors.Join(err, werr)
	}
	admin(func(c *imapclient.Client) error { return c.Create("Desk", nil).Wait() })
	r := &reader{t: t}
	r.until(o.line(t), "the first", func() bool { return len(r.got) == 1 }, func() {
		admin(func(c *imapclient.Client) error { return put(c, "one") })
	})
	admin(func(c *imapclient.Client) error {
		return errors.Join(c.Delete("Desk").Wait(), c.Create("Desk", nil).Wait(), put(c, "one"), put(c, "two"))
	})
	r.until(o.line(t), "the second", func() bool { return r.texts()["two"] == 1 })
	ids := map[string]bool{}
	for _, a := range r.got {
		ids[a.ID] = true
	}
	if len(ids) != 2 {
		t.Errorf("two mails have %d IDs: a desk would show one twice", len(ids))
	}
}

func TestServerWithoutIdle(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	o.imap.Hide("IDLE")
	o.options["poll"] = "1"
	r := &reader{t: t}
	r.until(o.line(t), "a mail", func() bool { return len(r.got) == 1 }, func() {
		o.deliver(t, channeltest.Message{From: "ada", Text: "hello"})
	})
}

// TestIdleIsBegunAnew: a mail arrives whenever it comes, and each renewal says
// that the line is alive.
func TestIdleIsBegunAnew(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	l := o.line(t).(*Line)
	l.idle = 50 * time.Millisecond
	r := &reader{t: t}
	r.until(l, "five renewals", func() bool { return r.calls > 5 && len(r.got) == 0 })
	r.until(l, "mails between renewals", func() bool { return len(r.got) == 5 }, func() {
		for i := range 5 {
			o.deliver(t, channeltest.Message{From: "ada", Text: fmt.Sprint("hello ", i)})
		}
	})
}

func TestFoldersAreThere(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	for _, option := range []string{"sent", "folder"} {
		o.options = map[string]string{option: "Nowhere"}
		if _, err := o.line(t).Test(t.Context()); err == nil {
			t.Errorf("the option %s names no folder, and the self-test is content", option)
		}
	}
}

// TestOldMailsAreRemoved: only what was taken, and only after the days.
func TestOldMailsAreRemoved(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	o.options["days"] = "7"
	l := o.line(t).(*Line)
	r := &reader{t: t}
	r.until(l, "a mail", func() bool { return len(r.got) == 1 }, func() {
		o.deliver(t, channeltest.Message{From: "ada", Text: "hello"})
	})
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: r.got[0].Thread, To: r.got[0].Author, Text: "hi"}); err != nil {
		t.Fatal(err)
	}
	if len(o.server.Mails(t, o.account)) != 1 || len(o.server.Copies(t, o.account)) != 1 {
		t.Fatal("a mail of today was removed")
	}
	// Nine days later, with a second mail that came in while nobody read.
	l.means.Now = func() int64 { return time.Now().AddDate(0, 0, 9).UnixMicro() }
	o.deliver(t, channeltest.Message{From: "ada", Text: "second"})
	r.until(l, "the second", func() bool { return r.texts()["second"] == 1 }, func() {})
	for end := time.Now().Add(10 * time.Second); len(o.server.Mails(t, o.account)) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d mails stay", len(o.server.Mails(t, o.account)))
		}
		r.until(l, "the end", func() bool { return true })
	}
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k2", Thread: r.got[0].Thread, To: r.got[0].Author, Text: "hi"}); err != nil {
		t.Fatal(err)
	}
	if n := len(o.server.Copies(t, o.account)); n != 0 {
		t.Errorf("%d old copies stay", n)
	}
}

// TestOnlyBelievedServers: with TLS by both ways, and not without.
func TestOnlyBelievedServers(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	port := func(address string) string { return address[strings.LastIndexByte(address, ':'):] }
	probe := func(imap, smtp, ca string) error {
		o.options["imap"], o.options["smtp"], o.options["ca"] = imap, smtp, ca
		_, err := o.line(t).Test(t.Context())
		return err
	}
	s := o.server
	if err := probe("imaps://"+s.IMAPS, "smtps://"+s.SMTPS, s.CA); err != nil {
		t.Errorf("TLS from the first byte: %v", err)
	}
	if err := probe("imap://localhost"+port(s.IMAP), "smtp://localhost"+port(s.SMTP), s.CA); err != nil {
		t.Errorf("STARTTLS: %v", err)
	}
	for name, servers := range map[string][2]string{
		"an unknown certificate":           {"imaps://" + s.IMAPS, "smtps://" + s.SMTPS},
		"an unknown certificate, STARTTLS": {"imap://localhost" + port(s.IMAP), "smtp://localhost" + port(s.SMTP)},
	} {
		if err := probe(servers[0], servers[1], ""); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A stranger between us and the server takes TLS away, or adds words of
	// their own before it begins: no password is sent.
	for name, answer := range map[string]string{"refused": "s NO no", "more words": "s OK begin\r\n* OK more"} {
		p := mailtest.NewProxy(t, s.IMAP)
		p.Answer("s STARTTLS", answer)
		if err := probe("imap://localhost"+port(p.Address), "smtps://"+s.SMTPS, s.CA); !errors.Is(err, errNoTLS) {
			t.Errorf("IMAP, TLS %s: %v", name, err)
		}
	}
	q := mailtest.NewProxy(t, s.SMTP)
	q.Answer("STARTTLS", "502 5.5.1 no")
	if err := probe("imaps://"+s.IMAPS, "smtp://localhost"+port(q.Address), s.CA); err == nil {
		t.Error("SMTP: a password was sent over a connection from which TLS was taken away")
	}
}

// TestAnswersAddNoHeader: what comes from outside stays where it belongs.
func TestAnswersAddNoHeader(t *testing.T) {
	l := quiet(t)
	out := channel.Outgoing{
		Key: "k\r\nBcc: x@evil.example", Thread: "t\r\nBcc: x@evil.example", ReplyTo: "a@b.example>\r\nBcc: <x@evil.example",
		To: channel.Author{Address: "ada@town.example"}, Subject: "Re: x\r\nBcc: x@evil.example", Lang: "fr\r\nBcc: x", Text: "x\x00y",
		Files: []channel.File{{Name: "a\r\nBcc: x.png", Type: "image/png\r\nBcc: x", Bytes: []byte("x")}},
	}
	if _, err := l.compose(out); err == nil {
		t.Error("a conversation that is none of ours was taken")
	}
	out.Thread = "aaaaaaaaaaaaaaaaaaaa"
	a, err := l.compose(out)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(a.raw), "\r\n\r\n")
	for line := range strings.SplitSeq(head, "\r\n") {
		if strings.HasPrefix(strings.ToLower(line), "bcc") {
			t.Errorf("a header was added: %q", line)
		}
	}
	for _, to := range []string{"", "ada", "ada@town.example, eve@evil.example", "ada@town.example\r\nBcc: x@evil.example", "Ada <ada@town.example>", "<ada@town.example> SIZE=1"} {
		out.To.Address = to
		if _, err := l.compose(out); channel.WhyOf(err) != channel.Gone {
			t.Errorf("%q was taken as an address: %v", to, err)
		}
	}
	out.To.Address, out.Files = "ada@town.example", []channel.File{{Bytes: make([]byte, defaultMost+1)}}
	if _, err := l.compose(out); channel.WhyOf(err) != channel.TooLong {
		t.Errorf("files beyond the bound: %v", err)
	}
}

// TestTokensOnRealServers: XOAUTH2 on both, and what a wrong token is.
func TestTokensOnRealServers(t *testing.T) {
	o := newOffice(t, mailtest.Start(t))
	o.way = "token"
	l := o.line(t)
	if _, err := l.Test(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: "aaaaaaaaaaaaaaaaaaaa", To: channel.Author{Address: o.address("ada")}, Text: "hi"}); err != nil {
		t.Fatal(err)
	}
	o.filed = "a token of somebody else"
	if _, err := l.Test(t.Context()); channel.WhyOf(err) != channel.Expired {
		t.Errorf("IMAP with a wrong token: %v", err)
	}
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: "aaaaaaaaaaaaaaaaaaaa", To: channel.Author{Address: o.address("ada")}, Text: "hi"}); channel.WhyOf(err) != channel.Expired {
		t.Errorf("SMTP with a wrong token: %v", err)
	}
}

// TestAccessTokens: fetched, kept, fetched again when they end, refused.
func TestAccessTokens(t *testing.T) {
	fetched, now, status := 0, at.UnixMicro(), http.StatusOK
	client := &http.Client{Transport: transport(func(r *http.Request) string {
		fetched++
		if r.FormValue("grant_type") != "refresh_token" || r.FormValue("refresh_token") != "a secret of ours" || r.FormValue("client_id") != "ronde" {
			t.Errorf("asked with %v", r.Form)
		}
		return fmt.Sprintf("HTTP/1.1 %d x\r\nConnection: close\r\n\r\n{\"access_token\":\"token-%d\",\"expires_in\":3600}", status, fetched)
	})}
	l := quiet(t)
	l.means = channel.Means{Client: client, Now: func() int64 { return now }}
	l.set.Options["oauth"], l.set.Options["client"] = "https://login.example/token", "ronde"
	l.set.Secrets = map[string]string{"refresh": "f"}
	a, err := newAccess(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"token-1", "token-1"} {
		if got, bearer, err := a.get(t.Context()); got != want || !bearer || err != nil {
			t.Errorf("got %q %v %v", got, bearer, err)
		}
	}
	now += time.Hour.Microseconds()
	if got, _, _ := a.get(t.Context()); got != "token-2" {
		t.Errorf("an ended token was not renewed: %q", got)
	}
	now, status = now+time.Hour.Microseconds(), http.StatusBadRequest
	if _, _, err := a.get(t.Context()); channel.WhyOf(err) != channel.Expired {
		t.Errorf("a refused grant: %v", err)
	}
	status = http.StatusServiceUnavailable
	if _, _, err := a.get(t.Context()); channel.WhyOf(err) != channel.Later {
		t.Errorf("a busy authority: %v", err)
	}
}

// transport answers a request with the bytes of an answer.
type transport func(r *http.Request) string

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) {
	return http.ReadResponse(bufio.NewReader(strings.NewReader(f(r))), r)
}
