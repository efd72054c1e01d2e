package patrol

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // a picture may come as PNG

	"ronde/internal/errs"
	"ronde/internal/media"
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
	if err := jpeg.Encode(&out, media.Upright(media.Shrink(src, PhotoSide), media.Orientation(raw)), &jpeg.Options{Quality: photoQuality}); err != nil {
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
