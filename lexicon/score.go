package lexicon

import (
	"math"
	"slices"
	"strconv"
)

// Verdict is what the lexicon says of a post, and why.
type Verdict struct {
	Flagged    bool
	Score      float64         // of the strongest category; 0 to 1
	Categories []CategoryScore // those flagged, strongest first
	Signals    []Signal        // what was found, in the order of the text
	Undone     []string        // disguises undone anywhere in a signal
	Cut        bool            // a limit cut the post short
}

// CategoryScore is a category and its score, 0 to 1.
type CategoryScore struct {
	Name  string  `json:"name"`
	Score float64 `json:"score"`
}

// MarshalJSON writes the score with three decimals.
func (c CategoryScore) MarshalJSON() ([]byte, error) {
	return []byte(`{"name":` + strconv.Quote(c.Name) + `,"score":` + strconv.FormatFloat(round3(c.Score), 'g', -1, 64) + `}`), nil
}

// Signal is an entry or a recognised shape found in the post. Start and End are
// bytes of the original text; Weight is what it adds to the log-odds.
type Signal struct {
	Entry    string   `json:"entry"`
	Sense    string   `json:"sense"`
	Family   string   `json:"family"`
	Category string   `json:"category"`
	Start    int      `json:"start"`
	End      int      `json:"end"`
	Text     string   `json:"text"`
	Weight   float64  `json:"weight"`
	Undoings []string `json:"undoings,omitempty"`
}

// Evidence says whether the signal is a kind of evidence, as speech about a
// thing and small words are not.
func (s Signal) Evidence() bool {
	c, ok := ParseCategory(s.Category)
	return ok && (int(c) < FlagCategories || c == Shared)
}

// Judge scores a post. lang is the post's language code, or empty: then every
// language's entries are read. It is safe for concurrent use.
func (l *Lexicon) Judge(text, lang string) Verdict {
	j := l.pool.Get().(*judge)
	defer l.pool.Put(j)
	cut := j.weigh(l, text, lang)
	return l.verdict(j, l.scores(j), cut)
}

// verdict writes down what the scratch holds.
func (l *Lexicon) verdict(j *judge, scores [FlagCategories]float64, cut bool) Verdict {
	v := Verdict{Cut: cut}
	for c, s := range scores {
		v.Score = max(v.Score, s)
		if s >= l.threshold {
			v.Categories = append(v.Categories, CategoryScore{Category(c).String(), s})
		}
	}
	slices.SortStableFunc(v.Categories, func(a, b CategoryScore) int {
		if a.Score > b.Score {
			return -1
		}
		return 1
	})
	v.Flagged = len(v.Categories) > 0
	v.Signals, v.Undone = l.signals(j, scores)
	return v
}

// weigh fills the scratch with the families of a post.
func (j *judge) weigh(l *Lexicon, text, lang string) (cut bool) {
	cut = j.scan(text)
	j.lang = languageOf(lang)
	j.match(l, languageMask(lang))
	j.recognise(l)
	j.innocents(l)
	j.families(l)
	return cut
}

// innocents keeps the words of an innocent reading only where the entry that
// they explain stands in the same post.
func (j *judge) innocents(l *Lexicon) {
	if len(l.innocent) == 0 {
		return
	}
	shown := map[int32]bool{}
	for _, h := range j.hits {
		for _, w := range l.innocent[h.entry] {
			shown[w] = true
		}
	}
	fam, ok := l.famByKey["about/innocent"]
	if !ok {
		return
	}
	j.hits = slices.DeleteFunc(j.hits, func(h hit) bool { return l.meta(h.entry).family == fam && !shown[h.entry] })
}

