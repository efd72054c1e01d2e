package view

import "fmt"

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

const (
	chartWidth = 720 // units of the drawing
	barLeft    = 232
	barRoom    = 400 // leaves room for the number
	barStep    = 34
	barHeight  = 20
)

// Box is the drawing's viewBox.
func (c Chart) Box() string { return fmt.Sprintf("0 0 %d %d", chartWidth, len(c.Bars)*barStep+4) }

// Drawn returns the bars with their places.
func (c Chart) Drawn() []DrawnBar {
	top := 1
	for _, b := range c.Bars {
		if !b.Small {
			top = max(top, b.Value)
		}
	}
	out := make([]DrawnBar, len(c.Bars))
	for i, b := range c.Bars {
		w := b.Value * barRoom / top
		if b.Small {
			w = min(c.Small*barRoom/top, barRoom)
		}
		out[i] = DrawnBar{Bar: b, X: barLeft, Y: i*barStep + 4, W: max(w, 2), H: barHeight, Left: barLeft - 12, Base: i*barStep + 20, End: barLeft + max(w, 2) + 10}
	}
	return out
}

// DrawnBar is a bar with its coordinates.
type DrawnBar struct {
	Bar
	X, Y, W, H int
	Left, Base int // end of the name, line of the texts
	End        int // where the number begins
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

