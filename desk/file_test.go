package desk

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/media"
	"ronde/ledger"
)

var special = access.Actor{Person: "per_8", Handle: "I-4", Unit: "uni_9", Roles: []access.Role{access.Investigator, access.Specialised}}

// photo is a JPEG with a place in its note, as a telephone makes it.
func photo(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, nil))
	note := "Exif\x00\x00MM\x00*\x00\x00\x00\x08kanariGPS 48.85 2.35"
	raw := append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(len(note) + 2)}, note...)
	return append(raw, b.Bytes()[2:]...)
}

// sends writes a message with files and returns its code, its conversation and
// the files as their writer sees them.
func (h *house) sends(text string, files ...Upload) (code, id string, kept []File) {
	h.t.Helper()
	in := h.letter(text)
	in.Files = files
	r, err := h.Receive(ctx, in)
	must(h.t, err)
	v, err := h.Return(ctx, "", r.Code)
	must(h.t, err)
	return r.Code, h.idOf(r.Code), v.Messages[0].Files
}

func TestFileIsSealedAndShownWithoutItsPlace(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		_, id, files := h.sends("kanaritext, voici la photo", Upload{Name: "C:\\Users\\kanariname\\été\u202egpj.exe", Type: "text/html", Bytes: photo(t)})
		if len(files) != 1 || files[0].State != FileKept || files[0].Class != media.Picture || files[0].Type != "image/jpeg" || !files[0].Shown ||
			files[0].Name != "été‹U+202E›gpj.exe" {
			t.Fatalf("%+v", files)
		}
		for _, secret := range []string{"kanari", "gpj"} {
			if where := h.finds(secret); len(where) > 0 {
				t.Errorf("%q in clear: %q", secret, where)
			}
		}
		if row := h.inboxOf(agnes, ShowOpen).Rows[0]; row.Files != 1 {
			t.Errorf("%+v", row)
		}
		must(t, h.Take(ctx, agnes, id))
		f := files[0].ID
		if _, err := h.Look(ctx, agnes, f, media.Colour, ""); errs.FieldOf(err) != "reason" {
			t.Errorf("looked without a reason: %v", err)
		}
		for _, look := range []media.Look{media.Blurred, media.Grey, media.Colour} {
			out, err := h.Look(ctx, agnes, f, look, "answer")
			must(t, err)
			if bytes.Contains(out, []byte("kanari")) || bytes.Contains(out, []byte("Exif")) {
				t.Errorf("%s: the place went through", look)
			}
		}
		if got := h.verbs(); !strings.Contains(got, "citizen file.keep") || strings.Count(got, "P-7 file.look") != 3 {
			t.Error(got)
		}
		for _, by := range []access.Actor{far, analyst, root, dpo} {
			if _, err := h.Look(ctx, by, f, media.Blurred, ""); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", by.Handle, err)
			}
		}
		names, err := h.blobs.List(ctx, filesPrefix)
		must(t, err)
		if len(names) != 1 {
			t.Errorf("a copy lies there: %q", names)
		}
		h.proves(1)
	})
}

// proves counts the blobs that the rows tell and the proof finds.
func (h *house) proves(want int) {
	h.t.Helper()
	n := 0
	must(h.t, h.db.Read(ctx, func(tx *db.Tx) error {
		p := &ledger.Proof{}
		err := FileRefs(ctx, tx, func(name string, sum []byte) { n++; p.Blob(ctx, h.blobs, name, sum) })
		for _, problem := range p.Problems {
			h.t.Error(problem)
		}
		return err
	}))
	if n != want {
		h.t.Errorf("%d blobs told, want %d", n, want)
	}
}

