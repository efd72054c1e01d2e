package watch

import (
	"context"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

// Stage is the part of the queue in which an alert is found: it waits for a
// verdict, for a second person, or is decided.
type Stage string

// The stages.
const (
	Waiting Stage = "open"
	Second  Stage = "leaving"
	Decided Stage = "decided"
)

// stageOf says where an alert is found. What was confirmed waits for no verdict
// any more, whether it goes on or not.
func stageOf(s State, v Verdict) Stage {
	switch {
	case s == Leaving:
		return Second
	case s == Open && !v.Confirmed():
		return Waiting
	}
	return Decided
}

// Stages counts the alerts of each stage that somebody may list, of one
// category or of all.
func (s *Service) Stages(ctx context.Context, by access.Actor, category string) (map[Stage]int, error) {
	if err := people.Allow(by, "alert.list", access.Resource{Kind: "alert"}); err != nil {
		return nil, err
	}
	out := map[Stage]int{}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		ended, err := s.Mandates.Ended(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := selectStandings(ctx, tx, access.ScopeOf(by, "alert"), category)
		for _, r := range rows {
			unconfirmed := (r.state == Open || r.state == Harmless) && !r.verdict.Confirmed()
			if !unconfirmed || !slices.Contains(ended, r.mandate) {
				out[stageOf(r.state, r.verdict)] += r.n
			}
		}
		return err
	})
	return out, errs.Wrap(err, "count alerts")
}

// ReadOf is what was read and not read of each source of a mandate that the
// caller has opened.
func (s *Service) ReadOf(ctx context.Context, mandateID string) (map[string]Totals, error) {
	out := map[string]Totals{}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := s.Mandates.Readings(ctx, tx, mandateID)
		for _, r := range all {
			t := out[r.Source]
			t.Read, t.NotRead = t.Read+r.Read, t.NotRead+r.NotRead
			out[r.Source] = t
		}
		return err
	})
	return out, errs.Wrap(err, "count what was read")
}
