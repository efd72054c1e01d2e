package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"
	"ronde/channel"
	"ronde/internal/errs"
)

// Limits of a document's shape. The parser recurses per level and joins texts
// piece by piece, so both have a bound before it sees them.
const (
	maxDepth  = 64
	maxTokens = 200_000
	maxItem   = 1 << 20        // bytes of one item's HTML: sixteen times the text of a post
	maxJoined = int64(2 << 30) // bytes copied while joining
)

// parse turns a document into posts.
func parse(body []byte, m media, source string) (posts []channel.Post, left int, err error) {
	text, err := decode(body, m.charset)
	if err != nil {
		return nil, 0, err
	}
	if !bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) {
		if err := checkShape(text); err != nil {
			return nil, 0, err
		}
	}
	doc, err := read(text)
	if err != nil {
		return nil, 0, err
	}
	for _, item := range doc.Items {
		if item == nil {
			left++
			continue
		}
		if len(posts) == MaxItems || len(item.Title)+len(item.Content)+len(item.Description) > maxItem {
			left++
			continue
		}
		p := toPost(doc, item, source)
		if strings.TrimSpace(p.Text) == "" {
			left++
			continue
		}
		posts = append(posts, p)
	}
	return posts, left, nil
}

// read lets the library at a stranger's document. A null where it expects an
// item makes it panic (measured: JSON Feed, "items": [null]); feeds are read
// side by side, so that would stop every door, not one feed.
func read(text []byte) (doc *gofeed.Feed, err error) {
	defer func() {
		if recover() != nil {
			doc, err = nil, notAFeed()
		}
	}()
	doc, err = gofeed.NewParser().Parse(bytes.NewReader(text))
	if err != nil || doc == nil {
		return nil, notAFeed()
	}
	return doc, nil
}

// notAFeed leaves the parser's own words out: they may quote the document.
func notAFeed() error {
	return errs.New(errs.Invalid, "err.feed.broken", "read feed: it is not a well-formed feed")
}

// checkShape walks the document once, without building anything: how deep, how
// many pieces, and no entity of its own (a bomb, or a way to read files; no
// feed needs one).
func checkShape(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	depth, n := 0, 0
	var held [maxDepth + 1]int64 // bytes of text so far, by level
	var joined int64
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return notAFeed()
		}
		if n++; n > maxTokens {
			return errs.New(errs.Limit, "err.feed.too_large", "read feed: too many elements")
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errs.New(errs.Limit, "err.feed.too_deep", "read feed: nested too deeply")
			}
			held[depth] = 0
		case xml.EndElement:
			depth = max(0, depth-1)
		case xml.CharData:
			held[depth] += int64(len(t))
			if joined += held[depth]; joined > maxJoined {
				return errs.New(errs.Limit, "err.feed.too_large", "read feed: its texts are in too many pieces")
			}
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("<!ENTITY")) {
				return errs.New(errs.Invalid, "err.feed.entities", "read feed: it declares entities of its own")
			}
		}
	}
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>`)

// decode gives the document in UTF-8 without its encoding declaration. A byte
// order mark wins over the answer's charset, that over the declaration (RFC
// 7303); but a charset of UTF-8 that the bytes deny gives way.
func decode(body []byte, label string) ([]byte, error) {
	mark := ""
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		body, mark = body[3:], "utf-8"
	case bytes.HasPrefix(body, []byte("\xFE\xFF")):
		mark = "utf-16be"
	case bytes.HasPrefix(body, []byte("\xFF\xFE")):
		mark = "utf-16le"
	}
	own := ""
	if m := declared.FindSubmatch(body[:min(len(body), 512)]); m != nil {
		own = strings.ToLower(string(m[1]))
	}
	if mark == "" && label == "utf-8" && own != "" && !utf8.Valid(body) {
		label = own
	}
	for _, name := range []string{mark, label, own, "utf-8"} {
		if name != "" {
			label = name
			break
		}
	}
	text, err := convert(body, label)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if loc := declared.FindIndex(text[:min(len(text), 512)]); loc != nil {
		text = text[loc[1]:]
	}
	return bytes.Map(legal, bytes.ToValidUTF8(text, []byte("\uFFFD"))), nil
}

// convert reads another encoding, bounded like the rest: one byte can become
// three.
func convert(body []byte, label string) ([]byte, error) {
	if label == "utf-8" || label == "utf8" {
		return body, nil
	}
	r, err := charset.NewReaderLabel(label, bytes.NewReader(body))
	if err != nil {
		return nil, errs.New(errs.Invalid, "err.feed.encoding", "read feed: unknown character encoding")
	}
	text, err := io.ReadAll(io.LimitReader(r, 3*MaxBytes+1))
	if err != nil || len(text) > 3*MaxBytes {
		return nil, notAFeed()
	}
	return text, nil
}

// legal drops what XML 1.0 does not allow in a document (section 2.2).
func legal(r rune) rune {
	if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF {
		return r
	}
	return -1
}

// toPost reads one item. The post's own text is title and content, once each.
func toPost(doc *gofeed.Feed, item *gofeed.Item, source string) channel.Post {
	p := channel.Post{ID: item.GUID, URL: item.Link, Lang: doc.Language, Source: source, Text: itemText(item)}
	if p.ID == "" {
		p.ID = item.Link
	}
	for _, a := range item.Authors {
		if a != nil && p.Author == "" {
			p.Author = firstOf(a.Name, a.Email)
		}
	}
	if item.PublishedParsed != nil {
		p.At = item.PublishedParsed.UnixMicro()
	} else if item.UpdatedParsed != nil {
		p.At = item.UpdatedParsed.UnixMicro()
	}
	p.Platform = host(firstOf(item.Link, doc.Link))
	return p
}

func itemText(item *gofeed.Item) string {
	title := plain(item.Title)
	body := plain(firstOf(item.Content, item.Description))
	switch {
	case title == "" || strings.HasPrefix(body, strings.TrimRight(title, "…. ")):
		return body
	case body == "":
		return title
	}
	return title + "\n" + body
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
