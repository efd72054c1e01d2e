package lexicon

import (
	"fmt"
	"slices"
	"strings"
)

// Element ids with a meaning of their own inside a pattern.
const (
	anyNumber uint32 = iota + 1 // "<n>": a number
	anyGap                      // "..": up to maxGap words between
	firstID
)

// maxGap is how many words ".." may stand for.
const maxGap = 3

// pattern is an entry's text as a sequence of element ids.
type pattern struct {
	first uint32 // in index.elems
	n     uint8
	at    uint8 // which element it is keyed by
	gaps  bool
}

// index finds entries in a sequence of units.
type index struct {
	exact, prefix, suffix table
	squeezed, squeezedPre table // of what has repeated letters, each written once
	reversed              table // words of offers written backwards
	elems                 []uint32
	pats                  []pattern
	entries               lists[int32]  // pattern → entries
	bucket                lists[uint32] // id → patterns keyed by it

	// What only loading needs. Texts are known by their hash, as in the tables.
	byText map[uint64]uint32 // canonical pattern → pattern
	ids    map[uint64]uint32 // kind and text of an element → id
	freq   []uint32          // id → patterns that have it
	page   page
}

func newIndex() *index {
	return &index{byText: map[uint64]uint32{}, ids: map[uint64]uint32{}, freq: make([]uint32, firstID)}
}

// maxElements bounds the words of one entry.
const maxElements = 12

// add makes entry e findable by text.
func (x *index) add(text string, e int32) error {
	hash := hashOf(text)
	if p, ok := x.byText[hash]; ok {
		x.entries.put(p, e)
		return nil
	}
	ids, gaps, err := x.elements(text)
	if err != nil {
		return err
	}
	p := pattern{first: uint32(len(x.elems)), n: uint8(len(ids)), gaps: gaps}
	x.byText[hash] = uint32(len(x.pats))
	x.entries.put(uint32(len(x.pats)), e)
	x.elems = append(x.elems, ids...)
	x.pats = append(x.pats, p)
	for _, id := range ids {
		x.freq[id]++
	}
	return nil
}

// elements turns "prêt* .. compte" into ids.
func (x *index) elements(text string) (ids []uint32, gaps bool, err error) {
	p := &x.page
	for _, field := range strings.Fields(text) {
		switch field {
		case "..":
			ids, gaps = append(ids, anyGap), true
			continue
		case "<n>":
			ids = append(ids, anyNumber)
			continue
		}
		pre := strings.HasSuffix(field, "*")
		suf := strings.HasPrefix(field, "*")
		p.read(strings.Trim(field, "*"))
		toks := p.toks[:0:0]
		for _, t := range p.toks {
			if t.kind != mark {
				toks = append(toks, t)
			}
		}
		for i, t := range toks {
			how := byte('=')
			if pre && i == len(toks)-1 {
				how = '<'
			} else if suf && i == 0 {
				how = '>'
			}
			id, err := x.element(how, string(p.text(t)))
			if err != nil {
				return nil, false, err
			}
			ids = append(ids, id)
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

// minStem is the shortest stem that may carry a star.
const minStem = 3

func (x *index) element(how byte, text string) (uint32, error) {
	if how != '=' && len(text) < minStem {
		return 0, fmt.Errorf("read %q: a star needs at least %d letters", text, minStem)
	}
	key := elementKey(how, text)
	id, ok := x.ids[key]
	if ok {
		return id, nil
	}
	id = uint32(len(x.freq))
	x.ids[key] = id
	x.freq = append(x.freq, 0)
	short := squeeze(text)
	switch how {
	case '=':
		x.exact.put(hashOf(text), id)
		if short != text {
			x.squeezed.put(hashOf(short), id)
		}
	case '<':
		x.prefix.put(hashOf(text), id)
		if short != text {
			x.squeezedPre.put(hashOf(short), id)
		}
	case '>':
		x.suffix.put(hashOf(reverse(text)), id)
	}
	return id, nil
}

// elementKey is the hash of an element's kind and text.
func elementKey(how byte, text string) uint64 {
	h := (hashSeed ^ uint64(how)) * hashPrime
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * hashPrime
	}
	return h
}

// addReversed lets a single word also be found written backwards.
func (x *index) addReversed(text string) {
	const shortest = 4
	folded := Fold(text)
	id, ok := x.ids[elementKey('=', folded)]
	back := reverse(folded)
	if !ok || len(folded) < shortest || back == folded {
		return
	}
	if _, taken := x.ids[elementKey('=', back)]; !taken {
		x.reversed.put(hashOf(back), id)
	}
}

// seal keys each pattern by its rarest element and frees what only loading needs.
func (x *index) seal() {
	for i := range x.pats {
		p := &x.pats[i]
		if !p.gaps {
			for k := range int(p.n) {
				if x.rarer(x.elems[p.first+uint32(k)], x.elems[p.first+uint32(p.at)]) {
					p.at = uint8(k)
				}
			}
		}
		id := x.elems[p.first+uint32(p.at)]
		x.bucket.put(id, uint32(i))
	}
	x.entries.seal(len(x.pats))
	x.bucket.seal(len(x.freq))
	x.elems, x.pats = slices.Clone(x.elems), slices.Clone(x.pats)
	for _, t := range []*table{&x.exact, &x.squeezed, &x.prefix, &x.squeezedPre, &x.suffix, &x.reversed} {
		t.seal()
	}
	x.byText, x.ids, x.freq, x.page = nil, nil, nil, page{}
}

func (x *index) rarer(a, b uint32) bool {
	if (a == anyNumber) != (b == anyNumber) {
		return b == anyNumber
	}
	return x.freq[a] < x.freq[b]
}

func squeeze(s string) string {
	return string(squeezeInto(nil, []byte(s)))
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
