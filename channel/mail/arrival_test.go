package mail

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/channel"
)

var at = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// quiet is a line that asks no network.
func quiet(t testing.TB, options ...string) *Line {
	t.Helper()
	set := channel.Setting{
		Name: "mail-fr", Kind: "mail", Account: "Patrol@ronde.example", Secrets: map[string]string{"password": "f"},
		Options: map[string]string{"imap": "imaps://mail.example", "smtp": "smtps://mail.example"},
	}
	for i := 0; i+1 < len(options); i += 2 {
		set.Options[options[i]] = options[i+1]
	}
	means := channel.Means{Client: http.DefaultClient, Now: func() int64 { return at.UnixMicro() }}
	l, err := New(set, func(string) (string, error) { return "a secret of ours", nil }, means)
	if err != nil {
		t.Fatal(err)
	}
	return l.(*Line)
}

func (l *Line) one(t *testing.T, raw string) channel.Arrival {
	t.Helper()
	got := l.arrivals([]byte(strings.ReplaceAll(raw, "\n", "\r\n")), at, false)
	if len(got) != 1 {
		t.Fatalf("%d arrivals", len(got))
	}
	if err := got[0].Check(); err != nil {
		t.Fatal(err)
	}
	return got[0]
}

const plainMail = "From: Ada <Ada@Town.example>\nMessage-ID: <1@town.example>\nSubject: =?utf-8?q?Une_question_=C3=A0_vous?=\nContent-Language: fr\n\nHello.\n-- \nAda, at home\n"

func TestWhoWroteWhat(t *testing.T) {
	a := quiet(t).one(t, plainMail)
	if a.ID != "1@town.example" || a.Subject != "Une question à vous" || a.Lang != "fr" || a.At != at.UnixMicro() {
		t.Errorf("arrived as %+v", a)
	}
	if a.Author != (channel.Author{ID: "ada@town.example", Handle: "Ada@Town.example", Name: "Ada", Address: "Ada@Town.example"}) {
		t.Errorf("from %+v", a.Author)
	}
	if a.Text != "Hello.\n-- \nAda, at home" {
		t.Errorf("the signature is part of what she wrote: %q", a.Text)
	}
}

// TestConversations: the way back is a proof, never a claim.
func TestConversations(t *testing.T) {
	l := quiet(t, "plus", "yes", "authserv", "mx.ronde.example")
	first := l.one(t, plainMail)
	ours := l.proofs.messageID(first.Thread, "key", "ada@town.example")
	back := l.proofs.plusAddress(first.Thread, "ada@town.example")
	from := func(who, rest string) string {
		return "From: " + who + "\nMessage-ID: <9@x.example>\n" + rest + "\n\nx\n"
	}
	for name, c := range map[string]struct {
		raw  string
		same bool
	}{
		"her next mail":                                   {from("ada@town.example", "In-Reply-To: <1@town.example>\nReferences: <1@town.example>"), true},
		"her answer to ours":                              {from("ADA@town.example", "In-Reply-To: <"+ours+">"), true},
		"ours in capitals":                                {from("ada@town.example", "References: <x@y> <"+strings.ToUpper(ours)+">"), true},
		"her answer without any reference":                {from("ada@town.example", "To: "+back), true},
		"a mail about something else":                     {from("ada@town.example", "X: y"), false},
		"a stranger's forged references":                  {from("eve@evil.example", "In-Reply-To: <1@town.example>\nReferences: <1@town.example>"), false},
		"a stranger who shows our id":                     {from("eve@evil.example", "In-Reply-To: <"+ours+">"), false},
		"a stranger at her way back":                      {from("eve@evil.example", "To: "+back), false},
		"a proof with a letter changed":                   {from("ada@town.example", "In-Reply-To: <"+strings.Replace(ours, "@", "a@", 1)+">"), false},
		"her name, answers to a stranger":                 {from("ada@town.example", "Reply-To: eve@evil.example\nReferences: <1@town.example>"), false},
		"her name, and our id, and the way to a stranger": {from("ada@town.example", "Reply-To: eve@evil.example\nIn-Reply-To: <"+ours+">"), false},
		"forged, and our server says so":                  {from("ada@town.example", "Authentication-Results: mx.ronde.example; spf=pass; dmarc=fail header.from=town.example\nReferences: <1@town.example>"), false},
		"forged, with our id":                             {from("ada@town.example", "Authentication-Results: mx.ronde.example; dmarc=fail\nIn-Reply-To: <"+ours+">"), false},
		"a stranger's server says so":                     {from("ada@town.example", "Authentication-Results: mx.evil.example; dmarc=fail\nReferences: <1@town.example>"), true},
		"ours says it is proven":                          {from("ada@town.example", "Authentication-Results: mx.ronde.example; dmarc=pass\nAuthentication-Results: mx.ronde.example; dmarc=fail\nReferences: <1@town.example>"), true},
	} {
		if a := l.one(t, c.raw); (a.Thread == first.Thread) != c.same {
			t.Errorf("%s: in the conversation %v, not %v", name, !c.same, c.same)
		}
	}
	if a := l.one(t, from("ada@town.example", "Reply-To: eve@evil.example")); a.Author.Address != "eve@evil.example" || a.Author.ID == "ada@town.example" {
		t.Errorf("who leads answers elsewhere is the same person: %+v", a.Author)
	}
}

