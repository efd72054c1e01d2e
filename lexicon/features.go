package lexicon

import (
	"fmt"
	"strconv"
)

// A feature is something a person can name that a post shows or does not show:
// a family, a sense, two families together, how many, how firm, how the post is
// shaped. Weights are written by these names, and scores add them up.

// facet is what is asked of a family.
type facet int32

const (
	present facet = iota // any entry of the family
	firm                 // one whose strength is 1 or more
	several              // two different entries
	quoted               // only inside a quotation
	facets
)

var facetNames = [facets]string{"family:", "firm:", "several:", "quoted:"}

// Bounds of the features that count.
const (
	maxCounted = 8 // families told apart by counting
	maxSummed  = 5 // whole strengths told apart by adding
)

// shape is what is asked of the whole post.
type shape int32

const (
	shapeQuestion shape = iota
	shapeExclaim
	shapeShort    // under 8 words
	shapeMedium   // 8 to 15
	shapeLong     // 30 and more
	shapeVeryLong // 60 and more
	shapeNumber   // a number
	shapeNumbers  // three and more
	shapeEmoji    // a pictograph
	shapeEmojis   // three and more
	shapeQuote    // quotation marks
	shapeTags     // three hashtags and more
	shapeHandle   // a handle
	shapeUndone   // a word of a category was disguised
	shapeTens     // a round number from 20 to 95
	shapeHundreds // … from 100 to 990
	shapeGrand    // … from 1,000 on
	shapeRounds   // two round numbers and more
	shapeRounds3  // three
	shapeRounds4  // four
	shapeUneven   // a whole number from 13 on that is not round
	shapeDecimal  // a number with a fraction
	shapeClock    // 18:30
	shapeBare     // a round number beside which no currency stands
	shapes
)

var shapeNames = [shapes]string{
	"question", "exclamation", "short", "medium", "long", "very-long", "number", "numbers",
	"emoji", "emojis", "quotation-marks", "hashtags", "handle", "disguised-word",
	"tens", "hundreds", "thousands", "round-numbers", "three-round-numbers", "four-round-numbers", "uneven-number", "decimals", "clock", "bare-number",
}

// featureSpace numbers the features of a lexicon, entries and pairs not counted.
type featureSpace struct {
	families, senses, counts, sums, shapes, undoings, languages, n int32
	at                                                             map[string]int32
	names                                                          []string
}

func newFeatureSpace(l *Lexicon) featureSpace {
	s := featureSpace{at: map[string]int32{}}
	s.add("bias")
	s.families = s.n
	for _, f := range l.families {
		for k := range facets {
			s.add(facetNames[k] + f.key)
		}
	}
	s.senses = s.n
	for _, key := range l.senses {
		s.add("sense:" + key)
	}
	s.counts = s.n
	for c := range categoryCount {
		for k := 2; k <= maxCounted; k++ {
			s.add("count:" + Category(c).String() + ">=" + strconv.Itoa(k))
		}
	}
	s.sums = s.n
	for c := range categoryCount {
		for k := 1; k <= maxSummed; k++ {
			s.add("sum:" + Category(c).String() + ">=" + strconv.Itoa(k))
		}
	}
	s.shapes = s.n
	for _, name := range shapeNames {
		s.add("shape:" + name)
	}
	s.undoings = s.n
	for _, name := range undoingNames {
		s.add(fmt.Sprintf("undone:%s", name))
	}
	s.languages = s.n
	for _, code := range Languages() {
		s.add("language:" + code)
	}
	return s
}

func (s *featureSpace) add(name string) {
	s.at[name] = s.n
	s.names = append(s.names, name)
	s.n++
}

// features calls yield with each feature of the judged post. Pairs and entries
// are left to the caller, who knows which have weights.
func (j *judge) features(l *Lexicon, yield func(feature int32)) {
	s := &l.feats
	yield(0)
	for _, f := range j.fams {
		st := &j.famHit[f]
		at := s.families + f*int32(facets)
		yield(at + int32(present))
		if st.firm {
			yield(at + int32(firm))
		}
		if st.several {
			yield(at + int32(several))
		}
		if st.speech {
			yield(at + int32(quoted))
		}
	}
	for i := range j.hits {
		if m := l.meta(j.hits[i].entry); !j.senseEarlier(l, i, m.sense) {
			yield(s.senses + m.sense)
		}
	}
	for c, n := range j.counts(l) {
		for k := 2; k <= min(n, maxCounted); k++ {
			yield(s.counts + int32(c*(maxCounted-1)+k-2))
		}
	}
	for c, v := range j.sums(l) {
		for k := 1; k <= maxSummed && v >= float32(k); k++ {
			yield(s.sums + int32(c*maxSummed+k-1))
		}
	}
	j.shaped(l, func(sh shape) { yield(s.shapes + int32(sh)) })
	if j.lang >= 0 {
		yield(s.languages + int32(j.lang))
	}
	undone := j.undone(l)
	for k := range undoingNames {
		if undone>>k&1 != 0 {
			yield(s.undoings + int32(k))
		}
	}
}

