package lexicon

import (
	"bytes"
	_ "embed"
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

// headOf is the number of a head, -1 when there is none of that name.
func headOf(name string) int {
	if name == offerHead {
		return 0
	}
	if c, ok := ParseCategory(name); ok && int(c) < FlagCategories {
		return 1 + int(c)
	}
	return -1
}

// NewWeights returns empty weights.
func NewWeights() *Weights {
	w := &Weights{Threshold: 0.5}
	for i := range w.Heads {
		w.Heads[i] = map[string]float64{}
	}
	return w
}

//go:embed weights.txt
var shippedWeights string

// loadWeights reads weights.txt. Its lines are laid out as they come; names are
// kept apart only when somebody asks for them, see [Lexicon.Weights].
func (l *Lexicon) loadWeights(dir fs.FS) error {
	text := shippedWeights
	data, err := fs.ReadFile(dir, "weights.txt")
	if err == nil {
		text = string(data)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("load weights: %w", err)
	}
	c := newCompiler(l)
	last, ordered := weightLine{head: -1}, true
	threshold := NewWeights().Threshold
	err = eachWeight(text, func(w weightLine) {
		switch {
		case w.note != "":
		case w.name == "":
			threshold = w.value
		default:
			ordered = ordered && (w.head > last.head || w.head == last.head && w.name > last.name)
			last = w
			c.add(w.head, w.name, float32(w.value))
		}
	})
	if err != nil {
		return err
	}
	if !ordered { // written by hand: sums are added up in the order of the names all the same
		w, err := ParseWeights([]byte(text))
		if err != nil {
			return err
		}
		l.SetWeights(w)
		return nil
	}
	l.weights, l.weightsText, l.threshold, l.model = nil, text, threshold, c.seal()
	return nil
}

// Weights returns the weights in use.
func (l *Lexicon) Weights() *Weights {
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.weights == nil {
		w, err := ParseWeights([]byte(l.weightsText))
		if err != nil {
			panic(err) // the text was read line by line before
		}
		l.weights = w
	}
	return l.weights
}

// weightLine is a line of weights.txt: a note, or the threshold (which has no
// name), or a weight.
type weightLine struct {
	note  string
	head  int
	name  string
	value float64
}

// eachWeight calls yield with each line of weights.txt.
func eachWeight(text string, yield func(weightLine)) error {
	for n := 1; text != ""; n++ {
		line, rest, _ := strings.Cut(text, "\n")
		line, text = strings.TrimSuffix(line, "\r"), rest
		if note, ok := strings.CutPrefix(line, "# "); ok {
			yield(weightLine{note: note})
			continue
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		w, err := parseWeight(line)
		if err != nil {
			return fmt.Errorf("weights.txt:%d: %w", n, err)
		}
		yield(w)
	}
	return nil
}

func parseWeight(line string) (w weightLine, err error) {
	k := strings.LastIndexByte(line, '\t')
	w.value, err = strconv.ParseFloat(line[k+1:], 64)
	if err != nil || w.value != w.value || w.value > 1e6 || w.value < -1e6 {
		return w, fmt.Errorf("want a number at the end of %q", line)
	}
	head, name, ok := strings.Cut(line[:max(k, 0)], "\t")
	if !ok && head == "threshold" {
		return w, nil
	}
	if w.head, w.name = headOf(head), name; w.head >= 0 && name != "" && strings.IndexByte(name, '\t') < 0 {
		return w, nil
	}
	return w, fmt.Errorf("want head, feature, number with tabs between, not %q", line)
}

// ParseWeights reads weights.txt: "head feature number" a line.
func ParseWeights(data []byte) (*Weights, error) {
	w := NewWeights()
	err := eachWeight(string(data), func(line weightLine) {
		switch {
		case line.note != "":
			w.Notes = append(w.Notes, line.note)
		case line.name == "":
			w.Threshold = line.value
		default:
			w.Heads[line.head][line.name] = line.value
		}
	})
	if err != nil {
		return nil, err
	}
	return w, nil
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