// families collects which families a post shows.
func (j *judge) families(l *Lexicon) {
	if len(j.famHit) < len(l.families) {
		j.famHit = make([]famState, len(l.families))
	}
	for _, f := range j.fams {
		j.famHit[f] = famState{}
	}
	j.fams = j.fams[:0]
	for _, h := range j.hits {
		m := l.meta(h.entry)
		s := &j.famHit[m.family]
		if s.hits == 0 {
			j.fams = append(j.fams, m.family)
			s.speech, s.entry = true, h.entry
		}
		s.hits++
		s.strength = max(s.strength, m.strength)
		s.firm = s.strength >= 1
		s.several = s.several || h.entry != s.entry
		s.text = s.text || !m.symbol
		s.speech = s.speech && j.units[h.from].quoted
	}
	slices.Sort(j.fams)
}

// counts returns how many different families of each category a post shows.
func (j *judge) counts(l *Lexicon) (n [categoryCount]int) {
	for _, f := range j.fams {
		n[l.families[f].category]++
	}
	return n
}

// gate is what decides which categories a post may be flagged for.
type gate struct {
	own     [FlagCategories]bool // a family of the category
	kinds   [FlagCategories]int  // families of the category and of any offer
	inWords [FlagCategories]bool // one of them is more than emoji
}

func (j *judge) gate(l *Lexicon) (g gate) {
	counts := j.counts(l)
	for c := range g.kinds {
		g.own[c], g.kinds[c] = counts[c] > 0, counts[c]+counts[Shared]
	}
	for _, f := range j.fams {
		c := l.families[f].category
		for k := range g.inWords {
			if j.famHit[f].text && (c == Shared || int(c) == k) {
				g.inWords[k] = true
			}
		}
	}
	return g
}

// shut says that no plain word could open the gate: there is no family at all.
func (g gate) shut() bool {
	return !slices.ContainsFunc(g.kinds[:], func(n int) bool { return n > 0 })
}

// opens says whether a post may be flagged for a category: for two kinds of
// evidence, one of them of that category and one in words (D 3.1–3.8). A plain
// word that tells of the category, in a place of its own, is one kind of it,
// however many there are.
func (g gate) opens(c int, told bool) bool {
	if told {
		return g.kinds[c] >= 1
	}
	return g.own[c] && g.kinds[c] >= 2 && g.inWords[c]
}

// scores adds up the log-odds of each head and returns the score per category.
func (l *Lexicon) scores(j *judge) (scores [FlagCategories]float64) {
	j.tellers = j.tellers[:0]
	g := j.gate(l)
	if g.shut() {
		return scores
	}
	told := j.tell(l)
	var open [FlagCategories]bool
	for c := range open {
		open[c] = g.opens(c, told>>c&1 != 0)
	}
	if open == [FlagCategories]bool{} { // whatever the sum would be
		return scores
	}
	sum := l.add(j)
	top := -1
	for c := range scores {
		if open[c] {
			scores[c] = sum.score(c)
			if top < 0 || scores[c] > scores[top] {
				top = c
			}
		}
	}
	for c := range scores { // beside the strongest, only what its own question affirms
		if c != top && open[c] && sum[1+c] < 0 {
			scores[c] = min(scores[c], sigmoid(sum[1+c]))
		}
	}
	return scores
}

// score is the chance that sums of log-odds stand for: half of what says that
// the post is an offer, half of what says that it is one of this category. Two
// questions err in different places; their mean errs less than either.
func (h *headWeights) score(c int) float64 { return sigmoid((h[0] + h[1+c]) / 2) }

func (l *Lexicon) add(j *judge) (sum headWeights) {
	m := l.model
	j.features(l, func(f int32) { sum.plus(&m.feature[f]) })
	for _, f := range j.fams {
		for _, p := range m.pairsOf[f] {
			if j.famHit[m.pairs[p].b].hits > 0 {
				sum.plus(&m.pairs[p].w)
			}
		}
	}
	for i, h := range j.hits {
		if w, ok := m.entry[h.entry]; ok && !j.earlier(i, h.entry) {
			sum.plus(&w)
		}
	}
	j.addWords(l, &sum)
	return sum
}

func (j *judge) earlier(i int, entry int32) bool {
	for _, h := range j.hits[:i] {
		if h.entry == entry {
			return true
		}
	}
	return false
}

