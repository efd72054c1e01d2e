package lexicon

import "cmp"

// corpus is labelled posts read once: their features as numbers, so that many
// fits cost no more reading.
type corpus struct {
	names []string // feature → name, entries and pairs included
	posts []sample
}

// sample is one post of a corpus.
type sample struct {
	file     int
	labels   [FlagCategories]bool
	offer    bool
	gate     gate
	features []int32
	tellers  []int32 // those of features that are plain words in places of their own
}

// newCorpus judges each post of each file once.
func newCorpus(l *Lexicon, files [][]Labelled) *corpus {
	c := &corpus{names: append([]string(nil), l.feats.names...)}
	at := map[int64]int32{}
	j := l.pool.New().(*judge)
	number := func(key int64, name func() string) int32 {
		n, ok := at[key]
		if !ok {
			n = int32(len(c.names))
			at[key], c.names = n, append(c.names, name())
		}
		return n
	}
	for i, f := range files {
		for _, p := range f {
			s := sample{file: i, offer: len(p.Labels) > 0}
			for _, cat := range p.Labels {
				s.labels[cat] = true
			}
			j.weigh(l, p.Text, p.Lang)
			s.gate = j.gate(l)
			j.features(l, func(f int32) { s.features = append(s.features, f) })
			c.pairs(l, j, &s, number)
			c.entries(l, j, &s, number)
			c.words(l, j, &s, number)
			c.posts = append(c.posts, s)
		}
	}
	return c
}

// pairs numbers the pairs of families in which one is of a category: what two
// others say together is no evidence.
func (c *corpus) pairs(l *Lexicon, j *judge, s *sample, number func(int64, func() string) int32) {
	own := func(f int32) bool { return int(l.families[f].category) < FlagCategories }
	for i, a := range j.fams {
		for _, b := range j.fams[i+1:] {
			if !own(a) && !own(b) {
				continue
			}
			s.features = append(s.features, number(int64(a)<<32|int64(b)<<1|1, func() string {
				return "pair:" + l.families[a].key + "+" + l.families[b].key
			}))
		}
	}
}

func (c *corpus) entries(l *Lexicon, j *judge, s *sample, number func(int64, func() string) int32) {
	for i, h := range j.hits {
		if int(h.entry) < l.Len() && !j.earlier(i, h.entry) {
			s.features = append(s.features, number(int64(h.entry)<<1, func() string { return "entry:" + l.id(h.entry) }))
		}
	}
}

// words numbers the plain words. A hash's high bit keeps their keys apart from
// those of pairs and entries.
func (c *corpus) words(l *Lexicon, j *judge, s *sample, number func(int64, func() string) int32) {
	seen := map[uint64]bool{}
	j.cover(l)
	j.plainWords(func(h uint64, w plainWord) {
		if seen[h] {
			return
		}
		seen[h] = true
		f := number(int64(h|1<<63), func() string { return "word:" + w.name() })
		s.features = append(s.features, f)
		if j.mayTell(w) {
			s.tellers = append(s.tellers, f)
		}
	})
}

// without returns the numbers of the posts of all files but one; -1 leaves out none.
func (c *corpus) without(file int) (rows []int32) {
	for i := range c.posts {
		if c.posts[i].file != file {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// scored is the top score of a post that the weights were not fitted on.
type scored struct {
	file  int
	offer bool
	score float64
}

// score judges the posts of one file with weights by feature number.
func (c *corpus) score(file int, w *fitted) (out []scored) {
	for i := range c.posts {
		s := &c.posts[i]
		if s.file != file {
			continue
		}
		var sum headWeights
		for _, f := range s.features {
			sum.plus(&w.by[f])
		}
		var told uint8
		for _, f := range s.tellers {
			told |= w.by[f].telling()
		}
		top := 0.0
		for k := range FlagCategories {
			if s.gate.opens(k, told>>k&1 != 0) {
				top = max(top, sum.score(k))
			}
		}
		out = append(out, scored{s.file, s.offer, top})
	}
	return out
}

// byScore orders the highest first.
func byScore(a, b scored) int { return -cmp.Compare(a.score, b.score) }
