package people

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"github.com/boombuler/barcode/qr"
	"ronde/internal/errs"
)

// QR is a square of modules, true for dark; Path draws it as one SVG path in
// a box of Size by Size, quiet zone included.
type QR struct {
	Size int
	Path string
	Text string // the same in half blocks, for a terminal
}

const quiet = 4 // modules around a QR code, ISO/IEC 18004

// NewQR draws a text as a QR code, with error correction M.
func NewQR(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QR{}, errs.Wrap(err, "draw QR code")
	}
	n := code.Bounds().Dx()
	dark := func(x, y int) bool {
		if x < 0 || y < 0 || x >= n || y >= n {
			return false
		}
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	var path, terminal strings.Builder
	for y := range n {
		for x := range n {
			if dark(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	// Light modules are drawn, so that it reads on a dark terminal.
	for y := -quiet / 2; y < n+quiet/2; y += 2 {
		for x := -quiet / 2; x < n+quiet/2; x++ {
			terminal.WriteString([]string{"█", "▀", "▄", " "}[index(dark(x, y), dark(x, y+1))])
		}
		terminal.WriteByte('\n')
	}
	return QR{Size: n + 2*quiet, Path: path.String(), Text: terminal.String()}, nil
}

func index(up, down bool) int {
	i := 0
	if down {
		i++
	}
	if up {
		i += 2
	}
	return i
}

// printed is how many pixels a module has in a picture to print.
const printed = 12

// QRPicture draws a text as a QR code in a PNG, for posters and cards.
func QRPicture(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, errs.Wrap(err, "draw QR code")
	}
	n := code.Bounds().Dx()
	side := (n + 2*quiet) * printed
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range n {
		for x := range n {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				at := image.Pt((x+quiet)*printed, (y+quiet)*printed)
				draw.Draw(img, image.Rectangle{at, at.Add(image.Pt(printed, printed))}, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, errs.Wrap(err, "draw QR code")
	}
	return b.Bytes(), nil
}
