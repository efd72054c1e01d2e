package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// photoCmd: photo FILE WORD makes a photograph as a telephone does, with WORD in
// its note, where place and camera stand.
func photoCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("photo FILE WORD")
	}
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			m.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), 120, 255})
		}
	}
	var b bytes.Buffer
	ts.Check(jpeg.Encode(&b, m, nil))
	note := "Exif\x00\x00MM\x00*\x00\x00\x00\x08GPS " + args[1]
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, 0, byte(len(note)+2))
	out = append(append(out, note...), b.Bytes()[2:]...)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out, 0o600))
}
