package twitch_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/twitch"
	"ronde/channel/twitch/twitchtest"
	"ronde/internal/errs"
)

func play(t *testing.T) *twitchtest.Network {
	n := twitchtest.New()
	t.Cleanup(n.Close)
	return n
}

func setting(n *twitchtest.Network) channel.Setting {
	return channel.Setting{
		Name: "twitch", Kind: "twitch", Secrets: map[string]string{"token": "f"},
		Options: map[string]string{"server": n.URL, "channel": twitchtest.Channel},
	}
}

func newLine(t *testing.T, n *twitchtest.Network) channel.Line {
	t.Helper()
	return lineOf(t, n, setting(n))
}

func lineOf(t *testing.T, n *twitchtest.Network, set channel.Setting) channel.Line {
	t.Helper()
	line, err := twitch.New(set, n.Secret, channel.Means{Client: guarded(t, n.Listener.Addr().String()), Now: func() int64 { return time.Now().UnixMicro() }})
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
			Write: func(t *testing.T, m channeltest.Message) string {
				if !n.Listened(soon) { // else it would be lost, as on Twitch
					t.Error("nobody is in the chat")
				}
				if m.Automatic {
					return n.Write(m.From, m.Text, m.ReplyTo, "badges=bot-badge/1")
				}
				return n.Write(m.From, m.Text, m.ReplyTo)
			},
			Delete: func(_ *testing.T, id string) { n.Delete(id) },
			Got: func(*testing.T, string) []channeltest.Got {
				var out []channeltest.Got
				for _, g := range n.Got() {
					out = append(out, channeltest.Got{Text: g.Text})
				}
				return out
			},
			Drop:   func(*testing.T) { n.Drop() },
			Hang:   func(*testing.T) { n.Hang() },
			Busy:   func(_ *testing.T, after time.Duration) { n.Busy(after) },
			Expire: func(*testing.T) { n.Expire() },
			Renew:  func(*testing.T) { n.Renew() },
			Again:  func(*testing.T) { n.Again() },
			Garbage: func(*testing.T) {
				for _, line := range []string{"", "@", "@;;= :", ":", "\xff\xfe", "PRIVMSG", "@id=x;user-id=1;room-id=9 :a PRIVMSG #other :not here", "@id=;user-id= :a PRIVMSG #police_brume :nobody", "@target-msg-id= CLEARMSG", "\r\n\r\n", "999 :tomorrow"} {
					n.Raw(line)
				}
			},
			Secrets: []string{twitchtest.Token, twitchtest.Second},
			Lacks: map[string]string{
				channeltest.Cursor:  "Twitch keeps no chat: what is said while nobody listens is gone, and told as a gap (TestGaps)",
				channeltest.Forget:  "every mark is too old (TestGaps)",
				channeltest.Shuffle: "a chat is one stream in one order",
				channeltest.Attach:  "a chat takes words only",
				channeltest.Big:     "a chat takes words only",
				channeltest.Once:    "Twitch knows no key of ours and keeps no chat (TestAnAnswerStandsAlready)",
				channeltest.Leave:   "what is written stands in public",
				channeltest.Label:   "a message cannot be marked as automatic",
			},
		}
	})
}

// listener runs a line and hands over what comes.
type listener struct {
	in   chan channel.Arrival
	mark chan channel.Mark
	end  chan error
	stop context.CancelFunc
}

func listen(t *testing.T, line channel.Line, from channel.Mark) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &listener{in: make(chan channel.Arrival, 10_000), mark: make(chan channel.Mark, 10_000), end: make(chan error, 1), stop: cancel}
	go func() {
		l.end <- line.Receive(ctx, from, func(_ context.Context, batch []channel.Arrival, next channel.Mark) error {
			for _, a := range batch {
				if err := a.Check(); err != nil {
					t.Error(err)
				}
				l.in <- a
			}
			l.mark <- next
			return nil
		})
	}()
	t.Cleanup(cancel)
	return l
}

