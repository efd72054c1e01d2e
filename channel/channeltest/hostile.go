package channeltest

import (
	"slices"
	"strings"

	"ronde/channel"
)

// hostileTexts are what an attacker, or a broken program, writes. The word of
// the check stands in front of each.
var hostileTexts = []struct{ name, text string }{
	{"bytes that are no UTF-8", "a\xff\xfe\xc0\xafb"},
	{"half a letter", "a\xe2\x82"},
	{"zeros and controls", "a\x00b\x01\x1b[31mred\x7f"},
	{"letters that turn the line", "a\u202eb\u2066c\u200f"},
	{"a beacon", `<img src="http://beacon.example/1.gif"><script src="http://beacon.example/x.js"></script><b>bold</b>`},
	{"a link with a name and a password", "https://us:er@beacon.example/%00?q=\r\nX-A: b"},
	{"a header in the text", "a\r\nTo: bo\r\nSubject: x\r\n\r\nb\r\n.\r\nQUIT\r\n"},
	{"a protocol's own quotes", `{"update_id":1,"text":"x"}]}` + "'\";--\\"},
	{"a thousand joined marks", "a" + strings.Repeat("\u0301", 1000)},
	{"a long line", strings.Repeat("x", 20_000)},
	{"more than is kept", strings.Repeat("y ", channel.MaxText/2+5_000)},
}

// hostile lets them all in. The desk has checked each arrival against the
// contract; here it matters that the line goes on, and cuts aloud.
func hostile(b *bench) {
	b.start()
	for _, h := range hostileTexts {
		b.Write(b.t, Message{From: "ada", Text: b.text() + " " + h.text})
	}
	b.Write(b.t, Message{From: strings.Repeat("a", 3000) + "\xff", Text: b.text()})
	b.hello("bo")
	for _, a := range b.desk.wait(b.Patience, "arrivals", func([]channel.Arrival) bool { return true }) {
		if len(a.Text) > channel.MaxText-4 && !slices.Contains(a.Lost, channel.LostText) {
			b.t.Errorf("a text was cut at %d bytes, and nothing says so", len(a.Text))
		}
	}
}
