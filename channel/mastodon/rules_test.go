package mastodon

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"ronde/channel"
)

func TestMarkupBecomesText(t *testing.T) {
	for in, want := range map[string]string{
		"Bonjour": "Bonjour",
		`<p><span class="h-card"><a href="https://b.example/@patrouille" class="u-url mention">@<span>patrouille</span></a></span> bonjour<br />deux</p><p>trois &amp; quatre</p>`: "@patrouille bonjour\ndeux\n\ntrois & quatre",
		`<a href="https://a.example/long/path"><span class="invisible">https://</span><span class="ellipsis">a.example/long</span><span class="invisible">/path</span></a>`:        "https://a.example/long/path",
		`<a href="https://evil.example/">https://bank.example</a>`:                       "https://bank.example (https://evil.example/)",
		`<a href="https://a.example/">a.example</a>`:                                     "a.example",
		`<a href="javascript:alert(1)">x</a>`:                                            "x",
		`<a href="https://a.example/tags/x" class="mention hashtag">#<span>x</span></a>`: "#x",
		`a<script>alert(1)</script><style>p{}</style>b`:                                  "ab",
		`<img src="https://beacon.example/1.gif" alt=":blob:"> x`:                        ":blob: x",
		`<ul><li>one</li><li>two</li></ul>`:                                              "- one\n- two",
		`&lt;b&gt; is shown`:                                                             "<b> is shown",
		"<p>a</p>\r\n\r\n\r\n<p>b</p>":                                                   "a\n\nb",
		"<script>":                                                                       "",
		"<p>x":                                                                           "x",
		"</script></script>x":                                                            "x",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
	if got := plain("<" + strings.Repeat("x", 2<<20)); len(got) > 10 {
		t.Errorf("%d bytes", len(got))
	}
}

func FuzzPlain(f *testing.F) {
	f.Add(`<p>a<a href="https://x.example">b</a><script>c</p>&#x0;&nbsp;<`)
	f.Fuzz(func(t *testing.T, s string) {
		got, _ := channel.Cut(plain(s), channel.MaxText)
		if !utf8.ValidString(got) {
			t.Fatal(got)
		}
	})
}

// An @ in an officer's text must not let somebody else read a private answer.
func TestNoWordOfAnAnswerAddsAReader(t *testing.T) {
	for in, want := range map[string]string{
		"write to @bo":            "write to @\u2060bo",
		"@bo@b.example":           "@\u2060bo@b.example",
		"(@bo) @cy":               "(@\u2060bo) @\u2060cy",
		"a@b.example":             "a@b.example",
		"https://b.example/@bo/1": "https://b.example/@bo/1",
		"5 @ 3":                   "5 @ 3",
	} {
		if got := disarm(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNextPageIsOnlyANumber(t *testing.T) {
	for in, want := range map[string]string{
		`<https://b.example/api/v1/notifications?max_id=5>; rel="next", <https://b.example/api/v1/notifications?limit=5&min_id=9>; rel="prev"`: "9",
		`<https://b.example/x?min_id=9&limit=5>; rel="prev"`:                       "9",
		`<https://b.example/x?min_id=9>; rel="next"`:                               "",
		`<https://b.example/x?min_id=` + strings.Repeat("9", 99) + `>; rel="prev"`: "",
		``: "", `<>`: "",
	} {
		if got := prev(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// The token goes to the server's own stream, and to no other host that the
// server names.
func TestStreamsHost(t *testing.T) {
	for to, want := range map[string]bool{
		"https://brume.example": true, "https://streaming.brume.example": true, "http://brume.example": false,
		"https://evil.example": false, "https://evilbrume.example": false, "https://streaming.brume.example:8443": false,
	} {
		u, _ := url.Parse(to)
		s, _ := url.Parse("https://brume.example")
		if got := related(u, s); got != want {
			t.Errorf("%s: %v", to, got)
		}
	}
	u, _ := url.Parse("https://streaming.brume.example")
	s, _ := url.Parse("https://www.brume.example")
	if !related(u, s) {
		t.Error("beside the server")
	}
}

func TestMarksAreBounded(t *testing.T) {
	m := mark{Since: "1"}
	for i := range 100 {
		m = m.with(status{ID: strings.Repeat("x", i), Visibility: "direct", Account: account{ID: "7"}}, int64(i))
	}
	if len(m.Recent) != maxRecent || len(m.bytes()) > 16<<10 {
		t.Errorf("%d mentions, %d bytes", len(m.Recent), len(m.bytes()))
	}
	if got := m.fresh(int64(watch.Microseconds()) + 90); len(got.Recent) != 10 {
		t.Errorf("%d fresh", len(got.Recent))
	}
	for _, bad := range []string{"", "7", "[]", "{}", `{"since":7}`, `{"since":"` + strings.Repeat("9", 600) + `"}`} {
		if _, ok := read(channel.Mark(bad)); ok {
			t.Errorf("read %.20s", bad)
		}
	}
}

// A raid wakes the line a hundred times; it looks once.
func TestManyEventsAreOneLook(t *testing.T) {
	s := &stream{events: make(chan event, 100)}
	for range 100 {
		s.events <- event{"notification", "{}"}
	}
	wake, err := new(reading).waiting(t.Context(), s, event{"update", ""})
	if err != nil || !wake || len(s.events) != 0 {
		t.Errorf("%v %v, %d events wait", wake, err, len(s.events))
	}
}

func FuzzArrivals(f *testing.F) {
	f.Add([]byte(`{"id":"1","created_at":"2026-11-22T08:00:00Z","in_reply_to_id":"2","visibility":"direct","content":"<p>x</p>","account":{"id":"5","acct":"a"},"media_attachments":[{"url":"https://x.example/%zz.png"}],"poll":{},"language":"fr"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s status
		if json.Unmarshal(b, &s) != nil || s.ID == "" || len(s.ID+s.Account.ID) > 100 || strings.ContainsAny(s.ID+s.Account.ID, "\x00\uFFFD") {
			return
		}
		if err := s.arrival(channel.Written).Check(); err != nil {
			t.Fatal(err)
		}
	})
}
