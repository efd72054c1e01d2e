package patrol

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // a picture may come as PNG

	"ronde/internal/errs"
)

// The limits of a picture.
const (
	MaxPhotoBytes  = 5 << 20  // of the file handed in
	MaxPhotoPixels = 24 << 20 // before it is made small
	PhotoSide      = 512      // pixels of the longer side that is kept
	photoQuality   = 85
)

// onePhoto lets one picture be unfolded at a time: a file of 200 kB can unfold
// to hundreds of megabytes, and a few at once would end the program.
var onePhoto = make(chan struct{}, 1)

// Reencode reads a JPEG or PNG and writes it anew as a JPEG of at most
// PhotoSide pixels: only the picture goes through, so place, camera and time
// stay behind. It is turned upright first, as the camera noted.
func Reencode(raw []byte) ([]byte, error) {
	if len(raw) > MaxPhotoBytes {
		return nil, errs.Field("photo", "err.patrol.photo_large", "read picture: larger than 5 MiB", "mb", MaxPhotoBytes>>20)
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || (kind != "jpeg" && kind != "png") {
		return nil, errs.Field("photo", "err.patrol.photo_kind", "read picture: neither JPEG nor PNG")
	}
	if head.Width < 1 || head.Height < 1 || head.Width > mostPixels(head.ColorModel)/head.Height {
		return nil, errs.Field("photo", "err.patrol.photo_large", "read picture: too many pixels", "mb", MaxPhotoBytes>>20)
	}
	onePhoto <- struct{}{}
	defer func() { <-onePhoto }()
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, errs.Field("photo", "err.patrol.photo_kind", "read picture: the file is damaged")
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright(shrink(src), orientation(raw)), &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, errs.Wrap(err, "write picture")
	}
	return out.Bytes(), nil
}

// mostPixels is how many pixels are unfolded: half as many where each takes
// eight bytes instead of four.
func mostPixels(m color.Model) int {
	if m == color.RGBA64Model || m == color.NRGBA64Model {
		return MaxPhotoPixels / 2
	}
	return MaxPhotoPixels
}

// shrink averages the pixels that fall on one, on white paper where the
// picture is transparent. It takes a strip of the source at a time: a whole
// copy would cost as much again.
func shrink(src image.Image) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	ow, oh := w, h
	if long := max(w, h); long > PhotoSide {
		ow, oh = max(1, w*PhotoSide/long), max(1, h*PhotoSide/long)
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
