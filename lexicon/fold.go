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
	two   [0x800]uint32 // the code points that UTF-8 writes in two bytes
}

// A cell: 0 unchanged, below 128 that ASCII byte, foldDrop nothing, otherwise
// foldText plus the index of a text.
const (
	foldDrop = 1 << 30
	foldText = 1 << 31
)

// A cell of two: up to two bytes of text, from bit 16 on how many, twoTurned
// when it is a letter upside down, twoText when the text is longer.
const (
	twoTurned = 1 << 30
	twoText   = 1 << 31
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
	for n := 1; file != ""; n++ {
		line, rest, _ := strings.Cut(file, "\n")
		if file = rest; line == "" || line[0] == '#' {
			continue
		}
		hex, to, ok := strings.Cut(line, "\t")
		cp, err := strconv.ParseUint(hex, 16, 32)
		if !ok || err != nil || cp > utf8.MaxRune {
			return nil, fmt.Errorf("fold.tsv:%d: want code point, tab, text", n)
		}
		t.set(rune(cp), strings.ReplaceAll(to, `\n`, "\n"), seen)
	}
	for r := rune(utf8.RuneSelf); r < 0x800; r++ {
		t.two[r] = t.short(r)
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

// short is the cell of two for a code point.
func (t *foldTable) short(r rune) (cell uint32) {
	to := t.to(r)
	switch len(to) {
	case 0:
	case 1:
		cell = 1<<16 | uint32(to[0])
	case 2:
		cell = 2<<16 | uint32(to[1])<<8 | uint32(to[0])
	default:
		cell = twoText
	}
	if turnedLetter(r) {
		cell |= twoTurned
	}
	return cell
}

func (t *foldTable) cell(r rune) uint32 { return t.cells[t.page[uint32(r)>>8]][r&255] }

// to is what a code point beyond ASCII folds to.
func (t *foldTable) to(r rune) string {
	switch c := t.cell(r); {
	case c == foldDrop:
		return ""
	case c == 0:
		return string(r)
	case c < utf8.RuneSelf:
		return string(rune(c))
	default:
		return t.texts[c&^foldText]
	}
}

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
	var room [256]byte
	var marks [4]foldMark
	p := page{src: s, buf: room[:0], marks: marks[:0]}
	p.fold(folding())
	return string(p.buf)
}
