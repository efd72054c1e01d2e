package watch

import (
	"context"
	"slices"

	"ronde/internal/db"
)

// Record is what the register of algorithms says of the processing as it is
// now: the lexicon in use and how well it does (D 5.6). It is public: it
// speaks of words, never of a mandate.
type Record struct {
	Lexicon    string // hash of the lexicon in use
	Entries    int
	Languages  []string
	Categories []string // that can be flagged
	Reviewed   int      // entries that a named analyst has reviewed
	Sourced    int      // entries that a police or public body, or the press quoting one, confirms
	Local      int      // entries that went live here
	Changed    int64    // when an entry last went live or was retired here; 0: never
	Measured   Measured
}

// Record reads it.
func (s *Service) Record(ctx context.Context) (Record, error) {
	lex, err := s.Current(ctx)
	if err != nil {
		return Record{}, err
	}
	r := Record{Lexicon: lex.Hash(), Entries: lex.Len()}
	for e := range lex.Entries {
		if !slices.Contains(r.Languages, e.Language) && e.Language != "mul" {
			r.Languages = append(r.Languages, e.Language)
		}
		if severity[e.Category] > 0 && !slices.Contains(r.Categories, e.Category) {
			r.Categories = append(r.Categories, e.Category)
		}
		if e.Reviewer != "" {
			r.Reviewed++
		}
		if e.Reliability == "A" || e.Reliability == "B" {
			r.Sourced++
		}
	}
	slices.Sort(r.Languages)
	slices.SortFunc(r.Categories, func(a, b string) int { return int(severity[b] - severity[a]) })
	if r.Measured, err = s.Measured(ctx); err != nil {
		return Record{}, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := s.proposals(ctx, tx)
		for _, p := range all {
			if p.State == Live && !p.Retires {
				r.Local++
			}
			if p.State == Live || p.State == Retired {
				r.Changed = max(r.Changed, p.LiveAt, p.EndedAt)
			}
		}
		return err
	})
	return r, err
}