// senseEarlier says whether a hit before i already had that sense.
func (j *judge) senseEarlier(l *Lexicon, i int, sense int32) bool {
	for _, h := range j.hits[:i] {
		if l.meta(h.entry).sense == sense {
			return true
		}
	}
	return false
}

// sums adds up, by category, the strength of the firmest entry of each family.
func (j *judge) sums(l *Lexicon) (v [categoryCount]float32) {
	for _, f := range j.fams {
		v[l.families[f].category] += j.famHit[f].strength
	}
	return v
}

// undone collects the disguises of words of a category.
func (j *judge) undone(l *Lexicon) (u undoing) {
	for _, h := range j.hits {
		if m := l.meta(h.entry); !m.symbol && int(l.families[m.family].category) < FlagCategories {
			u |= h.undo | j.styles(h)
		}
	}
	return u
}

// shaped yields the shapes of the whole post.
func (j *judge) shaped(l *Lexicon, yield func(shape)) {
	var words, numbers, emojis, tags, handles int
	var question, exclaim, quote bool
	for _, t := range j.toks {
		switch t.kind {
		case word:
			words++
		case number:
			words++
			numbers++
		case emoji:
			emojis++
		case mark:
			switch j.buf[t.start] {
			case '?':
				question = true
			case '!':
				exclaim = true
			case '"':
				quote = true
			}
		}
		if t.tag {
			tags++
		}
		if t.handle {
			handles++
		}
	}
	n := j.amounts(l)
	has := [shapes]bool{
		shapeTens: n.tens > 0, shapeHundreds: n.hundreds > 0, shapeGrand: n.thousands > 0,
		shapeRounds: n.round() >= 2, shapeRounds3: n.round() >= 3, shapeRounds4: n.round() >= 4,
		shapeUneven: n.uneven > 0, shapeDecimal: n.decimals > 0, shapeClock: n.clocks > 0, shapeBare: n.bare > 0,
		shapeQuestion: question, shapeExclaim: exclaim, shapeShort: words < 8, shapeMedium: words >= 8 && words < 16,
		shapeLong: words >= 30, shapeVeryLong: words >= 60, shapeNumber: numbers > 0, shapeNumbers: numbers >= 3,
		shapeEmoji: emojis > 0, shapeEmojis: emojis >= 3, shapeQuote: quote, shapeTags: tags >= 3, shapeHandle: handles > 0,
		shapeUndone: j.undone(l) != 0,
	}
	for s, yes := range has {
		if yes {
			yield(shape(s))
		}
	}
}

// amounts counts the numbers of a post by how they are made. Whoever sells
// without a till asks for round sums; a shop, a timetable and a diary do not.
type amounts struct{ tens, hundreds, thousands, uneven, decimals, clocks, bare int }

func (a amounts) round() int { return a.tens + a.hundreds + a.thousands }

func (j *judge) amounts(l *Lexicon) (a amounts) {
	for i := range j.units {
		u := &j.units[i]
		if u.kind != number {
			continue
		}
		v := j.number(u).value
		next := j.markAfter(u)
		if next == ':' && i+1 < len(j.units) && j.units[i+1].kind == number && v < 25 && j.number(&j.units[i+1]).value < 60 {
			a.clocks++
			continue
		}
		whole := v == float64(int64(v))
		round := false
		switch {
		case !whole:
			a.decimals++
		case v >= 20 && v < 100 && int64(v)%5 == 0:
			a.tens++
			round = true
		case v >= 100 && v < 1000 && int64(v)%10 == 0:
			a.hundreds++
			round = true
		case v >= 1000 && v < 100000 && int64(v)%100 == 0:
			a.thousands++
			round = true
		case v >= 13:
			a.uneven++
		}
		if round && !isMoney(next) && !isMoney(j.markBefore(u)) {
			a.bare++
		}
	}
	return a
}
