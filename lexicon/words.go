package lexicon

// Plain words tilt a score; they are no entries. A whole word that tells of a
// category is one kind of evidence, and shown; the others are none. What is
// read: each word as it stands, the beginnings of long ones, two that stand
// side by side, and pictographs.

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

// plainWord is one of what plainWords yields.
type plainWord struct {
	before, text []byte // before is set for two words
	stem         bool
	tok          int
}

// mayTell says whether a word can stand as evidence by itself: a whole word of
// letters in a place where nothing else was found.
func (j *judge) mayTell(w plainWord) bool {
	return w.before == nil && !w.stem && j.toks[w.tok].kind == word && len(w.text) >= shortestTeller && !j.covered[w.tok]
}

// Plain words that count as a kind of evidence.
const (
	shortestTeller = 3   // letters
	leastTelling   = 0.3 // log-odds, as the score takes them
)

// cover notes which tokens are part of what was found: a word is no second
// kind of evidence beside itself.
func (j *judge) cover(l *Lexicon) {
	if cap(j.covered) < len(j.toks) {
		j.covered = make([]bool, len(j.toks)*2)
	}
	j.covered = j.covered[:len(j.toks)]
	clear(j.covered)
	for _, h := range j.hits {
		if c := l.families[l.meta(h.entry).family].category; int(c) >= FlagCategories && c != Shared {
			continue
		}
		for _, u := range j.units[h.from : h.to+1] {
			for t := u.tok; int(t) < len(j.toks) && j.toks[t].start < u.end; t++ {
				j.covered[t] = true
			}
		}
	}
}

// name is how weights.txt writes it.
func (w plainWord) name() string {
	switch {
	case w.before != nil:
		return string(w.before) + " " + string(w.text)
	case w.stem:
		return string(w.text) + "*"
	}
	return string(w.text)
}

// plainWords calls yield with the key of each plain word of the post, perhaps
// more than once.
func (j *judge) plainWords(yield func(key uint64, w plainWord)) {
	last := -1
	for i, t := range j.toks {
		if t.kind == mark {
			continue
		}
		s := j.text(t)
		yield(plainKey(wordSeed, s), plainWord{text: s, tok: i})
		for n := shortestStem; n <= longestStem && n < len(s); n++ {
			yield(plainKey(stemSeed, s[:n]), plainWord{text: s[:n], stem: true, tok: i})
		}
		if last >= 0 {
			before := j.text(j.toks[last])
			yield(pairKey(before, s), plainWord{before: before, text: s, tok: i})
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

// addWords adds the weights of the post's plain words, each once, and keeps
// those that tell. A stamp says
// which words this post already had, so that it costs no clearing.
func (j *judge) addWords(l *Lexicon, sum *headWeights) {
	m := l.model
	if m.words.size == 0 {
		return
	}
	j.cover(l)
	if len(j.wordStamp) != len(m.wordWeights) || j.stamp == 1<<32-1 {
		j.wordStamp, j.stamp = make([]uint32, len(m.wordWeights)), 0
	}
	j.stamp++
	j.plainWords(func(key uint64, w plainWord) {
		j.wordIDs = m.words.find(key, j.wordIDs[:0])
		for _, id := range j.wordIDs {
			if j.wordStamp[id-1] != j.stamp {
				j.wordStamp[id-1] = j.stamp
				sum.plus(&m.wordWeights[id-1])
				if m.telling[id-1] != 0 && j.mayTell(w) {
					t := j.toks[w.tok]
					j.tellers = append(j.tellers, teller{id, t.start, t.end})
				}
			}
		}
	})
}
