package view

import (
	"cmp"
	"fmt"
	"slices"
)

// Chart is a bar chart made on the server, always with its data table and the
// same data as CSV. Texts are already translated.
type Chart struct {
	ID    string
	Title string
	Text  string // what one sees, in a sentence
	Unit  string // head of the numbers' column
	Head  string // head of the names' column
	Bars  []Bar
	CSV   string // address of the same data
	Small int    // counts below this are suppressed
}

// Bar is one bar. Small hides the number and draws an outline.
type Bar struct {
	Name  string
	Value int
	Small bool
}

// The drawing has two shapes: broad, the names left of the bars; and slim, for
// a phone, the names above them. All numbers are units of the viewBox.
const (
	broadWidth = 720
	broadLeft  = 232
	broadRoom  = 400 // leaves room for the number
	broadStep  = 34
	slimWidth  = 320
	slimRoom   = 220
	slimStep   = 52
	barHeight  = 20
	textGap    = 10
)

// Box is the viewBox of the broad drawing.
func (c Chart) Box() string { return fmt.Sprintf("0 0 %d %d", broadWidth, len(c.Bars)*broadStep+4) }

// SlimBox is the viewBox of the slim drawing.
func (c Chart) SlimBox() string { return fmt.Sprintf("0 0 %d %d", slimWidth, len(c.Bars)*slimStep) }

// Drawn returns the bars with their places in the broad drawing.
func (c Chart) Drawn() []DrawnBar {
	out := c.sized(broadRoom)
	for i := range out {
		b := &out[i]
		b.X, b.Y, b.Left, b.Base = broadLeft, i*broadStep+4, broadLeft-12, i*broadStep+20
		b.End = broadLeft + b.W + textGap
	}
	return out
}

// Slim returns the bars with their places in the slim drawing.
func (c Chart) Slim() []DrawnBar {
	out := c.sized(slimRoom)
	for i := range out {
		b := &out[i]
		b.Base, b.Y, b.Under = i*slimStep+15, i*slimStep+22, i*slimStep+37
		b.End = b.W + textGap
	}
	return out
}

// sized gives every bar its length; a hidden one is as long as the first number
// that would be shown.
func (c Chart) sized(room int) []DrawnBar {
	top := 1
	for _, b := range c.Bars {
		if !b.Small {
			top = max(top, b.Value)
		}
	}
	out := make([]DrawnBar, len(c.Bars))
	for i, b := range c.Bars {
		w := b.Value * room / top
		if b.Small {
			w = min(c.Small*room/top, room)
		}
		out[i] = DrawnBar{Bar: b, W: max(w, 2), H: barHeight}
	}
	return out
}

// DrawnBar is a bar with its coordinates.
type DrawnBar struct {
	Bar
	X, Y, W, H        int
	Left, Base, Under int // end of the name, lines of the texts
	End               int // where the number begins
}

// ScoreBar is the sum of a post's signals as one bar with its parts; the
// threshold is a dashed line. It belongs to a post, never to a person.
type ScoreBar struct {
	Parts     []Part
	Threshold float64
	Top       float64 // the end of the scale; 0 = fits the parts
}

// Part is one signal's share. Family is a word of the group "family".
type Part struct {
	Family string
	Word   string
	Weight float64
}

const scoreWidth = 600

// Sum is the total weight.
func (s ScoreBar) Sum() float64 {
	var sum float64
	for _, p := range s.Parts {
		sum += p.Weight
	}
	return sum
}

func (s ScoreBar) top() float64 {
	top := max(s.Top, s.Threshold*1.25, s.Sum()*1.02)
	if top <= 0 {
		return 1
	}
	return top
}

// Edge is the place of the threshold.
func (s ScoreBar) Edge() int { return int(s.Threshold / s.top() * scoreWidth) }

// namedParts is how many parts the sentence below the bar names.
const namedParts = 6

// Named are the heaviest parts, which the sentence below the bar names.
func (s ScoreBar) Named() []Part {
	parts := slices.SortedStableFunc(slices.Values(s.Parts), func(a, b Part) int { return cmp.Compare(b.Weight, a.Weight) })
	return parts[:min(len(parts), namedParts)]
}

// Others are the parts that the sentence only counts.
type Others struct {
	Count  int
	Weight float64
}

// Unnamed are the other parts together; nil when all are named.
func (s ScoreBar) Unnamed() *Others {
	named := s.Named()
	if len(named) == len(s.Parts) {
		return nil
	}
	o := &Others{Count: len(s.Parts) - len(named), Weight: s.Sum()}
	for _, p := range named {
		o.Weight -= p.Weight
	}
	return o
}

// Drawn returns the parts with their places.
func (s ScoreBar) Drawn() []DrawnPart {
	x := 0.0
	out := make([]DrawnPart, len(s.Parts))
	for i, p := range s.Parts {
		w := p.Weight / s.top() * scoreWidth
		out[i] = DrawnPart{Part: p, X: int(x), W: max(int(x+w)-int(x), 2)}
		x += w
	}
	return out
}

// DrawnPart is a part with its place on the bar.
type DrawnPart struct {
	Part
	X, W int
}
