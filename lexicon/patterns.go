package lexicon

import (
	"fmt"
	"slices"
)

// The patterns of a lexicon lie one after the other in one piece of memory,
// those keyed by the same element together, in the order of arrival. Each is a
// word, and the numbers of its elements when there are several:
//
//	entry<<9 | elements<<5 | place of the key<<1 | last of its key
//
// No elements means: another entry with the pattern before.
const (
	entryShift    = 9
	countShift    = 5
	keyShift      = 1
	lastOfKey     = 1
	fourBits      = 15
	maxEntryCount = 1 << (32 - entryShift)
)

// seal keys each pattern by its rarest element, lays the patterns out, builds
// the tables and frees what only loading needs.
func (x *index) seal() error {
	s := x.load
	if len(s.patOf) > maxEntryCount {
		return fmt.Errorf("load lexicon: more than %d entries", maxEntryCount)
	}
	keys := make([]uint32, len(s.pats))
	for i := range s.pats {
		s.pats[i].at = s.key(&s.pats[i])
		keys[i] = s.elems[s.pats[i].first+uint32(s.pats[i].at)]
	}
	b := layout{staging: s, number: make([]uint32, len(s.freq))}
	b.keyFrom, b.byKey = sorted(keys, len(s.freq))
	b.entryFrom, b.entries = sorted(s.patOf, len(s.pats))
	size, most := b.place()
	if most > maxNumber {
		return fmt.Errorf("load lexicon: more than %d different words", maxNumber)
	}
	x.pats, x.numbers = make([]uint32, firstID, size), b.number[anyNumber]
	b.number[anyNumber], b.number[anyGap] = anyNumber, anyGap
	for id := range s.freq {
		x.pats = b.write(x.pats, id)
	}
	for _, w := range s.exact.staged {
		if b.number[w.id] < uint32(len(x.pats)) {
			x.keys.put(w.hash, w.id)
		} else {
			x.rest.put(w.hash, w.id)
		}
	}
	for _, t := range []*table{&x.keys, &x.rest, &x.squeezed, &x.prefix, &x.squeezedPre, &x.suffix, &x.reversed} {
		for i := range t.staged {
			t.staged[i].id = b.number[t.staged[i].id]
		}
		t.seal()
	}
	x.load = nil
	return nil
}

// key is the place of a pattern's rarest element; a pattern with gaps is read
// from its first one.
func (s *staging) key(p *pattern) (at uint8) {
	if p.gaps {
		return 0
	}
	for k := range p.n {
		if s.rarer(s.elems[p.first+uint32(k)], s.elems[p.first+uint32(at)]) {
			at = k
		}
	}
	return at
}

func (s *staging) rarer(a, b uint32) bool {
	if (a == anyNumber) != (b == anyNumber) {
		return b == anyNumber
	}
	return s.freq[a] < s.freq[b]
}

// layout is where patterns go.
type layout struct {
	*staging
	keyFrom, byKey     []uint32 // element → patterns keyed by it
	entryFrom, entries []uint32 // pattern → its entries
	number             []uint32 // element → its final number
}

// place numbers the elements: those that key patterns by where these begin,
// the others from there on. It returns the patterns' size and the last number.
func (b *layout) place() (size, last uint32) {
	size = firstID
	for id := range b.freq {
		keyed := b.byKey[b.keyFrom[id]:b.keyFrom[id+1]]
		if len(keyed) > 0 {
			b.number[id] = size
		}
		for _, p := range keyed {
			size += b.entryFrom[p+1] - b.entryFrom[p]
			if n := b.pats[p].n; n > 1 {
				size += uint32(n)
			}
		}
	}
	last = size
	for id := firstID; id < uint32(len(b.freq)); id++ {
		if b.number[id] == 0 {
			b.number[id] = last
			last++
		}
	}
	return size, last
}

// write appends the patterns keyed by an element.
func (b *layout) write(pats []uint32, id int) []uint32 {
	at := -1 // of the last record
	for _, k := range b.byKey[b.keyFrom[id]:b.keyFrom[id+1]] {
		p := &b.staging.pats[k]
		head := uint32(p.n)<<countShift | uint32(p.at)<<keyShift
		for _, e := range b.entries[b.entryFrom[k]:b.entryFrom[k+1]] {
			at = len(pats)
			pats = append(pats, e<<entryShift|head)
			if head != 0 && p.n > 1 {
				for _, elem := range b.elems[p.first : p.first+uint32(p.n)] {
					pats = append(pats, b.number[elem])
				}
			}
			head = 0
		}
	}
	if at >= 0 {
		pats[at] |= lastOfKey
	}
	return pats
}

// entriesOf calls yield with the entries whose pattern is text, until it
// returns false.
func (x *index) entriesOf(text string, yield func(entry int32) bool) {
	var p page
	elems, _, err := elements(&p, text, nil, x.known)
	if err != nil {
		return
	}
	for k, id := range elems {
		for at := x.keyed(id); at != 0; {
			w := x.pats[at]
			at++
			n := int(w >> countShift & fourBits)
			same := n == len(elems) && int(w>>keyShift&fourBits) == k
			if n > 1 {
				same = same && slices.Equal(x.pats[at:at+uint32(n)], elems)
				at += uint32(n)
			}
			for ; ; at++ {
				if same && !yield(int32(w>>entryShift)) {
					return
				}
				if w&lastOfKey != 0 {
					at = 0
					break
				}
				if w = x.pats[at]; w>>countShift&fourBits != 0 {
					break
				}
			}
		}
	}
}

// keyed is where the patterns keyed by an element begin, or 0.
func (x *index) keyed(id uint32) uint32 {
	switch {
	case id == anyNumber:
		return x.numbers
	case id < firstID || id >= uint32(len(x.pats)):
		return 0
	}
	return id
}

// known returns the number of an element, or an error when no entry has it.
func (x *index) known(how byte, t token, s []byte) (id uint32, err error) {
	switch how {
	case whole:
		id = x.exact(t.hash)
	case beginning:
		id = x.prefix.get(hashBytes(s))
	case ending:
		id = x.suffix.get(hashOf(reverse(string(s))))
	}
	if id == 0 {
		return 0, fmt.Errorf("no entry has %q", s)
	}
	return id, nil
}

// exact is the number of a whole word, or 0.
func (x *index) exact(hash uint64) uint32 {
	if id := x.keys.get(hash); id != 0 {
		return id
	}
	return x.rest.get(hash)
}
