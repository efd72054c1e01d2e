package bluesky

import (
	"bytes"
	"encoding/json"
	pictures "image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"testing"
	"time"

	"ronde/channel"
)

// A real PDS with its directory, where the environment names one:
// testdata/pds.cjs starts it. It has no AppView and no chat service: those are
// played only.
func TestRealPDS(t *testing.T) {
	server := os.Getenv("RONDE_BLUESKY_PDS")
	if server == "" {
		t.Skip("RONDE_BLUESKY_PDS names no server: see the package comment")
	}
	password := "word-of-patrouille"
	made, err := New(channel.Setting{Name: "real", Account: "patrouille.test", Secrets: map[string]string{"password": "a"},
		Options: map[string]string{"read": "mentions", "server": server, "plc": os.Getenv("RONDE_BLUESKY_PLC")}},
		func(string) (string, error) { return password, nil }, channel.Means{Client: http.DefaultClient, Now: func() int64 { return time.Now().UnixMicro() }})
	if err != nil {
		t.Fatal(err)
	}
	l, ctx := made.(*Line), t.Context()
	if c, err := l.Test(ctx); err != nil || c.Account != "@patrouille.test" {
		t.Fatalf("%+v %v", c, err)
	}
	me, err := l.me(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(){
		"an access token that is none": func() { l.session.access = "x" },
		"no token that is good":        func() { l.session.access, l.session.refresh = "x", "x" },
	} {
		spoil()
		if _, err := l.Test(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	picture := onePixel(t)
	e, err := l.images(ctx, []channel.File{{Name: "plan.png", Type: "image/png", Bytes: picture}})
	if err != nil {
		t.Fatal(err)
	}
	text := "Bonjour é https://a.example/b"
	p := post{Type: collection, Text: text, Created: time.Now().UTC().Format(time.RFC3339Nano), Langs: []string{"fr"}, Facets: links(text), Embed: e}
	key := recordKey(time.Now().String())
	body := map[string]any{"repo": me, "collection": collection, "rkey": key, "record": p}
	var first ref
	if err := l.procedure(ctx, "com.atproto.repo.createRecord", body, &first); err != nil {
		t.Fatal(err)
	}
	if err := l.procedure(ctx, "com.atproto.repo.createRecord", body, nil); err == nil {
		t.Error("the server made a second post under one key")
	} else {
		t.Logf("a second post under one key: %v", err)
	}
	if sent, ok, err := l.stands(ctx, me, key); err != nil || !ok || sent.ID != first.URI || !uriForm.MatchString(sent.ID) {
		t.Errorf("%+v %v %v", sent, ok, err)
	}
	if _, ok, err := l.stands(ctx, me, recordKey("another")); ok || err != nil {
		t.Errorf("a post that was never made: %v %v", ok, err)
	}

	var shown embed
	if err := json.Unmarshal(e, &shown); err != nil || len(shown.Images) != 1 {
		t.Fatalf("%+v %v", shown, err)
	}
	var out bytes.Buffer
	if err := l.Fetch(ctx, channel.File{ID: me + "/" + shown.Images[0].Image.Ref.Link}, &out); err != nil || !bytes.Equal(out.Bytes(), picture) {
		t.Errorf("%v, %d bytes", err, out.Len())
	}

	long := post{Type: collection, Text: string(bytes.Repeat([]byte("x"), 301)), Created: p.Created}
	if err := l.procedure(ctx, "com.atproto.repo.createRecord", map[string]any{"repo": me, "collection": collection, "record": long}, nil); channel.WhyOf(err) != channel.Rejected {
		t.Errorf("301 letters: %v", err)
	}
	password = "another"
	l.session.access, l.session.refresh = "", ""
	l.session.password.Renew("word-of-patrouille")
	if _, err := l.Test(ctx); channel.WhyOf(err) != channel.Expired {
		t.Errorf("a wrong password: %v", err)
	}
}

// onePixel is a picture that nobody has seen before.
func onePixel(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	im := pictures.NewRGBA(pictures.Rect(0, 0, 2, 2))
	im.Set(0, 0, color.RGBA{byte(time.Now().Second()), byte(time.Now().Nanosecond()), 0, 255})
	if err := png.Encode(&out, im); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
