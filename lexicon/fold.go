package lexicon

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed fold.tsv
var foldFile string

// foldTable maps code points in one step to what they fold to. A page of 256
// cells per block of code points; equal empty pages are shared.
type foldTable struct {
	page  [0x110000 >> 8]uint16
	cells [][256]uint32
	texts []string
}

// A cell: 0 unchanged, below 128 that ASCII byte, foldDrop nothing, otherwise
// foldText plus the index of a text.
const (
	foldDrop = 1 << 30
	foldText = 1 << 31
)

var folding = sync.OnceValue(func() *foldTable {
	t, err := parseFold(foldFile)
	if err != nil {
		panic(err) // the file is part of the program; a test loads it
	}
	return t
})

func parseFold(file string) (*foldTable, error) {
	t := &foldTable{cells: make([][256]uint32, 1)}
	seen := map[string]uint32{}
	for n, line := range strings.Split(file, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		hex, to, ok := strings.Cut(line, "\t")
		cp, err := strconv.ParseUint(hex, 16, 32)
		if !ok || err != nil || cp > utf8.MaxRune {
			return nil, fmt.Errorf("fold.tsv:%d: want code point, tab, text", n+1)
		}
		t.set(rune(cp), strings.ReplaceAll(to, `\n`, "\n"), seen)
	}
	return t, nil
}

func (t *foldTable) set(r rune, to string, seen map[string]uint32) {
	if t.page[r>>8] == 0 {
		t.page[r>>8] = uint16(len(t.cells))
		t.cells = append(t.cells, [256]uint32{})
	}
	cell := &t.cells[t.page[r>>8]][r&255]
	switch {
	case to == "":
		*cell = foldDrop
	case len(to) == 1:
		*cell = uint32(to[0])
	default:
		i, ok := seen[to]
		if !ok {
			i = uint32(len(t.texts))
			seen[to], t.texts = i, append(t.texts, to)
		}
		*cell = foldText | i
	}
}

func (t *foldTable) cell(r rune) uint32 { return t.cells[t.page[uint32(r)>>8]][r&255] }

// asciiLower folds the ASCII half; control characters become a space, except
// the line feed.
var asciiLower = func() (t [128]byte) {
	for i := range t {
		switch {
		case i == '\n':
			t[i] = '\n'
		case i < 32 || i == 127:
			t[i] = ' '
		case i >= 'A' && i <= 'Z':
			t[i] = byte(i) + 32
		default:
			t[i] = byte(i)
		}
	}
	return
}()

// fold appends the folded form of s to buf and, for each folded byte, the
// offset in s of the code point it came from. Bytes that are no UTF-8 become
// spaces. Both results have one extra offset at the end: len(s).
func (t *foldTable) fold(s string, buf []byte, off []int32) ([]byte, []int32) {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			buf = append(buf, asciiLower[c])
			off = append(off, int32(i))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		at := int32(i)
		i += size
		if r == utf8.RuneError && size == 1 {
			buf, off = append(buf, ' '), append(off, at)
			continue
		}
		switch c := t.cell(r); {
		case c == foldDrop:
		case c == 0:
			n := len(buf)
			buf = utf8.AppendRune(buf, r)
			for range len(buf) - n {
				off = append(off, at)
			}
		case c < utf8.RuneSelf:
			buf, off = append(buf, byte(c)), append(off, at)
		default:
			to := t.texts[c&^foldText]
			buf = append(buf, to...)
			for range len(to) {
				off = append(off, at)
			}
		}
	}
	return buf, append(off, int32(len(s)))
}

// folded says that a text is plain and folds to itself.
func folded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || asciiLower[c] != c {
			return false
		}
	}
	return true
}

// Fold returns the form in which entries and posts are compared: lower case,
// without marks and invisible characters, look-alike letters made ASCII.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	buf, _ := folding().fold(s, nil, nil)
	return string(buf)
}
