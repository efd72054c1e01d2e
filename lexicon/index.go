package lexicon

import (
	"fmt"
	"strings"
)

// Element numbers with a meaning of their own inside a pattern.
const (
	anyNumber uint32 = iota + 1 // "<n>": a number
	anyGap                      // "..": up to maxGap words between
	firstID
)

// maxGap is how many words ".." may stand for.
const maxGap = 3

// index finds entries in a sequence of units. An element's number is where the
// patterns that are keyed by it begin in pats; see patterns.go.
type index struct {
	keys, rest            table // whole words: those that key patterns, and the others
	prefix, suffix        table
	squeezed, squeezedPre table // of what has repeated letters, each written once
	reversed              table // words of offers written backwards
	pats                  []uint32
	numbers               uint32 // where the patterns keyed by anyNumber begin; 0: there are none

	longestPrefix, longestSuffix int // bytes

	load *staging // nil once sealed
}

// staging is what only loading needs. Texts are known by their hash, as in the
// tables; elements have numbers in the order of arrival.
type staging struct {
	exact   table     // of which keys and rest are made
	byText  numbering // canonical text → pattern
	byKey   numbering // kind and text of an element → element
	freq    []uint32  // element → patterns that have it
	pats    []pattern
	elems   []uint32
	patOf   []uint32 // entry → pattern
	page    page
	scratch []uint32
}

// pattern is an entry's text as a sequence of elements.
type pattern struct {
	first uint32 // in elems
	n     uint8
	at    uint8 // which element it is keyed by
	gaps  bool
}

func newIndex() *index { return &index{load: &staging{freq: make([]uint32, firstID)}} }

// maxElements bounds the words of one entry.
const maxElements = 12

// add makes the next entry findable by text.
func (x *index) add(text string) error {
	s := x.load
	hash := hashOf(text)
	p, ok := s.byText.get(hash)
	if ok {
		s.patOf = append(s.patOf, p)
		return nil
	}
	ids, gaps, err := elements(&s.page, text, s.scratch[:0], x.element)
	if err != nil {
		return err
	}
	s.scratch = ids
	p = uint32(len(s.pats))
	s.byText.set(hash, p)
	s.patOf = append(s.patOf, p)
	s.pats = append(s.pats, pattern{first: uint32(len(s.elems)), n: uint8(len(ids)), gaps: gaps})
	s.elems = append(s.elems, ids...)
	for _, id := range ids {
		s.freq[id]++
	}
	return nil
}

// How an element is found: as it stands, by its beginning, by its end.
const (
	whole     byte = '='
	beginning byte = '<'
	ending    byte = '>'
)

// elements turns "prêt* .. compte" into numbers, appended to ids. number gives
// that of a word.
func elements(p *page, text string, ids []uint32, number func(how byte, t token, s []byte) (uint32, error)) (_ []uint32, gaps bool, err error) {
	for field := range strings.FieldsSeq(text) {
		switch field {
		case "..":
			ids, gaps = append(ids, anyGap), true
			continue
		case "<n>":
			ids = append(ids, anyNumber)
			continue
		}
		if ids, err = fieldElements(p, field, ids, number); err != nil {
			return nil, false, err
		}
	}
	if len(ids) == 0 || len(ids) > maxElements {
		return nil, false, fmt.Errorf("read %q: want 1 to %d words or signs, got %d", text, maxElements, len(ids))
	}
	if ids[0] == anyGap || ids[len(ids)-1] == anyGap {
		return nil, false, fmt.Errorf(`read %q: ".." stands between two words`, text)
	}
	return ids, gaps, nil
}

// fieldElements turns what stands between two spaces into numbers.
func fieldElements(p *page, field string, ids []uint32, number func(how byte, t token, s []byte) (uint32, error)) ([]uint32, error) {
	pre := strings.HasSuffix(field, "*")
	suf := strings.HasPrefix(field, "*")
	p.read(strings.Trim(field, "*"))
	first, last := -1, -1
	for i := range p.toks {
		if p.toks[i].kind != mark {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	for i, t := range p.toks {
		if t.kind == mark {
			continue
		}
		how := whole
		if pre && i == last {
			how = beginning
		} else if suf && i == first {
			how = ending
		}
		id, err := number(how, t, p.text(t))
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// minStem is the shortest stem that may carry a star.
const minStem = 3

// element numbers an element, and makes a new one findable.
func (x *index) element(how byte, t token, s []byte) (uint32, error) {
	if how != whole && len(s) < minStem {
		return 0, fmt.Errorf("read %q: a star needs at least %d letters", s, minStem)
	}
	key := elementKey(how, t.hash)
	if id, ok := x.load.byKey.get(key); ok {
		return id, nil
	}
	id := uint32(len(x.load.freq))
	x.load.byKey.set(key, id)
	x.load.freq = append(x.load.freq, 0)
	switch how {
	case whole:
		x.load.exact.put(t.hash, id)
		if repeats(s) {
			x.squeezed.put(wordHash(squeezeInto(nil, s)), id)
		}
	case beginning:
		x.prefix.put(hashBytes(s), id)
		x.longestPrefix = max(x.longestPrefix, len(s))
		if repeats(s) {
			x.squeezedPre.put(hashBytes(squeezeInto(nil, s)), id)
		}
	case ending:
		x.suffix.put(hashOf(reverse(string(s))), id)
		x.longestSuffix = max(x.longestSuffix, len(s))
	}
	return id, nil
}

// elementKey keeps the hashes of the three kinds apart.
func elementKey(how byte, hash uint64) uint64 { return (hash ^ uint64(how)) * hashPrime }

// addReversed lets a single word also be found written backwards.
func (x *index) addReversed(text string) {
	const shortest = 4
	folded := Fold(text)
	id, ok := x.load.byKey.get(elementKey(whole, wordHash(folded)))
	back := reverse(folded)
	if !ok || len(folded) < shortest || back == folded {
		return
	}
	if _, taken := x.load.byKey.get(elementKey(whole, wordHash(back))); !taken {
		x.reversed.put(wordHash(back), id)
	}
}

// repeats says that a letter stands twice in a row.
func repeats(s []byte) bool {
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1] {
			return true
		}
	}
	return false
}

// squeezeInto appends s with every repeated letter written once.
func squeezeInto(dst, s []byte) []byte {
	for i, c := range s {
		if i == 0 || c != s[i-1] {
			dst = append(dst, c)
		}
	}
	return dst
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
