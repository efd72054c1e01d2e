package media

import (
	"bytes"
	"unicode/utf8"
)

// Class is the kind of a file in one word, of the group "media".
type Class string

// The classes.
const (
	Picture  Class = "picture"
	Voice    Class = "voice"
	Video    Class = "video"
	Document Class = "document"
	Archive  Class = "archive"
	Program  Class = "program"
	Markup   Class = "markup" // HTML, SVG, XML: text that a browser would run
	Text     Class = "text"
	Other    Class = "other"
)

// Kind is what a file is by its bytes.
type Kind struct {
	Class Class
	Type  string // media type; "application/octet-stream" when nothing is known
	Shown bool   // [Copy] reads it
}

// magic is a beginning that tells a format.
type magic struct {
	at    int
	bytes string
	kind  Kind
}

// Shows reports whether [Copy] reads a media type that [Sniff] told.
func Shows(mediaType string) bool {
	switch mediaType {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return true
	}
	return false
}

var unknown = Kind{Other, "application/octet-stream", false}

// magics are looked at in order; the first that fits is believed.
var magics = []magic{
	{0, "\xff\xd8\xff", Kind{Picture, "image/jpeg", true}},
	{0, "\x89PNG\r\n\x1a\n", Kind{Picture, "image/png", true}},
	{0, "GIF87a", Kind{Picture, "image/gif", true}},
	{0, "GIF89a", Kind{Picture, "image/gif", true}},
	{0, "BM", Kind{Picture, "image/bmp", false}},
	{0, "II*\x00", Kind{Picture, "image/tiff", false}},
	{0, "MM\x00*", Kind{Picture, "image/tiff", false}},
	{0, "8BPS", Kind{Picture, "image/vnd.adobe.photoshop", false}},
	{0, "\x00\x00\x01\x00", Kind{Picture, "image/x-icon", false}},
	{0, "\xff\x0a", Kind{Picture, "image/jxl", false}},
	{0, "OggS", Kind{Voice, "audio/ogg", false}},
	{0, "ID3", Kind{Voice, "audio/mpeg", false}},
	{0, "fLaC", Kind{Voice, "audio/flac", false}},
	{0, "#!AMR", Kind{Voice, "audio/amr", false}},
	{0, "\x1aE\xdf\xa3", Kind{Video, "video/webm", false}},
	{0, "FLV\x01", Kind{Video, "video/x-flv", false}},
	{0, "%PDF-", Kind{Document, "application/pdf", false}},
	{0, "{\\rtf", Kind{Document, "application/rtf", false}},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind{Document, "application/x-ole-storage", false}},
	{0, "PK\x03\x04", Kind{Archive, "application/zip", false}},
	{0, "PK\x05\x06", Kind{Archive, "application/zip", false}},
	{0, "7z\xbc\xaf\x27\x1c", Kind{Archive, "application/x-7z-compressed", false}},
	{0, "Rar!\x1a\x07", Kind{Archive, "application/vnd.rar", false}},
	{0, "\x1f\x8b", Kind{Archive, "application/gzip", false}},
	{0, "BZh", Kind{Archive, "application/x-bzip2", false}},
	{0, "\xfd7zXZ\x00", Kind{Archive, "application/x-xz", false}},
	{0, "\x28\xb5\x2f\xfd", Kind{Archive, "application/zstd", false}},
	{257, "ustar", Kind{Archive, "application/x-tar", false}},
	{0, "MZ", Kind{Program, "application/x-msdownload", false}},
	{0, "\x7fELF", Kind{Program, "application/x-executable", false}},
	{0, "\xcf\xfa\xed\xfe", Kind{Program, "application/x-mach-binary", false}},
	{0, "\xca\xfe\xba\xbe", Kind{Program, "application/java-vm", false}},
	{0, "#!/", Kind{Program, "text/x-shellscript", false}},
}

// Sniff says what a file is by its bytes. An empty one is other.
func Sniff(b []byte) Kind {
	for _, m := range magics {
		if len(b) >= m.at+len(m.bytes) && string(b[m.at:m.at+len(m.bytes)]) == m.bytes {
			return inside(b, m.kind)
		}
	}
	switch {
	case len(b) >= 12 && string(b[:4]) == "RIFF":
		return riff(string(b[8:12]))
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return boxed(string(b[8:12]))
	case len(b) >= 2 && b[0] == 0xFF && b[1]&0xE0 == 0xE0:
		return Kind{Voice, "audio/mpeg", false} // MPEG or ADTS frames without a head
	}
	return written(b)
}

// inside looks further where one beginning is shared: office documents are
// archives.
func inside(b []byte, k Kind) Kind {
	if k.Type != "application/zip" {
		return k
	}
	head := b[:min(len(b), 4096)]
	for _, mark := range []string{"word/", "xl/", "ppt/", "mimetypeapplication/vnd.oasis.opendocument", "mimetypeapplication/epub"} {
		if bytes.Contains(head, []byte(mark)) {
			return Kind{Document, "application/zip", false}
		}
	}
	return k
}

func riff(form string) Kind {
	switch form {
	case "WEBP":
		return Kind{Picture, "image/webp", true}
	case "WAVE":
		return Kind{Voice, "audio/wav", false}
	case "AVI ":
		return Kind{Video, "video/x-msvideo", false}
	}
	return unknown
}

// boxed tells the brands of ISO/IEC 14496-12 apart: photographs of telephones
// (HEIC, AVIF), voice notes, film.
func boxed(brand string) Kind {
	switch brand {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return Kind{Picture, "image/heic", false}
	case "avif", "avis":
		return Kind{Picture, "image/avif", false}
	case "M4A ", "M4B ":
		return Kind{Voice, "audio/mp4", false}
	case "qt  ":
		return Kind{Video, "video/quicktime", false}
	}
	return Kind{Video, "video/mp4", false}
}

// sniffText is how much of a text is looked at.
const sniffText = 4096

// written tells plain text from markup, and both from bytes.
func written(b []byte) Kind {
	head := b[:min(len(b), sniffText)]
	if len(head) == 0 || bytes.IndexByte(head, 0) >= 0 {
		return unknown
	}
	for cut := 0; cut < utf8.UTFMax && !utf8.Valid(head); cut++ { // a letter cut in two at the end
		head = head[:len(head)-1]
		if len(head) == 0 {
			return unknown
		}
	}
	if !utf8.Valid(head) {
		return unknown
	}
	low := bytes.ToLower(head)
	for _, mark := range []string{"<svg", "<html", "<!doctype", "<script", "<?xml", "<body", "<iframe"} {
		if bytes.Contains(low, []byte(mark)) {
			return Kind{Markup, "text/plain", false}
		}
	}
	return Kind{Text, "text/plain", false}
}
