package lexicon

import (
	"fmt"
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
	exact, squeezed     table
	prefix, squeezedPre table
	suffix              table
	reversed            table // words of offers written backwards
	elems               []uint32
	pats                []pattern
	entries             [][]int32 // pattern → entries
	bucket              [][]uint32
	byText              map[string]uint32 // canonical pattern → pattern
	ids                 map[string]uint32 // element text → id
	freq                []uint32          // id → patterns that have it
}

func newIndex() *index {
	return &index{byText: map[string]uint32{}, ids: map[string]uint32{}, freq: make([]uint32, firstID)}
}

// maxElements bounds the words of one entry.
const maxElements = 12

// add makes entry e findable by text.
func (x *index) add(text string, e int32) error {
	if p, ok := x.byText[text]; ok {
		x.entries[p] = append(x.entries[p], e)
		return nil
	}
	ids, gaps, err := x.elements(text)
	if err != nil {
		return err
	}
	p := pattern{first: uint32(len(x.elems)), n: uint8(len(ids)), gaps: gaps}
	x.byText[text] = uint32(len(x.pats))
	x.elems = append(x.elems, ids...)
	x.pats = append(x.pats, p)
	x.entries = append(x.entries, []int32{e})
	for _, id := range ids {
		x.freq[id]++
	}
	return nil
}

// elements turns "prêt* .. compte" into ids.
func (x *index) elements(text string) (ids []uint32, gaps bool, err error) {
	var p page
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
	key := string(how) + text
	id, ok := x.ids[key]
	if ok {
		return id, nil
	}
	id = uint32(len(x.freq))
	x.ids[key] = id
	x.freq = append(x.freq, 0)
	switch how {
	case '=':
		x.exact.put(hashOf(text), id)
		x.squeezed.put(hashOf(squeeze(text)), id)
	case '<':
		x.prefix.put(hashOf(text), id)
		x.squeezedPre.put(hashOf(squeeze(text)), id)
	case '>':
		x.suffix.put(hashOf(reverse(text)), id)
	}
	return id, nil
}

// addReversed lets a single word also be found written backwards.
func (x *index) addReversed(text string) {
	const shortest = 4
	folded := Fold(text)
	id, ok := x.ids["="+folded]
	back := reverse(folded)
	if !ok || len(folded) < shortest || back == folded {
		return
	}
	if _, taken := x.ids["="+back]; !taken {
		x.reversed.put(hashOf(back), id)
	}
}

// seal keys each pattern by its rarest element and frees what only loading needs.
func (x *index) seal() {
	x.bucket = make([][]uint32, len(x.freq))
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
		x.bucket[id] = append(x.bucket[id], uint32(i))
	}
	for _, t := range []*table{&x.exact, &x.squeezed, &x.prefix, &x.squeezedPre, &x.suffix, &x.reversed} {
		t.seal()
	}
	x.byText, x.freq = nil, nil
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