// What comes from outside under any name is what its bytes are; nothing is
// shown that cannot be copied safely, and nothing stops the message.
func TestHostileFiles(t *testing.T) {
	var tall, gif bytes.Buffer
	must(t, png.Encode(&tall, image.NewGray(image.Rect(0, 0, 3, 3))))
	bomb := bytes.Clone(tall.Bytes())
	copy(bomb[16:24], "\x00\x00\xff\xff\x00\x00\xff\xff")
	bomb[29], bomb[30], bomb[31], bomb[32] = 0xC9, 0xB9, 0x43, 0xA6 // not its sum: damaged or large, in any case closed
	gif.WriteString("GIF89a\xff\xff\xff\xff\x00\x00\x00;")
	whole := photo(t)
	cases := map[string]struct {
		raw     []byte
		class   media.Class
		unshown string
	}{
		"page.jpg":       {[]byte("<html><script>alert(1)</script>"), media.Markup, UnshownKind},
		"drawing.png":    {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), media.Markup, UnshownKind},
		"bomb.png":       {bomb, media.Picture, UnshownDamaged},
		"wide.gif":       {gif.Bytes(), media.Picture, UnshownLarge},
		"half.jpg":       {whole[:70], media.Picture, UnshownDamaged},
		"IMG_1.HEIC":     {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), media.Picture, UnshownKind},
		"voice.ogg":      {[]byte("OggS\x00\x02rest"), media.Voice, UnshownKind},
		"film.jpg":       {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00"), media.Video, UnshownKind},
		"paper.jpg":      {[]byte("%PDF-1.7 /JavaScript"), media.Document, UnshownKind},
		"photo.jpg":      {[]byte("PK\x03\x04photo"), media.Archive, UnshownKind},
		"holiday.jpg":    {[]byte("MZ\x90\x00program"), media.Program, UnshownKind},
		"both.gif":       {append(bytes.Clone(whole), "PK\x03\x04"...), media.Picture, ""},
		"../../etc/cron": {[]byte("* * * * * root"), media.Text, UnshownKind},
	}
	each(t, func(h *house) {
		t := h.t
		for name, c := range cases {
			_, id, files := h.sends("un fichier "+name, Upload{Name: name, Type: "image/jpeg", Bytes: c.raw})
			f := files[0]
			if f.Class != c.class || f.Unshown != c.unshown || f.Shown != (c.unshown == "") || strings.ContainsAny(f.Name, `/\`) {
				t.Errorf("%s: %+v", name, f)
			}
			must(t, h.Take(ctx, agnes, id))
			if _, err := h.Look(ctx, agnes, f.ID, media.Colour, "answer"); (err == nil) != f.Shown {
				t.Errorf("%s: looked: %v", name, err)
			}
		}
	})
}

func TestFilesAreBounded(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		small := Upload{Name: "a.txt", Bytes: []byte("mot")}
		for key, files := range map[string][]Upload{
			"err.file.many":  {small, small, small, small, small, small},
			"err.file.empty": {small, {Name: "leer"}},
			"err.file.large": {{Name: "film", Bytes: make([]byte, MaxFile+1)}},
			"err.file.total": {{Name: "1", Bytes: make([]byte, MaxUpload/2)}, {Name: "2", Bytes: make([]byte, MaxUpload/2+1)}},
		} {
			in := h.letter("trop")
			in.Files = files
			_, err := h.Receive(ctx, in)
			if got, _ := errs.Message(err); got != key || errs.FieldOf(err) != "files" {
				t.Errorf("%s: %v", key, err)
			}
		}
		names, err := h.blobs.List(ctx, filesPrefix)
		must(t, err)
		if len(names) != 0 {
			t.Errorf("left: %q", names)
		}
		code, id, _ := h.sends("premier", small)
		must(t, h.db.Write(ctx, func(tx *db.Tx) error {
			for range MaxFiles - 1 {
				must(t, h.recordFiles(ctx, tx, access.AsCitizen(), conversation{ID: id}, "msg_x", true, []file{{ID: tx.NewID("fil"), Conversation: id, State: FileRefused, blobSum: []byte{}, sealed: []byte{}}}))
			}
			return nil
		}))
		err = h.Add(ctx, "", code, "encore", NewNonce(), small)
		if got, _ := errs.Message(err); got != "err.file.full" {
			t.Errorf("one more: %v", err)
		}
		if names, _ = h.blobs.List(ctx, filesPrefix); len(names) != 1 {
			t.Errorf("what was refused left %q", names)
		}
	})
}

func TestFormWithFilesCountsOnce(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		code, id, _ := h.sends("premier")
		nonce, up := NewNonce(), Upload{Name: "a.txt", Bytes: []byte("mot")}
		for range 2 {
			must(t, h.Add(ctx, "", code, "", nonce, up))
		}
		must(t, h.Take(ctx, agnes, id))
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		if len(talk.Messages) != 2 || len(talk.Messages[1].Files) != 1 || talk.Messages[1].Text != "" {
			t.Errorf("%+v", talk.Messages)
		}
		if names, _ := h.blobs.List(ctx, filesPrefix); len(names) != 1 {
			t.Errorf("%q", names)
		}
		if err := h.Add(ctx, "", "wrong-code", "x", NewNonce(), up); !errs.Is(err, errs.NotFound) {
			t.Errorf("a wrong code took a file: %v", err)
		}
	})
}

func TestErasureTakesFilesToo(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		_, id, files := h.sends("à effacer", Upload{Name: "a.jpg", Bytes: photo(t)})
		_, other, _ := h.sends("à garder", Upload{Name: "b.jpg", Bytes: photo(t)})
		path := filepath.Join(h.dir, "blobs", "file", id, files[0].ID)
		before, err := os.ReadFile(path)
		must(t, err)
		must(t, h.db.Write(ctx, func(tx *db.Tx) error { return h.EraseIn(ctx, tx, dpo, id, "art. 16") }))
		must(t, h.Finish(ctx))
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Error("the bytes are still there")
		}
		if _, err := h.keys.Open(id, purposeBytes, before); !errs.Is(err, errs.NotFound) {
			t.Errorf("yesterday's copy opens: %v", err)
		}
		if names, _ := h.blobs.List(ctx, filesPrefix+other); len(names) != 1 {
			t.Error("the other conversation lost its file")
		}
		h.proves(1)
	})
}

// A crash between bytes and row: what no row names goes after ten minutes.
func TestSweepFiles(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		_, id, _ := h.sends("avec", Upload{Name: "a.txt", Bytes: []byte("mot")})
		_, err := h.holdUploads(ctx, id, []Upload{{Name: "b.txt", Bytes: []byte("seul")}})
		must(t, err)
		for _, want := range []int{0, 1, 0} {
			n, err := h.SweepFiles(ctx)
			must(t, err)
			if n != want {
				t.Fatalf("swept %d, want %d", n, want)
			}
			h.clock.Move(fileUnderWay + minute)
		}
		h.proves(1)
	})
}

func TestSuspectedAbuseImageIsClosedAtOnce(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		_, id, files := h.sends("regardez", Upload{Name: "kanari.jpg", Bytes: photo(t)})
		f := files[0].ID
		must(t, h.Take(ctx, agnes, id))
		_, err := h.Look(ctx, agnes, f, media.Blurred, "")
		must(t, err)
		if _, _, err := h.Suspect(ctx, far, f); !errs.Is(err, errs.NotFound) {
			t.Errorf("closed from elsewhere: %v", err)
		}
		talk, digest, err := h.Suspect(ctx, bruno, f) // a colleague of the unit may, too
		must(t, err)
		if talk != id || len(digest) != 64 {
			t.Errorf("%s %s", talk, digest)
		}
		for _, by := range []access.Actor{agnes, bruno, lead} {
			_, err := h.Look(ctx, by, f, media.Blurred, "")
			if key, _ := errs.Message(err); key != "err.file.guarded" {
				t.Errorf("%s looks: %v", by.Handle, err)
			}
			if o, err := h.Original(ctx, by, f, "je veux voir"); !errs.Is(err, errs.NotFound) || o.Bytes != nil {
				t.Errorf("%s has the original: %v", by.Handle, err)
			}
			if _, err := h.Guarded(ctx, by); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Denied) {
				t.Errorf("%s lists: %v", by.Handle, err)
			}
			if err := h.Clear(ctx, by, f, "ce n’est rien"); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s opens it again: %v", by.Handle, err)
			}
		}
		talkView, err := h.Open(ctx, agnes, id)
		must(t, err)
		if got := talkView.Messages[0].Files[0]; got.State != FileGuarded || got.Name != "" || got.Type != "" || got.Size != 0 || got.Shown {
			t.Errorf("more than that it exists: %+v", got)
		}
		if tr, err := h.Transcript(ctx, agnes, id); err != nil || bytes.Contains(tr.Bytes, []byte("kanari")) || bytes.Contains(tr.Bytes, []byte(digest)) {
			t.Errorf("the transcript tells: %s %v", tr.Bytes, err)
		}
		if pull, err := h.FilesToPull(ctx, lead, id); err != nil || len(pull) != 0 {
			t.Errorf("%+v %v", pull, err)
		}
		if _, err := h.Look(ctx, special, f, media.Blurred, ""); err == nil {
			t.Error("a copy was made for specialised staff")
		}
		if _, err := h.Original(ctx, special, f, ""); errs.FieldOf(err) != "reason" {
			t.Errorf("opened without a reason: %v", err)
		}
		list, err := h.Guarded(ctx, special)
		must(t, err)
		o, err := h.Original(ctx, special, f, "expertise demandée")
		must(t, err)
		if len(list) != 1 || !bytes.Equal(o.Bytes, photo(t)) || !o.Guarded || o.SHA256 != digest {
			t.Errorf("%+v %+v", list, o.File)
		}
		got := h.verbs()
		for _, want := range []string{"P-9 file.guard", "I-4 file.list", "I-4 file.open"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %s in %s", want, got)
			}
		}
		must(t, h.Clear(ctx, special, f, "une photo de vacances"))
		_, err = h.Look(ctx, agnes, f, media.Grey, "answer")
		must(t, err)
	})
}

func TestFileIsFetchedWhenAnOfficerAsks(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		raw, asked := photo(t), 0
		network := func(_ context.Context, line string, f channel.File, w io.Writer) error {
			asked++
			switch f.ID {
			case "far-photo":
				_, err := w.Write(raw)
				return err
			case "far-large":
				for {
					if _, err := w.Write(make([]byte, 1<<20)); err != nil {
						return err
					}
				}
			case "far-gone":
				return &channel.Refusal{Why: channel.Gone}
			}
			return &channel.Refusal{Why: channel.Later}
		}
		_, id, _ := h.sends("sur le réseau")
		rows, err := h.holdArrived(ctx, id, "telegram-fr", []channel.File{{ID: "far-photo", Name: "p.jpg", Type: "image/jpeg", Size: 10}, {ID: "far-large", Type: "video/mp4"},
			{ID: "far-gone"}, {ID: "far-later"}, {ID: "far-huge", Size: channel.MaxFile + 1}, {Name: "here.txt", Bytes: []byte("mot")}})
		must(t, err)
		var c conversation
		must(t, h.db.Write(ctx, func(tx *db.Tx) error {
			if c, err = selectConversation(ctx, tx, id); err != nil {
				return err
			}
			return h.recordFiles(ctx, tx, access.AsCitizen(), c, c.Last, true, rows)
		}))
		if rows[4].State != FileRefused || rows[5].State != FileKept || rows[0].State != FileAway || rows[0].Class != media.Picture {
			t.Fatalf("%+v", rows)
		}
		if err := h.Fetch(ctx, agnes, rows[0].ID, network); !errs.Is(err, errs.NotFound) || asked != 0 {
			t.Fatalf("fetched by who does not have it: %v", err)
		}
		must(t, h.Take(ctx, agnes, id))
		must(t, h.Fetch(ctx, agnes, rows[0].ID, network))
		if err := h.Fetch(ctx, agnes, rows[0].ID, network); !errs.Is(err, errs.Conflict) {
			t.Errorf("fetched twice: %v", err)
		}
		_, err = h.Look(ctx, agnes, rows[0].ID, media.Grey, "danger")
		must(t, err)
		must(t, h.Fetch(ctx, agnes, rows[1].ID, network))
		must(t, h.Fetch(ctx, agnes, rows[2].ID, network))
		if err := h.Fetch(ctx, agnes, rows[3].ID, network); !errs.Is(err, errs.Unavailable) {
			t.Errorf("a busy network: %v", err)
		}
		var states []FileState
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		for _, f := range talk.Messages[0].Files {
			states = append(states, f.State)
		}
		want := []FileState{FileKept, FileRefused, FileRefused, FileAway, FileRefused, FileKept}
		for i := range want {
			if states[i] != want[i] {
				t.Fatalf("%v, want %v", states, want)
			}
		}
		h.proves(2)
	})
}
