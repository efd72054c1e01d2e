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
	slots  []slot
	mask   uint64
}

type slot struct {
	hash uint64
	id   uint32
}

func (t *table) put(h uint64, id uint32) { t.staged = append(t.staged, slot{h, id}) }

// seal builds the bitmap (at least 8 bits a key) and the slots (at most half full).
func (t *table) seal() {
	if len(t.staged) == 0 {
		return
	}
	size := uint64(1) << bits.Len(uint(len(t.staged)*2))
	t.slots, t.mask = make([]slot, size), size-1
	fbits := max(size*8, 512)
	t.filter, t.fmask = make([]uint64, fbits/64), fbits-1
	for _, s := range t.staged {
		m := mix(s.hash)
		t.filter[(m&t.fmask)>>6] |= 1 << (m & 63)
		i := (m >> 7) & t.mask
		for t.slots[i].id != 0 {
			i = (i + 1) & t.mask
		}
		t.slots[i] = s
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
	for i := (mix(h) >> 7) & t.mask; t.slots[i].id != 0; i = (i + 1) & t.mask {
		if t.slots[i].hash == h {
			ids = append(ids, t.slots[i].id)
		}
	}
	return ids
}
