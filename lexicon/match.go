package lexicon

import "slices"

// hit is an entry found in the units from..to of a post.
type hit struct {
	entry      int32
	from, to   int32 // units, both included
	start, end int32 // in the folded text
	undo       undoing
	masked     bool // lies inside a longer phrase that means something else
}

// judge is the scratch of one judgement.
type judge struct {
	reader
	lang      int // in languages; -1 where it is not known
	hits      []hit
	words     []unitWord
	fams      []int32 // families present
	famHit    []famState
	wordIDs   []uint32 // plain words with a weight
	wordStamp []uint32 // plain word → the last post that had it
	stamp     uint32
	covered   []bool   // token → part of an entry or recognised shape that is evidence
	tellers   []teller // plain words that tell of a category, in places of their own
}

// teller is a plain word that tells of a category, in the folded text.
type teller struct {
	word       uint32 // place in the model's wordWeights, from 1
	start, end int32
}

// famState is what one post shows of a family.
type famState struct {
	hits     int32
	entry    int32   // the first entry found
	strength float32 // of the firmest entry
	text     bool    // not emoji alone
	firm     bool    // strength 1 or more
	several  bool    // two different entries
	speech   bool    // only inside quotations
}

// match finds the entries of the post's language.
func (j *judge) match(l *Lexicon, mask uint16) {
	j.hits = j.hits[:0]
	keys := uint32(len(j.x.pats))
	for i := range j.units {
		u := &j.units[i]
		if u.n == 0 {
			continue
		}
		for _, id := range j.ids[u.first : u.first+u.n] {
			if id == anyNumber {
				id = j.x.numbers
			}
			if id != 0 && id < keys {
				j.try(l, mask, i, id)
			}
		}
		if len(j.hits) >= maxHits {
			break
		}
	}
	if len(j.hits) == 0 {
		return
	}
	if mask == allLanguages {
		j.guessLanguage(l)
	}
	j.mask(l)
}

// maxHits bounds the entries found in one post.
const maxHits = 4096

// try tries the patterns that lie from at on, keyed by an element of unit i.
func (j *judge) try(l *Lexicon, mask uint16, i int, at uint32) {
	pats := j.x.pats
	from, to := i, -1
	for {
		w := pats[at]
		at++
		switch n := w >> countShift & fourBits; n {
		case 0: // another entry with the pattern before
		case 1:
			from, to = i, i
		default:
			from, to = i-int(w>>keyShift&fourBits), -1
			if from >= 0 {
				to = j.follows(from, pats[at:at+n])
			}
			at += n
		}
		if to >= 0 {
			j.hit(l, mask, int32(w>>entryShift), from, to)
		}
		if w&lastOfKey != 0 {
			return
		}
	}
}

// hit notes that an entry stands in some units, if the post's language has it.
func (j *judge) hit(l *Lexicon, mask uint16, entry int32, from, to int) {
	if l.meta(entry).mask&mask == 0 || j.hasHit(entry, int32(from), int32(to)) {
		return
	}
	var undo undoing
	for k := from; k <= to; k++ {
		undo |= j.units[k].undo
	}
	j.hits = append(j.hits, hit{entry: entry, from: int32(from), to: int32(to), start: j.units[from].start, end: j.units[to].end, undo: undo})
}

// hasHit says whether the entry was just found at that place: a stretched word
// is read as it stands and with its letters written once.
func (j *judge) hasHit(entry, from, to int32) bool {
	const back = 16
	for k := len(j.hits) - 1; k >= 0 && k >= len(j.hits)-back; k-- {
		if h := &j.hits[k]; h.entry == entry && h.from == from && h.to == to {
			return true
		}
	}
	return false
}

// follows matches elements against units from i on and returns the last unit,
// or -1.
func (j *judge) follows(i int, elems []uint32) int {
	for k := 0; k < len(elems); k++ {
		if elems[k] == anyGap {
			return j.afterGap(i, elems[k+1:])
		}
		if i >= len(j.units) || !j.has(i, elems[k]) {
			return -1
		}
		i++
	}
	return i - 1
}

func (j *judge) afterGap(i int, elems []uint32) int {
	for skip := 0; skip <= maxGap && i+skip < len(j.units); skip++ {
		if j.has(i+skip, elems[0]) {
			if to := j.follows(i+skip, elems); to >= 0 {
				return to
			}
		}
	}
	return -1
}

// has says whether unit i may stand for an element.
func (j *judge) has(i int, id uint32) bool {
	u := &j.units[i]
	return slices.Contains(j.ids[u.first:u.first+u.n], id) || u.lazy && j.x.rest.get(j.toks[u.tok].hash) == id
}

// mask hides what lies strictly inside a longer phrase: "coca" in "coca cola".
// A phrase of speech about hides words of every category, any other phrase
// those of its own.
func (j *judge) mask(l *Lexicon) {
	for a := range j.hits {
		long := &j.hits[a]
		if long.to == long.from {
			continue
		}
		c := l.category(long.entry)
		for b := range j.hits {
			short := &j.hits[b]
			if short.from >= long.from && short.to <= long.to && short.to-short.from < long.to-long.from &&
				(c == About && l.category(short.entry) != Form || c == l.category(short.entry)) && !l.unitWord(short.entry) {
				short.masked = true
			}
		}
	}
	j.hits = slices.DeleteFunc(j.hits, func(h hit) bool { return h.masked })
}

func (l *Lexicon) category(entry int32) Category { return l.meta(entry).category }

// unitWord says that an entry is a word of measure, which the recognisers read
// also inside a phrase.
func (l *Lexicon) unitWord(entry int32) bool { return l.meta(entry).unit }
