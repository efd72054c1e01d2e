package whatsapp_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/whatsapp"
	"ronde/channel/whatsapp/whatsapptest"
	"ronde/internal/graph"
	"ronde/internal/graph/graphtest"
)

func play(t *testing.T, users bool) *whatsapptest.Network {
	t.Helper()
	n := whatsapptest.New()
	n.Users = users
	t.Cleanup(func() { n.CloseClientConnections(); n.Close() })
	return n
}

func row(n *whatsapptest.Network, more ...string) channel.Setting {
	set := channel.Setting{Name: "brume", Kind: "whatsapp", Account: whatsapptest.Display,
		Options: map[string]string{"id": whatsapptest.Number, "app": whatsapptest.App, "server": n.URL},
		Secrets: map[string]string{"token": "a", "app_secret": "b", "verify": "c"}}
	for i := 0; i+1 < len(more); i += 2 {
		set.Options[more[i]] = more[i+1]
	}
	return set
}

func line(t *testing.T, n *whatsapptest.Network) *whatsapp.Line {
	t.Helper()
	l, err := whatsapp.New(row(n), n.Secret, channel.Means{Client: n.Client(), Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	return l.(*whatsapp.Line)
}

func world(t *testing.T, users bool) channeltest.World {
	n := play(t, users)
	write := func(m channeltest.Message) (string, any) {
		var files []whatsapptest.File
		for _, f := range m.Files {
			files = append(files, whatsapptest.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
		}
		id, ev := n.Write(m.From, m.Text, m.ReplyTo, files)
		return id, ev
	}
	return channeltest.World{
		New: func(t *testing.T) channel.Line { return line(t, n) },
		Write: func(_ *testing.T, m channeltest.Message) string {
			id, ev := write(m)
			n.Deliver(m.From, ev)
			return id
		},
		Read:  func(_ *testing.T, who, id string) { n.Status(who, id, "read", 0) },
		Leave: func(_ *testing.T, who string) { n.Leave(who) },
		Big: func(_ *testing.T, from string) {
			_, ev := n.Write(from, "", "", []whatsapptest.File{{Name: "big.pdf", Type: "application/pdf", Bytes: make([]byte, channel.MaxFile+1)}})
			n.Deliver(from, ev)
		},
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
		Hang:   func(*testing.T) { n.Hang() },
		Busy:   func(_ *testing.T, d time.Duration) { n.Busy(d) },
		Expire: func(*testing.T) { n.Expire() },
		Renew:  func(*testing.T) { n.Renew() },
		Late:   func(_ *testing.T, who string) { n.Late(who) },
		Garbage: func(*testing.T) {
			n.Caller.Send([]byte(`{"object":`))
			n.Deliver("ada", 7, map[string]any{"from": 7}, map[string]any{"type": "text", "text": "without id"})
		},
		Again: func(*testing.T) { n.Caller.Again() },
		Shuffle: func(_ *testing.T, a, b channeltest.Message) {
			_, first := write(a)
			_, second := write(b)
			n.Deliver(a.From, second, first)
		},
		Serve:   func(_ *testing.T, h http.Handler) { n.Caller.Serve(h) },
		Call:    func(_ *testing.T, kind string) *http.Request { return call(n, kind) },
		Secrets: n.Secrets(),
		Lacks: map[string]string{
			channeltest.Drop:    "it calls us: no connection stands",
			channeltest.Forget:  "it keeps what it could not deliver by itself: there is no cursor",
			channeltest.Once:    "it knows no keys and has no history to look into",
			channeltest.Machine: "it marks nothing as written by a machine",
			channeltest.Label:   "it has no mark for automatic answers; their text says so",
		},
	}
}

func call(n *whatsapptest.Network, kind string) *http.Request {
	_, ev := n.Write("ada", "hello", "", nil)
	body := n.Body("ada", "messages", ev)
	good := graph.Sign([]byte(whatsapptest.AppSecret), body)
	switch kind {
	case channeltest.Good:
		return graphtest.Request(body, good)
	case channeltest.Unsigned:
		return graphtest.Request(body, "")
	case channeltest.Forged:
		return graphtest.Request(body, graph.Sign([]byte("guess"), body))
	case channeltest.Tampered:
		return graphtest.Request(bytes.Replace(body, []byte("hello"), []byte("hullo"), 1), good)
	case channeltest.Oversized:
		body = append(body, bytes.Repeat([]byte(" "), channel.MaxHook)...)
		return graphtest.Request(body, graph.Sign([]byte(whatsapptest.AppSecret), body))
	case channeltest.Malformed:
		body = []byte(`{"object":"whatsapp_business_account","entry":{"id":7}}`)
		return graphtest.Request(body, graph.Sign([]byte(whatsapptest.AppSecret), body))
	}
	return nil // Replayed: the signature has no time; the desk knows the message by its id
}

func TestLine(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, false) })
}

// The same people with user names: their numbers are hidden.
func TestLineWithoutNumbers(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, true) })
}
