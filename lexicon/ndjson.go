package lexicon

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// A lineReader reads the posts of NDJSON lines without allocating. It takes
// what nearly every line is; whatever is unusual (keys in other letters, bytes
// that are no UTF-8, halves of a surrogate pair, deep nesting, an error) it
// leaves to encoding/json, so that both read the same and errors are told in
// the same words.
type lineReader struct {
	text  []byte            // the unescaped text, used again
	langs map[string]string // languages met that are not ours
}

// post is what is read of a line. Other fields are ignored. ID and Text are
// valid until the next line is read.
type post struct {
	ID   []byte // JSON, or nil
	Text []byte
	Lang string
	// raw says that nobody has looked yet whether the text is UTF-8. Folding
	// does that anyway; what is not, encoding/json must read.
	raw bool
}

// read reads one line.
func (r *lineReader) read(line []byte) (post, error) {
	if p, ok := r.usual(line); ok {
		return p, nil
	}
	return parsePost(line)
}

// parsePost reads a line by the standard library.
func parsePost(line []byte) (post, error) {
	var raw struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
		Lang any             `json:"lang"`
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return post{}, fmt.Errorf("no JSON object: %w", err)
	}
	if raw.Text == nil {
		return post{}, errors.New(`no "text"`)
	}
	lang, _ := raw.Lang.(string)
	return post{ID: raw.ID, Text: []byte(*raw.Text), Lang: lang}, nil
}

// usual reads an object whose keys are plain. ok is false when anything about
// the line is for encoding/json to judge.
func (r *lineReader) usual(line []byte) (p post, ok bool) {
	c := cursor{b: line}
	if !c.take('{') {
		return p, false
	}
	found := false
	for first := true; ; first = false {
		c.space()
		if first && c.take('}') {
			break
		}
		key, plain, good := c.str()
		if !good || !plain || !c.take(':') {
			return p, false
		}
		c.space()
		switch {
		case string(key) == "text":
			if p.Text, p.raw, good = r.string(&c); !good {
				return p, false
			}
			found = true
		case string(key) == "id":
			from := c.i
			if !c.value(0) {
				return p, false
			}
			p.ID = c.b[from:c.i]
		case string(key) == "lang":
			if p.Lang, good = r.lang(&c); !good {
				return p, false
			}
		case almost(key) || !c.value(0):
			return p, false
		}
		if c.take('}') {
			break
		}
		if !c.take(',') {
			return p, false
		}
	}
	c.space()
	return p, found && c.i == len(c.b)
}

// almost says that encoding/json would take a key for one of ours.
func almost(key []byte) bool {
	switch len(key) {
	case 2:
		return key[0]|32 == 'i' && key[1]|32 == 'd'
	case 4:
		a, b, c, d := key[0]|32, key[1]|32, key[2]|32, key[3]|32
		return a == 't' && b == 'e' && c == 'x' && d == 't' || a == 'l' && b == 'a' && c == 'n' && d == 'g'
	}
	return false
}

// string reads the string that is the text. raw says that it has bytes beyond
// ASCII that came as they are.
func (r *lineReader) string(c *cursor) (text []byte, raw, ok bool) {
	if c.i >= len(c.b) || c.b[c.i] != '"' {
		return nil, false, false
	}
	from := c.i + 1
	i := from + clean(c.b[from:])
	if i >= len(c.b) || c.b[i] < 0x20 {
		return nil, false, false
	}
	if c.b[i] == '"' {
		c.i = i + 1
		return c.b[from:i], true, true
	}
	return r.unescape(c, from, i)
}

// unescape reads a string on from its first escape, at i. What it writes is
// never longer than what it reads.
func (r *lineReader) unescape(c *cursor, from, i int) (text []byte, raw, ok bool) {
	b := c.b
	if cap(r.text) < len(b) {
		r.text = make([]byte, 2*len(b))
	}
	out := r.text[:cap(r.text)]
	n := copy(out, b[from:i])
	beyond := slices.ContainsFunc(out[:n], func(c byte) bool { return c >= utf8.RuneSelf })
	for i < len(b) {
		if i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:])
			binary.LittleEndian.PutUint64(out[n:], w)
			first := unclean(w)
			k := 8
			if first != 0 {
				k = bits.TrailingZeros64(first) >> 3
				w &= first - 1 // what stands before it
			}
			beyond = beyond || w&highs != 0
			if i, n = i+k, n+k; first == 0 {
				continue
			}
		}
		switch c0 := b[i]; {
		case c0 == '"':
			c.i = i + 1
			return out[:n], beyond, true
		case c0 == '\\':
			size, written := unescapeOne(out[n:], b[i:])
			if size == 0 {
				return nil, false, false
			}
			i, n = i+size, n+written
		case c0 < 0x20:
			return nil, false, false
		default: // near the line's end, byte by byte
			out[n], beyond = c0, beyond || c0 >= utf8.RuneSelf
			i, n = i+1, n+1
		}
	}
	return nil, false, false
}

// unescapeOne reads the escape that b begins with, or both halves of a
// surrogate pair, and returns its length and that of what it stands for.
func unescapeOne(out, b []byte) (size, written int) {
	if len(b) < 2 {
		return 0, 0
	}
	if b[1] != 'u' {
		if out[0] = escapes[b[1]]; out[0] == 0 {
			return 0, 0
		}
		return 2, 1
	}
	u, ok := hex4(b)
	if !ok {
		return 0, 0
	}
	size = 6
	if u >= 0xD800 && u < 0xE000 {
		low, ok := hex4(b[6:])
		if u >= 0xDC00 || !ok || low < 0xDC00 || low >= 0xE000 {
			return 0, 0
		}
		u = 0x10000 + (u-0xD800)<<10 + (low - 0xDC00)
		size = 12
	}
	return size, utf8.EncodeRune(out, u)
}

// maxLangs bounds the languages remembered.
const maxLangs = 256

// lang reads the language. A value that is no plain string is left.
func (r *lineReader) lang(c *cursor) (string, bool) {
	inner, plain, ok := c.str()
	if !ok || !plain {
		return "", false
	}
	if len(inner) == 2 {
		for _, l := range languages {
			if l == string(inner) {
				return l, true
			}
		}
	}
	if known, ok := r.langs[string(inner)]; ok {
		return known, true
	}
	if !utf8.Valid(inner) {
		return "", false
	}
	if r.langs == nil || len(r.langs) >= maxLangs {
		r.langs = map[string]string{}
	}
	code := string(inner)
	r.langs[code] = code
	return code, true
}
