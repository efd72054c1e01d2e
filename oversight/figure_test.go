package oversight

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSmallCellsAreHiddenWithAMask(t *testing.T) {
	tables := tabulate(map[string]int64{"outcome.advice": 120, "outcome.warning": 3, "outcome.referred": 9, "alert.drugs-offer": 40, "verdict.harmless": 2, "zero.a": 0, "zero.b": 7})
	rows := map[string]Row{}
	totals := map[string]Table{}
	for _, t := range tables {
		totals[t.Name] = t
		for _, r := range t.Rows {
			rows[t.Name+"."+r.Name] = r
		}
	}
	for name, want := range map[string]Row{
		"outcome.advice":    {"advice", 120, false},
		"outcome.warning":   {"warning", 0, true},
		"outcome.referred":  {"referred", 0, true}, // or the total would tell
		"alert.drugs-offer": {"drugs-offer", 40, false},
		"verdict.harmless":  {"harmless", 0, true},
		"zero.a":            {"a", 0, false},
	} {
		if rows[name] != want {
			t.Errorf("%s = %+v, want %+v", name, rows[name], want)
		}
	}
	if totals["outcome"].Total != 132 || totals["outcome"].TotalHidden {
		t.Errorf("outcome total %+v", totals["outcome"])
	}
	if !totals["verdict"].TotalHidden || totals["verdict"].Total != 0 {
		t.Errorf("a total of one small cell is shown: %+v", totals["verdict"])
	}
}

// What is published never lets a small cell be computed.
func TestNoSmallCellFollowsFromTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := map[string]int64{}
		for i, n := range rapid.SliceOfN(rapid.Int64Range(0, 30), 1, 8).Draw(t, "cells") {
			counts["x."+string(rune('a'+i))] = n
		}
		for _, table := range tabulate(counts) {
			hidden, left := 0, table.Total
			for _, r := range table.Rows {
				real := counts["x."+r.Name]
				if r.Hidden {
					hidden++
				} else {
					left -= r.N
					if real > 0 && real < Few {
						t.Fatalf("cell of %d is shown", real)
					}
				}
			}
			if hidden == 1 && !table.TotalHidden {
				t.Fatalf("one hidden cell and a shown total: it is %d", left)
			}
		}
	})
}
