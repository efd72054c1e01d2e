package lexicon

import (
	_ "embed" // the small words
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// Where a post does not say its language, its small words do, and the entries
// that it has of one language alone. Without a guess, the words of thirteen
// languages would be read into one another.

//go:embed smallwords.txt
var smallWordsFile string

// smallWords is the languages that have a word among their smallest.
var smallWords = sync.OnceValue(func() map[string]uint16 {
	words := map[string]uint16{}
	for line := range strings.Lines(smallWordsFile) {
		code, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		bit, _ := languageBit(code)
		for _, w := range strings.Fields(list) {
			words[w] |= bit
		}
	}
	return words
})

// What a word says of a post's language: a small word of one language says
// more than one of several, and both more than an entry.
const (
	smallAlone  = 4
	smallShared = 2
	entryVote   = 1
)

// guessLanguage keeps the hits of the language that most words speak for; of
// several where they draw. Where none speaks, all are kept.
func (j *judge) guessLanguage(l *Lexicon) {
	var votes [len(languages)]int
	for _, t := range j.toks {
		if t.kind != word || t.handle {
			continue
		}
		of := smallWords()[string(j.text(t))]
		weight := smallShared
		if bits.OnesCount16(of) == 1 {
			weight = smallAlone
		}
		for ; of != 0; of &= of - 1 {
			votes[bits.TrailingZeros16(of)] += weight
		}
	}
	j.voteOfEntries(l, &votes)
	top := slices.Max(votes[:])
	if top == 0 {
		return
	}
	var mask uint16
	for i, n := range votes {
		if n == top {
			j.lang = i
			mask |= languageMask(languages[i])
		}
	}
	j.hits = slices.DeleteFunc(j.hits, func(h hit) bool { return l.meta(h.entry).mask&mask == 0 })
}

// voteOfEntries counts the words of which entries of one language were found,
// once for each language.
func (j *judge) voteOfEntries(l *Lexicon, votes *[len(languages)]int) {
	last := int32(-1)
	var seen uint16
	for i := range j.hits {
		h := &j.hits[i]
		if h.from != last {
			last, seen = h.from, 0
		}
		m := l.meta(h.entry)
		if m.symbol || m.mask == allLanguages || m.mask&seen != 0 {
			continue
		}
		seen |= m.mask
		votes[bits.TrailingZeros16(m.mask)] += entryVote
	}
}
