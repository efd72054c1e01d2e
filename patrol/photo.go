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

// Reencode reads a JPEG or PNG and writes it anew as a JPEG of at most
// PhotoSide pixels: only the picture goes through, so place, camera and time
// stay behind. The orientation note of a camera stays behind too.
func Reencode(raw []byte) ([]byte, error) {
	if len(raw) > MaxPhotoBytes {
		return nil, errs.Field("photo", "err.patrol.photo_large", "read picture: larger than 5 MiB", "mb", MaxPhotoBytes>>20)
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || (kind != "jpeg" && kind != "png") {
		return nil, errs.Field("photo", "err.patrol.photo_kind", "read picture: neither JPEG nor PNG")
	}
	if head.Width < 1 || head.Height < 1 || head.Width > MaxPhotoPixels/head.Height {
		return nil, errs.Field("photo", "err.patrol.photo_large", "read picture: too many pixels", "mb", MaxPhotoBytes>>20)
	}
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, errs.Field("photo", "err.patrol.photo_kind", "read picture: the file is damaged")
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, shrink(onPaper(src)), &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, errs.Wrap(err, "write picture")
	}
	return out.Bytes(), nil
}

// onPaper puts a picture that may be transparent on white.
func onPaper(src image.Image) *image.RGBA {
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), src, b.Min, draw.Over)
	return out
}

// shrink averages the pixels that fall on one.
func shrink(src *image.RGBA) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	long := max(w, h)
	if long <= PhotoSide {
		return src
	}
	ow, oh := max(1, w*PhotoSide/long), max(1, h*PhotoSide/long)
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			out.SetRGBA(x, y, average(src, x*w/ow, (x+1)*w/ow, y*h/oh, (y+1)*h/oh))
		}
	}
	return out
}

func average(src *image.RGBA, x0, x1, y0, y1 int) color.RGBA {
	var r, g, b, n uint32
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			p := src.RGBAAt(x, y)
			r, g, b, n = r+uint32(p.R), g+uint32(p.G), b+uint32(p.B), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}