const soon = 5 * time.Second

func next[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(soon):
		t.Fatal("nothing came")
	}
	panic("not reached")
}

// What was said while nobody listened is lost, and told once for each time.
func TestGaps(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	first := listen(t, line, nil)
	mark := next(t, first.mark)
	n.Drop()
	if err := next(t, first.end); channel.WhyOf(err) != channel.Forgotten {
		t.Fatalf("after a cut connection Receive returned: %v", err)
	}
	n.Write("ada", "nobody listens", "")
	second := listen(t, line, mark)
	mark = next(t, second.mark)
	n.Write("ada", "somebody listens", "")
	if a := next(t, second.in); a.Text != "somebody listens" {
		t.Errorf("what came is %q", a.Text)
	}
	second.stop()
	if err := next(t, second.end); err != nil {
		t.Fatal(err)
	}
	later := newLine(t, n)
	if err := next(t, listen(t, later, mark).end); channel.WhyOf(err) != channel.Forgotten {
		t.Fatalf("after a restart Receive returned: %v", err)
	}
	next(t, listen(t, later, nil).mark)
}

// When Twitch asks to connect anew, nothing is missed and nothing told twice.
func TestReconnect(t *testing.T) {
	n := play(t)
	l := listen(t, newLine(t, n), nil)
	next(t, l.mark)
	n.Reconnect()
	for i := 0; n.Joins() < 2; i++ {
		n.Write("ada", fmt.Sprint("meanwhile ", i), "")
		if got := next(t, l.in).Text; got != fmt.Sprint("meanwhile ", i) {
			t.Fatalf("message %d is %q", i, got)
		}
	}
	n.Write("ada", "on both", "")
	n.End()
	if got := next(t, l.in).Text; got != "on both" {
		t.Errorf("%q came first", got)
	}
	for i := range 20 { // long enough for the old connection's end to be heard
		n.Write("ada", fmt.Sprint("on the new ", i), "")
		if got := next(t, l.in).Text; got != fmt.Sprint("on the new ", i) {
			t.Errorf("message %d is %q", i, got)
		}
	}
	select {
	case err := <-l.end:
		t.Errorf("the end of the old connection ended all: %v", err)
	default:
	}
}

// Twitch cuts who does not answer its PING.
func TestPingIsAnswered(t *testing.T) {
	n := play(t)
	l := listen(t, newLine(t, n), nil)
	next(t, l.mark)
	before := n.Ponged()
	for i := 0; n.Ponged() < before+2; i++ {
		if i == 1000 {
			t.Fatal("no PING is answered")
		}
		n.Raw("PING :tmi.twitch.tv")
		next(t, l.mark)
	}
}

// The chat may show an answer before its receipt comes: it is no message of
// ours from elsewhere.
func TestTheChatIsFasterThanTheReceipt(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	l := listen(t, line, nil)
	next(t, l.mark)
	hello := n.Write("ada", "hello", "")
	next(t, l.in)
	release, done := n.Hold(), make(chan error, 1)
	go func() {
		_, err := line.Send(t.Context(), channel.Outgoing{Key: "k", Thread: twitchtest.Room + "/700001", ReplyTo: hello, Text: "good evening"})
		done <- err
	}()
	select {
	case a := <-l.in:
		t.Errorf("our own answer came as %+v", a)
	case <-time.After(100 * time.Millisecond):
	}
	n.Write("ada", "thanks", "")
	release()
	if err := next(t, done); err != nil {
		t.Error(err)
	}
	if a := next(t, l.in); a.Text != "thanks" {
		t.Errorf("what came is %+v", a)
	}
}

func TestADeadConnectionIsLeft(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	twitch.Hurry(line, 50*time.Millisecond, 50*time.Millisecond)
	l := listen(t, line, nil)
	for range 5 { // one for the joining, the others for answers to PING
		next(t, l.mark)
	}
	n.Mute()
	if err := next(t, l.end); channel.WhyOf(err) != channel.Forgotten {
		t.Errorf("nobody answered, and Receive returned: %v", err)
	}
}

