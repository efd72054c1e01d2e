package lexicon

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed entries sources.txt
var shipped embed.FS

// Lexicon is a loaded set of entries with its weights. It is immutable and
// safe for concurrent use.
type Lexicon struct {
	texts     texts
	places    []uint16 // entry → its section and whether it is a symbol: its place in metas
	sections  []section
	metas     []entryMeta
	names     *numbering // hash of an ID → entry, while loading
	readings  map[int32][]InnocentReading
	families  []family
	famByKey  map[string]int32
	senses    []string // category/family/sense
	senseAt   map[string]int32
	feats     featureSpace
	sources   map[string]source
	x         *index
	innocent  map[int32][]int32 // entry → entries of its innocent readings' words
	recog     recognisers
	model     *model
	threshold float64 // a score from here on flags

	reading     sync.Mutex // of weightsText
	weights     *Weights   // nil until somebody asks
	weightsText string

	hash string
	pool sync.Pool
}

// family is a kind of evidence within a category.
type family struct {
	key      string // category/name
	name     string
	category Category
}

// Shipped returns the lexicon that is part of the program.
var Shipped = sync.OnceValues(func() (*Lexicon, error) { return Load(shipped) })

// Load reads a lexicon: sources.txt, entries/<language>/<category>.txt and
// weights.txt. Errors name file and line. Without weights.txt the shipped
// weights are used.
func Load(dir fs.FS) (*Lexicon, error) {
	l := &Lexicon{readings: map[int32][]InnocentReading{}, famByKey: map[string]int32{}, senseAt: map[string]int32{}, x: newIndex(), innocent: map[int32][]int32{}, names: &numbering{}}
	if err := l.loadSources(dir); err != nil {
		return nil, err
	}
	names, err := fs.Glob(dir, "entries/*/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("load lexicon: no entries/<language>/<category>.txt")
	}
	slices.Sort(names)
	for _, name := range names {
		if err := l.loadFile(dir, name); err != nil {
			return nil, err
		}
	}
	if err := l.addRecognisers(); err != nil {
		return nil, err
	}
	l.names = nil
	l.texts.bytes, l.texts.blocks, l.places = slices.Clone(l.texts.bytes), slices.Clone(l.texts.blocks), slices.Clone(l.places) // without room to grow
	if err := l.x.seal(); err != nil {
		return nil, err
	}
	l.hash = l.digest()
	l.feats = newFeatureSpace(l)
	if err := l.loadWeights(dir); err != nil {
		return nil, err
	}
	l.pool.New = func() any { return &judge{reader: reader{x: l.x}} }
	return l, nil
}

// Hash identifies entries and weights: SHA-256 over their canonical form.
func (l *Lexicon) Hash() string { return l.hash }

// Len returns the number of entries, recognisers not counted.
func (l *Lexicon) Len() int { return len(l.places) - l.recog.n }

// Entry returns the entry with that ID. Recognisers are entries too: their
// category is shared and their source is "recogniser".
func (l *Lexicon) Entry(id string) (Entry, bool) {
	i, ok := l.find(id)
	if !ok {
		return Entry{}, false
	}
	return l.entry(i), true
}

// Entries calls yield for each entry in the order of the files.
func (l *Lexicon) Entries(yield func(Entry) bool) {
	for i := range l.Len() {
		if !yield(l.entry(int32(i))) {
			return
		}
	}
}

func (l *Lexicon) familyOf(c Category, name string) int32 {
	key := c.String() + "/" + name
	i, ok := l.famByKey[key]
	if !ok {
		i = int32(len(l.families))
		l.families = append(l.families, family{key: key, name: name, category: c})
		l.famByKey[key] = i
	}
	return i
}

// senseOf numbers the senses: words of any language that mean the same.
func (l *Lexicon) senseOf(c Category, e Entry) int32 {
	key := c.String() + "/" + e.Family + "/" + e.Sense
	i, ok := l.senseAt[key]
	if !ok {
		i = int32(len(l.senses))
		l.senses = append(l.senses, key)
		l.senseAt[key] = i
	}
	return i
}

func (l *Lexicon) digest() string {
	h := sha256.New()
	tails := make([]string, len(l.sections))
	for i, s := range l.sections {
		e := &s.proto
		tails[i] = fmt.Sprintf("|%s|%g|%s|%s|%s|%s|%s", e.Sense, e.Strength, e.Region, e.Platform, e.Source, e.Confidence, e.LastSeen)
	}
	var b []byte
	for i := range int32(l.Len()) {
		text, _ := l.texts.at(i)
		section := l.places[i] >> 1
		b = append(append(append(b[:0], l.sections[section].prefix...), text...), tails[section]...)
		for _, in := range l.readings[i] {
			b = fmt.Appendf(b, "|%s=%s", in.Reading, strings.Join(in.Words, ","))
		}
		h.Write(append(b, '\n'))
	}
	return hex.EncodeToString(h.Sum(nil))
}
