package bluesky

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"ronde/channel"
)

// real makes a line of an account on the server that the environment names.
func real(t *testing.T, name, read string) *Line {
	t.Helper()
	l, err := New(channel.Setting{Name: "real", Account: name + ".test", Secrets: map[string]string{"password": "a"},
		Options: map[string]string{"read": read, "server": os.Getenv("RONDE_BLUESKY_PDS"), "plc": os.Getenv("RONDE_BLUESKY_PLC")}},
		func(string) (string, error) { return "word-of-" + name, nil }, channel.Means{Client: http.DefaultClient, Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	return l.(*Line).Hurry()
}

// await gives the next arrival that fits.
func await(t *testing.T, came <-chan channel.Arrival, fits func(channel.Arrival) bool) channel.Arrival {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case a := <-came:
			if err := a.Check(); err != nil {
				t.Fatal(err)
			}
			if fits(a) {
				return a
			}
		case <-late:
			t.Fatal("nothing that fits arrived within 30 s")
		}
	}
}

// record writes a record of an account's.
func record(t *testing.T, l *Line, collection string, value any) ref {
	t.Helper()
	me, err := l.me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out ref
	if err := l.procedure(t.Context(), "com.atproto.repo.createRecord", map[string]any{"repo": me, "collection": collection, "record": value}, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A real PDS, directory and AppView, where the environment says that there is
// one (testdata/pds.cjs): a mention with a picture arrives, is answered once,
// its deletion is noticed, and a block is told.
func TestRealMentions(t *testing.T) {
	if os.Getenv("RONDE_BLUESKY_APPVIEW") == "" {
		t.Skip("RONDE_BLUESKY_APPVIEW is not set: see testdata/pds.cjs")
	}
	ada, l := real(t, "ada", "mentions"), real(t, "patrouille", "mentions")
	me, err := l.me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	came, on := make(chan channel.Arrival, 100), make(chan struct{}, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- l.Receive(ctx, nil, func(_ context.Context, batch []channel.Arrival, _ channel.Mark) error {
			for _, a := range batch {
				came <- a
			}
			on <- struct{}{}
			return nil
		})
	}()
	<-on

	picture := onePixel(t)
	e, err := ada.images(t.Context(), []channel.File{{Name: "yard.png", Type: "image/png", Bytes: picture}})
	if err != nil {
		t.Fatal(err)
	}
	text := "@patrouille.test est-ce vous ? https://a.example/b"
	p := post{Type: collection, Text: text, Created: time.Now().UTC().Format(time.RFC3339Nano), Langs: []string{"fr"}, Embed: e, Facets: links(text)}
	f := facet{Features: []feature{{Type: "app.bsky.richtext.facet#mention", DID: me}}}
	f.Index.End = len("@patrouille.test")
	p.Facets = append(p.Facets, f)
	asked := record(t, ada, collection, p)
	a := await(t, came, func(a channel.Arrival) bool { return a.ID == asked.URI })
	if a.What != channel.Written || a.Text != text || a.Lang != "fr" || a.Author.Handle != "ada.test" || !a.Public || a.Automatic || len(a.Files) != 1 {
		t.Errorf("%+v", a)
	}
	var got bytes.Buffer
	if err := l.Fetch(t.Context(), a.Files[0], &got); err != nil || !bytes.Equal(got.Bytes(), picture) {
		t.Errorf("%v, %d bytes", err, got.Len())
	}

	out := channel.Outgoing{Key: time.Now().String(), Thread: a.Thread, ReplyTo: a.ID, To: a.Author, Text: "Oui, c’est nous.", Lang: "fr"}
	sent, err := l.Send(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := l.Send(t.Context(), out); err != nil || again.ID != sent.ID {
		t.Errorf("the same key: %q and %q, %v", sent.ID, again.ID, err)
	}
	r := &reading{Line: ada, missing: map[string]int{}}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		list, _, err := r.page(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(list, func(n notification) bool {
			return n.URI == sent.ID && n.Reason == "reply" && n.Record.Reply.Parent.URI == asked.URI
		}) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("ada was never told of the answer")
		}
	}

	adaID, _ := ada.me(t.Context())
	key := asked.URI[len("at://"+adaID+"/"+collection+"/"):]
	if err := ada.procedure(t.Context(), "com.atproto.repo.deleteRecord", map[string]string{"repo": adaID, "collection": collection, "rkey": key}, nil); err != nil {
		t.Fatal(err)
	}
	await(t, came, func(a channel.Arrival) bool { return a.What == channel.Deleted && a.ID == asked.URI })

	out.Key, out.Text = time.Now().String(), "Vous êtes encore là ?"
	named, err := l.Send(t.Context(), out) // their post is gone: they are named
	if err != nil {
		t.Errorf("%v", err)
	}
	t.Logf("named in %s", named.ID)
	block := record(t, ada, "app.bsky.graph.block", map[string]string{"$type": "app.bsky.graph.block", "subject": me, "createdAt": p.Created})
	defer func() {
		_ = ada.procedure(t.Context(), "com.atproto.repo.deleteRecord", map[string]string{"repo": adaID, "collection": "app.bsky.graph.block", "rkey": block.URI[len("at://"+adaID+"/app.bsky.graph.block/"):]}, nil)
	}()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		out.Key = time.Now().String()
		_, err := l.Send(t.Context(), out)
		if channel.WhyOf(err) == channel.Gone {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("a block is not told: %v", err)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
