package lexicon

import "strings"

// record is what is kept of an entry; all else it shares with its section. A
// lexicon may hold a million, so it is small.
type record struct {
	text    string
	section int32
	line    int32
}

// section is the head under which entries stand: proto is what they share.
type section struct {
	proto  Entry
	prefix string // of their IDs
	meta   entryMeta
	back   bool // also read backwards

	innocent int32 // the section of words of innocent readings, once there are some
}

// newSection completes a section and numbers it.
func (l *Lexicon) newSection(s section, c Category, mask uint16) int32 {
	s.meta = entryMeta{family: l.familyOf(c, s.proto.Family), sense: l.senseOf(c, s.proto), mask: mask, strength: float32(s.proto.Strength)}
	l.sections = append(l.sections, s)
	return int32(len(l.sections) - 1)
}

// keep adds a record and returns its number.
func (l *Lexicon) keep(r record, symbol bool) int32 {
	i := int32(len(l.records))
	l.records = append(l.records, r)
	m := l.sections[r.section].meta
	m.symbol = symbol
	l.meta = append(l.meta, m)
	l.byID.add(l.idHash(r.section, r.text), i)
	return i
}

// id is the name of entry i.
func (l *Lexicon) id(i int32) string {
	r := &l.records[i]
	return l.sections[r.section].prefix + r.text
}

// entry puts entry i together.
func (l *Lexicon) entry(i int32) Entry {
	r := &l.records[i]
	e := l.sections[r.section].proto
	e.ID, e.Text, e.Line, e.Innocent = l.id(i), r.text, int(r.line), l.readings[i]
	e.Backwards = l.sections[r.section].back
	if l.model != nil {
		e.Weight = float64(l.model.entry[i][0])
	}
	return e
}

// find returns the entry with that ID.
func (l *Lexicon) find(id string) (int32, bool) {
	return l.byID.find(hashOf(id), func(i int32) bool {
		r := &l.records[i]
		text, ok := strings.CutPrefix(id, l.sections[r.section].prefix)
		return ok && text == r.text
	})
}

// findIn returns the entry with that text whose ID begins as those of a section.
func (l *Lexicon) findIn(section int32, text string) (int32, bool) {
	prefix := l.sections[section].prefix
	return l.byID.find(l.idHash(section, text), func(i int32) bool {
		r := &l.records[i]
		return r.text == text && l.sections[r.section].prefix == prefix
	})
}

// idHash is the hash of an ID without putting it together.
func (l *Lexicon) idHash(section int32, text string) uint64 {
	h := hashOf(l.sections[section].prefix)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * hashPrime
	}
	return h
}

// numbers maps hashes to entry numbers: open addressing, at most half full.
// The names themselves stand in the records.
type numbers struct {
	slots []numbered
	n     int
}

// numbered has the upper half of a hash and an entry's number plus one.
type numbered struct{ high, number uint32 }

func (t *numbers) add(h uint64, i int32) {
	if t.n*2 >= len(t.slots) {
		t.grow()
	}
	t.n++
	t.put(numbered{uint32(h >> 32), uint32(i) + 1})
}

func (t *numbers) put(s numbered) {
	mask := uint64(len(t.slots) - 1)
	at := uint64(s.high) * fibonacci >> 16 & mask
	for t.slots[at].number != 0 {
		at = (at + 1) & mask
	}
	t.slots[at] = s
}

// fibonacci spreads the hash over the slots.
const fibonacci = 0x9E3779B97F4A7C15

func (t *numbers) grow() {
	old := t.slots
	t.slots = make([]numbered, max(64, 2*len(old)))
	for _, s := range old {
		if s.number != 0 {
			t.put(s)
		}
	}
}

func (t *numbers) find(h uint64, is func(int32) bool) (int32, bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	mask, high := uint64(len(t.slots)-1), uint32(h>>32)
	for at := uint64(high) * fibonacci >> 16 & mask; t.slots[at].number != 0; at = (at + 1) & mask {
		if s := t.slots[at]; s.high == high && is(int32(s.number-1)) {
			return int32(s.number - 1), true
		}
	}
	return 0, false
}
