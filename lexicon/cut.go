package lexicon

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Cutting words and numbers out of folded text.

// word cuts a word or a number at i and returns its end. Nearly all words are
// ASCII letters up to the next space; the others are for oddWord. Behind the
// text stand eight spaces, so that eight bytes can be read at once.
func (p *page) word(i int) int {
	buf := p.buf[:len(p.buf)+8]
	h := hashSeed
	j, run := i, false
	for {
		w := binary.LittleEndian.Uint64(buf[j:])
		end := notLetter(w)
		k := bits.TrailingZeros64(end) >> 3 // 8 when all are letters
		if k == 8 {
			h = hashStep(h, w)
			j += 8
			continue
		}
		if k > 0 {
			w &= 1<<(8*k) - 1
			h = hashStep(h, w)
		}
		if j == i {
			run = threeAlike(w, k)
		}
		j += k
		break
	}
	if j < len(p.buf) && !endsWord[buf[j]] {
		return p.oddWord(i)
	}
	if j-i >= 8 {
		run = threeInARow(buf[i:j])
	}
	t := p.push(word, i, j)
	t.run, t.hash = run, h
	if j+1 < len(p.buf) && buf[j] == ' ' { // as nearly always
		p.spaced = true
		return j + 1
	}
	return j
}

// notLetter sets the high bit of each byte that is no small ASCII letter.
func notLetter(w uint64) uint64 {
	t := w &^ highs
	return ((t+ones*(0x80-'a'))&^(t+ones*(0x7F-'z'))&^w)&highs ^ highs
}

// threeAlike says whether three of the first k bytes in a row are the same.
func threeAlike(w uint64, k int) bool {
	if k < 3 {
		return false
	}
	differ := w ^ w>>8
	differ |= differ >> 8
	differ |= ^uint64(0) << (8 * (k - 2))
	return (differ-ones)&^differ&highs != 0
}

func threeInARow(s []byte) bool {
	for i := 2; i < len(s); i++ {
		if s[i] == s[i-1] && s[i] == s[i-2] {
			return true
		}
	}
	return false
}

// cutting is a word or number that is being cut.
type cutting struct {
	start, num             int
	letters, digits, signs int
	run, handle            bool
}

// oddWord cuts a word or number that is more than ASCII letters.
func (p *page) oddWord(i int) int {
	w := cutting{start: i}
	j := p.odd(&w, i)
	if j == i { // a sign of another script
		_, size := utf8.DecodeRune(p.buf[i:])
		p.push(mark, i, i+size)
		return i + size
	}
	t := p.push(word, i, j)
	if w.num > 0 {
		t.kind, t.num = number, int32(w.num)
	}
	t.mixed = w.letters > 0 && w.digits+w.signs > 0
	t.run, t.handle, t.hash = w.run, w.handle, wordHash(p.buf[i:j])
	p.figures = p.figures || w.num > 0 || w.handle
	return j
}

// odd goes on cutting a word from j on.
func (p *page) odd(w *cutting, j int) int {
	for j < len(p.buf) {
		size := 1
		switch c := p.buf[j]; byteClass[c] {
		case letter:
			w.letters++
			if j-2 >= w.start && p.buf[j-1] == c && p.buf[j-2] == c {
				w.run = true
			}
		case digit:
			if w.letters == 0 {
				w.num++
			}
			w.digits++
		case beyond:
			w.letters++
			size = 2
		case wide:
			if size = p.wideLetter(w, j); size == 0 {
				return j
			}
		default:
			if !p.joins(w, j, c) {
				return j
			}
		}
		j += size
	}
	return j
}

// wideLetter reads a code point that may end a word, and returns 0 if it does.
func (p *page) wideLetter(w *cutting, j int) int {
	r, size := utf8.DecodeRune(p.buf[j:])
	if r == '€' && (w.letters == 0 || !p.letterAt(j+size)) || isEmoji(r) || isMark(r) {
		return 0
	}
	if r == '€' {
		w.signs++
	}
	w.letters++
	return size
}

// joins says whether a sign is part of the word: it stands for a letter, joins
// the parts of a handle, or divides the digits of a number.
func (p *page) joins(w *cutting, j int, c byte) bool {
	switch byteClass[c] {
	case joiner:
		if w.letters == 0 || !p.letterAt(j-1) && !p.letterAt(j+1) || c != '@' && c != '$' && !p.letterAt(j+1) {
			return false
		}
		w.signs++
		return true
	case other:
		if c == '_' && p.wordAt(j+1) {
			w.handle = true
			return true
		}
		if w.digits > 0 && w.letters == 0 && (c == '.' || c == ',') && p.digitAt(j+1) {
			w.num++
			return true
		}
	}
	return false
}
