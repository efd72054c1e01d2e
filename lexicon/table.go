package lexicon

import "math/bits"

// FNV-1a, because it grows byte by byte: the hash of every prefix of a word
// comes for free.
const (
	hashSeed  uint64 = 14695981039346656037
	hashPrime uint64 = 1099511628211
)

func hashOf(s string) uint64 {
	h := hashSeed
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

// mix spreads the weak low bits of FNV.
func mix(h uint64) uint64 { return h ^ h>>29 }

// table maps word hashes to element ids: a small bitmap that answers nearly
// all misses, then open addressing. One hash may have several ids.
type table struct {
	staged []slot
	filter []uint64
	fmask  uint64
	hashes []uint64
	ids    []uint32 // 0: the place is free
	mask   uint64
}

type slot struct {
	hash uint64
	id   uint32
}

func (t *table) put(h uint64, id uint32) { t.staged = append(t.staged, slot{h, id}) }

// seal builds the bitmap (at least 16 bits a key) and the places (at most
// three quarters full).
func (t *table) seal() {
	if len(t.staged) == 0 {
		return
	}
	size := uint64(1) << bits.Len(uint(len(t.staged)*4/3))
	t.hashes, t.ids, t.mask = make([]uint64, size), make([]uint32, size), size-1
	fbits := max(uint64(8)<<bits.Len(uint(len(t.staged)*2)), 512)
	t.filter, t.fmask = make([]uint64, fbits/64), fbits-1
	for _, s := range t.staged {
		m := mix(s.hash)
		t.filter[(m&t.fmask)>>6] |= 1 << (m & 63)
		i := (m >> 7) & t.mask
		for t.ids[i] != 0 {
			i = (i + 1) & t.mask
		}
		t.hashes[i], t.ids[i] = s.hash, s.id
	}
	t.staged = nil
}

// may says that h is perhaps in the table.
func (t *table) may(h uint64) bool {
	if t.filter == nil {
		return false
	}
	m := mix(h)
	return t.filter[(m&t.fmask)>>6]>>(m&63)&1 != 0
}

// find appends the ids of h.
func (t *table) find(h uint64, ids []uint32) []uint32 {
	if !t.may(h) {
		return ids
	}
	for i := (mix(h) >> 7) & t.mask; t.ids[i] != 0; i = (i + 1) & t.mask {
		if t.hashes[i] == h {
			ids = append(ids, t.ids[i])
		}
	}
	return ids
}

// lists are many short lists in one piece of memory.
type lists[T int32 | uint32] struct {
	keys  []uint32 // staged, with values, in the order of arrival
	value []T      // sealed: the lists one after the other
	from  []uint32 // where each begins; one more at the end
}

func (l *lists[T]) put(key uint32, v T) {
	l.keys, l.value = append(l.keys, key), append(l.value, v)
}

// seal sorts the values into n lists, each in the order of arrival.
func (l *lists[T]) seal(n int) {
	l.from = make([]uint32, n+2)
	for _, k := range l.keys {
		l.from[k+2]++
	}
	for i := 2; i < len(l.from); i++ {
		l.from[i] += l.from[i-1]
	}
	sorted := make([]T, len(l.value))
	for i, k := range l.keys {
		sorted[l.from[k+1]] = l.value[i]
		l.from[k+1]++
	}
	l.from = l.from[:n+1]
	l.keys, l.value = nil, sorted
}

// of returns a list.
func (l *lists[T]) of(key uint32) []T { return l.value[l.from[key]:l.from[key+1]] }
