package lexicon

// Plain words tilt a score a little; they are no entries, are no evidence and
// open no gate. What is read: each word as it stands, the beginnings of long
// ones, and two that stand side by side.

// Beginnings of words that are read.
const (
	shortestStem = 4
	longestStem  = 6
)

// Keys of the three kinds differ by their seed.
const (
	wordSeed = hashSeed ^ 0x77
	stemSeed = hashSeed ^ 0x5747
	pairSeed = hashSeed ^ 0x7077
)

// plainWords calls yield with the key and the name of each plain word of the
// post, perhaps more than once.
func (j *judge) plainWords(yield func(key uint64, name func() string)) {
	last := -1
	for i, t := range j.toks {
		if t.kind != word && t.kind != number {
			continue
		}
		s := j.text(t)
		yield(plainKey(wordSeed, s), func() string { return string(s) })
		for n := shortestStem; n <= longestStem && n < len(s); n++ {
			yield(plainKey(stemSeed, s[:n]), func() string { return string(s[:n]) + "*" })
		}
		if last >= 0 {
			before := j.text(j.toks[last])
			yield(pairKey(before, s), func() string { return string(before) + " " + string(s) })
		}
		last = i
	}
}

func plainKey(seed uint64, s []byte) uint64 {
	h := seed
	for _, c := range s {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h &^ (1 << 63)
}

func pairKey(a, b []byte) uint64 {
	h := pairSeed
	for _, c := range a {
		h = (h ^ uint64(c)) * hashPrime
	}
	h = (h ^ ' ') * hashPrime
	for _, c := range b {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h &^ (1 << 63)
}

// keyOfName is the key that plainWords gives the word of that name.
func keyOfName(name string) uint64 {
	for i := range len(name) {
		if name[i] == ' ' {
			return pairKey([]byte(name[:i]), []byte(name[i+1:]))
		}
	}
	if n := len(name) - 1; n > 0 && name[n] == '*' {
		return plainKey(stemSeed, []byte(name[:n]))
	}
	return plainKey(wordSeed, []byte(name))
}

// addWords adds the weights of the post's plain words, each once.
func (j *judge) addWords(m *model, sum *headWeights) {
	if m.words.filter == nil {
		return
	}
	j.wordIDs = j.wordIDs[:0]
	j.plainWords(func(key uint64, _ func() string) {
		if !m.words.may(key) {
			return
		}
		from := len(j.wordIDs)
		j.wordIDs = m.words.find(key, j.wordIDs)
		for k := from; k < len(j.wordIDs); k++ {
			if j.wordSeen(j.wordIDs[k], from) {
				continue
			}
			sum.plus(&m.wordWeights[j.wordIDs[k]-1])
		}
	})
}

// wordSeen says whether a word was added before place n.
func (j *judge) wordSeen(id uint32, n int) bool {
	for _, old := range j.wordIDs[:n] {
		if old == id {
			return true
		}
	}
	return false
}
