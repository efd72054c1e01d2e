package lexicon

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Labelled is a post and the categories that people gave it; none = harmless.
// Nothing but text and language is a feature.
type Labelled struct {
	ID     string
	Text   string
	Lang   string
	Labels []Category
}

// FitOptions are the strengths of the penalties. The zero value is not useful;
// see DefaultFit.
type FitOptions struct {
	Family, Sense, Entry, Pair, Count float64 // L2 penalty by kind of feature
	Sparse                            float64 // L1 penalty of pairs and entries
	MinCount                          int     // posts a pair or entry must stand in
	Word, WordSparse                  float64 // L2 and L1 of plain words
	WordCount                         int     // posts a plain word must stand in
	Sweeps                            int     // rounds over all features, at most
	FalseAlarms                       float64 // share of hard harmless posts that the threshold may flag
	Ordinary                          float64 // the same of files without any offer
}

// DefaultFit is what the shipped weights were fitted with.
var DefaultFit = FitOptions{Family: 2, Sense: 3, Entry: 6, Pair: 6, Count: 2, Sparse: 0.5, MinCount: 6, Word: 4, WordSparse: 0.2, WordCount: 3, Sweeps: 25,
	FalseAlarms: 0.015, Ordinary: 0.004}

// fitted is weights by feature number of a corpus.
type fitted struct{ by []headWeights }

// fit fits all heads to the given posts: L2 logistic regression with an L1
// part, by coordinate descent in a fixed order, so that the same posts and
// options give the same numbers. Signs are held: a family of a category never
// speaks against an offer, speech about it never for one.
func (c *corpus) fit(rows []int32, opt FitOptions) *fitted {
	w := &fitted{make([]headWeights, len(c.names))}
	offer, kind := c.design(rows, opt, true), c.design(rows, opt, false)
	var wg sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for h := range 1 + FlagCategories {
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate <- struct{}{}
			defer func() { <-gate }()
			c.fitHead(w, h, offer, kind, opt)
		}()
	}
	wg.Wait()
	return w
}

// fitHead fits "is it an offer?" (head 0) or "is it an offer of this category?".
func (c *corpus) fitHead(w *fitted, h int, offer, kind *design, opt FitOptions) {
	d, label := offer, func(s *sample) bool { return s.offer }
	if h > 0 {
		d, label = kind, func(s *sample) bool { return s.labels[h-1] }
	}
	y := make([]float64, len(d.posts))
	some := false
	for i, p := range d.posts {
		if label(&c.posts[p]) {
			y[i], some = 1, true
		}
	}
	if !some {
		w.by[0][h] = -6
		return
	}
	d = d.favourTelling(c.names, y)
	for k, v := range d.solve(y, opt) {
		w.by[d.features[k]][h] = float32(v)
	}
}

// weights names the numbers.
func (c *corpus) weights(f *fitted) *Weights {
	w := NewWeights()
	for i, row := range f.by {
		for h, v := range row {
			if v != 0 {
				w.Heads[h][c.names[i]] = float64(v)
			}
		}
	}
	return w
}

// design is the sparse matrix of a fit.
type design struct {
	posts    []int32
	features []int32
	rows     [][]int32 // column → places in posts
	penalty  []float64
	sparse   []float64
	lo, hi   []float64 // the signs that are held
}

func (c *corpus) design(posts []int32, opt FitOptions, offer bool) *design {
	d := &design{posts: posts}
	rows := make([][]int32, len(c.names))
	for i, p := range posts {
		for _, f := range c.posts[p].features {
			rows[f] = append(rows[f], int32(i))
		}
	}
	for f, r := range rows {
		name := c.names[f]
		l2, l1, fewest := opt.penalties(name)
		if len(r) == 0 || len(r) < fewest {
			continue
		}
		lo, hi := bounds(name, offer)
		d.features, d.rows = append(d.features, int32(f)), append(d.rows, r)
		d.penalty, d.sparse = append(d.penalty, l2), append(d.sparse, l1)
		d.lo, d.hi = append(d.lo, lo), append(d.hi, hi)
	}
	return d
}

