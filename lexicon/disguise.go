package lexicon

import "unicode/utf8"

// The disguises that take a word apart or turn it.

// apart reads letters that stand alone: c o k e, C.O.K.E, c-o-k-e. Three at
// least, with the same sign between; a wider gap ends a word.
func (r *reader) apart(i int) int {
	const fewest = 3
	if !r.single(i) || i+1 >= len(r.toks) {
		return i
	}
	r.joined, r.joinedT = r.joined[:0], r.joinedT[:0]
	j, last := i, i
	var sep int32 = -1
	for j < len(r.toks) {
		if !r.single(j) {
			break
		}
		if j > i {
			gap := r.toks[j].start - r.toks[last].end
			if gap != 1 || sep >= 0 && int32(r.buf[r.toks[last].end]) != sep {
				break
			}
			sep = int32(r.buf[r.toks[last].end])
		}
		r.joined = append(r.joined, r.text(r.toks[j])...)
		r.joinedT = append(r.joinedT, int32(j))
		last = j
		j++
		if j < len(r.toks) && r.toks[j].kind == mark && r.toks[j].end-r.toks[j].start == 1 && !r.toks[j].spaced {
			j++
		}
	}
	if len(r.joined) < fewest {
		return i
	}
	whole := token{start: r.toks[i].start, end: r.toks[last].end, kind: word, quoted: r.toks[i].quoted}
	first := len(r.ids)
	r.lookup(r.joined)
	undo := undoSpacing
	if len(r.ids) == first {
		r.kept = append(r.kept[:0], r.joined...) // leet writes over joined
		if r.leet(r.kept) {
			undo |= undoLeet
		}
		r.joined = append(r.joined[:0], r.kept...)
	}
	if len(r.ids) == first && r.segmentsApart() {
		return last + 1
	}
	r.push(i, &whole, first, undo)
	return last + 1
}

func (r *reader) single(i int) bool {
	t := r.toks[i]
	return (t.kind == word || t.kind == number) && t.end-t.start == 1
}

// split reads a word with signs inside: co🥶caï🥶ne. Only when the whole is a
// known word; otherwise the signs are decoration.
func (r *reader) split(i int) int {
	t := r.toks[i]
	if i+2 >= len(r.toks) || r.toks[i+1].kind != emoji || r.toks[i+1].spaced || r.toks[i+2].spaced {
		return i
	}
	r.joined = append(r.joined[:0], r.text(t)...)
	j := i
	for j+2 < len(r.toks) && r.toks[j+1].kind == emoji && !r.toks[j+1].spaced && r.toks[j+2].kind == word && !r.toks[j+2].spaced {
		j += 2
		r.joined = append(r.joined, r.text(r.toks[j])...)
	}
	if j == i {
		return i
	}
	first := len(r.ids)
	r.lookup(r.joined)
	if len(r.ids) == first { // the sign may stand for an o
		o := r.scratch[:0]
		for k := i; k <= j; k++ {
			if r.toks[k].kind == emoji {
				o = append(o, 'o')
			} else {
				o = append(o, r.text(r.toks[k])...)
			}
		}
		r.scratch = o
		r.lookup(o)
	}
	if len(r.ids) == first {
		return i
	}
	whole := token{start: t.start, end: r.toks[j].end, kind: word, quoted: t.quoted}
	r.push(i, &whole, first, undoSplit)
	return j + 1
}

// underscored reads f_r_a_p_p_e; a handle proper is no evidence and has no ids.
func (r *reader) underscored(i int) {
	t := r.toks[i]
	s := r.text(t)
	first := len(r.ids)
	r.joined = r.joined[:0]
	for k, c := range s {
		if k%2 == 1 && c != '_' {
			r.push(i, &t, first, 0)
			return
		}
		if k%2 == 0 {
			r.joined = append(r.joined, c)
		}
	}
	r.lookup(r.joined)
	r.push(i, &t, first, undoSpacing)
}

// segment is one known word found inside letters that run together.
type segment struct {
	from, to int32
	score    int32
}

