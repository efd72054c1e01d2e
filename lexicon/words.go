package lexicon

import "strings"

// Plain words tilt a score; they are no entries. A whole word that tells of a
// category is one kind of evidence, and shown; the others are none. What is
// read: each word as it stands, the beginnings of long ones, two that stand
// side by side, and pictographs.

// Beginnings of words that are read.
const (
	shortestStem = 4
	longestStem  = 6
)

// Keys of the three kinds differ by their seed. The highest bit of a key is 0.
const (
	wordSeed = 0x77
	stemSeed = 0x5747
	pairSeed = 0x7077
	keyMask  = 1<<63 - 1
)

func wordKey(hash uint64) uint64 { return (hash ^ wordSeed) * hashPrime & keyMask }
func stemKey(hash uint64) uint64 { return (hash ^ stemSeed) * hashPrime & keyMask }

// pairKey is the key of two words side by side.
func pairKey(before, hash uint64) uint64 {
	return ((before^pairSeed)*fibonacci ^ hash) * hashPrime & keyMask
}

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
	var last *token
	for i := range j.toks {
		t := &j.toks[i]
		if t.kind == mark {
			continue
		}
		s := j.text(*t)
		yield(wordKey(t.hash), plainWord{text: s, tok: i})
		h := hashSeed
		for n, c := range s[:min(longestStem, len(s)-1)] {
			h = (h ^ uint64(c)) * hashPrime
			if n+1 >= shortestStem {
				yield(stemKey(h), plainWord{text: s[:n+1], stem: true, tok: i})
			}
		}
		if last != nil {
			yield(pairKey(last.hash, t.hash), plainWord{before: j.text(*last), text: s, tok: i})
		}
		last = t
	}
}

// keyOfName is the key that plainWords gives the word of that name.
func keyOfName(name string) uint64 {
	if before, text, ok := strings.Cut(name, " "); ok {
		return pairKey(wordHash(before), wordHash(text))
	}
	if n := len(name) - 1; n > 0 && name[n] == '*' {
		return stemKey(hashOf(name[:n]))
	}
	return wordKey(wordHash(name))
}

// restamp begins a count of what this post already had: a stamp by word, so
// that it costs no clearing.
func (j *judge) restamp(m *model) {
	if len(j.wordStamp) != len(m.wordWeights) || j.stamp == 1<<32-1 {
		j.wordStamp, j.stamp = make([]uint32, len(m.wordWeights)), 0
	}
	j.stamp++
}

// tell collects the post's plain words that tell of a category, each where it
// stands first, and returns the categories, a bit each.
func (j *judge) tell(l *Lexicon) (told uint8) {
	m := l.model
	if m.tellers.size <= 1 {
		return 0
	}
	j.cover(l)
	j.restamp(m)
	for i := range j.toks {
		t := &j.toks[i]
		if t.kind == mark {
			continue
		}
		j.wordIDs = m.tellers.find(wordKey(t.hash), j.wordIDs[:0])
		for _, id := range j.wordIDs {
			if j.wordStamp[id-1] == j.stamp {
				continue
			}
			j.wordStamp[id-1] = j.stamp
			if j.mayTell(plainWord{text: j.text(*t), tok: i}) {
				j.tellers = append(j.tellers, teller{id, t.start, t.end})
				told |= m.telling[id-1]
			}
		}
	}
	return told
}

// addWords adds the weights of the post's plain words, each once.
func (j *judge) addWords(l *Lexicon, sum *headWeights) {
	m := l.model
	if m.words.size <= 1 {
		return
	}
	j.restamp(m)
	j.plainWords(func(key uint64, _ plainWord) {
		j.wordIDs = m.words.find(key, j.wordIDs[:0])
		for _, id := range j.wordIDs {
			if j.wordStamp[id-1] != j.stamp {
				j.wordStamp[id-1] = j.stamp
				sum.plus(&m.wordWeights[id-1])
			}
		}
	})
}
