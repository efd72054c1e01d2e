package channeltest

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"ronde/channel"
	"ronde/internal/errs"
)

// picture is a file as small as they come: a PNG of one point.
var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xfa\xcf\x00\x00\x02\x07\x01\x02\x9a\x1c1q\x00\x00\x00\x00IEND\xaeB`\x82")

func filesIn(b *bench) {
	b.start()
	s := b.text()
	b.Write(b.t, Message{From: "ada", Text: s, Files: []channel.File{{Name: "yard.png", Type: "image/png", Bytes: picture}}})
	a := b.arrive(s)[0]
	if len(a.Files) != 1 {
		b.t.Fatalf("one file was sent, %d arrived", len(a.Files))
	}
	if got := b.fetch(a.Files[0]); !bytes.Equal(got, picture) {
		b.t.Errorf("a file of %d bytes arrived as %d others", len(picture), len(got))
	}
}

// fetch gets the bytes of a file, which came with the message or lie with the
// network.
func (b *bench) fetch(f channel.File) []byte {
	b.t.Helper()
	if f.Bytes != nil {
		return f.Bytes
	}
	line, ok := b.line.(channel.Fetcher)
	if !ok {
		b.t.Fatal("a file came without its bytes, and the line cannot fetch it")
	}
	var got bytes.Buffer
	if err := line.Fetch(b.t.Context(), f, &got); err != nil {
		b.t.Fatalf("fetch file: %v", err)
	}
	return got.Bytes()
}

// counter counts what is written to it, and keeps nothing.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

func filesBig(b *bench) {
	b.start()
	b.Big(b.t, "ada")
	kept := b.desk.wait(b.Patience, "the message with a file beyond the bound", func(kept []channel.Arrival) bool { return len(kept) > 0 })
	a := kept[0]
	if slices.Contains(a.Lost, channel.LostFiles) {
		return
	}
	line, ok := b.line.(channel.Fetcher)
	if !ok || len(a.Files) == 0 {
		b.t.Fatal("a file beyond the bound is neither told as lost nor there to fetch")
	}
	var c counter
	err := line.Fetch(b.t.Context(), a.Files[0], io.Writer(&c))
	if !errs.Is(err, errs.Limit) || c.n > channel.MaxFile {
		b.t.Errorf("fetching it wrote %d bytes, at most %d, and returned %v", c.n, channel.MaxFile, err)
	}
}

func filesOut(b *bench) {
	b.start()
	a := b.hello("ada")
	out := b.outgoing(a, "k1", b.text())
	out.Files = []channel.File{{Name: "map.png", Type: "image/png", Bytes: picture}}
	sent, err := b.line.Send(b.t.Context(), out)
	if !b.line.Limits().Files {
		if err == nil {
			b.t.Errorf("the limits say that no files are sent, and one was taken as %q", sent.ID)
		}
		b.silent("ada", out.Text)
		return
	}
	if err != nil {
		b.t.Fatalf("send with a file: %v", err)
	}
	got := b.shown("ada", out.Text, 1)
	if len(got[0].Files) != 1 || !bytes.Equal(got[0].Files[0].Bytes, picture) {
		b.t.Errorf("a file was sent, and %d were shown, or another one", len(got[0].Files))
	}
	b.strangers(a)
}

// strangers are files that no network takes: they are refused, and not sent.
func (b *bench) strangers(a channel.Arrival) {
	b.t.Helper()
	out := b.outgoing(a, "k2", b.text())
	out.Files = []channel.File{{Name: strings.Repeat("../", 40) + "x\r\nBcc: bo", Type: "image/png\r\nX: y", Bytes: picture}}
	if _, err := b.line.Send(b.t.Context(), out); err == nil {
		for _, g := range b.shown("ada", out.Text, 1) {
			for _, f := range g.Files {
				if strings.ContainsAny(f.Name, "\r\n/") {
					b.t.Errorf("a file's name was sent with a path or a line break: %q", f.Name)
				}
			}
		}
	}
	b.silent("bo", out.Text)
}
