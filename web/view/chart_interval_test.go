package view

import "testing"

// What is drawn lies within the drawing, and the point within its line.
func TestIntervalsAndStacksKeepToTheirDrawing(t *testing.T) {
	c := IntervalChart{Rows: []PrecisionRow{
		{Precision: Precision{Share: 0, Low: 0, High: 1, None: true}},
		{Precision: Precision{Share: 1, Low: .2, High: 1}},
		{Precision: Precision{Share: .5, Low: .499, High: .501}}}}
	for name, rows := range map[string][]DrawnInterval{"broad": c.Drawn(), "slim": c.Slim()} {
		width, bottom := broadWidth, c.Bottom()
		if name == "slim" {
			width, bottom = slimWidth, c.SlimBottom()
		}
		for i, r := range rows {
			if r.Low < 0 || r.High > width || r.At < r.Low || r.At > r.High || r.Width() < 2 || r.Y > bottom || r.Base > bottom {
				t.Errorf("%s %d: %+v", name, i, r)
			}
		}
	}
	s := StackChart{Parts: []string{"a", "b"}, Steps: []StackStep{{Values: []int{0, 0}}, {Values: []int{1, 999}}, {Values: []int{40, 3}}}}
	for _, steps := range [][]DrawnStep{s.Drawn(), s.Slim()} {
		if len(steps[0].Blocks) != 0 || len(steps[1].Blocks) != 2 {
			t.Errorf("%+v", steps)
		}
		for _, step := range steps {
			for _, b := range step.Blocks {
				if b.H < 2 || b.Y < 0 || b.Y+b.H > stackTop+stackHeight {
					t.Errorf("%+v", b)
				}
			}
		}
	}
	if empty := (StackChart{}).Drawn(); len(empty) != 0 {
		t.Error("an empty chart draws something")
	}
}
