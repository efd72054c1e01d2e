package media

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// half is a picture whose left half is red and whose right half is blue.
func half(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{220, 20, 20, 255}
			if x >= w/2 {
				c = color.RGBA{20, 20, 220, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpOf is the smallest WebP: one pixel.
func webpOf(t testing.TB) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// pngHead is a PNG whose head announces a size, with that many bytes of zeros
// packed behind it: a bomb of a few kilobytes.
func pngHead(w, h uint32, depth byte) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(name string, body []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		sum := crc32.NewIEEE()
		sum.Write([]byte(name))
		sum.Write(body)
		out = append(append(out, name...), body...)
		out = binary.BigEndian.AppendUint32(out, sum.Sum32())
	}
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(ihdr, depth, 6, 0, 0, 0))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(make([]byte, 1<<20))
	z.Close()
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return out
}

// noted puts a place into a JPEG, as a telephone does.
func withNote(raw []byte, note string) []byte {
	app := append([]byte{0xFF, markerApp1}, binary.BigEndian.AppendUint16(nil, uint16(len(note)+2))...)
	return append(append(append([]byte{}, raw[:2]...), append(app, note...)...), raw[2:]...)
}

func TestSniffBelievesBytes(t *testing.T) {
	m := half(8, 8)
	for name, c := range map[string]struct {
		raw  []byte
		want Kind
	}{
		"jpeg":               {jpegOf(t, m), Kind{Picture, "image/jpeg", true}},
		"png":                {pngOf(t, m), Kind{Picture, "image/png", true}},
		"gif":                {gifOf(t, m), Kind{Picture, "image/gif", true}},
		"webp":               {webpOf(t), Kind{Picture, "image/webp", true}},
		"heic":               {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), Kind{Picture, "image/heic", false}},
		"avif":               {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), Kind{Picture, "image/avif", false}},
		"film":               {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), Kind{Video, "video/mp4", false}},
		"telephone film":     {[]byte("\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00"), Kind{Video, "video/quicktime", false}},
		"voice note":         {[]byte("OggS\x00\x02"), Kind{Voice, "audio/ogg", false}},
		"voice note, iPhone": {[]byte("\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00"), Kind{Voice, "audio/mp4", false}},
		"pdf":                {[]byte("%PDF-1.7\n"), Kind{Document, "application/pdf", false}},
		"zip":                {[]byte("PK\x03\x04\x14\x00photo.jpg"), Kind{Archive, "application/zip", false}},
		"docx":               {[]byte("PK\x03\x04\x14\x00[Content_Types].xml word/document.xml"), Kind{Document, "application/zip", false}},
		"svg with a script":  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), Kind{Markup, "text/plain", false}},
		"page":               {[]byte("\ufeff  <!DOCTYPE html><title>x"), Kind{Markup, "text/plain", false}},
		"page behind a note": {[]byte("<!-- photo --><HTML>"), Kind{Markup, "text/plain", false}},
		"program":            {[]byte("MZ\x90\x00"), Kind{Program, "application/x-msdownload", false}},
		"text":               {[]byte("Bonjour, voici ce qu’il a écrit"), Kind{Text, "text/plain", false}},
		"text cut in a rune": {[]byte(strings.Repeat("a", sniffText-1) + "é"), Kind{Text, "text/plain", false}},
		"bytes":              {[]byte{0, 1, 2, 3}, unknown},
		"nothing":            {nil, unknown},
		"latin-1":            {[]byte("caf\xe9 \xff\xff\xff\xff\xff\xff"), unknown},
		"short jpeg":         {[]byte("\xff\xd8\xff"), Kind{Picture, "image/jpeg", true}},
		"page named jpeg":    {[]byte("<script>"), Kind{Markup, "text/plain", false}},
		"jpeg, then a page":  {append(jpegOf(t, m), "<script>alert(1)</script>"...), Kind{Picture, "image/jpeg", true}},
	} {
		if got := Sniff(c.raw); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestCopyHasPixelsAndNothingElse(t *testing.T) {
	m := half(2000, 500)
	place := "Exif\x00\x00MM\x00*\x00\x00\x00\x08kanariGPS 48.85 N, 2.35 E; kanariCamera"
	for name, raw := range map[string][]byte{
		"jpeg with a place":          withNote(jpegOf(t, m), place),
		"jpeg with a comment":        withNote(jpegOf(t, m), "kanari"),
		"jpeg with an archive":       append(jpegOf(t, m), "PK\x03\x04kanari.exe"...),
		"jpeg with a page":           append(jpegOf(t, m), "<script>kanari</script>"...),
		"jpeg with a moving picture": append(jpegOf(t, m), bytes.Repeat([]byte("\x00\x18ftypmp42\xff\xdakanari"), 200)...),
		"png with a place":           append(pngOf(t, m), "\x00\x00\x00\x06eXIfkanari"...),
		"gif with a page":            append(gifOf(t, m), "<script>kanari"...),
	} {
		out, err := Copy(raw, Colour)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(out, []byte("kanari")) || bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("script")) {
			t.Errorf("%s: something went through", name)
		}
		got, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if b := got.Bounds(); b.Dx() != CopySide || b.Dy() != CopySide/4 {
			t.Errorf("%s: %v", name, b)
		}
		if r, _, b, _ := got.At(100, 100).RGBA(); r>>8 < 180 || b>>8 > 60 {
			t.Errorf("%s: the left half is not red", name)
		}
	}
	if _, err := Copy(webpOf(t), Colour); err != nil {
		t.Errorf("webp: %v", err)
	}
}

