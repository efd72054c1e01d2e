package archive

import (
	"bytes"
	"io"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"ronde/channel"
	"ronde/internal/warc"
)

// readable is the text of a page as a reader would see it, and the language it
// says it is in. Of what is longer than a post may be, a little more is
// returned, so that the caller sees it.
func readable(page warc.Page) (text, lang string, err error) {
	body, err := unicoded(page)
	if err != nil {
		return "", "", err
	}
	if page.Media == "text/plain" {
		raw, err := io.ReadAll(io.LimitReader(body, channel.MaxText+16))
		return strings.TrimSpace(strings.ToValidUTF8(string(raw), "\uFFFD")), "", err
	}
	text, lang = plain(body)
	return text, lang, nil
}

// unicoded reads a page's bytes as UTF-8: the charset that the answer says, or
// the one that the page says, or what its first bytes look like.
func unicoded(page warc.Page) (io.Reader, error) {
	in := bytes.NewReader(page.Body)
	switch {
	case page.Charset == "utf-8" || page.Charset == "utf8":
		return in, nil
	case page.Charset != "":
		return charset.NewReaderLabel(page.Charset, in)
	case page.Media == "text/plain":
		return in, nil
	}
	return charset.NewReader(in, page.Media)
}

// blocks are elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Br: true, atom.Dd: true, atom.Div: true, atom.Dl: true,
	atom.Dt: true, atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Header: true, atom.Hr: true, atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true, atom.Table: true, atom.Td: true,
	atom.Th: true, atom.Title: true, atom.Tr: true, atom.Ul: true, atom.Option: true, atom.Button: true}

// plain reads HTML piece by piece: a tree would cost a hostile page's square.
// One piece is at most the page, which is bounded.
func plain(r io.Reader) (text, lang string) {
	z := html.NewTokenizer(r)
	var out writer
	hidden := false // inside a script or a style, whose content is one piece of text
	for out.n <= channel.MaxText {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.TrimSpace(out.b.String()), lang
		case html.TextToken:
			if !hidden {
				out.words(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, attributes := z.TagName()
			tag := atom.Lookup(name)
			hidden = kind == html.StartTagToken && (tag == atom.Script || tag == atom.Style)
			if blocks[tag] {
				out.line()
			}
			if tag == atom.Html && attributes && lang == "" {
				lang = langOf(z)
			}
		}
	}
	return strings.TrimSpace(out.b.String()), lang
}

func langOf(z *html.Tokenizer) string {
	for {
		key, value, more := z.TagAttr()
		if string(key) == "lang" && len(value) <= channel.MaxLang {
			return string(value)
		}
		if !more {
			return ""
		}
	}
}

// writer puts words together with single spaces and single line ends.
type writer struct {
	b     strings.Builder
	n     int
	space byte // owed before the next word
}

func (w *writer) line() {
	if w.n > 0 {
		w.space = '\n'
	}
}

func (w *writer) words(s string) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for i, word := range strings.Fields(s) {
		if (i > 0 || strings.TrimLeftFunc(s, unicode.IsSpace) != s) && w.space == 0 && w.n > 0 {
			w.space = ' '
		}
		if w.space != 0 {
			w.b.WriteByte(w.space)
			w.space = 0
			w.n++
		}
		w.b.WriteString(word)
		w.n += len(word)
	}
	if w.space == 0 && w.n > 0 && strings.TrimRightFunc(s, unicode.IsSpace) != s {
		w.space = ' '
	}
}
