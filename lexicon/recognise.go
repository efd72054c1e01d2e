package lexicon

// Recognisers find what no word list can hold: prices, ladders, quantities,
// hours, areas, ages, telephone shapes, handles. They read units and the marks
// between them. Their words (currencies, units, "until") are entries of the
// families unit-*, so that each language brings its own.

// amount is a number read.
type amount struct {
	value float64
	days  bool
}

// recognisers holds the pseudo entries of recognised signals.
type recognisers struct {
	n   int
	ids [recCount]int32
	fam struct{ currency, weight, piece, clock, each, until int32 }
}

type rec int

const (
	recPrice rec = iota
	recLadder
	recBulk
	recUnitPrice
	recQuantity
	recPercent
	recHours
	recNight
	recPhone
	recHandle
	recAge
	recArea
	recLarge
	recCount
)

var recNames = [recCount]string{
	"price", "price-ladder", "bulk-price", "unit-price", "quantity", "percentage", "hours", "night-hours",
	"phone", "handle", "young-age", "area-code", "large-sum",
}

// recogniserPrefix begins the IDs of recognised shapes.
const recogniserPrefix = "recogniser/"

// inWords says whether a shape has a word in it: figures alone are no words.
func (r rec) inWords() bool { return r == recQuantity || r == recUnitPrice || r == recHandle }

func (l *Lexicon) addRecognisers() error {
	for i, name := range recNames {
		at, err := l.newSection(section{prefix: recogniserPrefix, proto: Entry{Sense: name, Category: Shared.String(), Family: name,
			Language: "mul", Source: "recogniser", Confidence: "medium", Strength: 1}}, Shared, allLanguages)
		if err != nil {
			return err
		}
		if l.recog.ids[i], err = l.keep(name, at, 0, !rec(i).inWords()); err != nil {
			return err
		}
	}
	l.recog.n = int(recCount)
	f := &l.recog.fam
	f.currency, f.weight = l.familyOf(Shared, "unit-currency"), l.familyOf(Shared, "unit-weight")
	f.piece, f.clock = l.familyOf(Shared, "unit-piece"), l.familyOf(Shared, "unit-clock")
	f.each, f.until = l.familyOf(Shared, "unit-each"), l.familyOf(Shared, "unit-until")
	return nil
}

// numberUnit is what the sweep knows about each unit: which unit words are there.
type unitWord uint8

const (
	isCurrency unitWord = 1 << iota
	isWeight
	isPiece
	isClock
	isEach
	isUntil
)

// recognise appends the recognised signals.
func (j *judge) recognise(l *Lexicon) {
	if len(j.hits) == 0 && !j.figures {
		return
	}
	words := j.unitWords(l)
	bulk, ladder := 0, 0
	for i := range j.units {
		u := &j.units[i]
		t := j.toks[u.tok]
		if t.handle {
			j.found(l, recHandle, i, i)
			continue
		}
		if u.kind != number {
			continue
		}
		n := j.number(u)
		after, before := words[i]|j.wordAt(words, i+1), j.wordAt(words, i-1)
		markAfter, markBefore := j.markAfter(u), j.markBefore(u)
		money := after&isCurrency != 0 || before&isCurrency != 0 || isMoney(markAfter) || isMoney(markBefore)
		if money {
			j.found(l, recPrice, i, i)
			if n.value >= largeSum {
				j.found(l, recLarge, i, i)
			}
		} else if n.value >= largeSum && n.value < 200000 && n.value != 2030 && !yearLike(n) {
			j.found(l, recLarge, i, i)
		}
		if markAfter == '%' {
			j.found(l, recPercent, i, i)
		}
		if after&isWeight != 0 {
			j.found(l, recQuantity, i, i)
		}
		if (after&isEach != 0 || j.wordAt(words, i+2)&isEach != 0 && (money || after&isCurrency != 0)) && n.value >= 2 {
			j.found(l, recUnitPrice, i, i)
		}
		if j.pairs(words, i) {
			if bulk++; bulk == 1 {
				j.found(l, recBulk, i, i+1)
			}
			if bulk == 2 {
				ladder = 3
			}
		}
		if j.slashLadder(i) {
			ladder = 3
		}
		if ladder == 3 {
			j.found(l, recLadder, i, i)
			ladder = 4
		}
		j.hours(l, words, i, n)
		j.age(l, i, n)
		j.phone(l, i)
		j.area(l, i, n)
	}
}

