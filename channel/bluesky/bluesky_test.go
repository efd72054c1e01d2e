package bluesky_test

import (
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/bluesky"
	"ronde/channel/bluesky/blueskytest"
	"ronde/channel/channeltest"
)

func play(t *testing.T) *blueskytest.Server {
	t.Helper()
	s := blueskytest.New()
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

func row(s *blueskytest.Server, more ...string) channel.Setting {
	set := channel.Setting{Name: "brume", Kind: "bluesky", Account: "@" + blueskytest.Handle,
		Options: map[string]string{"server": s.URL, "plc": s.URL}, Secrets: map[string]string{"password": "a"}}
	for i := 0; i+1 < len(more); i += 2 {
		set.Options[more[i]] = more[i+1]
	}
	return set
}

func now() int64 { return time.Now().UnixMicro() }

func line(t *testing.T, s *blueskytest.Server, more ...string) *bluesky.Line {
	t.Helper()
	l, err := bluesky.New(row(s, more...), s.Secret, channel.Means{Client: s.Client(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return l.(*bluesky.Line).Hurry()
}

// world is what both lines share.
func world(s *blueskytest.Server) channeltest.World {
	return channeltest.World{
		Leave:   func(_ *testing.T, who string) { s.Leave(who) },
		Drop:    func(*testing.T) { s.CloseClientConnections() },
		Hang:    func(*testing.T) { s.Hang() },
		Busy:    func(_ *testing.T, d time.Duration) { s.Busy(d) },
		Expire:  func(*testing.T) { s.Expire() },
		Renew:   func(*testing.T) { s.Renew() },
		Garbage: func(*testing.T) { s.Garbage() },
		Secrets: []string{"abcd-efgh", "access.jwt", "refresh.jwt"},
		Lacks: map[string]string{
			channeltest.Again:   "it is asked, and gives what lies behind the mark",
			channeltest.Shuffle: "it is asked, and answers in its order",
			channeltest.Forget:  "nothing is published about cursors that are too old",
			channeltest.Label:   "it has no mark for automatic answers; their text says so",
		},
	}
}

func TestMessages(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World {
		s := play(t)
		w := world(s)
		w.New = func(t *testing.T) channel.Line { return line(t, s) }
		w.Write = func(_ *testing.T, m channeltest.Message) string { return s.Message(m.From, m.Text, m.Automatic) }
		w.Got = func(_ *testing.T, who string) []channeltest.Got {
			var out []channeltest.Got
			for _, m := range s.Got(who) {
				out = append(out, channeltest.Got{Text: m.Text})
			}
			return out
		}
		w.Lacks[channeltest.Attach] = "its direct messages hold no files"
		w.Lacks[channeltest.Big] = "its direct messages hold no files"
		w.Lacks[channeltest.Thread] = "its direct messages do not name what they answer"
		return w
	})
}

func TestMentions(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World {
		s := play(t)
		w := world(s)
		post := func(from, text, replyTo string, files []blueskytest.File, bot bool) string {
			record := map[string]any{"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-22T08:00:00Z"}
			if replyTo != "" {
				record["reply"] = map[string]any{"root": s.Ref(replyTo), "parent": s.Ref(replyTo)}
			}
			return s.Post(from, record, files, bot)
		}
		w.New = func(t *testing.T) channel.Line { return line(t, s, "read", "mentions") }
		w.Write = func(_ *testing.T, m channeltest.Message) string {
			var files []blueskytest.File
			for _, f := range m.Files {
				files = append(files, blueskytest.File{Type: f.Type, Bytes: f.Bytes})
			}
			return post(m.From, m.Text, m.ReplyTo, files, m.Automatic)
		}
		w.Delete = func(_ *testing.T, id string) { s.Delete(id) }
		w.Big = func(_ *testing.T, from string) {
			post(from, "", "", []blueskytest.File{{Type: "video/mp4", Bytes: make([]byte, channel.MaxFile+1)}}, false)
		}
		w.Got = func(t *testing.T, who string) []channeltest.Got { return answers(s, who) }
		return w
	})
}

// answers are our posts to somebody, with their pictures.
func answers(s *blueskytest.Server, who string) []channeltest.Got {
	var out []channeltest.Got
	for _, p := range s.Answers(who) {
		g := channeltest.Got{Text: p.Record["text"].(string)}
		e, _ := p.Record["embed"].(map[string]any)
		images, _ := e["images"].([]any)
		for _, im := range images {
			b := im.(map[string]any)["image"].(map[string]any)
			id := b["ref"].(map[string]any)["$link"].(string)
			g.Files = append(g.Files, channel.File{Name: im.(map[string]any)["alt"].(string), Bytes: s.Blob(id)})
		}
		out = append(out, g)
	}
	return out
}
