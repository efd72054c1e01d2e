package view

import "fmt"

// IntervalChart shows shares, each as a point with the line of its interval,
// and always with its data table. Texts are already translated.
type IntervalChart struct {
	ID    string
	Title string
	Text  string
	Head  string // head of the names' column
	Rows  []PrecisionRow
}

const (
	intervalLeft  = 210
	intervalRoom  = 380 // from 0 % to 100 %
	intervalStep  = 34
	intervalTop   = 26 // room for the scale
	intervalSlim  = 300
	intervalBelow = 56 // a row of the slim drawing
)

// Box is the viewBox of the broad drawing.
func (c IntervalChart) Box() string {
	return fmt.Sprintf("0 0 %d %d", broadWidth, intervalTop+len(c.Rows)*intervalStep)
}

// SlimBox is the viewBox of the slim drawing.
func (c IntervalChart) SlimBox() string {
	return fmt.Sprintf("0 0 %d %d", slimWidth, intervalTop+len(c.Rows)*intervalBelow)
}

// Bottom and SlimBottom are where the lines of the scale end.
func (c IntervalChart) Bottom() int     { return intervalTop + len(c.Rows)*intervalStep }
func (c IntervalChart) SlimBottom() int { return intervalTop + len(c.Rows)*intervalBelow }

// Tick is a line of the scale.
type Tick struct {
	Percent, X int
}

// Scale and SlimScale are the lines of the two drawings.
func (c IntervalChart) Scale() []Tick     { return ticks(intervalLeft, intervalRoom) }
func (c IntervalChart) SlimScale() []Tick { return ticks(10, intervalSlim) }

func ticks(left, room int) (out []Tick) {
	for _, p := range []int{0, 25, 50, 75, 100} {
		out = append(out, Tick{p, left + p*room/100})
	}
	return out
}

// DrawnInterval is a row with its coordinates.
type DrawnInterval struct {
	PrecisionRow
	Low, At, High int // places on the scale
	Y, Base       int // of the line, of the name
	End           int // where the words begin
}

// Width is how long the line is.
func (d DrawnInterval) Width() int { return max(d.High-d.Low, 2) }

// Top is where the thick line begins.
func (d DrawnInterval) Top() int { return d.Y - 3 }

// Drawn returns the rows of the broad drawing.
func (c IntervalChart) Drawn() []DrawnInterval {
	return c.placed(intervalLeft, intervalRoom, func(i int) (y, base int) {
		y = intervalTop + i*intervalStep + intervalStep/2
		return y, y + 5
	})
}

// Slim returns the rows of the slim drawing.
func (c IntervalChart) Slim() []DrawnInterval {
	return c.placed(10, intervalSlim, func(i int) (y, base int) {
		return intervalTop + i*intervalBelow + 38, intervalTop + i*intervalBelow + 18
	})
}

func (c IntervalChart) placed(left, room int, line func(i int) (y, base int)) []DrawnInterval {
	out := make([]DrawnInterval, len(c.Rows))
	for i, r := range c.Rows {
		at := func(share float64) int { return left + int(share*float64(room)+.5) }
		out[i] = DrawnInterval{PrecisionRow: r, Low: at(r.Low), At: at(r.Share), High: at(r.High), End: left + room + 16}
		out[i].Y, out[i].Base = line(i)
	}
	return out
}

// StackChart shows a number in parts for each step of time, oldest first.
type StackChart struct {
	ID    string
	Title string
	Text  string
	Head  string   // head of the steps' column
	Parts []string // names of the parts, in the order in which they stand
	Steps []StackStep
}

// StackStep is one step: its name and the numbers of its parts.
type StackStep struct {
	Name   string // short
	Full   string
	Values []int
}

// Sum is the whole of a step.
func (s StackStep) Sum() (n int) {
	for _, v := range s.Values {
		n += v
	}
	return n
}

// A stack has two shapes, too: the slim one has narrower columns.
const (
	stackHeight = 180
	stackTop    = 22
	stackFoot   = 30
)

// Box is the viewBox of the broad drawing.
func (c StackChart) Box() string { return stackBox(broadWidth) }

// SlimBox is the viewBox of the slim drawing.
func (c StackChart) SlimBox() string { return stackBox(slimWidth) }

func stackBox(width int) string {
	return fmt.Sprintf("0 0 %d %d", width, stackTop+stackHeight+stackFoot)
}

// Foot is the line of the steps' names.
func (c StackChart) Foot() int { return stackTop + stackHeight + 20 }

// DrawnStep is a step with its column.
type DrawnStep struct {
	StackStep
	Middle int
	Above  int // line of the number above the column
	Blocks []Block
}

// Block is one part of a column.
type Block struct {
	Part       int
	X, Y, W, H int
	Title      string
}

// Drawn returns the columns of the broad drawing.
func (c StackChart) Drawn() []DrawnStep { return c.placed(broadWidth) }

// Slim returns the columns of the slim drawing.
func (c StackChart) Slim() []DrawnStep { return c.placed(slimWidth) }

func (c StackChart) placed(width int) []DrawnStep {
	top := 1
	for _, s := range c.Steps {
		top = max(top, s.Sum())
	}
	room := width / max(len(c.Steps), 1)
	out := make([]DrawnStep, len(c.Steps))
	for i, s := range c.Steps {
		d := DrawnStep{StackStep: s, Middle: i*room + room/2}
		y := stackTop + stackHeight
		for part, v := range s.Values {
			if v == 0 {
				continue
			}
			h := max(v*stackHeight/top, 2)
			y -= h
			d.Blocks = append(d.Blocks, Block{part, i*room + room/6, y, room * 2 / 3, h, fmt.Sprintf("%s %d", c.Parts[part], v)})
		}
		d.Above = y - 6
		out[i] = d
	}
	return out
}
