package lexicon

// A unit is a word as a reader sees it: a token, or several that a disguise
// took apart. ids are the elements it may stand for.
type unit struct {
	start, end int32 // in the folded text
	first, n   uint32
	tok        int32 // its (first) token
	kind       kind
	undo       undoing
	quoted     bool
	lazy       bool // ids has not what the word itself stands for in index.rest
}

// undoing says what had to be undone to read a word.
type undoing uint16

const (
	undoLeet undoing = 1 << iota
	undoRepeats
	undoSpacing
	undoSplit
	undoTurned
	undoReversed
	undoJoined
	undoInvisible
	undoLookalike
	undoStyled
)

var undoingNames = [...]string{
	"digits for letters", "repeated letters", "letters apart", "split by signs", "turned letters",
	"written backwards", "words run together", "invisible characters", "look-alike letters", "styled letters",
}

func (u undoing) names() (names []string) {
	for i, n := range undoingNames {
		if u>>i&1 != 0 {
			names = append(names, n)
		}
	}
	return names
}

// reader turns a page into units with the ids of an index.
type reader struct {
	page
	x       *index
	units   []unit
	ids     []uint32
	scratch []byte
	joined  []byte
	kept    []byte
	joinedT []int32 // token of each joined byte
	best    []segment
}

func (r *reader) scan(text string) (cut bool) {
	cut = r.read(text)
	r.units, r.ids = r.units[:0], r.ids[:0]
	for i := 0; i < len(r.toks); {
		i = r.next(i)
	}
	return cut
}

// next makes the unit (or units) that begin at token i and returns the token after.
func (r *reader) next(i int) int {
	t := &r.toks[i]
	switch t.kind {
	case mark:
		return i + 1
	case emoji:
		r.plain(i)
		return i + 1
	}
	if t.end-t.start == 1 {
		if n := r.apart(i); n > i {
			return n
		}
	}
	if i+2 < len(r.toks) && r.toks[i+1].kind == emoji {
		if n := r.split(i); n > i {
			return n
		}
	}
	if t.handle {
		r.underscored(i)
		return i + 1
	}
	r.plain(i)
	return i + 1
}

// push adds a unit with the ids from first on.
func (r *reader) push(i int, t *token, first int, undo undoing) *unit {
	n := len(r.units)
	if n == cap(r.units) {
		r.units = append(r.units, unit{})
	}
	r.units = r.units[:n+1]
	u := &r.units[n]
	u.start, u.end, u.tok = t.start, t.end, int32(i)
	u.first, u.n = uint32(first), uint32(len(r.ids)-first)
	u.kind, u.undo, u.quoted, u.lazy = t.kind, undo, t.quoted, false
	return u
}

// plain reads a token as it is, and as leet, stretched or turned when its form
// allows.
func (r *reader) plain(i int) {
	t := &r.toks[i]
	s := r.buf[t.start:t.end]
	first := len(r.ids)
	if t.kind == number || t.mixed || t.run || t.tag {
		r.formed(i, s)
		return
	}
	r.find(s, t.hash)
	var undo undoing
	if len(r.ids) == first && t.kind == word && (r.turned || r.x.reversed.size > 1) && r.x.rest.get(t.hash) == 0 {
		undo = r.rare(i, t.hash)
	}
	r.push(i, t, first, undo).lazy = true
}

// formed reads on where the form of a token allows more: a number with its
// unit, leet, stretched letters, a hashtag.
func (r *reader) formed(i int, s []byte) {
	t := &r.toks[i]
	first := len(r.ids)
	r.lookup(s)
	var undo undoing
	if t.kind == number {
		r.ids = append(r.ids, anyNumber)
		if int(t.num) < len(s) {
			r.lookup(s[t.num:]) // the unit: 60balles
		}
	}
	if t.mixed && r.leet(s) {
		undo |= undoLeet
	}
	known := len(r.ids) > first
	if t.run && r.squeezedLookup(s) {
		undo |= undoRepeats
	}
	if !known && len(r.ids) == first && t.kind == word {
		undo |= r.rare(i, t.hash)
	}
	if t.tag && len(r.ids) == first && r.segments(s, t.start, i) {
		return
	}
	r.push(i, t, first, undo)
}