const largeSum = 300

func yearLike(n amount) bool { return n.value >= 1900 && n.value <= 2040 && n.days }

func isMoney(c rune) bool { return c == '€' || c == '$' || c == '£' }

// unitWords collects the unit words from the hits, which are then dropped:
// "gram" is a unit, not evidence.
func (j *judge) unitWords(l *Lexicon) []unitWord {
	if cap(j.words) < len(j.units) {
		j.words = make([]unitWord, len(j.units)*2)
	}
	words := j.words[:len(j.units)]
	clear(words)
	f := &l.recog.fam
	kept := j.hits[:0]
	for _, h := range j.hits {
		var w unitWord
		switch l.meta(h.entry).family {
		case f.currency:
			w = isCurrency
		case f.weight:
			w = isWeight
		case f.piece:
			w = isPiece
		case f.clock:
			w = isClock
		case f.each:
			w = isEach
		case f.until:
			w = isUntil
		default:
			kept = append(kept, h)
			continue
		}
		words[h.from] |= w
	}
	j.hits = kept
	return words
}

func (j *judge) wordAt(words []unitWord, i int) unitWord {
	if i < 0 || i >= len(words) || j.units[i].kind == number {
		return 0
	}
	return words[i]
}

func (j *judge) found(l *Lexicon, r rec, from, to int) {
	if to >= len(j.units) {
		to = len(j.units) - 1
	}
	j.hits = append(j.hits, hit{entry: l.recog.ids[r], from: int32(from), to: int32(to),
		start: j.units[from].start, end: j.units[to].end, undo: j.units[from].undo})
}

// number reads the digits of a unit: 1.480, 3,5, 20.
func (j *judge) number(u *unit) amount {
	t := j.toks[u.tok]
	s := j.buf[t.start : t.start+t.num]
	var whole, frac float64
	scale, dot, group := 1.0, -1, 0
	for k, c := range s {
		if c == '.' || c == ',' {
			dot, group = k, 0
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		group++
		if dot < 0 {
			whole = whole*10 + float64(c-'0')
		} else {
			frac, scale = frac*10+float64(c-'0'), scale*10
		}
	}
	v := whole + frac/scale
	if dot >= 0 && group == 3 {
		v = whole*1000 + frac
	}
	if rest := j.buf[t.start+t.num : t.end]; len(rest) == 1 && rest[0] == 'k' {
		v *= 1000
	}
	return amount{value: v, days: len(s) == 4 && dot < 0}
}

// markAfter returns the sign that stands right after a unit, spaces skipped.
func (j *judge) markAfter(u *unit) rune {
	for k := u.end; k < int32(len(j.buf)); k++ {
		if c := j.buf[k]; c != ' ' {
			return j.runeAt(k)
		}
	}
	return 0
}

func (j *judge) markBefore(u *unit) rune {
	k := u.start - 1
	for k >= 0 && j.buf[k] == ' ' {
		k--
	}
	for k > 0 && j.buf[k]&0xC0 == 0x80 {
		k--
	}
	if k < 0 {
		return 0
	}
	return j.runeAt(k)
}

func (j *judge) runeAt(k int32) rune {
	if j.buf[k] < 0x80 {
		return rune(j.buf[k])
	}
	for _, r := range string(j.buf[k:min(int(k)+4, len(j.buf))]) {
		return r
	}
	return 0
}