func TestRemovals(t *testing.T) {
	n := play(t)
	l := listen(t, newLine(t, n), nil)
	next(t, l.mark)
	ids := map[string]string{}
	for _, who := range []string{"ada", "bo", "ada", "cy"} {
		ids[n.Write(who, "x", "")] = who
		next(t, l.in)
	}
	n.Ban("ada")
	for range 2 {
		if a := next(t, l.in); a.What != channel.Deleted || ids[a.ID] != "ada" || a.Thread != twitchtest.Room+"/700001" {
			t.Errorf("what came is %+v", a)
		}
	}
	n.Clear()
	for range 4 {
		if a := next(t, l.in); a.What != channel.Deleted {
			t.Errorf("what came is %+v", a)
		}
	}
}

func TestWhoSaidIt(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	l := listen(t, line, nil)
	next(t, l.mark)
	hello := n.Write("ada", "\x01ACTION waves\x01", "")
	a := next(t, l.in)
	if a.Text != "* waves" || a.Author.Name != "ada" || a.Author.Handle != "viewer_0" || !a.Public || a.ID != hello {
		t.Errorf("a greeting came as %+v", a)
	}
	n.Write("bo", "from another chat", "", "source-room-id=99")
	if _, err := line.Send(t.Context(), channel.Outgoing{Key: "k", Thread: a.Thread, ReplyTo: hello, Text: "good\nevening"}); err != nil {
		t.Fatal(err)
	}
	if got := n.Got(); len(got) != 1 || got[0].Text != "good evening" || got[0].ReplyTo != hello {
		t.Errorf("the chat shows %+v", got)
	}
	n.Ours("to everybody", "")
	n.Ours("written on twitch.tv", hello)
	if o := next(t, l.in); !o.Ours || o.Text != "@viewer_0 written on twitch.tv" || o.Thread != a.Thread {
		t.Errorf("our own answer came as %+v", o)
	}
	n.Raw("@id=n1;login=cy;user-id=5;room-id=12826;msg-id=resub;display-name=Cy :tmi.twitch.tv USERNOTICE #police_brume :three months")
	if a := next(t, l.in); a.Text != "three months" || a.Author.Handle != "cy" {
		t.Errorf("a notice with words came as %+v", a)
	}
}

// A channel that wants so hears only what is addressed to it.
func TestOnlyWhoCalls(t *testing.T) {
	n := play(t)
	set := setting(n)
	set.Options["hear"] = "called"
	l := listen(t, lineOf(t, n, set), nil)
	next(t, l.mark)
	ours := n.Ours("good evening all", "")
	n.Write("ada", "what a stream", "")
	for _, text := range []string{"hey @Brume_Bot", "@police_brume is this you?"} {
		n.Write("ada", text, "")
		if a := next(t, l.in); a.Text != text {
			t.Errorf("what came is %q", a.Text)
		}
	}
	n.Write("bo", "good evening", ours)
	if a := next(t, l.in); a.ReplyTo != ours {
		t.Errorf("an answer to us came as %+v", a)
	}
}