// rare tries what few posts do: letters upside down, words backwards.
func (r *reader) rare(i int, hash uint64) undoing {
	before := len(r.ids)
	if r.ids = r.x.reversed.find(hash, r.ids); len(r.ids) > before {
		return undoReversed
	}
	if !r.turned {
		return 0
	}
	t := r.toks[i]
	if from, to := r.at(t.start), r.at(t.end); to-from > int(t.end-t.start) && turned(r.src[from:to]) {
		r.scratch = turnInto(r.scratch[:0], r.src[from:to])
		if r.lookup(r.scratch); len(r.ids) > before {
			return undoTurned
		}
	}
	return 0
}

// lookup appends the ids that a spelling stands for.
func (r *reader) lookup(s []byte) {
	h := wordHash(s)
	r.find(s, h)
	r.ids = r.x.rest.find(h, r.ids)
}

// find is lookup without the words that key no pattern: nearly all words of a
// post are no key, and only a neighbour of a key is asked what else it is.
func (r *reader) find(s []byte, hash uint64) {
	x := r.x
	if len(s) >= minStem && x.longestPrefix > 0 {
		r.prefixes(s)
	}
	r.ids = x.keys.find(hash, r.ids)
	if x.longestSuffix > 0 && len(s) > minStem {
		r.suffixes(s)
	}
}

// prefixes appends the ids of the beginnings of s.
func (r *reader) prefixes(s []byte) {
	t := &r.x.prefix
	h := hashSeed
	for i, c := range s[:min(len(s), r.x.longestPrefix)] {
		h = (h ^ uint64(c)) * hashPrime
		if i+1 >= minStem {
			r.ids = t.find(h, r.ids)
		}
	}
}

// suffixes appends the ids of the ends of s.
func (r *reader) suffixes(s []byte) {
	t := &r.x.suffix
	h := hashSeed
	for i := len(s) - 1; i >= max(0, len(s)-r.x.longestSuffix); i-- {
		h = (h ^ uint64(s[i])) * hashPrime
		if len(s)-i >= minStem {
			r.ids = t.find(h, r.ids)
		}
	}
}

// squeezedLookup reads stretched letters: beuuuuh.
func (r *reader) squeezedLookup(s []byte) bool {
	before := len(r.ids)
	sq := squeezeInto(r.scratch[:0], s)
	r.scratch = sq
	h := hashSeed
	for i, c := range sq {
		h = (h ^ uint64(c)) * hashPrime
		if i+1 >= minStem {
			r.ids = r.x.squeezedPre.find(h, r.x.prefix.find(h, r.ids))
		}
	}
	h = wordHash(sq)
	r.ids = r.x.squeezed.find(h, r.x.rest.find(h, r.x.keys.find(h, r.ids)))
	return len(r.ids) > before
}

// leet reads digits and signs as letters; 1 and ! may be i or l.
func (r *reader) leet(s []byte) bool {
	before := len(r.ids)
	ones := r.unleet(s, 'i')
	r.lookup(r.joined)
	if len(r.ids) == before {
		r.squeezedLookup(r.joined)
	}
	if ones {
		r.unleet(s, 'l')
		r.lookup(r.joined)
	}
	return len(r.ids) > before
}

// unleet writes s to r.joined with letters for digits and signs; stars between
// letters fall out. It reports whether a 1 or ! was read as the given letter.
func (r *reader) unleet(s []byte, one byte) (ones bool) {
	r.joined = r.joined[:0]
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '1' || c == '!':
			ones = true
			r.joined = append(r.joined, one)
		case c == '*':
		case c == 0xE2 && i+2 < len(s) && string(s[i:i+3]) == "€":
			r.joined = append(r.joined, 'e')
			i += 2
		default:
			r.joined = append(r.joined, leetLetter[c])
		}
	}
	return ones
}

var leetLetter = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
	}
	for _, p := range [...][2]byte{{'0', 'o'}, {'1', 'i'}, {'!', 'i'}, {'3', 'e'}, {'4', 'a'}, {'@', 'a'}, {'5', 's'}, {'$', 's'}, {'6', 'g'}, {'7', 't'}, {'8', 'b'}, {'9', 'g'}} {
		t[p[0]] = p[1]
	}
	return
}()
