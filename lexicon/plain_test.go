package lexicon

import (
	"strings"
	"unicode/utf8"
)

// What the engine does in few steps, here in plain ones: the tests compare.

// plainFold folds code point by code point and keeps for each folded byte the
// offset of the code point it came from.
func plainFold(s string) (buf []byte, off []int) {
	t := folding()
	add := func(text string, at int) {
		for i := range len(text) {
			buf, off = append(buf, text[i]), append(off, at)
		}
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			add(" ", i)
		case r == '\n':
			add("\n", i)
		case r < 32 || r == 127:
			add(" ", i)
		case r < utf8.RuneSelf:
			add(strings.ToLower(string(r)), i)
		default:
			add(t.to(r), i)
		}
		i += size
	}
	return buf, append(off, len(s))
}
