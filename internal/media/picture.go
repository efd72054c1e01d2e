package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Limits of a picture that is unfolded.
const (
	MaxPixels   = 40 << 20 // of a head; a quarter for progressive JPEG, half for 16 bits a colour: they cost more a pixel
	MaxScans    = 64       // of a JPEG: each goes over the whole picture again
	CopySide    = 1600     // pixels of the longer side of a copy
	copyQuality = 85
	blurGrains  = 14  // pixels of the longer side that a blurred copy is made of
	blurSide    = 320 // pixels of the longer side of a blurred copy
)

// Why no copy was made.
var (
	ErrKind    = errors.New("copy picture: not a kind that is shown")
	ErrLarge   = errors.New("copy picture: it unfolds to more than is shown")
	ErrDamaged = errors.New("copy picture: the file is damaged")
)

// Look is how much of a picture a copy shows.
type Look string

// The looks, from least to most.
const (
	Blurred Look = "blurred" // a few grains of grey: light and dark, no shape of a body or a face
	Grey    Look = "grey"    // sharp, without colour
	Colour  Look = "colour"
)

// Copy writes a picture anew as a JPEG of at most [CopySide] pixels, from its
// pixels alone, upright, on white where it is transparent. Of a moving picture
// it shows the first frame.
func Copy(raw []byte, look Look) ([]byte, error) {
	kind := Sniff(raw)
	if !kind.Shown {
		return nil, ErrKind
	}
	if err := Check(raw); err != nil {
		return nil, err
	}
	src, err := decode(raw, kind.Type)
	if err != nil {
		return nil, ErrDamaged
	}
	side := CopySide
	if look == Blurred {
		side = blurGrains
	}
	out := Upright(Shrink(src, side), Orientation(raw))
	if look != Colour {
		out = grey(out)
	}
	if look == Blurred {
		out = spread(out, blurSide)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: copyQuality}); err != nil {
		return nil, ErrDamaged
	}
	return b.Bytes(), nil
}

// Check says, from the head of a picture alone, why no copy can be made of it;
// nil when one can be tried. It unfolds nothing.
func Check(raw []byte) error {
	kind := Sniff(raw)
	if !kind.Shown {
		return ErrKind
	}
	return fits(raw, kind.Type)
}

func decode(raw []byte, kind string) (image.Image, error) {
	r := bytes.NewReader(raw)
	switch kind {
	case "image/jpeg":
		return jpeg.Decode(r)
	case "image/png":
		return png.Decode(r)
	case "image/gif":
		return gif.Decode(r)
	}
	return webp.Decode(r)
}

func head(raw []byte, kind string) (image.Config, error) {
	r := bytes.NewReader(raw)
	switch kind {
	case "image/jpeg":
		return jpeg.DecodeConfig(r)
	case "image/png":
		return png.DecodeConfig(r)
	case "image/gif":
		return gif.DecodeConfig(r)
	}
	return webp.DecodeConfig(r)
}

// fits refuses what would unfold to more than is shown, by the head alone.
func fits(raw []byte, kind string) error {
	c, err := head(raw, kind)
	if err != nil || c.Width < 1 || c.Height < 1 {
		return ErrDamaged
	}
	most := MaxPixels
	switch {
	case c.ColorModel == color.RGBA64Model || c.ColorModel == color.NRGBA64Model || c.ColorModel == color.Gray16Model:
		most /= 2
	case kind == "image/jpeg":
		scans := jpegScans(raw)
		if scans > MaxScans {
			return ErrLarge
		}
		if scans > 1 {
			most /= 4
		}
	case kind == "image/webp":
		// The frame inside may be larger than the canvas that is announced.
		w, h := webpFrame(raw)
		c.Width, c.Height = max(c.Width, w), max(c.Height, h)
	}
	if c.Width > most/c.Height {
		return ErrLarge
	}
	return nil
}

