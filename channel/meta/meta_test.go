package meta_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/channeltest"
	"ronde/channel/meta"
	"ronde/channel/meta/metatest"
	"ronde/internal/graph"
	"ronde/internal/graph/graphtest"
)

func play(t *testing.T, insta bool) *metatest.Network {
	t.Helper()
	n := metatest.New(insta)
	t.Cleanup(func() { n.CloseClientConnections(); n.Close() })
	return n
}

func row(n *metatest.Network, more ...string) channel.Setting {
	set := channel.Setting{Name: "brume", Kind: "meta", Account: "Patrouille de Brume",
		Options: map[string]string{"id": metatest.Page, "app": metatest.App, "server": n.URL},
		Secrets: map[string]string{"token": "a", "app_secret": "b", "verify": "c"}}
	if n.Insta {
		set.Options["network"] = "instagram"
	}
	for i := 0; i+1 < len(more); i += 2 {
		set.Options[more[i]] = more[i+1]
	}
	return set
}

func line(t *testing.T, n *metatest.Network, more ...string) *meta.Line {
	t.Helper()
	l, err := meta.New(row(n, more...), n.Secret, channel.Means{Client: n.Client(), Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	return l.(*meta.Line)
}

func world(t *testing.T, insta bool) channeltest.World {
	n := play(t, insta)
	write := func(m channeltest.Message) (string, any) {
		var files []metatest.File
		for _, f := range m.Files {
			files = append(files, metatest.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
		}
		id, ev := n.Write(m.From, m.Text, m.ReplyTo, files)
		return id, ev
	}
	return channeltest.World{
		New: func(t *testing.T) channel.Line { return line(t, n) },
		Write: func(_ *testing.T, m channeltest.Message) string {
			id, ev := write(m)
			n.Deliver(ev)
			return id
		},
		Edit:   func(_ *testing.T, id, text string) { n.Edit(id, text) },
		Delete: func(_ *testing.T, id string) { n.Delete(id) },
		Read:   func(_ *testing.T, who, id string) { n.Read(who, id) },
		Leave:  func(_ *testing.T, who string) { n.Leave(who) },
		Big: func(_ *testing.T, from string) {
			_, ev := n.Write(from, "", "", []metatest.File{{Name: "big.mp4", Type: "video/mp4", Bytes: make([]byte, channel.MaxFile+1)}})
			n.Deliver(ev)
		},
		Got: func(_ *testing.T, who string) []channeltest.Got {
			var out []channeltest.Got
			for _, m := range n.Got(who) {
				out = append(out, channeltest.Got{Text: m.Text})
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
			n.Deliver(7, map[string]any{"sender": 7}, map[string]any{"sender": map[string]any{"id": "9000001"}, "message": map[string]any{"text": "without id"}})
		},
		Again: func(*testing.T) { n.Caller.Again() },
		Shuffle: func(_ *testing.T, a, b channeltest.Message) {
			_, first := write(a)
			_, second := write(b)
			n.Deliver(second, first)
		},
		Serve:   func(_ *testing.T, h http.Handler) { n.Caller.Serve(h) },
		Call:    func(_ *testing.T, kind string) *http.Request { return call(n, kind) },
		Secrets: n.Secrets(),
		Lacks: map[string]string{
			channeltest.Drop:    "it calls us: no connection stands",
			channeltest.Forget:  "its conversations have no end, and the mark is a time",
			channeltest.Machine: "it marks nothing as written by a machine",
			channeltest.Label:   "the Send API has no mark for automatic answers; their text says so",
		},
	}
}

func call(n *metatest.Network, kind string) *http.Request {
	_, ev := n.Write("ada", "hello", "", nil)
	body := n.Body(ev)
	good := graph.Sign([]byte(metatest.AppSecret), body)
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
		return graphtest.Request(body, graph.Sign([]byte(metatest.AppSecret), body))
	case channeltest.Malformed:
		body = []byte(`{"object":"page","entry":{"id":7}}`)
		return graphtest.Request(body, graph.Sign([]byte(metatest.AppSecret), body))
	}
	return nil // Replayed: the signature has no time; the desk knows the message by its id
}

func TestMessenger(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, false) })
}

func TestInstagram(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, true) })
}

func deliver(h http.Handler, body []byte) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, graphtest.Request(body, graph.Sign([]byte(metatest.AppSecret), body)))
	return w.Code
}
