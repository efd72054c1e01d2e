package discord_test

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
	"ronde/channel/discord"
	"ronde/channel/discord/discordtest"
	"ronde/internal/errs"
)

const square = "1100000000000000002" // a channel of a server

func play(t *testing.T) *discordtest.Network {
	n := discordtest.New()
	t.Cleanup(n.Close)
	return n
}

func newLine(t *testing.T, n *discordtest.Network, options ...string) channel.Line {
	t.Helper()
	set := channel.Setting{Name: "discord", Kind: "discord", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"server": n.URL}}
	for i := 0; i < len(options); i += 2 {
		set.Options[options[i]] = options[i+1]
	}
	line, err := discord.New(set, n.Secret, channel.Means{Client: guarded(t, n.Listener.Addr().String()), Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func message(m channeltest.Message) discordtest.Message {
	out := discordtest.Message{From: m.From, Text: m.Text, ReplyTo: m.ReplyTo, Bot: m.Automatic}
	for _, f := range m.Files {
		out.Files = append(out.Files, discordtest.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
	}
	return out
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
			New:    func(t *testing.T) channel.Line { return newLine(t, n) },
			Write:  func(_ *testing.T, m channeltest.Message) string { return n.Write(message(m)) },
			Edit:   func(_ *testing.T, id, text string) { n.Edit(id, text) },
			Delete: func(_ *testing.T, id string) { n.Delete(id) },
			Big: func(_ *testing.T, from string) {
				n.Write(discordtest.Message{From: from, Text: "big", Files: []discordtest.File{{Name: "a.bin", Claimed: 1, Bytes: make([]byte, channel.MaxFile+1)}}})
			},
			Leave: func(_ *testing.T, who string) { n.Block(who) },
			Got: func(_ *testing.T, who string) []channeltest.Got {
				var out []channeltest.Got
				for _, m := range n.Got(who) {
					g := channeltest.Got{Text: m.Text}
					for _, f := range m.Files {
						g.Files = append(g.Files, channel.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
					}
					out = append(out, g)
				}
				return out
			},
			Drop:    func(*testing.T) { n.Drop() },
			Hang:    func(*testing.T) { n.Hang() },
			Busy:    func(_ *testing.T, after time.Duration) { n.Busy(after) },
			Expire:  func(*testing.T) { n.Expire() },
			Renew:   func(*testing.T) { n.Renew() },
			Forget:  func(*testing.T) { n.Forget() },
			Again:   func(*testing.T) { n.Again() },
			Shuffle: func(_ *testing.T, a, b channeltest.Message) { n.Two(message(a), message(b)) },
			Garbage: func(*testing.T) {
				n.Raw("{")
				n.Raw(`{"op":"x"}`)
				n.Raw(`{"op":99,"d":[]}`)
				n.Push("MESSAGE_CREATE", []int{1})
				n.Push("MESSAGE_CREATE", map[string]any{"id": "../x", "channel_id": "../y", "author": map[string]any{"id": "1"}})
				n.Push("MESSAGE_CREATE", map[string]any{"id": "1", "channel_id": "2"})
				n.Push("MESSAGE_DELETE", map[string]any{"id": 7})
				n.Push("A_KIND_OF_TOMORROW", nil)
			},
			Secrets:    []string{discordtest.Token, discordtest.Second},
			Goroutines: []string{"coder/websocket.(*Conn).timeoutLoop"},
			Lacks:      map[string]string{channeltest.Label: "a bot's message cannot be marked as automatic"},
		}
	})
}

// inbox runs a line and keeps what came.
type inbox struct {
	all  []channel.Arrival
	last channel.Mark
	err  error
}

// receive runs the line until enough says so, or it ends by itself.
func receive(t *testing.T, line channel.Line, from channel.Mark, enough func(*inbox) bool) *inbox {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	in := &inbox{last: from}
	in.err = line.Receive(ctx, from, func(_ context.Context, batch []channel.Arrival, next channel.Mark) error {
		for _, a := range batch {
			if err := a.Check(); err != nil {
				t.Error(err)
			}
		}
		in.all, in.last = append(in.all, batch...), next
		if enough(in) {
			cancel()
		}
		return nil
	})
	if in.err == nil && !enough(in) {
		t.Fatalf("not enough came: %d things", len(in.all))
	}
	return in
}

func connected(*inbox) bool { return true }

func count(n int) func(*inbox) bool { return func(in *inbox) bool { return len(in.all) >= n } }

// After an absence that the gateway does not bridge, REST is asked for what was
// written, and the gap is told once.
func TestALongAbsence(t *testing.T) {
	n := play(t)
	n.Write(discordtest.Message{From: "ada", Text: "before anybody listened"})
	line := newLine(t, n, "channels", square)
	in := receive(t, line, nil, connected)
	n.Write(discordtest.Message{From: "ada", Text: "one"})
	n.Write(discordtest.Message{From: "bo", Text: "in public", Channel: square, Guild: discordtest.Guild})
	n.Write(discordtest.Message{From: "bo", Text: "not for us", Channel: "1100000000000000003", Guild: discordtest.Guild})
	in = receive(t, line, in.last, count(2))
	n.Forget()
	for i := range 250 {
		m := discordtest.Message{From: "ada", Text: fmt.Sprint("away ", i)}
		if i == 0 || i == 60 { // together more than one answer may hold
			m.Extra = map[string]any{"padding": strings.Repeat("x", 5<<20)}
		}
		n.Write(m)
	}
	n.Write(discordtest.Message{From: "bo", Text: "in public, away", Channel: square, Guild: discordtest.Guild})
	again := newLine(t, n, "channels", square)
	got := receive(t, again, in.last, func(*inbox) bool { return false })
	if channel.WhyOf(got.err) != channel.Forgotten {
		t.Fatalf("after an absence Receive returned: %v", got.err)
	}
	if len(got.all) != 251 {
		t.Fatalf("%d messages were fetched, not 251", len(got.all))
	}
	ada := slices.DeleteFunc(slices.Clone(got.all), func(a channel.Arrival) bool { return a.Public })
	for i, a := range ada {
		if a.Text != fmt.Sprint("away ", i) {
			t.Fatalf("message %d is %q", i, a.Text)
		}
	}
	n.Write(discordtest.Message{From: "ada", Text: "back"})
	if in = receive(t, again, nil, count(1)); in.all[0].Text != "back" {
		t.Errorf("after the gap came %q", in.all[0].Text)
	}
	if n.Begun() != 2 {
		t.Errorf("%d sessions were begun, not 2", n.Begun())
	}
	if !strings.Contains(string(in.last), `"behind":false`) {
		t.Errorf("the mark still says that something was missed: %s", in.last)
	}
}

// A death while what was missed is fetched loses nothing of it.
func TestDeathWhileCatchingUp(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	in := receive(t, line, nil, connected)
	for _, who := range []string{"ada", "bo"} {
		n.Write(discordtest.Message{From: who, Text: "hello"})
	}
	in = receive(t, line, in.last, count(2))
	n.Forget()
	for _, who := range []string{"ada", "bo"} {
		n.Write(discordtest.Message{From: who, Text: "away"})
	}
	in = receive(t, newLine(t, n), in.last, count(1))
	rest := receive(t, newLine(t, n), in.last, func(*inbox) bool { return false })
	if len(in.all)+len(rest.all) != 2 || channel.WhyOf(rest.err) != channel.Forgotten {
		t.Errorf("%d and %d messages came, then: %v", len(in.all), len(rest.all), rest.err)
	}
}

// In a channel each person is a conversation; deletions find theirs.
func TestChannelsOfServers(t *testing.T) {
	n := play(t)
	line := newLine(t, n, "channels", square, "hear", "called")
	in := receive(t, line, nil, connected)
	public := discordtest.Message{From: "ada", Text: "just talking", Channel: square, Guild: discordtest.Guild}
	n.Write(public)
	public.Extra = map[string]any{"mentions": []any{map[string]any{"id": discordtest.Bot}}}
	asked := n.Write(public)
	public.From, public.Extra = "bo", map[string]any{"referenced_message": map[string]any{"id": "5", "author": map[string]any{"id": discordtest.Bot}}}
	n.Write(public)
	n.Delete(asked)
	in = receive(t, line, in.last, count(3))
	ada, bo, gone := in.all[0], in.all[1], in.all[2]
	if ada.ID != asked || ada.Thread == bo.Thread || gone.What != channel.Deleted || gone.Thread != ada.Thread {
		t.Fatalf("what came is %+v", in.all)
	}
	if _, err := line.Send(t.Context(), channel.Outgoing{Key: "k", Thread: bo.Thread, ReplyTo: bo.ID, Text: "yes"}); err != nil {
		t.Fatal(err)
	}
	if got := n.GotIn(square); len(got) != 1 || got[0].ReplyTo != bo.ID {
		t.Errorf("the channel shows %+v", got)
	}
	n.Write(public)
	if in = receive(t, line, in.last, count(1)); in.all[0].Text != public.Text {
		t.Errorf("our own answer came as one of theirs: %+v", in.all)
	}
}

func TestCloseCodes(t *testing.T) {
	for code, why := range map[int]string{4004: channel.Expired, 4014: channel.Rejected, 4008: channel.Later, 4000: "", 4003: ""} {
		n := play(t)
		first := true
		in := receive(t, newLine(t, n), nil, func(*inbox) bool {
			if first {
				first = false
				n.Refuse(code)
			}
			return false
		})
		if channel.WhyOf(in.err) != why {
			t.Errorf("after code %d Receive returned: %v", code, in.err)
		}
	}
	n := play(t)
	n.Content(false)
	if in := receive(t, newLine(t, n, "channels", square), nil, func(*inbox) bool { return false }); channel.WhyOf(in.err) != channel.Rejected {
		t.Errorf("without the intent Receive returned: %v", in.err)
	}
}

func TestADeadConnectionIsLeft(t *testing.T) {
	n := play(t)
	n.Deaf(true)
	in := receive(t, newLine(t, n), nil, func(*inbox) bool { return false })
	if in.err == nil || !strings.Contains(in.err.Error(), "heartbeats") {
		t.Errorf("no heartbeat was answered, and Receive returned: %v", in.err)
	}
	n.Deaf(false)
	const beats = 700 * time.Millisecond // more than two of the played gateway
	time.AfterFunc(beats, func() { n.Write(discordtest.Message{From: "ada", Text: "still here"}) })
	if in := receive(t, newLine(t, n), nil, count(1)); in.err != nil || n.Begun() != 2 {
		t.Errorf("heartbeats were answered, and Receive returned: %v", in.err)
	}
}

func TestWhatAMessageSays(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	in := receive(t, line, nil, connected)
	for _, m := range []discordtest.Message{
		{From: "ada", Text: "look <:knife:12345> <a:run:6>"},
		{From: "ada", Extra: map[string]any{"message_snapshots": []any{map[string]any{"message": map[string]any{"content": "one\ntwo", "attachments": []any{map[string]any{"id": "9", "filename": "a.png", "size": 3}}}}}}},
		{From: "ada", Extra: map[string]any{"sticker_items": []any{map[string]any{"name": "wave"}}}},
		{From: "ada", Extra: map[string]any{"poll": map[string]any{"question": map[string]any{"text": "who?"}}}},
		{From: "ada", Text: "joined", Extra: map[string]any{"type": 7}},
		{From: "ada", Text: "hooked", Extra: map[string]any{"webhook_id": "8"}},
	} {
		n.Write(m)
	}
	id := n.Write(discordtest.Message{From: "ada", Text: "http://brume.example/"})
	n.Look(id)
	n.Delete(id, n.Write(discordtest.Message{From: "ada", Text: "x"}))
	in = receive(t, line, in.last, count(9))
	for i, want := range []string{"look :knife: :run:", "> one\n> two", ":wave:", "who?", "hooked", "http://brume.example/", "x", "", ""} {
		if in.all[i].Text != want {
			t.Errorf("message %d says %q, not %q", i, in.all[i].Text, want)
		}
	}
	if len(in.all[1].Files) != 1 || in.all[2].Lost[0] != channel.LostKind || !in.all[4].Automatic || in.all[8].What != channel.Deleted {
		t.Errorf("a file, a mark or a deletion is missing: %+v", in.all)
	}
	if a := in.all[0]; a.Author.Handle != "ada" || a.Author.Name != "ada de Brume" || time.Since(time.UnixMicro(a.At)) > time.Minute {
		t.Errorf("the author is told as %+v at %d", a.Author, a.At)
	}
}

// An answer that was tried before is looked for, also when Discord has
// forgotten its nonce.
func TestAnAnswerStandsAlready(t *testing.T) {
	n := play(t)
	n.Write(discordtest.Message{From: "ada", Text: "hello"})
	out := channel.Outgoing{Key: "k1", Thread: n.Direct("ada"), Text: " come to the bridge "}
	first, err := newLine(t, n).Send(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	n.Nonces()
	out.Tried = time.Now().UnixMicro()
	second, err := newLine(t, n).Send(t.Context(), out)
	if err != nil || second.ID != first.ID || len(n.Got("ada")) != 1 {
		t.Errorf("sent again: %v, %q after %q, %d messages", err, second.ID, first.ID, len(n.Got("ada")))
	}
}

// The same key at once is one message, without looking for it.
func TestOneKeyIsOneMessage(t *testing.T) {
	n := play(t)
	n.Write(discordtest.Message{From: "ada", Text: "hello"})
	out := channel.Outgoing{Key: "k1", Thread: n.Direct("ada"), Text: "come to the bridge"}
	ids := map[string]bool{}
	for range 2 {
		sent, err := newLine(t, n).Send(t.Context(), out)
		if err != nil {
			t.Fatal(err)
		}
		ids[sent.ID] = true
	}
	if len(ids) != 1 || len(n.Got("ada")) != 1 {
		t.Errorf("one key made %d messages", len(n.Got("ada")))
	}
}

// Discord lets a bot begin so many sessions a day; who goes on loses the token.
func TestNoSessionIsLeft(t *testing.T) {
	n := play(t)
	n.Sessions(0)
	in := receive(t, newLine(t, n), nil, func(*inbox) bool { return false })
	if channel.WhyOf(in.err) != channel.Later || channel.After(in.err) < time.Hour || n.Begun() != 0 {
		t.Errorf("no session was left, %d were begun, and Receive returned: %v", n.Begun(), in.err)
	}
}

func TestAnEmptyBucketIsObeyed(t *testing.T) {
	n := play(t)
	n.Write(discordtest.Message{From: "ada", Text: "hello"})
	n.Bucket(2)
	line := newLine(t, n)
	for i, want := range []string{"", "", channel.Later, channel.Later} {
		_, err := line.Send(t.Context(), channel.Outgoing{Key: fmt.Sprint(i), Thread: n.Direct("ada"), Text: "x"})
		if channel.WhyOf(err) != want {
			t.Fatalf("answer %d: %v", i, err)
		}
	}
	if got := n.Got("ada"); len(got) != 2 {
		t.Errorf("%d answers were sent: the third was to wait", len(got))
	}
}

func TestSend(t *testing.T) {
	n := play(t)
	n.Write(discordtest.Message{From: "ada", Text: "hello"})
	line := newLine(t, n)
	for name, c := range map[string]struct {
		out  channel.Outgoing
		want string
	}{
		"to a thread of another network": {channel.Outgoing{Thread: "../users/@me", Text: "x"}, channel.Rejected},
		"to a channel that is no more":   {channel.Outgoing{Thread: "77", Text: "x"}, channel.Gone},
		"nothing":                        {channel.Outgoing{Thread: n.Direct("ada")}, channel.Rejected},
		"eleven files":                   {channel.Outgoing{Thread: n.Direct("ada"), Files: make([]channel.File, 11)}, channel.TooLong},
		"a file of eleven megabytes":     {channel.Outgoing{Thread: n.Direct("ada"), Files: []channel.File{{Bytes: make([]byte, 11<<20)}}}, channel.TooLong},
	} {
		if _, err := line.Send(t.Context(), c.out); channel.WhyOf(err) != c.want {
			t.Errorf("%s: refused as %v, not %s", name, err, c.want)
		}
	}
}

func TestFetch(t *testing.T) {
	n := play(t)
	id := n.Write(discordtest.Message{From: "ada", Files: []discordtest.File{{Name: "a.bin", Bytes: []byte("bytes")}}})
	fetch := newLine(t, n).(channel.Fetcher).Fetch
	var b bytes.Buffer
	if err := fetch(t.Context(), channel.File{ID: n.Direct("ada") + "/" + id + "/7000"}, &b); err != nil || b.String() != "bytes" {
		t.Errorf("fetched %q: %v", b.String(), err)
	}
	if err := fetch(t.Context(), channel.File{ID: n.Direct("ada") + "/" + id + "/7001"}, &b); channel.WhyOf(err) != channel.Gone {
		t.Errorf("a file that is no more: %v", err)
	}
	if err := fetch(t.Context(), channel.File{ID: "../../x"}, &b); !errs.Is(err, errs.NotFound) {
		t.Errorf("a file of another network: %v", err)
	}
}

func TestRowsAreRead(t *testing.T) {
	n := play(t)
	for name, set := range map[string]channel.Setting{
		"no token":          {Name: "a"},
		"an unknown word":   {Name: "a", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"channel": "1"}},
		"a channel by name": {Name: "a", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"channels": "#brume"}},
		"no web address":    {Name: "a", Secrets: map[string]string{"token": "f"}, Options: map[string]string{"server": "discord"}},
	} {
		if _, err := discord.New(set, n.Secret, channel.Means{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a row with %s: %v", name, err)
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add("MESSAGE_CREATE", []byte(`{"id":"1","channel_id":"2","author":{"id":"3"},"content":"a","attachments":[{"id":"4"}]}`))
	f.Add("MESSAGE_UPDATE", []byte(`{"id":"1","channel_id":"2","author":{"id":"3"},"content":"a","edited_timestamp":"2026-01-01T00:00:00Z"}`))
	f.Add("MESSAGE_DELETE_BULK", []byte(`{"ids":["1","x"],"channel_id":"2"}`))
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		for _, a := range discord.Event(kind, b) {
			if err := a.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
