package oversight

import (
	"cmp"
	"slices"
	"strings"
)

// Few is the smallest number that is published as itself.
const Few = 5

// Row is one published cell.
type Row struct {
	Name   string // counter name without its table: "advice"
	N      int64
	Hidden bool // fewer than five, or hidden so that such a cell cannot be computed
}

// Table is one published table.
type Table struct {
	Name        string // counter prefix: "outcome"
	Rows        []Row
	Total       int64
	TotalHidden bool
}

// tabulate groups counters by their prefix and hides small cells. When one
// cell alone is hidden, the total would give it away: then the next smallest
// is hidden with it, or, where there is none, the total.
func tabulate(counts map[string]int64) []Table {
	byName := map[string]*Table{}
	for name, n := range counts {
		prefix, rest, ok := strings.Cut(name, ".")
		if !ok || n < 0 {
			continue
		}
		t := byName[prefix]
		if t == nil {
			t = &Table{Name: prefix}
			byName[prefix] = t
		}
		t.Rows = append(t.Rows, Row{Name: rest, N: n})
		t.Total += n
	}
	var out []Table
	for _, t := range byName {
		t.suppress()
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (t *Table) suppress() {
	slices.SortFunc(t.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.N, b.N), strings.Compare(a.Name, b.Name))
	})
	hidden := 0
	var sum int64
	for i := range t.Rows {
		small := t.Rows[i].N > 0 && t.Rows[i].N < Few
		// Hidden cells must together leave room for more than one reading.
		if small || (hidden > 0 && t.Rows[i].N > 0 && (hidden == 1 || sum < Few)) {
			t.Rows[i].Hidden = true
			hidden++
			sum += t.Rows[i].N
		}
	}
	t.TotalHidden = hidden == 1 || (t.Total > 0 && t.Total < Few)
	for i := range t.Rows {
		if t.Rows[i].Hidden {
			t.Rows[i].N = 0
		}
	}
	if t.TotalHidden {
		t.Total = 0
	}
	slices.SortFunc(t.Rows, func(a, b Row) int { return strings.Compare(a.Name, b.Name) })
}