func (o FitOptions) penalties(name string) (l2, l1 float64, fewest int) {
	what, _, _ := strings.Cut(name, ":")
	switch what {
	case "bias":
		return 0, 0, 0
	case "sense":
		return o.Sense, 0, 2
	case "entry":
		return o.Entry, o.Sparse, o.MinCount
	case "pair":
		return o.Pair, o.Sparse, o.MinCount
	case "count", "sum", "shape", "undone", "language":
		return o.Count, 0, 2
	}
	if what == "word" {
		return o.Word, o.WordSparse, o.WordCount
	}
	return o.Family, 0, 2
}

// bounds holds the signs of the offer head.
func bounds(name string, offer bool) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	what, rest, _ := strings.Cut(name, ":")
	if !offer {
		return lo, hi
	}
	switch what {
	case "family", "firm", "several", "sum", "count", "sense", "entry":
		if what == "entry" {
			_, rest, _ = strings.Cut(rest, "/")
		}
		switch {
		case strings.HasPrefix(rest, "about"):
			return lo, 0
		case strings.HasPrefix(rest, "shared"), strings.HasPrefix(rest, "form"), what == "sense", what == "entry":
			return lo, hi
		}
		return 0, hi
	}
	return lo, hi
}

// favourTelling lets a plain word move the easier, the more unevenly it stands in
// the two kinds of posts: a word that stands in both alike has to earn its
// weight, a rare one that stands in one kind alone keeps it (the idea of naive
// Bayes as a prior of logistic regression).
func (d *design) favourTelling(names []string, label []float64) *design {
	own := *d
	own.penalty, own.sparse = slices.Clone(d.penalty), slices.Clone(d.sparse)
	yes := 0.0
	for _, y := range label {
		yes += y
	}
	no := float64(len(label)) - yes
	for k, rows := range d.rows {
		if !strings.HasPrefix(names[d.features[k]], "word:") {
			continue
		}
		in := 0.0
		for _, i := range rows {
			in += label[i]
		}
		telling := math.Abs(math.Log((in+1)/(yes+1)) - math.Log((float64(len(rows))-in+1)/(no+1)))
		telling = max(telling, leastUneven)
		own.penalty[k] /= telling * telling
		own.sparse[k] /= telling
	}
	return &own
}

// leastUneven keeps the penalty of a word that stands everywhere finite.
const leastUneven = 0.05

// solve is Newton's method one feature at a time, with soft thresholds.
func (d *design) solve(label []float64, opt FitOptions) []float64 {
	z, p := make([]float64, len(d.posts)), make([]float64, len(d.posts))
	for i := range p {
		p[i] = 0.5
	}
	w := make([]float64, len(d.features))
	for range opt.Sweeps {
		moved := 0.0
		for k, rows := range d.rows {
			var g, h float64
			for _, i := range rows {
				g += p[i] - label[i]
				h += p[i] * (1 - p[i])
			}
			h += d.penalty[k] + 1e-3
			g += d.penalty[k] * w[k]
			next := max(d.lo[k], min(d.hi[k], soft(w[k]-g/h, d.sparse[k]/h)))
			step := max(-1.5, min(1.5, next-w[k]))
			if math.Abs(step) < 1e-5 {
				continue
			}
			w[k] += step
			moved = max(moved, math.Abs(step))
			for _, i := range rows {
				z[i] += step
				p[i] = 1 / (1 + math.Exp(-z[i]))
			}
		}
		if moved < 5e-3 {
			break
		}
	}
	for k, v := range w {
		w[k] = math.Round(v*1000) / 1000
	}
	return w
}

func soft(x, t float64) float64 {
	switch {
	case x > t:
		return x - t
	case x < -t:
		return x + t
	}
	return 0
}

// Fit fits weights to files of labelled posts. The threshold is chosen on
// posts held out file by file; the notes say what the weights were fitted on
// and how fits on the other files did on each file and language.
func Fit(l *Lexicon, names []string, files [][]Labelled, opt FitOptions) (*Weights, error) {
	if len(files) < 2 {
		return nil, fmt.Errorf("fit weights: want two files of posts or more, of different authors")
	}
	c := newCorpus(l, files)
	held := c.holdOut(len(files), opt)
	var all []scored
	for _, h := range held {
		all = append(all, h.scores...)
	}
	w := c.weights(c.fit(c.without(-1), opt))
	w.Threshold = threshold(all, opt)
	w.Notes = notes(l, names, files, c.reports(l, files, held, opt))
	return w, nil
}
