package lexicon

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// A lexicon may hold a million entries, so little is kept of each: its text and
// line in one piece of memory, and the number of its section, with which it
// shares all else. Its identifier is put together when asked for, and found by
// matching its text.

// section is the head under which entries stand: proto is what they share.
type section struct {
	proto  Entry
	prefix string // of their IDs
	back   bool   // also read backwards

	innocent int32 // the section of words of innocent readings, once there are some
}

// Limits of a lexicon.
const (
	maxSections  = 1 << 15
	maxTextBytes = 1 << 31 // of all entries
)

// entryMeta is what matching needs of an entry; two for each section.
type entryMeta struct {
	family   int32
	sense    int32
	strength float32
	section  int32
	mask     uint16
	category Category
	symbol   bool // made of emoji alone
	unit     bool // a word of measure, which the recognisers read also inside a phrase
}

// newSection completes a section and numbers it.
func (l *Lexicon) newSection(s section, c Category, mask uint16) (int32, error) {
	if len(l.sections) == maxSections {
		return 0, fmt.Errorf("more than %d sections", maxSections)
	}
	at := int32(len(l.sections))
	m := entryMeta{family: l.familyOf(c, s.proto.Family), sense: l.senseOf(c, s.proto), mask: mask, strength: float32(s.proto.Strength),
		section: at, category: c, unit: strings.HasPrefix(s.proto.Family, "unit-")}
	symbol := m
	symbol.symbol = true
	l.sections, l.metas = append(l.sections, s), append(l.metas, m, symbol)
	return at, nil
}

// meta is what matching needs of an entry.
func (l *Lexicon) meta(entry int32) *entryMeta { return &l.metas[l.places[entry]] }

// sectionOf is the section of an entry.
func (l *Lexicon) sectionOf(entry int32) *section { return &l.sections[l.places[entry]>>1] }

// keep adds an entry and returns its number.
func (l *Lexicon) keep(text string, section, line int32, symbol bool) (int32, error) {
	if l.texts.size()+len(text) > maxTextBytes {
		return 0, fmt.Errorf("entries have more than %d bytes", maxTextBytes)
	}
	i := int32(len(l.places))
	place := uint16(section) << 1
	if symbol {
		place |= 1
	}
	l.places = append(l.places, place)
	l.texts.add(text, line)
	return i, nil
}

// id is the name of entry i.
func (l *Lexicon) id(i int32) string {
	text, _ := l.texts.at(i)
	return l.sectionOf(i).prefix + string(text)
}

// entry puts entry i together.
func (l *Lexicon) entry(i int32) Entry {
	text, line := l.texts.at(i)
	sec := l.sectionOf(i)
	e := sec.proto
	e.ID, e.Text, e.Line, e.Innocent = sec.prefix+string(text), string(text), int(line), l.readings[i]
	e.Backwards = sec.back
	if l.model != nil {
		e.Weight = float64(l.model.entry[i][0])
	}
	return e
}

// idPrefixSlashes is how many slashes the beginning of an ID has at least.
const idPrefixSlashes = 3

// find returns the entry with that ID. Where its text begins is not plain when
// a family has a slash in its name, so each place is tried.
func (l *Lexicon) find(id string) (found int32, ok bool) {
	if name, ok := strings.CutPrefix(id, recogniserPrefix); ok {
		k := slices.Index(recNames[:], name)
		return l.recog.ids[max(k, 0)], k >= 0
	}
	for k, slashes := 0, 0; k < len(id) && !ok; k++ {
		if id[k] != '/' {
			continue
		}
		if slashes++; slashes < idPrefixSlashes {
			continue
		}
		prefix, text := id[:k+1], id[k+1:]
		l.x.entriesOf(canonical(text), func(i int32) bool {
			if l.is(i, prefix, text) {
				found, ok = i, true
			}
			return !ok
		})
	}
	return found, ok
}

// is says whether an entry has that text and an ID that begins like this.
func (l *Lexicon) is(i int32, prefix, text string) bool {
	if l.sectionOf(i).prefix != prefix {
		return false
	}
	own, _ := l.texts.at(i)
	return string(own) == text
}

// findIn returns, while loading, the entry with that text whose ID begins as
// those of a section.
func (l *Lexicon) findIn(section int32, text string) (int32, bool) {
	prefix := l.sections[section].prefix
	i, ok := l.names.get(hashOn(hashOf(prefix), text))
	return int32(i), ok && l.is(int32(i), prefix, text)
}

// texts are the texts and lines of entries, one after the other: the line as
// the step from the entry before, the length, the bytes.
type texts struct {
	bytes  []byte
	blocks []textBlock
	n      int
	line   int32 // of the last one
}

// textBlock is where every sixteenth text begins, and the line before it.
type textBlock struct {
	at   uint32
	line int32
}

const textsPerBlock = 16

func (t *texts) size() int { return len(t.bytes) }

func (t *texts) add(text string, line int32) {
	if t.n%textsPerBlock == 0 {
		t.blocks = append(t.blocks, textBlock{uint32(len(t.bytes)), t.line})
	}
	t.bytes = binary.AppendVarint(t.bytes, int64(line-t.line))
	t.bytes = binary.AppendUvarint(t.bytes, uint64(len(text)))
	t.bytes = append(t.bytes, text...)
	t.n, t.line = t.n+1, line
}

// at returns a text and its line.
func (t *texts) at(i int32) (text []byte, line int32) {
	b := t.blocks[i/textsPerBlock]
	rest, line := t.bytes[b.at:], b.line
	for k := i % textsPerBlock; ; k-- {
		step, n := binary.Varint(rest)
		size, m := binary.Uvarint(rest[n:])
		line += int32(step)
		rest = rest[n+m:]
		if k == 0 {
			return rest[:size], line
		}
		rest = rest[size:]
	}
}