func TestExchangedPasswordCutsNoConversation(t *testing.T) {
	old, l := quiet(t), quiet(t)
	l.proofs = newProofs("another password", l.account)
	first := old.one(t, plainMail)
	ours := old.proofs.messageID(first.Thread, "key", "ada@town.example")
	next := l.one(t, "From: ada@town.example\nMessage-ID: <2@x.example>\nIn-Reply-To: <"+ours+">\nReferences: <1@town.example> <"+ours+">\n\nx\n")
	if next.Thread != first.Thread {
		t.Error("the conversation is cut")
	}
}

func TestMachinesAreTold(t *testing.T) {
	for _, h := range []string{
		"Auto-Submitted: auto-generated (vacation)", "Precedence: bulk", "List-Id: <a.example>", "Return-Path: <>",
		"X-Auto-Response-Suppress: OOF", "Content-Type: multipart/report; boundary=a",
	} {
		if !quiet(t).one(t, "From: a@b.example\n"+h+"\n\nx\n").Automatic {
			t.Errorf("%s: not marked", h)
		}
	}
	for _, from := range []string{"MAILER-DAEMON@b.example", "no-reply@b.example", "noreply+1@b.example", "patrol@ronde.example"} {
		if !quiet(t).one(t, "From: "+from+"\n\nx\n").Automatic {
			t.Errorf("%s: not marked", from)
		}
	}
	for _, h := range []string{"Auto-Submitted: no", "Precedence: first-class", "Return-Path: <a@b.example>"} {
		if quiet(t).one(t, "From: norah@b.example\n"+h+"\n\nx\n").Automatic {
			t.Errorf("%s: marked", h)
		}
	}
}

const bounce = "From: Mail <mailer-daemon@x.example>\nReturn-Path: <>\nMessage-ID: <b@x.example>\nContent-Type: multipart/report; report-type=delivery-status; boundary=z\n\n" +
	"--z\nContent-Type: text/plain\n\nIt failed.\n--z\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n" +
	"Final-Recipient: rfc822; ada@town.example\nAction: ACTION\nStatus: STATUS\nDiagnostic-Code: smtp; SAID\n\n" +
	"--z\nContent-Type: text/rfc822-headers\n\nMessage-ID: <ID>\nTo: ada@town.example\n\n--z--\n"

func TestBounces(t *testing.T) {
	l := quiet(t)
	ours := l.proofs.messageID("aaaaaaaaaaaaaaaaaaaa", "key", "ada@town.example")
	read := func(action, status, said, id string) channel.Arrival {
		return l.one(t, strings.NewReplacer("ACTION", action, "STATUS", status, "SAID", said, "<ID>", "<"+id+">").Replace(bounce))
	}
	for status, why := range map[string]string{"5.1.1": channel.Gone, "5.4.4": channel.Gone, "4.4.7": channel.Gone, "5.3.4": channel.TooLong, "5.7.1": channel.Rejected, "5.2.2": channel.Rejected} {
		a := read("failed", status, "x", ours)
		if a.What != channel.Failed || a.ID != ours || a.Thread != "aaaaaaaaaaaaaaaaaaaa" || a.Why != why {
			t.Errorf("%s: arrived as %+v", status, a)
		}
	}
	if a := read("failed", "5.0.0", "550 5.1.1 nobody", ours); a.Why != channel.Gone {
		t.Errorf("the refusing server's own code was not read: %q", a.Why)
	}
	for name, a := range map[string]channel.Arrival{
		"a delay":                      read("delayed", "4.4.1", "x", ours),
		"a bounce of no mail of ours":  read("failed", "5.1.1", "x", "1@x.example"),
		"a bounce with a forged proof": read("failed", "5.1.1", "x", strings.Replace(ours, "r1.a", "r1.b", 1)),
	} {
		if a.What != channel.Written || !a.Automatic {
			t.Errorf("%s was believed: %+v", name, a)
		}
	}
}

