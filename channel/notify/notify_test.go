package notify

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var ring = Ring{ID: "rin_1", Kind: "danger", Reference: "C-0147", Link: "https://ronde.example/inbox/con_1", Subject: "Ronde : C-0147 attend", Text: "Un message attend, référence C-0147.", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}

// house writes the file of settings with its secrets and loads it.
func house(t *testing.T, text string) (*Notifier, error) {
	t.Helper()
	dir := t.TempDir()
	for name, secret := range map[string]string{"hook.key": "geheim", "sms.token": "jeton", "smtp.password": "mot"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(secret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "notify.toml")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path)
}

func to(way, address string) Ring {
	r := ring
	r.Way, r.To = way, address
	return r
}

// A webhook can be checked, and an SMS gateway gets its own form.
func TestHookAndSMS(t *testing.T) {
	var got *http.Request
	var body string
	status := http.StatusOK
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got, body = r, string(raw)
		w.WriteHeader(status)
	}))
	defer peer.Close()
	n, err := house(t, fmt.Sprintf("[[hook]]\nname = \"room\"\nurl = %q\nsecret = \"DIR/hook.key\"\n[sms]\nurl = %q\nto = \"number\"\ntext = \"words\"\nfields = {from = \"Ronde\"}\ntoken = \"DIR/sms.token\"\n", peer.URL, peer.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Send(context.Background(), to(ByHook, "room")); err != nil {
		t.Fatal(err)
	}
	if want := "t=1795424400,v1=" + Sign([]byte("geheim"), "1795424400", []byte(body)); got.Header.Get("Ronde-Signature") != want || got.Header.Get("Idempotency-Key") != "rin_1" || !strings.Contains(body, `"reference":"C-0147"`) {
		t.Fatalf("%s %s", got.Header, body)
	}
	if err := n.Send(context.Background(), to(BySMS, "+33600000000")); err != nil || !strings.Contains(body, "number=%2B33600000000") || got.Header.Get("Authorization") != "Bearer jeton" {
		t.Fatalf("%v %s", err, body)
	}
	status = http.StatusForbidden
	if err := n.Send(context.Background(), to(ByHook, "room")); !errors.Is(err, ErrRefused) {
		t.Fatalf("a no is no refusal: %v", err)
	}
	if err := n.Send(context.Background(), to(ByHook, "elsewhere")); !errors.Is(err, ErrRefused) {
		t.Fatal("a hook that nobody named")
	}
	peer.Close()
	if err := n.Send(context.Background(), to(ByHook, "room")); err == nil || errors.Is(err, ErrRefused) || strings.Contains(err.Error(), peer.URL) {
		t.Fatalf("nobody there: %v", err)
	}
}

// serveMail speaks enough of RFC 5321 to take one mail.
func serveMail(t *testing.T, refuse bool) (address string, letter chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	letter = make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		in := bufio.NewScanner(c)
		say := func(s string) { fmt.Fprint(c, s+"\r\n") }
		say("220 here")
		for in.Scan() {
			switch word, _, _ := strings.Cut(strings.ToUpper(in.Text()), " "); word {
			case "RCPT":
				if refuse {
					say("550 nobody")
					continue
				}
				say("250 ok")
			case "DATA":
				say("354 go on")
				var b strings.Builder
				for in.Scan() && in.Text() != "." {
					b.WriteString(in.Text() + "\r\n")
				}
				letter <- b.String()
				say("250 taken")
			case "QUIT":
				say("221 bye")
				return
			default:
				say("250 ok")
			}
		}
	}()
	return l.Addr().String(), letter
}

// A mail is marked as a machine's, has the ring's name, and holds nothing else.
func TestMail(t *testing.T) {
	address, letter := serveMail(t, false)
	n, err := house(t, fmt.Sprintf("[mail]\nserver = %q\nfrom = \"ronde@exemple.test\"\nplain = true\n", address))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Send(context.Background(), to(ByMail, "astreinte@exemple.test")); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(<-letter))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	text, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
	if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Message-ID") != "<rin_1@exemple.test>" || subject != ring.Subject || strings.TrimSpace(string(text)) != ring.Text {
		t.Fatalf("%v %s", m.Header, text)
	}
	address, _ = serveMail(t, true)
	if n, err = house(t, fmt.Sprintf("[mail]\nserver = %q\nfrom = \"ronde@exemple.test\"\nplain = true\n", address)); err != nil {
		t.Fatal(err)
	}
	if err := n.Send(context.Background(), to(ByMail, "nobody@exemple.test")); !errors.Is(err, ErrRefused) {
		t.Fatalf("%v", err)
	}
	address, _ = serveMail(t, false)
	if n, err = house(t, fmt.Sprintf("[mail]\nserver = %q\nfrom = \"ronde@exemple.test\"\n", address)); err != nil {
		t.Fatal(err)
	}
	if err := n.Send(context.Background(), to(ByMail, "astreinte@exemple.test")); err == nil || !strings.Contains(err.Error(), "no TLS") {
		t.Fatalf("a password would travel in clear: %v", err)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":      "[mail]\nserver = \"a:25\"\nfrom = \"a@b.test\"\ncolour = \"red\"\n",
		"no port":          "[mail]\nserver = \"a\"\nfrom = \"a@b.test\"\n",
		"hook, no secret":  "[[hook]]\nname = \"a\"\nurl = \"https://a.test/\"\n",
		"hook, twice":      "[[hook]]\nname = \"a\"\nurl = \"https://a.test/\"\nsecret = \"DIR/hook.key\"\n[[hook]]\nname = \"a\"\nurl = \"https://a.test/\"\nsecret = \"DIR/hook.key\"\n",
		"hook, no address": "[[hook]]\nname = \"a\"\nurl = \"file:///etc\"\nsecret = \"DIR/hook.key\"\n",
		"no secret file":   "[[hook]]\nname = \"a\"\nurl = \"https://a.test/\"\nsecret = \"DIR/none\"\n",
		"sms, no fields":   "[sms]\nurl = \"https://a.test/\"\n",
	} {
		if _, err := house(t, text); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	n, err := house(t, "")
	if err != nil || len(n.Ways()) != 0 {
		t.Fatal("an empty file sets nothing up")
	}
	for _, bad := range []Ring{to(ByMail, "a@b.test\r\nBcc: c@d.test"), to(BySMS, "112; rm"), to("dove", "x")} {
		if n.Address(bad.Way, bad.To) == "" {
			t.Errorf("%s %q is an address", bad.Way, bad.To)
		}
	}
}