func sigmoid(x float32) float64 { return 1 / (1 + math.Exp(-float64(x))) }

// strongest is the category with the highest score.
func strongest(scores [FlagCategories]float64) (top int) {
	for c, s := range scores {
		if s > scores[top] {
			top = c
		}
	}
	return top
}

// weightOf is what an entry's family, sense and text add to the log-odds of a
// category; pairs and counts come on top.
func (l *Lexicon) weightOf(entry int32, c int) float64 {
	m := l.meta(entry)
	var sum headWeights
	sum.plus(&l.model.feature[l.feats.families+m.family*int32(facets)])
	sum.plus(&l.model.feature[l.feats.senses+m.sense])
	if m.strength >= 1 {
		sum.plus(&l.model.feature[l.feats.families+m.family*int32(facets)+int32(firm)])
	}
	if w, ok := l.model.entry[entry]; ok {
		sum.plus(&w)
	}
	return math.Round(float64(sum[0]+sum[1+c])*500) / 1000
}

// signals lists the hits with their places in the original text. Words of a
// category carry their weight for it, all others that for the top category.
func (l *Lexicon) signals(j *judge, scores [FlagCategories]float64) (signals []Signal, undone []string) {
	top := strongest(scores)
	slices.SortStableFunc(j.hits, func(a, b hit) int { return int(a.start - b.start) })
	var all undoing
	for _, h := range j.hits {
		if len(signals) == MaxSignals {
			break
		}
		e, m := &l.sectionOf(h.entry).proto, l.meta(h.entry)
		from, to := j.span(h.start, h.end)
		undo := h.undo | j.styles(h)
		all |= undo
		c := top
		if own := l.families[m.family].category; int(own) < FlagCategories {
			c = int(own)
		}
		signals = append(signals, Signal{Entry: l.id(h.entry), Sense: e.Sense, Family: e.Family, Category: e.Category,
			Start: from, End: to, Text: j.src[from:to], Weight: l.weightOf(h.entry, c), Undoings: undo.names()})
	}
	for c, score := range scores {
		if score > 0 && (c == top || score >= l.threshold) {
			signals = append(signals, j.told(l, c, MaxSignals-len(signals))...)
		}
	}
	return signals, all.names()
}

// wording is the family of plain words that tell of a category: no entry says
// what they mean, but labelled posts say where they stand.
const wording = "wording"

// told lists the plain words that tell of a category.
func (j *judge) told(l *Lexicon, c, most int) (signals []Signal) {
	for _, t := range j.tellers {
		if l.model.telling[t.word-1]>>c&1 == 0 || len(signals) == most {
			continue
		}
		w := &l.model.wordWeights[t.word-1]
		from, to := j.span(t.start, t.end)
		signals = append(signals, Signal{Entry: "word:" + string(j.buf[t.start:t.end]), Sense: wording, Family: wording, Category: Category(c).String(),
			Start: from, End: to, Text: j.src[from:to], Weight: math.Round(float64(w[0]+w[1+c])*500) / 1000})
	}
	return signals
}

// styles names the disguises that folding undid within a hit.
func (j *judge) styles(h hit) (u undoing) {
	from, to := j.span(h.start, h.end)
	for _, r := range j.src[from:to] {
		switch {
		case r < 0x250:
		case r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2064 || r == 0xFEFF:
			u |= undoInvisible
		case r >= 0x370 && r <= 0x58F || r >= 0x13A0 && r <= 0x13FF || r >= 0x250 && r <= 0x2AF:
			u |= undoLookalike
		case r >= 0xFF00 && r <= 0xFFEF || r >= 0x1D400 && r <= 0x1D7FF || r >= 0x2460 && r <= 0x24FF || r >= 0x1D00 && r <= 0x1DBF || r >= 0x1F130 && r <= 0x1F189 || r >= 0xA720 && r <= 0xA7FF || r >= 0x2100 && r <= 0x214F:
			u |= undoStyled
		case r >= 0x300 && r <= 0x36F:
			u |= undoStyled
		}
	}
	return u
}