func TestAnAnswerStandsAlready(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	l := listen(t, line, nil)
	next(t, l.mark)
	hello := n.Write("ada", "hello", "")
	next(t, l.in)
	out := channel.Outgoing{Key: "k", Thread: twitchtest.Room + "/700001", ReplyTo: hello, Text: "good evening"}
	first, err := line.Send(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	n.Write("ada", "seen", "") // the answer was shown before it
	next(t, l.in)
	out.Tried = time.Now().UnixMicro()
	second, err := line.Send(t.Context(), out)
	if err != nil || second.ID != first.ID || len(n.Got()) != 1 {
		t.Errorf("sent again: %v, %q after %q, %d messages", err, second.ID, first.ID, len(n.Got()))
	}
}

func TestRefusals(t *testing.T) {
	n := play(t)
	line := newLine(t, n)
	out := channel.Outgoing{Key: "k", Thread: twitchtest.Room + "/700001", Text: "x"}
	for reason, want := range map[string]string{
		"followers_only_mode": channel.Rejected, "msg_slowmode": channel.Later, "user_banned": channel.Gone, "<b>x": channel.Rejected,
	} {
		n.Dropping(reason)
		if _, err := line.Send(t.Context(), out); channel.WhyOf(err) != want || strings.Contains(err.Error(), "<b>") {
			t.Errorf("dropped as %s: %v", reason, err)
		}
	}
	n.Dropping("")
	out.Thread = "another"
	if _, err := line.Send(t.Context(), out); channel.WhyOf(err) != channel.Rejected {
		t.Errorf("into another chat: %v", err)
	}
	n.Refuse("msg_banned")
	if err := next(t, listen(t, newLine(t, n), nil).end); channel.WhyOf(err) != channel.Gone {
		t.Errorf("banned, and Receive returned: %v", err)
	}
	n.Scopes("chat:read")
	if _, err := newLine(t, n).Test(t.Context()); channel.WhyOf(err) != channel.Rejected || !strings.Contains(err.Error(), "user:write:chat") {
		t.Errorf("without a scope the self-test says: %v", err)
	}
}

// A token that ended is exchanged, in the chat and in the API, and the health
// line does not warn of its end.
func TestATokenIsRenewed(t *testing.T) {
	n := play(t)
	set := setting(n)
	set.Options["client"] = twitchtest.Client
	set.Secrets["refresh"], set.Secrets["client_secret"] = "g", "h"
	line := lineOf(t, n, set)
	n.Exchange()
	l := listen(t, line, nil)
	next(t, l.mark)
	n.Write("ada", "hello", "")
	next(t, l.in)
	if _, err := line.Send(t.Context(), channel.Outgoing{Key: "k", Thread: twitchtest.Room + "/700001", Text: "x"}); err != nil {
		t.Error(err)
	}
	if got, err := line.Test(t.Context()); err != nil || got.Expires != 0 || got.Account != twitchtest.Bot {
		t.Errorf("the self-test says %+v: %v", got, err)
	}
	if got, err := newLine(t, play(t)).Test(t.Context()); err != nil || got.Expires == 0 {
		t.Errorf("without a refresh token the self-test says %+v: %v", got, err)
	}
}

// A socket goes through the guard as every call does.
func TestSocketsAreGuarded(t *testing.T) {
	n := play(t)
	guard, err := channel.NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	line, err := twitch.New(setting(n), n.Secret, channel.Means{Client: guard.Client(), Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	if err := twitch.Join(t.Context(), line); !errs.Is(err, errs.Denied) {
		t.Errorf("an address inside our network was reached: %v", err)
	}
	if err := twitch.Join(t.Context(), newLine(t, n)); channel.WhyOf(err) != channel.Expired {
		t.Errorf("the played chat was not reached: %v", err)
	}
}

func TestRowsAreRead(t *testing.T) {
	n := play(t)
	token := map[string]string{"token": "f"}
	for name, set := range map[string]channel.Setting{
		"no token":               {Name: "a"},
		"an unknown word":        {Name: "a", Secrets: token, Options: map[string]string{"chanel": "x"}},
		"a channel that is none": {Name: "a", Secrets: token, Options: map[string]string{"channel": "https://twitch.tv/x"}},
		"no web address":         {Name: "a", Secrets: token, Options: map[string]string{"server": "twitch"}},
		"half of a renewal":      {Name: "a", Secrets: map[string]string{"token": "f", "refresh": "g"}},
	} {
		if _, err := twitch.New(set, n.Secret, channel.Means{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a row with %s: %v", name, err)
		}
	}
}
