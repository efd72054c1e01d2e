package lexicon

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Weights are log-odds by named feature, for the question "is it an offer?"
// and, for what is one, "of which category?". They are numbers that people can
// read, written by `ronde lexicon fit`.
type Weights struct {
	Notes     []string // data, date, figures per language
	Threshold float64  // a score from here on flags
	Heads     [1 + FlagCategories]map[string]float64
}

// offerHead is the head that asks "is it an offer?"; the others are categories.
const offerHead = "offer"

func headName(i int) string {
	if i == 0 {
		return offerHead
	}
	return Category(i - 1).String()
}

// NewWeights returns empty weights.
func NewWeights() *Weights {
	w := &Weights{Threshold: 0.5}
	for i := range w.Heads {
		w.Heads[i] = map[string]float64{}
	}
	return w
}

func (l *Lexicon) loadWeights(dir fs.FS) error {
	data, err := fs.ReadFile(dir, "weights.txt")
	if errors.Is(err, fs.ErrNotExist) {
		data, err = fs.ReadFile(shipped, "weights.txt")
	}
	if err != nil {
		return fmt.Errorf("load weights: %w", err)
	}
	w, err := ParseWeights(data)
	if err != nil {
		return err
	}
	l.SetWeights(w)
	return nil
}

// ParseWeights reads weights.txt: "head feature number" a line.
func ParseWeights(data []byte) (*Weights, error) {
	w := NewWeights()
	sc := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if note, ok := strings.CutPrefix(line, "# "); ok {
			w.Notes = append(w.Notes, note)
			continue
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := w.parse(line); err != nil {
			return nil, fmt.Errorf("weights.txt:%d: %w", n, err)
		}
	}
	return w, sc.Err()
}

func (w *Weights) parse(line string) error {
	f := strings.Split(line, "\t")
	v, err := strconv.ParseFloat(f[len(f)-1], 64)
	if err != nil || v != v || v > 1e6 || v < -1e6 {
		return fmt.Errorf("want a number at the end of %q", line)
	}
	if len(f) == 2 && f[0] == "threshold" {
		w.Threshold = v
		return nil
	}
	if len(f) == 3 {
		for i := range w.Heads {
			if headName(i) == f[0] {
				w.Heads[i][f[1]] = v
				return nil
			}
		}
	}
	return fmt.Errorf("want head, feature, number with tabs between, not %q", line)
}

// WriteTo writes the weights in the form ParseWeights reads, sorted.
func (w *Weights) WriteTo(out io.Writer) (int64, error) {
	var b bytes.Buffer
	for _, n := range w.Notes {
		fmt.Fprintf(&b, "# %s\n", n)
	}
	fmt.Fprintf(&b, "threshold\t%.3f\n", w.Threshold)
	for i, head := range w.Heads {
		for _, n := range sortedNames(head) {
			fmt.Fprintf(&b, "%s\t%s\t%.3f\n", headName(i), n, head[n])
		}
	}
	return b.WriteTo(out)
}

// sortedNames makes sums come out the same each time.
func sortedNames(head map[string]float64) []string { return slices.Sorted(maps.Keys(head)) }

// headWeights is one weight for each head.
type headWeights [1 + FlagCategories]float32

func (h *headWeights) plus(w *headWeights) {
	for i := range h {
		h[i] += w[i]
	}
}

// telling is the categories for which a word speaks firmly enough to count as a
// kind of evidence, a bit each.
func (h *headWeights) telling() (categories uint8) {
	for c := range FlagCategories {
		if (h[0]+h[1+c])/2 >= leastTelling {
			categories |= 1 << c
		}
	}
	return categories
}

// model is the weights laid out for adding up.
type model struct {
	feature     []headWeights // by the lexicon's feature numbers
	entry       map[int32]headWeights
	pairs       []pairWeight
	words       table // key of a plain word → place in wordWeights, from 1
	wordWeights []headWeights
	telling     []uint8   // a plain word's categories of which it tells, a bit each
	pairsOf     [][]int32 // family → pairs whose first family it is
}

type pairWeight struct {
	a, b int32
	w    headWeights
}

// SetWeights makes the lexicon use w. It must not be called while judging.
func (l *Lexicon) SetWeights(w *Weights) {
	m := &model{
		feature: make([]headWeights, l.feats.n),
		pairsOf: make([][]int32, len(l.families)),
		entry:   map[int32]headWeights{},
	}
	wordAt := map[string]uint32{}
	pairAt := map[[2]int32]int32{}
	for h, head := range w.Heads {
		for _, name := range sortedNames(head) {
			if text, ok := strings.CutPrefix(name, "word:"); ok {
				m.placeWord(wordAt, h, text, float32(head[name]))
				continue
			}
			l.place(m, pairAt, h, name, float32(head[name]))
		}
	}
	m.words.seal()
	m.telling = make([]uint8, len(m.wordWeights))
	for i := range m.telling {
		m.telling[i] = m.wordWeights[i].telling()
	}
	l.weights, l.model = w, m
}

// place puts one weight where scoring looks for it. A feature that names an
// entry or family that is gone has no effect.
func (l *Lexicon) place(m *model, pairAt map[[2]int32]int32, head int, name string, v float32) {
	if f, ok := l.feats.at[name]; ok {
		m.feature[f][head] = v
		return
	}
	what, rest, _ := strings.Cut(name, ":")
	switch what {
	case "entry":
		if e, ok := l.find(rest); ok {
			w := m.entry[e]
			w[head] = v
			m.entry[e] = w
		}
	case "pair":
		a, b, _ := strings.Cut(rest, "+")
		fa, ok := l.famByKey[a]
		fb, ok2 := l.famByKey[b]
		if !ok || !ok2 {
			return
		}
		i, ok := pairAt[[2]int32{fa, fb}]
		if !ok {
			i = int32(len(m.pairs))
			pairAt[[2]int32{fa, fb}] = i
			m.pairs = append(m.pairs, pairWeight{a: fa, b: fb})
			m.pairsOf[fa] = append(m.pairsOf[fa], i)
		}
		m.pairs[i].w[head] = v
	}
}

func (m *model) placeWord(at map[string]uint32, head int, text string, v float32) {
	id, ok := at[text]
	if !ok {
		m.wordWeights = append(m.wordWeights, headWeights{})
		id = uint32(len(m.wordWeights))
		at[text] = id
		m.words.put(keyOfName(text), id)
	}
	m.wordWeights[id-1][head] = v
}
