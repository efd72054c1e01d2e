package oversight

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
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
			Detail: fmt.Sprintf("%d shown; verb=%q object=%q handle=%q", len(out), ours(f.Verb), ours(f.Object), ours(f.Handle))})
	})
	return out, errs.Wrap(err, "read ledger")
}

// named are the names of ours that a filter can hold: a verb, a handle, a row.
var named = regexp.MustCompile(`^((conversation|official|account|hours|mandate|source|alert|case|exhibit|rights|ledger|certificate|lexicon|people|hold)\.[a-z-]+|[A-Z]-[0-9]{1,6}|machine:[a-z]+|citizen|unknown|[a-z]+_[a-z]+/[a-z]{3}_[0-9a-z]{26})?$`)

// ours keeps what somebody typed into a filter out of the book, which nobody
// can erase: an auditor who looks for a person's name writes it down nowhere.
func ours(typed string) string {
	if named.MatchString(typed) {
		return typed
	}
	return "other"
}

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