func TestNobodyIsSomebody(t *testing.T) {
	l := quiet(t)
	a, b := l.one(t, "Subject: x\n\none\n"), l.one(t, "Subject: x\n\ntwo\n")
	if a.Thread == b.Thread || a.Author.ID == b.Author.ID || a.ID == b.ID {
		t.Error("two mails without a sender are one")
	}
	if c := l.one(t, "Subject: x\n\none\n"); c.ID != a.ID {
		t.Error("one mail has two IDs")
	}
	for _, id := range []string{"<" + strings.Repeat("x", 3000) + "@a.example>", "<a b@c>", "<>", "<a@b\xff>"} {
		if a := l.one(t, "From: a@b.example\nMessage-ID: "+id+"\n\nx\n"); a.ID == "" {
			t.Errorf("%.20q has no ID", id)
		}
	}
}

func TestSettingsSayWhatIsWrong(t *testing.T) {
	good := channel.Setting{Name: "m", Kind: "mail", Account: "a@b.example", Secrets: map[string]string{"password": "f"}, Options: map[string]string{"imap": "imaps://m.example", "smtp": "smtp://m.example"}}
	for name, spoil := range map[string]func(*channel.Setting){
		"no address":        func(s *channel.Setting) { s.Account = "nobody" },
		"plus in account":   func(s *channel.Setting) { s.Account = "a+x@b.example" },
		"other scheme":      func(s *channel.Setting) { s.Options["imap"] = "https://m.example" },
		"no server":         func(s *channel.Setting) { delete(s.Options, "smtp") },
		"unknown option":    func(s *channel.Setting) { s.Options["fodler"] = "x" },
		"no secret":         func(s *channel.Setting) { s.Secrets = nil },
		"two ways in":       func(s *channel.Setting) { s.Secrets["token"] = "f" },
		"plain http oauth":  func(s *channel.Setting) { s.Options["oauth"] = "http://x.example" },
		"oauth, no client":  func(s *channel.Setting) { s.Options["oauth"] = "https://x.example" },
		"days of no number": func(s *channel.Setting) { s.Options["days"] = "many" },
		"no such authority": func(s *channel.Setting) { s.Options["ca"] = "/nowhere.pem" },
		"short key":         func(s *channel.Setting) { s.Secrets["threads"] = "short" },
	} {
		s := good
		s.Options, s.Secrets = map[string]string{}, map[string]string{}
		for k, v := range good.Options {
			s.Options[k] = v
		}
		for k, v := range good.Secrets {
			s.Secrets[k] = v
		}
		spoil(&s)
		read := func(name string) (string, error) {
			if name == "threads" {
				return "short", nil
			}
			return "a secret of ours", nil
		}
		if _, err := New(s, read, channel.Means{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := New(good, func(string) (string, error) { return "", errors.New("x") }, channel.Means{}); err == nil {
		t.Error("a secret that cannot be read: accepted")
	}
}

func TestWhatIsLostIsSaid(t *testing.T) {
	l := quiet(t)
	for name, c := range map[string]struct{ raw, lost string }{
		"pgp/mime":   {"Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=z\n\n--z\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--z\nContent-Type: application/octet-stream\n\nxx\n--z--\n", channel.LostEncrypted},
		"pgp inline": {"\n-----BEGIN PGP MESSAGE-----\nxx\n-----END PGP MESSAGE-----\n", channel.LostEncrypted},
		"s/mime":     {"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nxx\n", channel.LostEncrypted},
		"long":       {"\n" + strings.Repeat("x ", channel.MaxText), channel.LostText},
		"cut off":    {"Content-Type: multipart/mixed; boundary=z\n\n--z\n\nhello\n", channel.LostText},
		"many files": {"Content-Type: multipart/mixed; boundary=z\n\n" + strings.Repeat("--z\nContent-Type: image/png\n\nx\n", 21) + "--z--\n", channel.LostFiles},
		"many parts": {"Content-Type: multipart/mixed; boundary=z\n\n" + strings.Repeat("--z\n\nx\n", 300) + "--z--\n", channel.LostFiles},
	} {
		head := "From: a@b.example\n"
		if a := l.one(t, head+c.raw); !slices.Contains(a.Lost, c.lost) {
			t.Errorf("%s: lost %v, not %s", name, a.Lost, c.lost)
		}
	}
	if a := l.one(t, plainMail); len(a.Lost) > 0 {
		t.Errorf("nothing was lost, and %v is said", a.Lost)
	}
}
