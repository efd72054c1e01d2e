package lexicon

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Folding a text, and finding the way back to the original.

// foldMark says how many folded bytes there were before a place in the source.
type foldMark struct{ src, folded int32 }

// Where folding leaves marks, and the room that it keeps to write ahead.
const (
	foldStride = 64 // bytes of the source between two marks
	foldAhead  = 16
)

// Eight bytes at a time: a value in each byte of a word.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// word8 is the eight bytes of s from i on.
func word8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// notPlain sets the high bit of the first byte that is a control character or
// beyond ASCII; bits above that one mean nothing.
func notPlain(w uint64) uint64 {
	del := w ^ ones*0x7F
	return (w | (w-ones*0x20)&^w | (del-ones)&^del) & highs
}

// lower makes the ASCII capitals among eight plain bytes small.
func lower(w uint64) uint64 {
	t := w &^ highs
	capital := (t + ones*(0x80-'A')) &^ (t + ones*(0x7F-'Z')) & highs
	return w | capital>>2
}

// fold fills buf with the folded form of src; behind it stand eight spaces. Bytes that are no UTF-8 become
// spaces, and the page says that there are some.
func (p *page) fold(t *foldTable) {
	s, out, n, next := p.src, p.buf[:cap(p.buf)], 0, 0
	p.marks, p.turned, p.broken = p.marks[:0], false, false
	if len(out) < len(s)+foldAhead {
		out = make([]byte, len(s)+len(s)/4+foldAhead)
	}
	for i := 0; i < len(s); {
		if i >= next {
			p.marks = append(p.marks, foldMark{int32(i), int32(n)})
			next = i + foldStride
		}
		if i+8 <= len(s) {
			w := word8(s, i)
			special := notPlain(w)
			binary.LittleEndian.PutUint64(out[n:], lower(w))
			if special == 0 {
				i, n = i+8, n+8
				continue
			}
			k := bits.TrailingZeros64(special) >> 3
			i, n = i+k, n+k
		}
		if c := s[i]; c < utf8.RuneSelf {
			out[n] = asciiLower[c]
			i, n = i+1, n+1
			continue
		}
		i, n, out = p.foldBeyond(t, i, n, out)
	}
	binary.LittleEndian.PutUint64(out[n:], ones*' ')
	p.buf = out[:n]
}

// foldBeyond folds the code points from i on that are beyond ASCII, at most to
// the next mark, and returns how far it came.
func (p *page) foldBeyond(t *foldTable, i, n int, out []byte) (int, int, []byte) {
	s := p.src
	for until := i + foldStride; i < len(s) && i < until && s[i] >= utf8.RuneSelf; {
		if c := s[i]; c < 0xE0 && i+1 < len(s) && c >= 0xC2 && s[i+1]&0xC0 == 0x80 {
			if cell := t.two[uint32(c&0x1F)<<6|uint32(s[i+1]&0x3F)]; cell < twoText {
				out[n], out[n+1] = byte(cell), byte(cell>>8)
				n += int(cell >> 16 & 3)
				p.turned = p.turned || cell >= twoTurned
				i += 2
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == utf8.RuneError && size == 1 {
			p.broken = true
			out[n] = ' '
			n++
			continue
		}
		switch c := t.cell(r); {
		case c == foldDrop:
		case c == 0:
			n += copy(out[n:], s[i-size:i])
		case c < utf8.RuneSelf:
			out[n] = byte(c)
			n++
			p.turned = p.turned || turnedLetter(r)
		default:
			to := t.texts[c&^foldText]
			if need := n + len(to) + len(s) - i + foldAhead; need > len(out) {
				out = append(make([]byte, 0, 2*need), out[:n]...)[:2*need]
			}
			n += copy(out[n:], to)
			p.turned = p.turned || turnedLetter(r)
		}
	}
	return i, n, out
}

// width says how many bytes of the source the code point at i has, and how
// many it folds to.
func (t *foldTable) width(s string, i int) (size, folded int) {
	if s[i] < utf8.RuneSelf {
		return 1, 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError && size == 1 {
		return 1, 1
	}
	switch c := t.cell(r); {
	case c == foldDrop:
		return size, 0
	case c == 0:
		return size, size
	case c < utf8.RuneSelf:
		return size, 1
	default:
		return size, len(t.texts[c&^foldText])
	}
}

// at returns the offset in the source of the code point that the folded byte
// pos came from, and the source's length at the end. It walks there from the
// mark before: few posts ask, so nothing is kept for every byte.
func (p *page) at(pos int32) int {
	if int(pos) >= len(p.buf) {
		return len(p.src)
	}
	lo, hi := 0, len(p.marks)
	for lo < hi {
		if mid := (lo + hi) / 2; p.marks[mid].folded <= pos {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	t := folding()
	i, n := int(p.marks[lo-1].src), int(p.marks[lo-1].folded)
	for {
		size, folded := t.width(p.src, i)
		if n += folded; int(pos) < n {
			return i
		}
		i += size
	}
}

// span returns where folded bytes lie in the original text. Invisible
// characters that follow belong to what they follow.
func (p *page) span(start, end int32) (int, int) {
	from, to := p.at(start), p.at(end)
	for to > from && (p.src[to-1] == ' ' || p.src[to-1] == '\n') {
		to--
	}
	return from, to
}
