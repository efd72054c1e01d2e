package media

import (
	"bytes"
	"encoding/binary"
	"image"
)

// Markers of a JPEG and the one tag of its note that is read (CIPA DC-008,
// Exif 3.0 §4.6.5: orientation).
const (
	markerStart    = 0xD8
	markerScan     = 0xDA
	markerApp1     = 0xE1
	tagOrientation = 0x0112
	maxTags        = 512
)

// Orientation reads how a picture was held, 1 to 8, from a JPEG, PNG or WebP;
// 1 where the file says nothing readable.
func Orientation(raw []byte) int {
	how := 1
	switch Sniff(raw).Type {
	case "image/jpeg":
		return jpegOrientation(raw)
	case "image/png":
		for at := 8; at+12 <= len(raw); {
			size := int(binary.BigEndian.Uint32(raw[at:]))
			if size < 0 || size > len(raw)-at-12 {
				break
			}
			if string(raw[at+4:at+8]) == "eXIf" {
				return noted(raw[at+8 : at+8+size])
			}
			at += size + 12
		}
	case "image/webp":
		chunks(raw, func(name string, body []byte) {
			if name == "EXIF" {
				how = noted(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
			}
		})
	}
	return how
}

// jpegOrientation reads how a camera was held from a JPEG, 1 to 8; 1 where the
// file says nothing readable. Nothing else of the note is read.
func jpegOrientation(raw []byte) int {
	if len(raw) < 4 || raw[0] != 0xFF || raw[1] != markerStart {
		return 1
	}
	for at := 2; at+4 <= len(raw) && raw[at] == 0xFF && raw[at+1] != markerScan; {
		size := int(binary.BigEndian.Uint16(raw[at+2:]))
		if size < 2 || at+2+size > len(raw) {
			return 1
		}
		body := raw[at+4 : at+2+size]
		if note, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && raw[at+1] == markerApp1 {
			return noted(note)
		}
		at += 2 + size
	}
	return 1
}

// noted reads the orientation from a TIFF header and its first directory.
func noted(note []byte) int {
	if len(note) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if note[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(note[4:]))
	if at < 8 || at+2 > len(note) {
		return 1
	}
	n := min(int(order.Uint16(note[at:])), maxTags)
	for at += 2; n > 0 && at+12 <= len(note); n, at = n-1, at+12 {
		if order.Uint16(note[at:]) == tagOrientation {
			if v := int(order.Uint16(note[at+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// Upright turns and mirrors a picture so that it needs no note.
func Upright(src *image.RGBA, how int) *image.RGBA {
	if how < 2 || how > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := w, h
	if how >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range h {
		for x := range w {
			dx, dy := turned(how, x, y, w, h)
			dst.SetRGBA(dx, dy, src.RGBAAt(src.Rect.Min.X+x, src.Rect.Min.Y+y))
		}
	}
	return dst
}

func turned(how, x, y, w, h int) (dx, dy int) {
	switch how {
	case 1:
		return x, y
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x // 8
}
