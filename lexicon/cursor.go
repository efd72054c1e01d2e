package lexicon

import (
	"encoding/binary"
	"math/bits"
)

// Walking over JSON without reading it: what stands where, and whether it is JSON.

// cursor walks over one line.
type cursor struct {
	b []byte
	i int
}

func (c *cursor) space() {
	for c.i < len(c.b) && (c.b[c.i] == ' ' || c.b[c.i] == '\t' || c.b[c.i] == '\n' || c.b[c.i] == '\r') {
		c.i++
	}
}

// take skips spaces and then want.
func (c *cursor) take(want byte) bool {
	c.space()
	if c.i < len(c.b) && c.b[c.i] == want {
		c.i++
		return true
	}
	return false
}

// str reads a string and returns what stands between the quotes; plain says
// that nothing in it is escaped.
func (c *cursor) str() (inner []byte, plain, ok bool) {
	if c.i >= len(c.b) || c.b[c.i] != '"' {
		return nil, false, false
	}
	from := c.i + 1
	plain = true
	for c.i = from; ; {
		c.i += clean(c.b[c.i:])
		if c.i >= len(c.b) {
			return nil, false, false
		}
		switch c.b[c.i] {
		case '"':
			c.i++
			return c.b[from : c.i-1], plain, true
		case '\\':
			n := escapeLen(c.b[c.i:])
			if n == 0 {
				return nil, false, false
			}
			plain = false
			c.i += n
		default: // a control character
			return nil, false, false
		}
	}
}

// unclean sets the high bit of the first quote, backslash or control character
// among eight bytes; bits above that one mean nothing.
func unclean(w uint64) uint64 {
	quote, slash := w^ones*'"', w^ones*'\\'
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*0x20)&^w) & highs
}

// clean counts the bytes before the first quote, backslash or control
// character, eight at a time.
func clean(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if first := unclean(binary.LittleEndian.Uint64(b[i:])); first != 0 {
			return i + bits.TrailingZeros64(first)>>3
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == '"' || c == '\\' || c < 0x20 {
			break
		}
	}
	return i
}

// escapeLen is the length of the escape that b begins with, 0 when it is none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b); ok {
			return 6
		}
	}
	return 0
}

// hex4 reads \uXXXX.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	w, x, y, z := hexDigit[b[2]], hexDigit[b[3]], hexDigit[b[4]], hexDigit[b[5]]
	return rune(w)<<12 | rune(x)<<8 | rune(y)<<4 | rune(z), w|x|y|z < 16
}

var hexDigit = func() (t [256]byte) {
	for i := range t {
		switch c := byte(i); {
		case c >= '0' && c <= '9':
			t[i] = c - '0'
		case c|32 >= 'a' && c|32 <= 'f':
			t[i] = c | 32 - 'a' + 10
		default:
			t[i] = 16
		}
	}
	return
}()

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// deepest nesting that is read here.
const deepest = 32

// value skips any JSON value.
func (c *cursor) value(depth int) bool {
	if c.i >= len(c.b) || depth > deepest {
		return false
	}
	switch c.b[c.i] {
	case '"':
		_, _, ok := c.str()
		return ok
	case '{':
		return c.members(depth)
	case '[':
		return c.elements(depth)
	case 't':
		return c.word("true")
	case 'f':
		return c.word("false")
	case 'n':
		return c.word("null")
	}
	return c.number()
}

func (c *cursor) word(w string) bool {
	if len(c.b)-c.i < len(w) || string(c.b[c.i:c.i+len(w)]) != w {
		return false
	}
	c.i += len(w)
	return true
}

func (c *cursor) members(depth int) bool {
	c.i++
	if c.take('}') {
		return true
	}
	for {
		c.space()
		if _, _, ok := c.str(); !ok || !c.take(':') {
			return false
		}
		c.space()
		if !c.value(depth + 1) {
			return false
		}
		if c.take('}') {
			return true
		}
		if !c.take(',') {
			return false
		}
	}
}

func (c *cursor) elements(depth int) bool {
	c.i++
	if c.take(']') {
		return true
	}
	for {
		c.space()
		if !c.value(depth + 1) {
			return false
		}
		if c.take(']') {
			return true
		}
		if !c.take(',') {
			return false
		}
	}
}

// number skips -12.5e+3.
func (c *cursor) number() bool {
	if c.i < len(c.b) && c.b[c.i] == '-' {
		c.i++
	}
	switch {
	case c.i >= len(c.b):
		return false
	case c.b[c.i] == '0':
		c.i++
	case c.digits() == 0:
		return false
	}
	if c.i < len(c.b) && c.b[c.i] == '.' {
		c.i++
		if c.digits() == 0 {
			return false
		}
	}
	if c.i < len(c.b) && c.b[c.i]|32 == 'e' {
		c.i++
		if c.i < len(c.b) && (c.b[c.i] == '+' || c.b[c.i] == '-') {
			c.i++
		}
		return c.digits() > 0
	}
	return true
}

func (c *cursor) digits() (n int) {
	for c.i < len(c.b) && c.b[c.i] >= '0' && c.b[c.i] <= '9' {
		c.i++
		n++
	}
	return n
}
