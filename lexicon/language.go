package lexicon

import (
	"math/bits"
	"slices"
)

// Where a post does not say its language, the small words do: each language's
// words of speech (form, about) and of any offer are entries already. Without
// a guess, the words of thirteen languages would be read into one another.

// guessLanguage keeps the hits of the language that most small words speak
// for; of several where they draw. Where none speaks, all are kept.
func (j *judge) guessLanguage(l *Lexicon) {
	var votes [len(languages)]int
	last := int32(-1)
	var seen uint16
	for i := range j.hits {
		h := &j.hits[i]
		if h.from != last {
			last, seen = h.from, 0
		}
		m := l.meta(h.entry)
		if c := l.families[m.family].category; m.symbol || int(c) < FlagCategories || m.mask == allLanguages || m.mask&seen != 0 {
			continue
		}
		seen |= m.mask
		weight := 1
		if l.families[m.family].category == Form {
			weight = 2
		}
		votes[bits.TrailingZeros16(m.mask)] += weight
	}
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