// jpegScans counts the scans of a JPEG up to its end; what hangs behind it
// (the film of a moving photograph, an archive) is not looked at. It stops
// counting beyond [MaxScans].
func jpegScans(raw []byte) (n int) {
	for at := 2; at+4 <= len(raw) && n <= MaxScans; {
		i := bytes.IndexByte(raw[at:], 0xFF)
		if i < 0 || at+i+4 > len(raw) {
			return n
		}
		at += i
		switch m := raw[at+1]; {
		case m == 0xD9: // end of image
			return n
		case m == 0xFF:
			at++
		case m == 0 || m == 1 || m >= 0xD0 && m <= 0xD8: // a byte of a scan, or a marker without a length
			at += 2
		default:
			if m == markerScan {
				n++
			}
			at += 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		}
	}
	return n
}

// webpFrame is the largest width and height that a frame of a WebP file
// announces (RFC 9649 §2, RFC 6386 §9.1).
func webpFrame(raw []byte) (w, h int) {
	chunks(raw, func(name string, body []byte) {
		switch {
		case name == "VP8 " && len(body) >= 10:
			w = max(w, int(binary.LittleEndian.Uint16(body[6:])&0x3FFF))
			h = max(h, int(binary.LittleEndian.Uint16(body[8:])&0x3FFF))
		case name == "VP8L" && len(body) >= 5:
			bits := binary.LittleEndian.Uint32(body[1:])
			w, h = max(w, int(bits&0x3FFF)+1), max(h, int(bits>>14&0x3FFF)+1)
		}
	})
	return w, h
}

// chunks walks the chunks of a RIFF file; a length that leads out ends it.
func chunks(raw []byte, visit func(name string, body []byte)) {
	for at := 12; at+8 <= len(raw); {
		size := int(binary.LittleEndian.Uint32(raw[at+4:]))
		if size < 0 || size > len(raw)-at-8 {
			return
		}
		visit(string(raw[at:at+4]), raw[at+8:at+8+size])
		at += 8 + size + size&1
	}
}

// Shrink averages the pixels that fall on one, on white paper where the
// picture is transparent, so that the longer side has at most side pixels. It
// takes a strip of the source at a time: a whole copy would cost as much again.
func Shrink(src image.Image, side int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	ow, oh := w, h
	if long := max(w, h); long > side {
		ow, oh = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	strip := image.NewRGBA(image.Rect(0, 0, w, (h+oh-1)/oh))
	for y := range oh {
		top, rows := y*h/oh, (y+1)*h/oh-y*h/oh
		part := image.Rect(0, 0, w, rows)
		draw.Draw(strip, part, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, part, src, image.Pt(b.Min.X, b.Min.Y+top), draw.Over)
		for x := range ow {
			out.SetRGBA(x, y, average(strip, x*w/ow, (x+1)*w/ow, rows))
		}
	}
	return out
}

func average(strip *image.RGBA, x0, x1, rows int) color.RGBA {
	var r, g, b, n uint32
	for y := range rows {
		for x := x0; x < x1; x++ {
			p := strip.RGBAAt(x, y)
			r, g, b, n = r+uint32(p.R), g+uint32(p.G), b+uint32(p.B), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

func grey(m *image.RGBA) *image.RGBA {
	for i := 0; i+3 < len(m.Pix); i += 4 {
		y := color.GrayModel.Convert(color.RGBA{m.Pix[i], m.Pix[i+1], m.Pix[i+2], 255}).(color.Gray).Y
		m.Pix[i], m.Pix[i+1], m.Pix[i+2] = y, y, y
	}
	return m
}

// spread makes a few grains large and soft.
func spread(m *image.RGBA, side int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	long := max(w, h)
	out := image.NewRGBA(image.Rect(0, 0, max(1, w*side/long), max(1, h*side/long)))
	draw.CatmullRom.Scale(out, out.Rect, m, m.Rect, draw.Src, nil)
	return out
}
