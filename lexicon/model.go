package lexicon

import (
	"slices"
	"strings"
)

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
	tellers     table     // of words, those that tell
	pairsOf     [][]int32 // family → pairs whose first family it is
}

type pairWeight struct {
	a, b int32
	w    headWeights
}

// SetWeights makes the lexicon use w. It must not be called while judging.
func (l *Lexicon) SetWeights(w *Weights) {
	c := newCompiler(l)
	for h, head := range w.Heads {
		for _, name := range sortedNames(head) {
			c.add(h, name, float32(head[name]))
		}
	}
	l.weights, l.threshold, l.model = w, w.Threshold, c.seal()
}

// compiler lays out weights.
type compiler struct {
	l      *Lexicon
	m      *model
	wordAt numbering // key of a plain word → its place in wordWeights
	whole  []slot    // of the plain words, those that are no beginnings or pairs
	pairAt map[[2]int32]int32
}

func newCompiler(l *Lexicon) *compiler {
	return &compiler{l: l, pairAt: map[[2]int32]int32{}, m: &model{
		feature: make([]headWeights, l.feats.n),
		pairsOf: make([][]int32, len(l.families)),
		entry:   map[int32]headWeights{},
	}}
}

// seal ends the laying out.
func (c *compiler) seal() *model {
	m := c.m
	m.wordWeights = slices.Clone(m.wordWeights) // without room to grow
	m.telling = make([]uint8, len(m.wordWeights))
	for i := range m.telling {
		m.telling[i] = m.wordWeights[i].telling()
	}
	for _, w := range c.whole {
		if m.telling[w.id-1] != 0 {
			m.tellers.put(w.hash, w.id)
		}
	}
	m.words.seal()
	m.tellers.seal()
	return m
}

// add puts one weight where scoring looks for it. A feature that names an
// entry or family that is gone has no effect.
func (c *compiler) add(head int, name string, v float32) {
	what, rest, _ := strings.Cut(name, ":")
	if what == "word" {
		c.word(head, rest, v)
		return
	}
	l, m := c.l, c.m
	if f, ok := l.feats.at[name]; ok {
		m.feature[f][head] = v
		return
	}
	switch what {
	case "entry":
		if e, ok := l.find(rest); ok {
			w := m.entry[e]
			w[head] = v
			m.entry[e] = w
		}
	case "pair":
		c.pair(head, rest, v)
	}
}

func (c *compiler) pair(head int, name string, v float32) {
	a, b, _ := strings.Cut(name, "+")
	fa, ok := c.l.famByKey[a]
	fb, ok2 := c.l.famByKey[b]
	if !ok || !ok2 {
		return
	}
	i, ok := c.pairAt[[2]int32{fa, fb}]
	if !ok {
		i = int32(len(c.m.pairs))
		c.pairAt[[2]int32{fa, fb}] = i
		c.m.pairs = append(c.m.pairs, pairWeight{a: fa, b: fb})
		c.m.pairsOf[fa] = append(c.m.pairsOf[fa], i)
	}
	c.m.pairs[i].w[head] = v
}

func (c *compiler) word(head int, text string, v float32) {
	key := keyOfName(text)
	i, ok := c.wordAt.get(key)
	if !ok {
		c.m.wordWeights = append(c.m.wordWeights, headWeights{})
		i = uint32(len(c.m.wordWeights)) - 1
		c.wordAt.set(key, i)
		c.m.words.put(key, i+1)
		if !strings.ContainsAny(text, " *") {
			c.whole = append(c.whole, slot{key, i + 1})
		}
	}
	c.m.wordWeights[i][head] = v
}
