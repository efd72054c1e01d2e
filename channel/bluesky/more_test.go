package bluesky_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"ronde/channel"
	"ronde/channel/bluesky"
	"ronde/channel/bluesky/blueskytest"
	"ronde/internal/errs"
)

// follow runs a line and gives what it hands over.
func follow(t *testing.T, l *bluesky.Line) <-chan channel.Arrival {
	t.Helper()
	came, on := make(chan channel.Arrival, 1000), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	ready := sync.OnceFunc(func() { close(on) })
	go func() {
		done <- l.Receive(ctx, nil, func(_ context.Context, batch []channel.Arrival, _ channel.Mark) error {
			for _, a := range batch {
				came <- a
			}
			ready()
			return nil
		})
	}()
	<-on
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return came
}

func TestLengthsAreCountedAsPeopleDo(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "👨\u200d👩\u200d👧": 1, "🇫🇷": 1, "नमस्ते": 3, "क्षत्रिय": 3, "\r\n": 1} {
		if got := bluesky.Count(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// The CID of the text "hello world" in the published examples.
func TestContentIDs(t *testing.T) {
	sum := sha256.Sum256([]byte("hello world"))
	if got := bluesky.ContentID(sum[:]); got != "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e" {
		t.Error(got)
	}
}

var tid = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)

func TestRecordKeysAreStable(t *testing.T) {
	seen := map[string]bool{}
	for i := range 5000 {
		k := bluesky.RecordKey(fmt.Sprint("key ", i))
		if !tid.MatchString(k) || seen[k] || k != bluesky.RecordKey(fmt.Sprint("key ", i)) {
			t.Fatalf("%q", k)
		}
		seen[k] = true
	}
}

func TestSessionIsRenewedAndAPasswordNotHammered(t *testing.T) {
	s := play(t)
	s.Old = true
	l := line(t, s)
	for range 5 {
		if _, err := l.Test(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.SignIns(); n != 1 {
		t.Errorf("signed in %d times", n)
	}
	s.Expire()
	for range 5 {
		if _, err := l.Test(t.Context()); channel.WhyOf(err) != channel.Expired {
			t.Errorf("%v", err)
		}
	}
	if n := s.SignIns(); n != 2 {
		t.Errorf("tried a wrong password %d times", n-1)
	}
}

func TestPasswordWithoutAccessToMessagesIsTold(t *testing.T) {
	s := play(t)
	s.Narrow = true
	if _, err := line(t, s).Test(t.Context()); channel.WhyOf(err) != channel.Rejected || !strings.Contains(err.Error(), "app password") {
		t.Errorf("%v", err)
	}
	if _, err := line(t, s, "read", "mentions").Test(t.Context()); err != nil {
		t.Errorf("%v", err)
	}
}

func TestAccountClosedToStrangersIsTold(t *testing.T) {
	s := play(t)
	s.Closed = true
	if _, err := line(t, s).Test(t.Context()); channel.WhyOf(err) != channel.Rejected || !strings.Contains(err.Error(), "everyone") {
		t.Errorf("%v", err)
	}
}

// What a stranger's record says of itself is not believed.
func TestRecordsOfStrangers(t *testing.T) {
	s := play(t)
	came := follow(t, line(t, s, "read", "mentions"))
	for i, parent := range []string{"", "at://" + strings.Repeat("x", 5000), "https://evil.example", "at://x/\x00"} {
		s.Post("ada", map[string]any{"$type": "app.bsky.feed.post", "text": fmt.Sprint(i), "langs": []string{strings.Repeat("f", 9000)},
			"reply": map[string]any{"parent": map[string]any{"uri": parent}},
			"embed": map[string]any{"images": []any{map[string]any{"image": map[string]any{"ref": map[string]any{"$link": "../../etc"}, "size": -5}}}}}, nil, false)
		if a := <-came; a.Text != fmt.Sprint(i) || a.ReplyTo != "" || len(a.Files) != 0 || !slices.Contains(a.Lost, channel.LostFiles) {
			t.Errorf("%+v", a)
		}
	}
}

func TestLogsOfOurOwnAndOfGroups(t *testing.T) {
	s := play(t)
	l := line(t, s)
	came := follow(t, l)
	first := s.Message("ada", "one", false)
	a := <-came
	if _, err := l.Send(t.Context(), channel.Outgoing{Key: "k", Thread: a.Thread, Text: "sent by us"}); err != nil {
		t.Fatal(err)
	}
	s.Log(map[string]any{"$type": "chat.bsky.convo.defs#logCreateMessage", "rev": "x", "convoId": "3group1",
		"message": map[string]any{"id": "g1", "text": "in a group", "sender": map[string]any{"did": s.DID("bo")}, "sentAt": "2026-11-22T08:00:00Z"}})
	ours := s.Ours("ada", "in the app")
	s.Message("ada", "two", false)
	if a.ID != first || a.Author.Name != "ada" || a.Author.Handle == "" || a.Ours {
		t.Errorf("%+v", a)
	}
	if b := <-came; b.ID != ours || !b.Ours || b.Thread != a.Thread {
		t.Errorf("%+v", b)
	}
	if c := <-came; c.Text != "two" || c.Ours {
		t.Errorf("%+v", c)
	}
}

func TestMessageWithAQuotedPost(t *testing.T) {
	s := play(t)
	came := follow(t, line(t, s))
	uri := "at://" + s.DID("ada") + "/app.bsky.feed.post/3kabc"
	say := func(embed any) channel.Arrival {
		s.Log(map[string]any{"$type": "chat.bsky.convo.defs#logCreateMessage", "rev": "x", "convoId": s.Convo("ada"), "message": map[string]any{
			"id": fmt.Sprint(embed != nil, len(fmt.Sprint(embed))), "text": "look", "sender": map[string]any{"did": s.DID("ada")}, "sentAt": "2026-11-22T08:00:00Z", "embed": embed}})
		return <-came
	}
	if a := say(map[string]any{"$type": "app.bsky.embed.record#view", "record": map[string]any{"uri": uri}}); a.Text != "look\nhttps://bsky.app/profile/"+s.DID("ada")+"/post/3kabc" {
		t.Errorf("%+v", a)
	}
	if a := say(map[string]any{"$type": "x"}); !slices.Contains(a.Lost, channel.LostKind) || a.Text != "look" {
		t.Errorf("%+v", a)
	}
}

func TestPostsWithWhatTheyShow(t *testing.T) {
	s := play(t)
	came := follow(t, line(t, s, "read", "mentions"))
	ada := s.DID("ada")
	blob := map[string]any{"$type": "blob", "ref": map[string]any{"$link": blueskytest.CID([]byte("v"))}, "mimeType": "video/mp4", "size": 1}
	s.Post("ada", map[string]any{"$type": "app.bsky.feed.post", "text": "see a.example/long…", "langs": []string{"fr"},
		"facets": []any{map[string]any{"index": map[string]any{"byteStart": 4, "byteEnd": 20}, "features": []any{map[string]any{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example/longer"}}}},
		"embed": map[string]any{"$type": "app.bsky.embed.recordWithMedia", "record": map[string]any{"record": map[string]any{"uri": "at://" + ada + "/app.bsky.feed.post/3kq", "cid": "x"}},
			"media": map[string]any{"$type": "app.bsky.embed.video", "video": blob}}}, nil, false)
	a := <-came
	want := "see a.example/long…\nhttps://a.example/longer\nhttps://bsky.app/profile/" + ada + "/post/3kq"
	if a.Text != want || a.Lang != "fr" || len(a.Files) != 1 || a.Files[0].Type != "video/mp4" || !a.Public || a.Thread != ada {
		t.Errorf("%+v", a)
	}
	s.Post("ada", map[string]any{"$type": "app.bsky.feed.post", "text": "", "embed": 7}, nil, false)
	if a := <-came; !slices.Contains(a.Lost, channel.LostKind) {
		t.Errorf("%+v", a)
	}
}

func TestPublicAnswers(t *testing.T) {
	s := play(t)
	l := line(t, s, "read", "mentions")
	root := s.Post("bo", map[string]any{"$type": "app.bsky.feed.post", "text": "root"}, nil, false)
	uri := s.Post("ada", map[string]any{"$type": "app.bsky.feed.post", "text": "x", "reply": map[string]any{"root": s.Ref(root), "parent": s.Ref(root)}}, nil, false)
	out := channel.Outgoing{Key: "k1", Thread: s.DID("ada"), ReplyTo: uri, Text: "é: https://a.example/b, and more", Lang: "fr"}
	if _, err := l.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(s.Answers("ada")[0].Record)
	for _, part := range []string{`"parent":{"cid":"` + s.Ref(uri)["cid"].(string), `"root":{"cid":"` + s.Ref(root)["cid"].(string), `"langs":["fr"]`, `"byteStart":4,`, `"uri":"https://a.example/b"`, `"byteEnd":23`} {
		if !strings.Contains(strings.ReplaceAll(string(b), `"byteEnd":23,"byteStart":4`, `"byteStart":4,"byteEnd":23`), part) {
			t.Errorf("no %s in %s", part, b)
		}
	}
	s.Delete(uri) // their post is gone: they are named instead
	out.Key, out.Text = "k2", "second"
	if _, err := l.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if all := s.Answers("ada"); len(all) != 2 || !strings.HasPrefix(all[1].Record["text"].(string), "@") || all[1].Record["facets"] == nil {
		t.Errorf("%+v", all)
	}
	out.Key, out.Text = "k3", strings.Repeat("x", 300)
	if _, err := l.Send(t.Context(), out); channel.WhyOf(err) != channel.TooLong {
		t.Errorf("%v", err)
	}
}

// A try that failed without saying how may have made the post: the second
// finds it by its key, also when nobody says that it is one.
func TestTheSameKeyIsTheSamePost(t *testing.T) {
	s := play(t)
	uri := s.Post("ada", map[string]any{"$type": "app.bsky.feed.post", "text": "x"}, nil, false)
	out := channel.Outgoing{Key: "k1", Thread: s.DID("ada"), ReplyTo: uri, Text: "answer"}
	first, err := line(t, s, "read", "mentions").Send(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	second, err := line(t, s, "read", "mentions").Send(t.Context(), out)
	if err != nil || second.ID != first.ID || len(s.Answers("ada")) != 1 {
		t.Errorf("%v %q %q", err, first.ID, second.ID)
	}
}

func TestOtherBytesThanNamedAreRefused(t *testing.T) {
	s := play(t)
	s.Post("ada", map[string]any{"$type": "app.bsky.feed.post", "text": "x"}, []blueskytest.File{{Type: "image/png", Bytes: []byte("png")}}, false)
	id := s.DID("ada") + "/" + blueskytest.CID([]byte("png"))
	l := line(t, s, "read", "mentions")
	var out bytes.Buffer
	if err := l.Fetch(t.Context(), channel.File{ID: id}, &out); err != nil || out.String() != "png" {
		t.Errorf("%v %q", err, out.String())
	}
	s.Wrong = true
	if err := l.Fetch(t.Context(), channel.File{ID: id}, &out); channel.WhyOf(err) != channel.Rejected {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "x/y", s.DID("ada") + "/", s.DID("ada") + "/../x", "did:plc:" + strings.Repeat("z", 24) + "/" + blueskytest.CID(nil), "did:key:x/" + blueskytest.CID(nil)} {
		if err := l.Fetch(t.Context(), channel.File{ID: bad}, &out); channel.WhyOf(err) != channel.Gone {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestRowsAreChecked(t *testing.T) {
	s := play(t)
	for what, more := range map[string][]string{"server": {"server", "bsky.social"}, "colour": {"colour", "blue"}, "read": {"read", "all"}, "poll": {"poll", "0"}, "plc": {"plc", "x"}} {
		_, err := bluesky.New(row(s, more...), s.Secret, channel.Means{Client: s.Client()})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	set := row(s)
	set.Account = ""
	if _, err := bluesky.New(set, s.Secret, channel.Means{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
}