// Bounds of reading words that run together.
const (
	longestRun     = 96 // letters read
	longestSegment = 20
	shortestWord   = 3
)

// segments reads a hashtag made of several words. It reports whether any was known.
func (r *reader) segments(s []byte, at int32, tok int) bool {
	if !r.divide(s) {
		return false
	}
	for _, g := range r.best {
		first := len(r.ids)
		r.lookup(s[g.from:g.to])
		t := r.toks[tok]
		t.start, t.end = at+g.from, at+g.to
		r.push(tok, &t, first, undoJoined)
	}
	return true
}

// segmentsApart is segments for letters that stood alone.
func (r *reader) segmentsApart() bool {
	r.kept = append(r.kept[:0], r.joined...)
	s := r.kept
	if !r.divide(s) {
		return false
	}
	for _, g := range r.best {
		first := len(r.ids)
		r.lookup(s[g.from:g.to])
		t := r.toks[r.joinedT[g.from]]
		t.end = r.toks[r.joinedT[g.to-1]].end
		t.kind = word
		r.push(int(r.joinedT[g.from]), &t, first, undoSpacing|undoJoined)
	}
	return true
}

// divide finds the known words that cover most of s, preferring long ones.
func (r *reader) divide(s []byte) bool {
	if len(s) > longestRun {
		s = s[:longestRun]
	}
	n := len(s)
	var cover [longestRun + 1]segment
	best := cover[:n+1] // best[i]: cover of s[i:]
	for i := n - 1; i >= 0; i-- {
		best[i] = segment{from: int32(i), to: -1, score: best[i+1].score}
		h := hashSeed
		for j := i; j < n && j-i < longestSegment; j++ {
			h = (h ^ uint64(s[j])) * hashPrime
			l := int32(j - i + 1)
			if l < shortestWord || r.x.prefix.get(h) == 0 && r.x.exact(wordHash(s[i:j+1])) == 0 {
				continue
			}
			if score := best[j+1].score + l*l; score > best[i].score {
				best[i] = segment{from: int32(i), to: int32(j + 1), score: score}
			}
		}
	}
	r.best = r.best[:0]
	for i := int32(0); i < int32(n); {
		if best[i].to < 0 {
			i++
			continue
		}
		r.best = append(r.best, best[i])
		i = best[i].to
	}
	return len(r.best) > 0
}

// turnedLetters are read with the post upside down.
var turnedLetters = map[rune]byte{
	'ɐ': 'a', 'q': 'b', 'ɔ': 'c', 'p': 'd', 'ǝ': 'e', 'ɟ': 'f', 'ƃ': 'g', 'ɥ': 'h', 'ᴉ': 'i', 'ɾ': 'j', 'ʞ': 'k',
	'l': 'l', 'ן': 'l', 'ɯ': 'm', 'u': 'n', 'o': 'o', 'd': 'p', 'b': 'q', 'ɹ': 'r', 's': 's', 'ʇ': 't', 'n': 'u',
	'ʌ': 'v', 'ʍ': 'w', 'x': 'x', 'ʎ': 'y', 'z': 'z',
}

// turned says that a word has letters that only stand upside down.
func turned(s string) bool {
	for _, c := range s {
		if turnedLetter(c) {
			return true
		}
	}
	return false
}

func turnedLetter(c rune) bool {
	switch c {
	case 'ǝ', 'ʞ', 'ʇ', 'ɥ', 'ɐ', 'ᴉ', 'ɯ', 'ɹ', 'ʎ', 'ʌ', 'ʍ', 'ɟ', 'ƃ', 'ן':
		return true
	}
	return false
}

// turnInto appends s as read after turning the page: other letters, backwards.
func turnInto(dst []byte, s string) []byte {
	for len(s) > 0 {
		c, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
		if to, ok := turnedLetters[c]; ok {
			dst = append(dst, to)
		} else if c < utf8.RuneSelf {
			dst = append(dst, byte(c))
		}
	}
	return dst
}
