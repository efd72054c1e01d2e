package lexicon

import "math/bits"

// Texts, and the beginnings and ends of words, are hashed with FNV-1a, because
// it grows byte by byte: the hash of every prefix comes for free.
const (
	hashSeed  uint64 = 14695981039346656037
	hashPrime uint64 = 1099511628211
)

func hashOf(s string) uint64 { return hashOn(hashSeed, s) }

// hashOn goes on hashing.
func hashOn(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h
}

func hashBytes(s []byte) uint64 {
	h := hashSeed
	for _, c := range s {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}

// wordHash is the hash of a whole word: eight bytes at a time, the last ones
// filled up with zeros, which no folded text has. Words of up to eight bytes
// never collide.
func wordHash[T string | []byte](s T) uint64 {
	h := hashSeed
	for len(s) >= 8 {
		h = hashStep(h, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56)
		s = s[8:]
	}
	if len(s) == 0 {
		return h
	}
	var last uint64
	for i := range len(s) {
		last |= uint64(s[i]) << (8 * i)
	}
	return hashStep(h, last)
}

// hashStep hashes eight bytes more. Its shift is another one than that of mix:
// the two would undo each other, and the lower bits know only the first bytes.
func hashStep(h, eight uint64) uint64 {
	h = (h ^ eight) * fibonacci
	return h ^ h>>29
}

// fibonacci spreads what a hash has over all its bits.
const fibonacci = 0x9E3779B97F4A7C15

// mix makes both ends of an FNV hash good: the upper bits choose a place, the
// lower ones tell keys of neighbouring places apart. It loses nothing.
func mix(h uint64) uint64 { return (h ^ h>>32) * fibonacci }

// spread is where a mixed hash falls among n places.
func spread(m, n uint64) uint64 {
	hi, _ := bits.Mul64(m, n)
	return hi
}

// table maps word hashes to numbers: a bitmap that answers nearly all misses
// with one load, then open addressing. One hash may have several numbers,
// found in the order in which they were put.
//
// A place holds a number and the lower 40 bits of the mixed hash; with those
// that chose the place, 55 bits and more of the hash are compared.
type table struct {
	staged []slot
	filter []uint64
	words  uint64 // of filter
	slots  []uint64
	size   uint64 // of slots
}

type slot struct {
	hash uint64
	id   uint32
}

// Bits of a place.
const (
	tagBits   = 40
	tagMask   = 1<<tagBits - 1
	maxNumber = 1<<(64-tagBits) - 1 // largest number that a table can give
)

func (t *table) put(h uint64, id uint32) { t.staged = append(t.staged, slot{h, id}) }

// seal builds the bitmap (16 bits a key, two of them set) and the places (three
// quarters full).
func (t *table) seal() {
	n := uint64(len(t.staged))
	t.words, t.size = n/4+1, n+n/3+1
	t.filter, t.slots = make([]uint64, t.words), make([]uint64, t.size)
	for _, s := range t.staged {
		m := mix(s.hash)
		t.filter[spread(m, t.words)] |= 1<<(m&63) | 1<<(m>>6&63)
		i := spread(m, t.size)
		for t.slots[i] != 0 {
			if i++; i == t.size {
				i = 0
			}
		}
		t.slots[i] = uint64(s.id)<<tagBits | m&tagMask
	}
	t.staged = nil
}

// may says that the mixed hash is perhaps in the table.
func (t *table) may(m uint64) bool {
	if t.words == 0 {
		return false
	}
	w := t.filter[spread(m, t.words)]
	return w>>(m&63)&(w>>(m>>6&63))&1 != 0
}

// find appends the numbers of h.
func (t *table) find(h uint64, ids []uint32) []uint32 {
	if m := mix(h); t.may(m) {
		return t.probe(m, ids)
	}
	return ids
}

func (t *table) probe(m uint64, ids []uint32) []uint32 {
	for i := spread(m, t.size); ; {
		s := t.slots[i]
		if s == 0 {
			return ids
		}
		if s&tagMask == m&tagMask {
			ids = append(ids, uint32(s>>tagBits))
		}
		if i++; i == t.size {
			i = 0
		}
	}
}

// get returns the first number of h, or 0.
func (t *table) get(h uint64) uint32 {
	m := mix(h)
	if !t.may(m) {
		return 0
	}
	for i := spread(m, t.size); t.slots[i] != 0; {
		if t.slots[i]&tagMask == m&tagMask {
			return uint32(t.slots[i] >> tagBits)
		}
		if i++; i == t.size {
			i = 0
		}
	}
	return 0
}

// numbering gives hashes numbers while a lexicon is loaded: open addressing,
// at most three quarters full.
type numbering struct {
	slots []slot // id is the number plus one; 0 is a free place
	n     int
}

// at returns the place of h: that of its number, or the free one for it.
func (t *numbering) at(h uint64) *slot {
	for i := spread(mix(h), uint64(len(t.slots))); ; {
		if s := &t.slots[i]; s.id == 0 || s.hash == h {
			return s
		}
		if i++; i == uint64(len(t.slots)) {
			i = 0
		}
	}
}

// get returns the number of h.
func (t *numbering) get(h uint64) (uint32, bool) {
	if t.n == 0 {
		return 0, false
	}
	s := t.at(h)
	return s.id - 1, s.id != 0
}

// set gives h, which has none, a number.
func (t *numbering) set(h uint64, number uint32) {
	if t.n*4 >= len(t.slots)*3 {
		old := t.slots
		t.slots = make([]slot, max(256, 2*len(old)))
		for _, s := range old {
			if s.id != 0 {
				*t.at(s.hash) = s
			}
		}
	}
	*t.at(h) = slot{h, number + 1}
	t.n++
}

// sorted returns for each of n keys where its values begin, and the values'
// places key by key, each key's in the order of arrival.
func sorted(keys []uint32, n int) (from, places []uint32) {
	from = make([]uint32, n+1)
	for _, k := range keys {
		from[k+1]++
	}
	for i := 1; i <= n; i++ {
		from[i] += from[i-1]
	}
	places, next := make([]uint32, len(keys)), append([]uint32(nil), from[:n]...)
	for i, k := range keys {
		places[next[k]] = uint32(i)
		next[k]++
	}
	return from, places
}