func TestLooks(t *testing.T) {
	raw := jpegOf(t, half(1200, 600))
	for look, wants := range map[Look]struct {
		w      int
		colour bool
	}{Blurred: {blurSide, false}, Grey: {1200, false}, Colour: {1200, true}} {
		out, err := Copy(raw, look)
		if err != nil {
			t.Fatal(err)
		}
		got, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds().Dx() != wants.w {
			t.Errorf("%s: %v", look, got.Bounds())
		}
		r, g, b, _ := got.At(10, 10).RGBA()
		if plain := max(r, g, b)-min(r, g, b) < 4<<8; plain == wants.colour {
			t.Errorf("%s: colours %d %d %d", look, r>>8, g>>8, b>>8)
		}
	}
	// A pattern as fine as a face: no trace of it in the blurred copy.
	fine := image.NewGray(image.Rect(0, 0, 700, 700))
	for i := range fine.Pix {
		fine.Pix[i] = byte(i / 7 % 2 * 255)
	}
	out, err := Copy(pngOf(t, fine), Blurred)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := jpeg.Decode(bytes.NewReader(out))
	for x := 20; x < 300; x += 20 {
		if y := color.GrayModel.Convert(got.At(x, 160)).(color.Gray).Y; y < 90 || y > 170 {
			t.Errorf("at %d the pattern shows: %d", x, y)
		}
	}
}

func TestHostilePicturesAreRefused(t *testing.T) {
	whole := jpegOf(t, half(64, 64))
	scans := append([]byte{}, whole[:2]...)
	for range MaxScans + 1 {
		scans = append(scans, 0xFF, markerScan, 0, 8, 1, 1, 0, 0, 63, 0)
	}
	wide := webpOf(t)
	binary.LittleEndian.PutUint16(wide[26:], 0x3FFF)
	binary.LittleEndian.PutUint16(wide[28:], 0x3FFF)
	canvas := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), wide[12:]...)
	binary.LittleEndian.PutUint32(canvas[4:], uint32(len(canvas)-8))
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"bomb":                          {pngHead(60_000, 60_000, 8), ErrLarge},
		"bomb, long and thin":           {pngHead(1<<30, 1, 8), ErrLarge},
		"bomb, sixteen bits":            {pngHead(6_000, 6_000, 16), ErrLarge},
		"bomb beyond the head's rows":   {pngHead(7_000, 1<<31-1, 8), nil},
		"less than the head says":       {pngHead(3_000, 3_000, 8), ErrDamaged},
		"a scan after a scan":           {append(scans, whole[2:]...), nil},
		"webp frame over a small sheet": {canvas, ErrLarge},
		"webp of all there is":          {wide, ErrLarge},
		"cut short":                     {whole[:len(whole)/2], ErrDamaged},
		"head alone":                    {whole[:4], ErrDamaged},
		"three bytes":                   {[]byte("\xff\xd8\xff"), ErrDamaged},
		"png signature alone":           {[]byte("\x89PNG\r\n\x1a\n"), ErrDamaged},
		"gif of nothing":                {[]byte("GIF89a\x00\x00\x00\x00\x00\x00\x00;"), ErrDamaged},
		"gif of all there is":           {append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), ';'), ErrLarge},
		"svg":                           {[]byte("<svg><script>alert(1)</script></svg>"), ErrKind},
		"heic":                          {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), ErrKind},
		"tiff":                          {[]byte("II*\x00\x08\x00\x00\x00"), ErrKind},
		"empty":                         {nil, ErrKind},
	} {
		for _, look := range []Look{Blurred, Colour} {
			if _, err := Copy(c.raw, look); err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
	}
}

// A progressive picture costs more a pixel, so it may have fewer.
func TestProgressiveCostsMore(t *testing.T) {
	raw := jpegOf(t, half(64, 64))
	if n := jpegScans(raw); n != 1 {
		t.Fatalf("%d scans", n)
	}
	two := append([]byte{0xFF, 0xD8, 0xFF, markerScan, 0, 8, 1, 1, 0, 0, 63, 0}, raw[2:]...)
	if n := jpegScans(two); n != 2 {
		t.Fatalf("%d scans", n)
	}
	if n := jpegScans(append(raw, two...)); n != 1 {
		t.Errorf("what hangs behind was counted: %d", n)
	}
}

func FuzzCopy(f *testing.F) {
	f.Add(jpegOf(f, half(16, 16)))
	f.Add(pngOf(f, half(16, 16)))
	f.Add(gifOf(f, half(16, 16)))
	f.Add(webpOf(f))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			return
		}
		_, _ = Copy(raw, Blurred)
	})
}
