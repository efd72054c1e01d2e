package mastodon_test

import (
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/mastodon"
	"ronde/channel/mastodon/mastodontest"
)

func play(t *testing.T) *mastodontest.Server {
	t.Helper()
	s := mastodontest.New()
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

func row(s *mastodontest.Server, more ...string) channel.Setting {
	set := channel.Setting{Name: "brume", Kind: "mastodon", Account: "@patrouille@brume.example",
		Options: map[string]string{"server": s.URL}, Secrets: map[string]string{"token": "a"}}
	for i := 0; i+1 < len(more); i += 2 {
		set.Options[more[i]] = more[i+1]
	}
	return set
}

func now() int64 { return time.Now().UnixMicro() }

func line(t *testing.T, s *mastodontest.Server, more ...string) *mastodon.Line {
	t.Helper()
	l, err := mastodon.New(row(s, more...), s.Secret, channel.Means{Client: s.Client(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return l.(*mastodon.Line)
}

func world(t *testing.T) channeltest.World {
	s := play(t)
	return channeltest.World{
		New: func(t *testing.T) channel.Line { return line(t, s) },
		Write: func(_ *testing.T, m channeltest.Message) string {
			p := mastodontest.Status{From: m.From, Text: m.Text, ReplyTo: m.ReplyTo, Bot: m.Automatic}
			for _, f := range m.Files {
				p.Media = append(p.Media, &mastodontest.Media{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
			}
			return s.Write(p, false)
		},
		Edit:   func(_ *testing.T, id, text string) { s.Edit(id, text) },
		Delete: func(_ *testing.T, id string) { s.Delete(id) },
		Leave:  func(_ *testing.T, who string) { s.Leave(who) },
		Big: func(_ *testing.T, from string) {
			s.Write(mastodontest.Status{From: from, Media: []*mastodontest.Media{{Name: "big.mp4", Bytes: make([]byte, channel.MaxFile+1)}}}, false)
		},
		Got: func(_ *testing.T, who string) []channeltest.Got {
			var out []channeltest.Got
			for _, p := range s.Got(who) {
				g := channeltest.Got{Text: p.Text}
				for _, m := range p.Media {
					g.Files = append(g.Files, channel.File{Name: m.Name, Type: m.Type, Bytes: m.Bytes})
				}
				out = append(out, g)
			}
			return out
		},
		Drop:   func(*testing.T) { s.CloseClientConnections() },
		Hang:   func(*testing.T) { s.Hang() },
		Busy:   func(_ *testing.T, d time.Duration) { s.Busy(d) },
		Expire: func(*testing.T) { s.Expire() },
		Renew:  func(*testing.T) { s.Renew() },
		Garbage: func(*testing.T) {
			s.Tell("status.update", `{"id":7`)
			s.Tell("delete", "")
			s.Tell("notification", "\x00\ndata\n: x\nid\n\n\n")
		},
		Again:   func(*testing.T) { s.Again() },
		Secrets: []string{"token-1-", "token-2-"},
		Lacks: map[string]string{
			channeltest.Shuffle: "mentions are read from a numbered list",
			channeltest.Forget:  "a number is never too old",
			channeltest.Label:   "it has no mark for automatic answers; their text says so",
		},
	}
}

func TestLine(t *testing.T) { channeltest.Run(t, world) }
