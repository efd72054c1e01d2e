package lexicon

import (
	"fmt"
	"math"
	"slices"
	"strings"
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
	Family, Entry, Pair, Count float64 // L2 penalty by kind of feature
	Sparse                     float64 // L1 penalty of pairs and entries
	MinCount                   int     // posts a pair or entry must stand in
	Sweeps                     int     // rounds over all features
	FalseAlarms                float64 // share of harmless posts that the threshold may flag
}

// DefaultFit is what the shipped weights were fitted with.
var DefaultFit = FitOptions{Family: 0.5, Entry: 3, Pair: 3, Count: 1, Sparse: 0.6, MinCount: 5, Sweeps: 40, FalseAlarms: 0.03}

// Fit fits weights to labelled posts: L2 logistic regression with an L1 part,
// by coordinate descent in a fixed order, so that the same posts and options
// give the same numbers. Signs are held: a family of a category never speaks
// against an offer, speech about it never for one.
func Fit(l *Lexicon, posts []Labelled, opt FitOptions) (*Weights, error) {
	if len(posts) == 0 {
		return nil, fmt.Errorf("fit weights: no posts")
	}
	w := NewWeights()
	all := newDesign(l, posts, opt, offerFeature)
	w.Heads[0] = all.solve(func(i int) float64 { return truth(len(posts[i].Labels) > 0) }, opt)
	var offers []Labelled
	for _, p := range posts {
		if len(p.Labels) > 0 {
			offers = append(offers, p)
		}
	}
	kinds := newDesign(l, offers, opt, kindFeature)
	kinds.offer = false
	for c := range FlagCategories {
		cat := Category(c)
		if !slices.ContainsFunc(offers, func(p Labelled) bool { return slices.Contains(p.Labels, cat) }) {
			w.Heads[1+c] = map[string]float64{"bias": -6}
			continue
		}
		w.Heads[1+c] = kinds.solve(func(i int) float64 { return truth(slices.Contains(offers[i].Labels, cat)) }, opt)
	}
	return w, nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// offerFeature chooses the features of the offer head. Pairs need a family of a
// category: what two shared families say together is no evidence.
func offerFeature(name string) bool {
	if rest, ok := strings.CutPrefix(name, "pair:"); ok {
		a, b, _ := strings.Cut(rest, "+")
		return ownFamily(a) || ownFamily(b)
	}
	return true
}

// kindFeature chooses the features that tell categories apart.
func kindFeature(name string) bool {
	what, rest, _ := strings.Cut(name, ":")
	switch what {
	case "bias":
		return true
	case "family":
		return !strings.HasPrefix(rest, "about/")
	case "entry", "quoted":
		return false
	case "pair":
		a, b, _ := strings.Cut(rest, "+")
		return ownFamily(a) && ownFamily(b)
	}
	return !strings.HasPrefix(rest, "about") && !strings.HasPrefix(rest, "shared")
}

func ownFamily(key string) bool {
	return !strings.HasPrefix(key, "about/") && !strings.HasPrefix(key, "shared/")
}

// design is the sparse matrix of a fit.
type design struct {
	names   []string
	rows    [][]int32 // feature → posts that have it
	n       int
	offer   bool // the head that asks "is it an offer?": signs are held
	penalty []float64
	sparse  []float64
}

func newDesign(l *Lexicon, posts []Labelled, opt FitOptions, keep func(string) bool) *design {
	d := &design{n: len(posts), offer: true}
	at := map[string]int{}
	var names []string
	var rows [][]int32
	j := l.pool.New().(*judge)
	for i, p := range posts {
		j.weigh(l, p.Text, p.Lang)
		j.features(l, func(name string) {
			k, ok := at[name]
			if !ok {
				if !keep(name) {
					k = -1
				} else {
					k = len(names)
					names, rows = append(names, name), append(rows, nil)
				}
				at[name] = k
			}
			if k >= 0 {
				rows[k] = append(rows[k], int32(i))
			}
		})
	}
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(names[a], names[b]) })
	for _, k := range order {
		l2, l1, fewest := opt.penalties(names[k])
		if len(rows[k]) < fewest {
			continue
		}
		d.names, d.rows = append(d.names, names[k]), append(d.rows, rows[k])
		d.penalty, d.sparse = append(d.penalty, l2), append(d.sparse, l1)
	}
	return d
}

func (o FitOptions) penalties(name string) (l2, l1 float64, fewest int) {
	what, _, _ := strings.Cut(name, ":")
	switch what {
	case "bias":
		return 0, 0, 0
	case "entry":
		return o.Entry, o.Sparse, o.MinCount
	case "pair":
		return o.Pair, o.Sparse, o.MinCount
	case "count":
		return o.Count, 0, 1
	}
	return o.Family, 0, 1
}

// bounds holds the signs.
func bounds(name string, offer bool) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	rest, ok := strings.CutPrefix(name, "family:")
	if !ok || !offer {
		return lo, hi
	}
	if strings.HasPrefix(rest, "about/") {
		return lo, 0
	}
	if ownFamily(rest) {
		return 0, hi
	}
	return lo, hi
}

// solve is Newton's method one feature at a time, with soft thresholds.
func (d *design) solve(y func(int) float64, opt FitOptions) map[string]float64 {
	offer := d.offer
	z, label := make([]float64, d.n), make([]float64, d.n)
	for i := range label {
		label[i] = y(i)
	}
	w := make([]float64, len(d.names))
	for range opt.Sweeps {
		moved := 0.0
		for k, rows := range d.rows {
			var g, h float64
			for _, i := range rows {
				p := 1 / (1 + math.Exp(-z[i]))
				g += p - label[i]
				h += p * (1 - p)
			}
			h += d.penalty[k] + 1e-3
			g += d.penalty[k] * w[k]
			next := soft(w[k]-g/h, d.sparse[k]/h)
			lo, hi := bounds(d.names[k], offer)
			next = max(lo, min(hi, next))
			step := max(-1.5, min(1.5, next-w[k]))
			if step == 0 {
				continue
			}
			w[k] += step
			moved = max(moved, math.Abs(step))
			for _, i := range rows {
				z[i] += step
			}
		}
		if moved < 1e-3 {
			break
		}
	}
	out := map[string]float64{}
	for k, v := range w {
		if v = math.Round(v*1000) / 1000; v != 0 {
			out[d.names[k]] = v
		}
	}
	return out
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
