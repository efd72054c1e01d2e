package app

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// samplePhoto draws a portrait that is nobody's: a head and shoulders in two
// tones, so that the public pages are seen with a picture.
func samplePhoto(which int) []byte {
	const size = 480
	grounds := []color.RGBA{{0xe8, 0xdf, 0xd2, 0xff}, {0xd5, 0xdf, 0xe6, 0xff}}
	coats := []color.RGBA{{0x1f, 0x3a, 0x5f, 0xff}, {0x24, 0x4b, 0x3f, 0xff}}
	skins := []color.RGBA{{0xb9, 0x84, 0x62, 0xff}, {0xd9, 0xae, 0x8c, 0xff}}
	hairs := []color.RGBA{{0x2b, 0x21, 0x1c, 0xff}, {0x6b, 0x45, 0x28, 0xff}}
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	in := func(x, y, cx, cy, rx, ry float64) bool {
		return math.Pow((x-cx)/rx, 2)+math.Pow((y-cy)/ry, 2) < 1
	}
	for py := range size {
		for px := range size {
			x, y := float64(px), float64(py)
			c := grounds[which%2]
			switch {
			case in(x, y, 240, 214, 78, 96):
				c = skins[which%2]
				if y < 168 && !in(x, y, 240, 236, 70, 84) {
					c = hairs[which%2]
				}
			case in(x, y, 240, 196, 94, 108) && y < 220:
				c = hairs[which%2]
			case in(x, y, 240, 520, 190, 200):
				c = coats[which%2]
			case x > 206 && x < 274 && y > 280 && y < 350:
				c = skins[which%2]
			}
			img.SetRGBA(px, py, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("draw sample photo: " + err.Error()) // memory does not fail to be written
	}
	return b.Bytes()
}
