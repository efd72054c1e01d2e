package mail

import (
	"strings"
	"testing"
	"time"

	"ronde/channel"
)

func TestTextOfAMail(t *testing.T) {
	l := quiet(t)
	alt := func(plain, page string) string {
		return "Content-Type: multipart/alternative; boundary=z\n\n--z\nContent-Type: text/plain\n\n" + plain + "\n--z\nContent-Type: text/html\n\n" + page + "\n--z--\n"
	}
	page := func(s string) string { return "Content-Type: text/html; charset=utf-8\n\n" + s }
	for name, c := range map[string]struct{ raw, want string }{
		"plain before html":     {alt("plain", "<p>page</p>"), "plain"},
		"html when plain empty": {alt("  \n", "<p>page</p>"), "page"},
		"latin-1":               {"Content-Type: text/plain; charset=iso-8859-1\n\n\xe9t\xe9\n", "été"},
		"windows-1252":          {"Content-Type: text/plain; charset=windows-1252\n\n\x93a\x94 \x80\n", "“a” €"},
		"koi8-r, base64":        {"Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8NLJ18XU\n", "Привет"},
		"utf-16":                {"Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\naABpAA==\n", "hi"},
		"quoted-printable":      {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nd=C3=A9j=C3=A0=\n vu\n", "déjà vu"},
		"unknown charset":       {"Content-Type: text/plain; charset=klingon\n\nabc\xff\n", "abc\uFFFD"},
		"unknown encoding":      {"Content-Transfer-Encoding: x-none\n\nabc\n", "abc"},
		"half a base64":         {"Content-Transfer-Encoding: base64\n\naGVsbG8gd29y!!\n", "hello wor"},
		"two parts":             {"Content-Type: multipart/mixed; boundary=z\n\n--z\n\none\n--z\n\ntwo\n--z--\n", "one\n\ntwo"},
		"blocks and breaks":     {page("<div>a</div><div>b<br>c</div><p>d</p><ul><li>e<li>f</ul>"), "a\nb\nc\n\nd\n\n• e\n• f"},
		"no script, no style":   {page("<style>p{}</style><script>alert(1)</script><title>t</title>x"), "x"},
		"no picture":            {page(`<img src="http://beacon.example/1.gif" alt="y">x`), "x"},
		"a link that says it":   {page(`<a href="https://help.example/a">help.example/a</a>`), "help.example/a"},
		"a link that hides it":  {page(`<a href="http://evil.example/x">your bank</a>`), "your bank <http://evil.example/x>"},
		"quotes":                {page(`a<blockquote>b<blockquote>c</blockquote></blockquote>d`), "a\n> b\n> > c\nd"},
		"entities":              {page(`&lt;b&gt; &amp;amp; &eacute;&nbsp;x`), "<b> &amp; é\u00a0x"},
		"deep nesting":          {page(strings.Repeat("<div>", 50_000) + "x"), "x"},
		"unclosed":              {page("a <b"), "a"},
	} {
		if a := l.one(t, "From: a@b.example\nMIME-Version: 1.0\n"+c.raw); a.Text != c.want {
			t.Errorf("%s: %q, not %q", name, a.Text, c.want)
		}
	}
}

func TestFilesOfAMail(t *testing.T) {
	a := quiet(t).one(t, "From: a@b.example\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nlook\n"+
		"--z\nContent-Type: image/png; name=\"=?utf-8?q?caf=C3=A9.png?=\"\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n"+
		"--z\nContent-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''..%2F..%2Fetc%2Fpass%C3%A9\n\nnotes\n"+
		"--z\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\ninner\n--z--\n")
	if a.Text != "look" || len(a.Files) != 3 {
		t.Fatalf("text %q, %d files", a.Text, len(a.Files))
	}
	if f := a.Files[0]; f.Name != "café.png" || string(f.Bytes) != "hello" || f.Type != "image/png" || f.Size != 5 {
		t.Errorf("%+v", f)
	}
	if f := a.Files[1]; f.Name != "passé" || strings.TrimSpace(string(f.Bytes)) != "notes" {
		t.Errorf("%+v", f)
	}
	if f := a.Files[2]; f.Type != "message/rfc822" || !strings.Contains(string(f.Bytes), "inner") {
		t.Errorf("a forwarded mail is a file: %+v", f)
	}
}

func TestOurOwnWordsAreFolded(t *testing.T) {
	l := quiet(t)
	ours := l.proofs.messageID("aaaaaaaaaaaaaaaaaaaa", "key", "ada@town.example")
	head := "From: ada@town.example\nMessage-ID: <2@x.example>\n"
	for name, c := range map[string]struct{ text, want string }{
		"quote at the end":       {"Thank you.\n\nOn Mon, 2 Nov 2026, Patrol <patrol@ronde.example> wrote:\n> Hello\n> Bye\n", "Thank you."},
		"lead-in of two lines":   {"Merci.\n\nLe lun. 2 nov. 2026 à 10:00, Patrouille <patrol@ronde.example>\na écrit :\n\n> Bonjour\n", "Merci."},
		"signature below":        {"Yes.\n\nOn 2 Nov, Patrol wrote:\n> Hello\n-- \nAda", "Yes.\n\n-- \nAda"},
		"outlook":                {"Ja.\n\nVon: Patrol <patrol@ronde.example>\nGesendet: Montag\nAn: Ada\nBetreff: Re: x\n\nHallo\n", "Ja."},
		"original message":       {"Oui.\n\n-----Message d'origine-----\nDe : x\n", "Oui."},
		"answers between quotes": {"> Where?\nHere.\n> When?\nNow.", "> Where?\nHere.\n> When?\nNow."},
		"nothing but quote":      {"> Hello\n> Bye", "> Hello\n> Bye"},
		"no quote":               {"Plain.", "Plain."},
		"a list that ends in :":  {"I need:\n\nhelp", "I need:\n\nhelp"},
	} {
		a := l.one(t, head+"In-Reply-To: <"+ours+">\n\n"+c.text+"\n")
		if a.Text != c.want {
			t.Errorf("%s: %q, not %q", name, a.Text, c.want)
		}
		if folded := len(a.Lost) == 1 && a.Lost[0] == channel.LostQuoted; folded != (strings.TrimSpace(c.text) != c.want) {
			t.Errorf("%s: what was folded is told as %v", name, a.Lost)
		}
	}
	threat := "He wrote me this:\n\nOn 1 Nov, Max wrote:\n> I will find you"
	if a := l.one(t, head+"\n"+threat+"\n"); a.Text != threat {
		t.Errorf("what a citizen quotes was folded: %q", a.Text)
	}
}

// TestHostileMailsEnd: what an attacker can write costs bounded time.
func TestHostileMailsEnd(t *testing.T) {
	l := quiet(t)
	var deep strings.Builder
	deep.WriteString("From: a@b.example\n")
	for i := range 500 {
		b := strings.Repeat("z", 1+i%50) + string(rune('a'+i%26))
		deep.WriteString("Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n")
	}
	for name, raw := range map[string]string{
		"parts in parts":     deep.String(),
		"a long header":      "From: a@b.example\nX: " + strings.Repeat("y", 2<<20) + "\n\nx\n",
		"many headers":       "From: a@b.example\n" + strings.Repeat("X: y\n", 200_000) + "\nx\n",
		"many references":    "From: a@b.example\nReferences: " + strings.Repeat("<a@b.example> ", 30_000) + "\n\nx\n",
		"many people":        "From: " + strings.Repeat("a@b.example, ", 30_000) + "c@d.example\n\nx\n",
		"encoded words":      "From: a@b.example\nSubject: " + strings.Repeat("=?utf-8?q?=C3?= ", 20_000) + "\n\nx\n",
		"open brackets":      "From: a@b.example\nContent-Type: text/html\n\n" + strings.Repeat("<", 1<<20),
		"quotes, all quotes": "From: a@b.example\nContent-Type: text/html\n\n" + strings.Repeat("<blockquote>x", 60_000),
		"blank lines":        "From: a@b.example\n\n" + strings.Repeat(" \n", 500_000),
	} {
		began := time.Now()
		for _, a := range l.arrivals([]byte(raw), at, false) {
			if err := a.Check(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// FuzzArrivals: any bytes at all are an arrival within the contract.
func FuzzArrivals(f *testing.F) {
	f.Add([]byte(plainMail), false)
	f.Add([]byte(bounce), true)
	for _, raw := range rubbish {
		f.Add([]byte(raw), false)
	}
	f.Add([]byte("Content-Type: multipart/alternative; boundary=z\r\n\r\n--z\r\nContent-Type: text/html; charset=utf-7\r\n\r\n<a href=x>y<li><blockquote>\r\n--z--"), false)
	l := quiet(f)
	f.Fuzz(func(t *testing.T, raw []byte, cut bool) {
		all := l.arrivals(raw, at, cut)
		if len(all) == 0 {
			t.Fatal("a mail vanished")
		}
		for _, a := range all {
			if err := a.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
