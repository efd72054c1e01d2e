package mail

import (
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-message"

	"ronde/channel"
)

const (
	maxDepth  = 20      // parts inside parts
	maxParts  = 200     // of one mail
	maxHTML   = 1 << 20 // bytes of one HTML part
	maxReport = 64 << 10
)

// body is what a mail holds.
type body struct {
	text   string
	files  []channel.File
	lost   []string
	report report

	parts int
}

func (b *body) lose(what string) {
	if !slices.Contains(b.lost, what) {
		b.lost = append(b.lost, what)
	}
}

func readBody(e *message.Entity) body {
	var b body
	b.text = tidyText(b.read(e, 0))
	if strings.Contains(b.text, "-----BEGIN PGP MESSAGE-----") {
		b.lose(channel.LostEncrypted)
	}
	return b
}

// read returns the text of a part, and keeps files and reports.
func (b *body) read(e *message.Entity, depth int) string {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	if b.parts++; b.parts > maxParts || depth > maxDepth {
		b.lose(channel.LostFiles)
		return ""
	}
	switch kind {
	case "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime":
		b.lose(channel.LostEncrypted)
	case "message/delivery-status", "text/rfc822-headers", "message/rfc822",
		"message/global-delivery-status", "message/global-headers", "message/global": // RFC 6533
		if b.report.read(kind, e) {
			return ""
		}
	}
	if parts := e.MultipartReader(); parts != nil {
		b.report.open = b.report.open || kind == "multipart/report"
		return b.each(parts, kind, depth)
	}
	return b.leaf(e, kind)
}

// each reads the parts of a part: all of them, or the best of alternatives.
func (b *body) each(parts message.MultipartReader, kind string, depth int) string {
	var texts []string
	best := ""
	for b.parts <= maxParts {
		part, err := parts.NextPart()
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			if err != nil && err != io.EOF {
				b.lose(channel.LostText) // it ends in the middle
			}
			break
		}
		text := b.read(part, depth+1)
		if strings.TrimSpace(text) == "" {
			continue
		}
		texts = append(texts, text)
		if sub, _, _ := part.Header.ContentType(); best == "" || best != "" && sub == "text/plain" {
			best = text
		}
	}
	if kind == "multipart/alternative" {
		return best
	}
	return strings.Join(texts, "\n\n")
}

// leaf is a text, or a file.
func (b *body) leaf(e *message.Entity, kind string) string {
	disposition, params, _ := e.Header.ContentDisposition()
	_, named, _ := e.Header.ContentType()
	name := params["filename"]
	if name == "" {
		name = named["name"]
	}
	switch {
	case disposition == "attachment" || name != "":
	case kind == "text/html":
		return htmlText(b.bounded(e.Body, maxHTML))
	case strings.HasPrefix(kind, "text/") && kind != "text/calendar" && kind != "text/vcard":
		return b.bounded(e.Body, channel.MaxText+1)
	}
	b.file(e.Body, kind, name)
	return ""
}

// bounded reads at most so many bytes of a text; what stops in the middle is
// kept until there.
func (b *body) bounded(r io.Reader, most int64) string {
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		b.lose(channel.LostText)
	}
	if int64(len(raw)) > most {
		b.lose(channel.LostText)
		raw = raw[:most]
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD")
}

func (b *body) file(r io.Reader, kind, name string) {
	if len(b.files) == channel.MaxFiles {
		b.lose(channel.LostFiles)
		return
	}
	raw, err := io.ReadAll(io.LimitReader(r, channel.MaxFile+1))
	if len(raw) > channel.MaxFile || err != nil && len(raw) == 0 {
		b.lose(channel.LostFiles)
		return
	}
	if err != nil {
		b.lose(channel.LostFiles) // a part of it, which is better than nothing
	}
	if kind, _ = channel.Cut(kind, channel.MaxName); kind == "" {
		kind = "application/octet-stream"
	}
	b.files = append(b.files, channel.File{Name: fileName(name), Type: kind, Size: int64(len(raw)), Bytes: raw})
}

// fileName is the last part of a name, without what could break a line.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(name, "\\", "/"))
	if name = path.Base(name); name == "." || name == "/" || name == ".." {
		return ""
	}
	name, _ = channel.Cut(name, channel.MaxName)
	return name
}

// tidyText makes one form of line ends, and takes blank lines off both ends.
func tidyText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Trim(s, "\n\t \u00A0")
}
