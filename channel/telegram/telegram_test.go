package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/telegram"
	"ronde/channel/telegram/telegramtest"
	"ronde/internal/errs"
)

const group = "-1001000000001"

func play(t *testing.T) *telegramtest.Network {
	n := telegramtest.New()
	t.Cleanup(n.Close)
	return n
}

func newLine(t *testing.T, n *telegramtest.Network) channel.Line {
	t.Helper()
	set := channel.Setting{
		Name: "telegram", Kind: "telegram", Secrets: map[string]string{"token": "f"},
		Options: map[string]string{"server": n.URL, "groups": group},
	}
	line, err := telegram.New(set, n.Secret, channel.Means{Client: guarded(t, n.Listener.Addr().String()), Now: n.Now})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// guarded is the client of the house, which reaches the played network alone.
func guarded(t *testing.T, address string) *http.Client {
	t.Helper()
	guard, err := channel.NewGuard([]string{address})
	if err != nil {
		t.Fatal(err)
	}
	client := guard.Client()
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func TestLine(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World {
		n := play(t)
		return channeltest.World{
			New: func(t *testing.T) channel.Line { return newLine(t, n) },
			Write: func(_ *testing.T, m channeltest.Message) string {
				out := telegramtest.Message{From: m.From, Text: m.Text, ReplyTo: m.ReplyTo, Machine: m.Automatic}
				for _, f := range m.Files {
					out.Files = append(out.Files, telegramtest.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
				}
				return n.Write(out)
			},
			Edit: func(_ *testing.T, id, text string) { n.Edit(id, text) },
			Big: func(_ *testing.T, from string) {
				n.Write(telegramtest.Message{From: from, Text: "big", Files: []telegramtest.File{{Name: "a.bin", Claimed: channel.MaxFile + 1}}})
			},
			Leave: func(_ *testing.T, who string) { n.Block(who) },
			Got: func(_ *testing.T, who string) []channeltest.Got {
				var out []channeltest.Got
				for _, s := range n.Got(who) {
					g := channeltest.Got{Text: s.Text}
					for _, f := range s.Files {
						g.Files = append(g.Files, channel.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
					}
					out = append(out, g)
				}
				return out
			},
			Drop:   func(*testing.T) { n.Drop() },
			Hang:   func(*testing.T) { n.Hang() },
			Busy:   func(_ *testing.T, after time.Duration) { n.Busy(after) },
			Expire: func(*testing.T) { n.Expire() },
			Renew:  func(*testing.T) { n.Renew() },
			Forget: func(*testing.T) { n.Forget() },
			Garbage: func(*testing.T) {
				n.Push("message", map[string]any{"message_id": "x", "chat": []int{1}})
				n.Push("message", map[string]any{"text": "of nobody"})
				n.Push("message", nil)
				n.Push("a_kind_of_tomorrow", map[string]any{"message_id": 1})
				n.Odd()
			},
			Secrets: []string{telegramtest.Token, telegramtest.Second, "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"},
			Lacks: map[string]string{
				channeltest.Again:   "an update that was confirmed does not come again",
				channeltest.Shuffle: "updates are numbered, and come in order",
				channeltest.Once:    "the Bot API knows no key of ours, and a bot cannot read what it wrote",
				channeltest.Label:   "a bot's message cannot be marked as automatic",
			},
		}
	})
}

// receive runs the line until enough things came, and returns them.
func receive(t *testing.T, line channel.Line, from channel.Mark, enough int) (all []channel.Arrival, last channel.Mark) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := line.Receive(ctx, from, func(_ context.Context, batch []channel.Arrival, next channel.Mark) error {
		for _, a := range batch {
			if err := a.Check(); err != nil {
				t.Error(err)
			}
		}
		all, last = append(all, batch...), next
		if len(all) >= enough {
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < enough {
		t.Fatalf("%d things came, not %d", len(all), enough)
	}
	return all, last
}

func TestWhatAMessageSays(t *testing.T) {
	n := play(t)
	for _, m := range []telegramtest.Message{
		{From: "ada", Text: "go 😀 here now", Extra: map[string]any{"entities": []any{map[string]any{"type": "text_link", "offset": 6, "length": 4, "url": "https://evil.example/"}}}},
		{From: "ada", Text: "one\ntwo", Extra: map[string]any{"forward_origin": map[string]any{"type": "hidden_user"}}},
		{From: "ada", Extra: map[string]any{"location": map[string]any{"latitude": 48.5, "longitude": -4.25}}},
		{From: "ada", Extra: map[string]any{"contact": map[string]any{"phone_number": "+33600000000", "first_name": "Bo"}}},
		{From: "ada", Extra: map[string]any{"poll": map[string]any{"question": "who?"}}},
		{From: "ada", Extra: map[string]any{"sticker": map[string]any{"file_id": "st1", "emoji": "😱", "is_video": true}}},
		{From: "ada", Extra: map[string]any{"photo": []any{map[string]any{"file_id": "small", "width": 90}, map[string]any{"file_id": "large", "width": 1280}}, "caption": "seen"}},
		{From: "ada", Text: "gone home", Extra: map[string]any{"is_from_offline": true}},
	} {
		n.Write(m)
	}
	got, _ := receive(t, newLine(t, n), nil, 8)
	for i, want := range []string{
		"go 😀 here <https://evil.example/> now", "> one\n> two", "geo:48.5,-4.25", "Bo\ntel:+33600000000", "who?", "😱", "seen", "gone home",
	} {
		if got[i].Text != want {
			t.Errorf("message %d says %q, not %q", i, got[i].Text, want)
		}
	}
	if got[4].Lost[0] != channel.LostKind || got[5].Files[0].Type != "video/webm" || got[6].Files[0].ID != "large" || !got[7].Automatic {
		t.Errorf("a kind, a file or a mark is missing: %+v", got[4:])
	}
	if a := got[0]; a.Author.Handle != "@ada" || a.Lang != "fr" || a.At == 0 {
		t.Errorf("the author is told as %+v, in %q, at %d", a.Author, a.Lang, a.At)
	}
}

func TestGroups(t *testing.T) {
	n := play(t)
	n.Invite(-1009999999999, "mallory")
	n.Write(telegramtest.Message{From: "mallory", Chat: -1009999999999, Text: "not for us"})
	n.Write(telegramtest.Message{From: "mallory", Chat: -1008888888888, Text: "invited long ago"})
	n.Write(telegramtest.Message{From: "ada", Chat: -1001000000001, Topic: 7, Text: "before"})
	n.Move(-1001000000001, -1002000000002, "ada")
	n.Write(telegramtest.Message{From: "bo", Chat: -1002000000002, Topic: 7, Text: "after"})
	line := newLine(t, n)
	got, last := receive(t, line, nil, 2)
	if len(got) != 2 || got[0].Thread != fmt.Sprint(group, "/7/", n.Person("ada")) || got[1].Thread != fmt.Sprint(group, "/7/", n.Person("bo")) || !got[0].Public {
		t.Fatalf("the group's messages came as %+v", got)
	}
	if left := n.Left(); !slices.Equal(left, []int64{-1009999999999, -1008888888888}) {
		t.Errorf("the bot left %v", left)
	}
	again := newLine(t, n)
	n.Write(telegramtest.Message{From: "bo", Chat: -1002000000002, Topic: 7, Text: "after a restart"})
	if after, _ := receive(t, again, last, 1); after[0].Thread != got[1].Thread {
		t.Errorf("after a restart the conversation is %q", after[0].Thread)
	}
	for name, l := range map[string]channel.Line{"that knows": again, "that does not know": newLine(t, n)} {
		if _, err := l.Send(t.Context(), channel.Outgoing{Thread: got[0].Thread, ReplyTo: got[0].ID, Text: name}); err != nil {
			t.Errorf("a line %s of the move: %v", name, err)
		}
	}
	if sent := n.GotIn(-1002000000002); len(sent) != 2 || sent[0].Topic != 7 || sent[0].ReplyTo == 0 {
		t.Errorf("the group got %+v", sent)
	}
}

// Update numbers begin anew after a quiet week: the old one would hide the new.
func TestNumbersBeginAnew(t *testing.T) {
	n := play(t)
	n.Write(telegramtest.Message{From: "ada", Text: "long ago"})
	line := newLine(t, n)
	_, last := receive(t, line, nil, 1)
	for range 8 {
		n.Idle(20 * time.Hour)
		_, last = receive(t, line, last, 0)
	}
	n.Write(telegramtest.Message{From: "ada", Text: "today"})
	got, _ := receive(t, line, last, 1)
	if got[len(got)-1].Text != "today" {
		t.Errorf("what came is %q", got[len(got)-1].Text)
	}
}

// Somebody who sends a hundred of the longest messages stops nobody.
func TestUpdatesThatAreTooLargeTogether(t *testing.T) {
	n := play(t)
	for i := range 61 {
		m := telegramtest.Message{From: "mallory", Text: fmt.Sprint(i)}
		if i == 0 || i == 60 { // together more than one answer may hold
			m.Extra = map[string]any{"padding": strings.Repeat("x", 5<<20)}
		}
		n.Write(m)
	}
	n.Write(telegramtest.Message{From: "ada", Text: "help"})
	if got, _ := receive(t, newLine(t, n), nil, 62); got[61].Text != "help" {
		t.Errorf("what came last is %q", got[61].Text)
	}
}

func TestAnotherProgramHasTheBot(t *testing.T) {
	n := play(t)
	n.Webhook(true)
	err := newLine(t, n).Receive(t.Context(), nil, func(context.Context, []channel.Arrival, channel.Mark) error { return nil })
	if channel.WhyOf(err) != channel.Rejected || !strings.Contains(err.Error(), "webhook") {
		t.Errorf("with a webhook set, Receive returned: %v", err)
	}
}

func TestSend(t *testing.T) {
	n := play(t)
	n.Person("ada")
	line := newLine(t, n)
	picture := channel.File{Name: "a.png", Type: "image/png", Bytes: []byte("png")}
	for name, c := range map[string]struct {
		out  channel.Outgoing
		want string
	}{
		"to a thread of another network":    {channel.Outgoing{Thread: "bo@mail.example", Text: "x"}, channel.Rejected},
		"to somebody who never wrote":       {channel.Outgoing{Thread: "777000777", Text: "x"}, channel.Gone},
		"nothing":                           {channel.Outgoing{Thread: "5000001"}, channel.Rejected},
		"a long text with a file":           {channel.Outgoing{Thread: "5000001", Text: strings.Repeat("x", 1025), Files: []channel.File{picture}}, channel.TooLong},
		"more letters than Telegram counts": {channel.Outgoing{Thread: "5000001", Text: strings.Repeat("😀", 4096)}, channel.TooLong},
		"eleven files":                      {channel.Outgoing{Thread: "5000001", Files: make([]channel.File, 11)}, channel.TooLong},
	} {
		if _, err := line.Send(t.Context(), c.out); channel.WhyOf(err) != c.want {
			t.Errorf("%s: refused as %v, not %s", name, err, c.want)
		}
	}
	sent, err := line.Send(t.Context(), channel.Outgoing{Thread: "5000001", Text: "two", Files: []channel.File{picture, picture}})
	if got := n.Got("ada"); err != nil || sent.ID == "" || len(got) != 1 || got[0].Text != "two" || len(got[0].Files) != 2 {
		t.Errorf("an album: %v, %+v", err, got)
	}
}

func TestFetch(t *testing.T) {
	n := play(t)
	n.Write(telegramtest.Message{From: "ada", Files: []telegramtest.File{{Name: "a.bin", Bytes: []byte("bytes")}}})
	n.Write(telegramtest.Message{From: "ada", Files: []telegramtest.File{{Name: "b.bin", Claimed: 21 << 20}}})
	line := newLine(t, n)
	got, _ := receive(t, line, nil, 2)
	var b bytes.Buffer
	fetch := line.(channel.Fetcher).Fetch
	if err := fetch(t.Context(), got[0].Files[0], &b); err != nil || b.String() != "bytes" {
		t.Errorf("fetched %q: %v", b.String(), err)
	}
	if len(got[1].Files) != 0 || got[1].Lost[0] != channel.LostFiles {
		t.Errorf("a file that a bot cannot fetch arrived as %+v", got[1])
	}
	if err := fetch(t.Context(), channel.File{ID: "BQACAgIAAxkBAAM102"}, &b); !errs.Is(err, errs.Limit) {
		t.Errorf("fetching it returned %v", err)
	}
	if err := fetch(t.Context(), channel.File{ID: "unknown"}, &b); channel.WhyOf(err) != channel.Rejected {
		t.Errorf("fetching an unknown file returned %v", err)
	}
}

func TestRowsAreRead(t *testing.T) {
	n := play(t)
	for name, set := range map[string]channel.Setting{
		"no token":        {Name: "a"},
		"an unknown word": {Name: "a", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"group": "-1"}},
		"a group by name": {Name: "a", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"groups": "@brume"}},
		"no web address":  {Name: "a", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"server": "telegram"}},
	} {
		if _, err := telegram.New(set, n.Secret, channel.Means{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a row with %s: %v", name, err)
		}
	}
}

func FuzzUpdates(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"a","entities":[{"type":"text_link","offset":0,"length":1,"url":"u"}]}}`))
	f.Add([]byte(`{"update_id":2,"edited_message":{"message_id":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"sticker":{"file_id":"x"}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, a := range telegram.Arrivals(b) {
			if err := a.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
