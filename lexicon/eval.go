package lexicon

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"path"
	"slices"
)

// ReadLabelled reads development posts: NDJSON with id, lang, text, labels.
func ReadLabelled(r io.Reader) ([]Labelled, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var posts []Labelled
	for n := 1; ; n++ {
		line, err := readLine(in, nil)
		if !blank(line) {
			p, perr := parseLabelled(line)
			if perr != nil {
				return nil, fmt.Errorf("line %d: %w", n, perr)
			}
			posts = append(posts, p)
		}
		if err == io.EOF {
			return posts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read line %d: %w", n, err)
		}
	}
}

func parseLabelled(line []byte) (Labelled, error) {
	var raw struct {
		ID, Lang, Text string
		Labels         []string
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return Labelled{}, err
	}
	p := Labelled{ID: raw.ID, Text: raw.Text, Lang: raw.Lang}
	for _, name := range raw.Labels {
		c, ok := ParseCategory(name)
		if !ok || int(c) >= FlagCategories {
			return Labelled{}, fmt.Errorf("unknown label %q", name)
		}
		p.Labels = append(p.Labels, c)
	}
	return p, nil
}

// Tally counts right and wrong answers.
type Tally struct{ Hit, Miss, False, Quiet int }

func (t *Tally) count(want, got bool) {
	switch {
	case want && got:
		t.Hit++
	case want:
		t.Miss++
	case got:
		t.False++
	default:
		t.Quiet++
	}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Precision, Recall, F1 and FalseAlarms are 0 where nothing was counted.
func (t Tally) Precision() float64   { return ratio(t.Hit, t.Hit+t.False) }
func (t Tally) Recall() float64      { return ratio(t.Hit, t.Hit+t.Miss) }
func (t Tally) FalseAlarms() float64 { return ratio(t.False, t.False+t.Quiet) }

// F1 is the harmonic mean of precision and recall.
func (t Tally) F1() float64 { return ratio(2*t.Hit, 2*t.Hit+t.False+t.Miss) }

func (t *Tally) add(o Tally) {
	t.Hit += o.Hit
	t.Miss += o.Miss
	t.False += o.False
	t.Quiet += o.Quiet
}

// Report is how well a lexicon does on labelled posts.
type Report struct {
	Posts     int
	Flag      Tally // flagged or not, whatever the category
	Micro     Tally // over all categories
	Category  [FlagCategories]Tally
	Language  map[string]*Tally
	Plain     Tally // flagged or not, posts without a disguise
	Disguised Tally
	MissedIDs []string
	FalseIDs  []string
	Curve     [3]float64 // recall at false-alarm shares 0.01, 0.03, 0.10; held-out reports only
}

// Together adds up reports.
func Together(reports []*Report) *Report {
	sum := &Report{Language: map[string]*Tally{}}
	for _, r := range reports {
		sum.Posts += r.Posts
		sum.Flag.add(r.Flag)
		sum.Micro.add(r.Micro)
		sum.Plain.add(r.Plain)
		sum.Disguised.add(r.Disguised)
		for c := range r.Category {
			sum.Category[c].add(r.Category[c])
		}
		for lang, t := range r.Language {
			if sum.Language[lang] == nil {
				sum.Language[lang] = &Tally{}
			}
			sum.Language[lang].add(*t)
		}
	}
	return sum
}

// Evaluate judges posts with the lexicon's weights.
func Evaluate(l *Lexicon, posts []Labelled) *Report {
	r := &Report{Language: map[string]*Tally{}}
	r.judge(l, posts)
	return r
}

func (r *Report) judge(l *Lexicon, posts []Labelled) {
	for _, p := range posts {
		v := l.Judge(p.Text, p.Lang)
		want := len(p.Labels) > 0
		r.Posts++
		r.Flag.count(want, v.Flagged)
		lang := r.Language[p.Lang]
		if lang == nil {
			lang = &Tally{}
			r.Language[p.Lang] = lang
		}
		lang.count(want, v.Flagged)
		if Disguised(p.Text) {
			r.Disguised.count(want, v.Flagged)
		} else {
			r.Plain.count(want, v.Flagged)
		}
		for c := range FlagCategories {
			got := slices.ContainsFunc(v.Categories, func(s CategoryScore) bool { return s.Name == Category(c).String() })
			r.Category[c].count(slices.Contains(p.Labels, Category(c)), got)
		}
		switch {
		case want && !v.Flagged:
			r.MissedIDs = append(r.MissedIDs, p.ID)
		case !want && v.Flagged:
			r.FalseIDs = append(r.FalseIDs, p.ID)
		}
	}
	r.Micro = Tally{}
	for _, t := range r.Category {
		r.Micro.add(t)
	}
}

// Disguised says that a text hides its letters: styled, look-alike, invisible,
// turned, apart, or digits among them.
func Disguised(text string) bool {
	var j judge
	j.x = newIndex()
	j.scan(text)
	for i, t := range j.toks {
		if t.kind == word && (t.mixed || t.run) || t.kind == number && t.mixed && t.end-t.start-t.num >= 3 {
			return true
		}
		if t.kind != mark && t.kind != emoji && j.styles(hit{start: t.start, end: t.end}) != 0 {
			return true
		}
		if i+2 < len(j.toks) && j.single(i) && j.single(i+1) && j.single(i+2) {
			return true
		}
	}
	return false
}

// held is a fit that left one file out, and the scores of that file.
type held struct {
	w      *fitted
	scores []scored
}

// holdOut fits on all files but one, each in turn.
func (c *corpus) holdOut(files int, opt FitOptions) []held {
	out := make([]held, files)
	for f := range out {
		w := c.fit(c.without(f), opt)
		out[f] = held{w, c.score(f, w)}
	}
	return out
}

// threshold is the lowest score that flags at most the allowed share of the
// harmless posts: of those in files with offers, and of those in files without.
func threshold(posts []scored, opt FitOptions) float64 {
	hard := map[int]bool{}
	for _, p := range posts {
		hard[p.file] = hard[p.file] || p.offer
	}
	var mirrors, ordinary []scored
	for _, p := range posts {
		switch {
		case p.offer:
		case hard[p.file]:
			mirrors = append(mirrors, p)
		default:
			ordinary = append(ordinary, p)
		}
	}
	return min(0.99, max(0.05, above(mirrors, opt.FalseAlarms), above(ordinary, opt.Ordinary)))
}

// above is the lowest threshold that at most that share of posts reaches.
func above(posts []scored, share float64) float64 {
	slices.SortFunc(posts, byScore)
	allowed := int(share * float64(len(posts)))
	if allowed >= len(posts) {
		return 0
	}
	return math.Ceil(posts[allowed].score*1000+1) / 1000
}

// HoldOut fits on all files but one and judges that one, each in turn: the
// figures are of posts that neither the weights nor the threshold saw.
func HoldOut(l *Lexicon, files [][]Labelled, opt FitOptions) ([]*Report, error) {
	if len(files) < 3 {
		return nil, fmt.Errorf("hold out: want three files of posts or more, of different authors")
	}
	c := newCorpus(l, files)
	return c.reports(l, files, c.holdOut(len(files), opt), opt), nil
}

// reports judges each file with the weights that left it out; its threshold
// comes from the held-out scores of the other files.
func (c *corpus) reports(l *Lexicon, files [][]Labelled, fits []held, opt FitOptions) (reports []*Report) {
	kept := l.Weights()
	defer l.SetWeights(kept)
	for f := range files {
		var others []scored
		for g := range fits {
			if g != f {
				others = append(others, fits[g].scores...)
			}
		}
		w := c.weights(fits[f].w)
		w.Threshold = threshold(others, opt)
		l.SetWeights(w)
		r := Evaluate(l, files[f])
		r.Curve = curve(fits[f].scores)
		reports = append(reports, r)
	}
	return reports
}

// curve is the recall at false-alarm shares of 0.01, 0.03 and 0.10 when the
// threshold is chosen on the posts themselves: what the ranking allows.
func curve(posts []scored) (recall [3]float64) {
	var harmless []scored
	for _, p := range posts {
		if !p.offer {
			harmless = append(harmless, p)
		}
	}
	for i, share := range [...]float64{0.01, 0.03, 0.10} {
		t := above(harmless, share)
		var tally Tally
		for _, p := range posts {
			tally.count(p.offer, p.score >= t)
		}
		recall[i] = tally.Recall()
	}
	return recall
}

// notes are the head of weights.txt.
func notes(l *Lexicon, names []string, files [][]Labelled, reports []*Report) (notes []string) {
	for i, f := range files {
		offers := 0
		for _, p := range f {
			if len(p.Labels) > 0 {
				offers++
			}
		}
		notes = append(notes, fmt.Sprintf("data: %s, %d posts, %d of them offers", path.Base(names[i]), len(f), offers))
	}
	notes = append(notes, "lexicon: "+l.hash)
	langs := map[string]*Tally{}
	for i, r := range reports {
		notes = append(notes, fmt.Sprintf("held out %s: recall %.3f, false alarms %.4f, micro F1 %.3f",
			path.Base(names[i]), r.Flag.Recall(), r.Flag.FalseAlarms(), r.Micro.F1()))
		for lang, t := range r.Language {
			if langs[lang] == nil {
				langs[lang] = &Tally{}
			}
			langs[lang].add(*t)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(langs)) {
		t := langs[lang]
		notes = append(notes, fmt.Sprintf("held out %s: recall %.3f, false alarms %.4f, %d posts", lang, t.Recall(), t.FalseAlarms(), t.Hit+t.Miss+t.False+t.Quiet))
	}
	return notes
}
