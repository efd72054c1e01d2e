package lexicon

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
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
	Posts      int
	Flag       Tally // flagged or not, whatever the category
	Micro      Tally // over all categories
	Category   [FlagCategories]Tally
	Language   map[string]*Tally
	Plain      Tally // flagged or not, posts without a disguise
	Disguised  Tally
	MissedIDs  []string
	FalseIDs   []string
	flagScores []float64
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

// SetThreshold chooses the lowest threshold that flags at most the given share
// of the harmless posts.
func SetThreshold(l *Lexicon, posts []Labelled, share float64) {
	l.weights.Threshold = thresholdFor(topScores(l, posts), share)
}

func topScores(l *Lexicon, posts []Labelled) (harmless []float64) {
	for _, p := range posts {
		if len(p.Labels) > 0 {
			continue
		}
		top := 0.0
		for _, s := range l.Scores(p.Text, p.Lang) {
			top = max(top, s.Score)
		}
		harmless = append(harmless, top)
	}
	return harmless
}

func thresholdFor(harmless []float64, share float64) float64 {
	slices.Sort(harmless)
	allowed := int(share * float64(len(harmless)))
	if allowed >= len(harmless) {
		return 0.5
	}
	t := harmless[len(harmless)-1-allowed] + 0.001
	return max(0.2, min(0.99, float64(int(t*1000+1))/1000))
}

// HoldOut fits on all files but one and judges that one, each in turn; the
// figures are of posts the weights were not fitted on.
func HoldOut(l *Lexicon, files [][]Labelled, opt FitOptions) ([]*Report, error) {
	kept := l.weights
	defer func() { l.SetWeights(kept) }()
	var reports []*Report
	for out := range files {
		var rest []Labelled
		for i, f := range files {
			if i != out {
				rest = append(rest, f...)
			}
		}
		w, err := FitHeld(l, rest, opt)
		if err != nil {
			return nil, err
		}
		l.SetWeights(w)
		reports = append(reports, Evaluate(l, files[out]))
	}
	return reports, nil
}

// folds is in how many parts FitHeld divides posts to choose the threshold.
const folds = 4

// FitHeld fits weights and chooses the threshold on posts that the weights of
// that fold were not fitted on.
func FitHeld(l *Lexicon, posts []Labelled, opt FitOptions) (*Weights, error) {
	kept := l.weights
	defer func() { l.SetWeights(kept) }()
	var harmless []float64
	for f := range folds {
		var in, out []Labelled
		for i, p := range posts {
			if i*folds/len(posts) == f {
				out = append(out, p)
			} else {
				in = append(in, p)
			}
		}
		w, err := Fit(l, in, opt)
		if err != nil {
			return nil, err
		}
		l.SetWeights(w)
		harmless = append(harmless, topScores(l, out)...)
	}
	w, err := Fit(l, posts, opt)
	if err != nil {
		return nil, err
	}
	w.Threshold = thresholdFor(harmless, opt.FalseAlarms)
	return w, nil
}

// FitFiles fits on all files together. The notes say what the weights were
// fitted on and how fits on the other files did on each file and language.
func FitFiles(l *Lexicon, names []string, files [][]Labelled, opt FitOptions) (*Weights, error) {
	var all []Labelled
	var notes []string
	for i, f := range files {
		all = append(all, f...)
		offers := 0
		for _, p := range f {
			if len(p.Labels) > 0 {
				offers++
			}
		}
		notes = append(notes, fmt.Sprintf("data: %s, %d posts, %d of them offers", path.Base(names[i]), len(f), offers))
	}
	notes = append(notes, "lexicon: "+l.hash)
	if len(files) > 1 {
		reports, err := HoldOut(l, files, opt)
		if err != nil {
			return nil, err
		}
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
	}
	w, err := FitHeld(l, all, opt)
	if err != nil {
		return nil, err
	}
	w.Notes = notes
	return w, nil
}
