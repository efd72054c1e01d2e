package oversight

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Audit reads the ledger and accounts for that (D 4.19, 4.20).
func (s *Service) Audit(ctx context.Context, by access.Actor, f ledger.Filter) (out []ledger.Entry, err error) {
	if err := people.Allow(by, "ledger.read", access.Resource{Kind: "ledger"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = s.book.Page(ctx, tx, f); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "ledger.read", ID: "ledger", By: by,
			Detail: fmt.Sprintf("%d shown; verb=%q object=%q handle=%q", len(out), clip(f.Verb), clip(f.Object), clip(f.Handle))})
	})
	return out, errs.Wrap(err, "read ledger")
}

// clip keeps what somebody typed into a filter short; all three are names of
// ours, never a person's.
func clip(s string) string { return s[:min(len(s), 60)] }

// Certificates lists what was destroyed, the watch's purges among it, newest
// first.
func (s *Service) Certificates(ctx context.Context, by access.Actor) (out []Certificate, err error) {
	if err := people.Allow(by, "certificate.read", access.Resource{Kind: "certificate"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = certificates(ctx, tx, maxList); err != nil {
			return err
		}
		purges, err := s.watch.Purges(ctx, tx, "")
		if err != nil {
			return err
		}
		for _, p := range purges {
			out = append(out, Certificate{ID: p.ID, Kind: "purge", Subject: p.Mandate, At: p.At, N: p.Alerts, Digest: p.Sum, Basis: p.Reason, Maker: "machine:watch"})
		}
		slices.SortFunc(out, func(a, b Certificate) int { return cmp.Compare(b.At, a.At) })
		return s.book.Append(ctx, tx, ledger.Event{Verb: "certificate.read", ID: "certificate", By: by, Detail: fmt.Sprintf("%d shown", len(out))})
	})
	return out, errs.Wrap(err, "list certificates")
}
