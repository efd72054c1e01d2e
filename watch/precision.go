package watch

import (
	"context"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"

	"ronde/access"
	"ronde/internal/db"
	"ronde/ledger"
	"ronde/people"
)

// Precision is how often alerts with an entry were what they seemed, by the
// verdicts of humans: Right of Right+Harmless. Low and High are Wilson's
// interval at 95 %, so that three verdicts do not look like three hundred.
// Unclear verdicts count for neither.
type Precision struct {
	Entry    string // empty in sums over all entries
	Language string
	Category string
	Right    int64
	Harmless int64
	Unclear  int64
	Share    float64 // 0 to 1; NaN-free: 0 when there is no verdict
	Low      float64
	High     float64
}

// Precisions lists the precision of each entry by language and category, the
// least certain to be right first.
func (s *Service) Precisions(ctx context.Context, by access.Actor) ([]Precision, error) {
	if err := people.Allow(by, "lexicon.list", access.Resource{Kind: "lexicon"}); err != nil {
		return nil, err
	}
	var out []Precision
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, counts, err := s.inUse(ctx, tx, by)
		if err != nil {
			return err
		}
		out = precisions(counts)
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.list", ID: "lexicon", By: by, Detail: "precisions=" + strconv.Itoa(len(out))})
	})
	return out, err
}

func precisions(counts []EntryCount) []Precision {
	type key struct{ entry, language, category string }
	sums := map[key]*Precision{}
	for _, c := range counts {
		k := key{c.Entry, c.Language, c.Category}
		p := sums[k]
		if p == nil {
			p = &Precision{Entry: c.Entry, Language: c.Language, Category: c.Category}
			sums[k] = p
		}
		switch {
		case c.Verdict.Confirmed():
			p.Right += c.N
		case c.Verdict == VerdictHarmless:
			p.Harmless += c.N
		case c.Verdict == VerdictUnclear:
			p.Unclear += c.N
		}
	}
	out := make([]Precision, 0, len(sums))
	for _, p := range sums {
		p.measure()
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Precision) int {
		if a.Low != b.Low {
			return int(math.Copysign(1, a.Low-b.Low))
		}
		if a.Entry+a.Language+a.Category < b.Entry+b.Language+b.Category {
			return -1
		}
		return 1
	})
	return out
}

func (p *Precision) measure() {
	n := p.Right + p.Harmless
	if n > 0 {
		p.Share = float64(p.Right) / float64(n)
	}
	p.Low, p.High = wilson(p.Right, n)
}

// wilson is the score interval at 95 % (Wilson 1927): 0 to 1 when nothing is
// known.
func wilson(right, n int64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.959964
	share, m := float64(right)/float64(n), float64(n)
	middle := share + z*z/(2*m)
	spread := z * math.Sqrt(share*(1-share)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return max(0, (middle-spread)/scale), min(1, (middle+spread)/scale)
}

func keysOf[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }
