package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// held is a picture with a red corner at its top left, stored as a camera that
// is held in the given way stores it.
func held(t *testing.T, how int, order binary.AppendByteOrder) []byte {
	t.Helper()
	const w, h = 64, 32
	sw, sh := w, h
	if how >= 5 {
		sw, sh = h, w
	}
	img := image.NewRGBA(image.Rect(0, 0, sw, sh))
	for y := range sh {
		for x := range sw {
			c := color.RGBA{20, 20, 20, 255}
			if ux, uy := turned(how, x, y, sw, sh); ux < 16 && uy < 16 {
				c = color.RGBA{240, 20, 20, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	ok(t, jpeg.Encode(&b, img, nil))
	note := []byte("Exif\x00\x00II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		note = []byte("Exif\x00\x00MM\x00*")
	}
	note = order.AppendUint32(note, 8)
	note = order.AppendUint16(note, 1)
	note = order.AppendUint16(order.AppendUint16(note, tagOrientation), 3)
	note = order.AppendUint16(order.AppendUint32(note, 1), uint16(how))
	note = append(note, 0, 0, 0, 0, 0, 0)
	app := append([]byte{0xFF, markerApp1}, binary.BigEndian.AppendUint16(nil, uint16(len(note)+2))...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), append(app, note...)...), b.Bytes()[2:]...)
}

func TestPicturesStandUpright(t *testing.T) {
	for how := 1; how <= 8; how++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			out, err := Copy(held(t, how, order), Colour)
			ok(t, err)
			img, err := jpeg.Decode(bytes.NewReader(out))
			ok(t, err)
			if b := img.Bounds(); b.Dx() != 64 || b.Dy() != 32 {
				t.Errorf("%d: %v", how, b)
				continue
			}
			if r, _, _, _ := img.At(4, 4).RGBA(); r>>8 < 180 {
				t.Errorf("%d: the corner is elsewhere (%d)", how, r>>8)
			}
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\xff\xda"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if v := Orientation(raw); v < 1 || v > 8 {
			t.Fatal(v)
		}
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
