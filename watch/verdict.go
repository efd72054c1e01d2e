package watch

import (
	"context"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Bounds of a typed reason, in bytes.
const (
	MinReason = 3
	MaxReason = 2000
)

func checkReason(reason string) error {
	switch {
	case len(reason) < MinReason:
		return errs.Field("reason", "err.required", "give reason: none")
	case len(reason) > MaxReason:
		return errs.Field("reason", "err.too_long", "give reason: too long", "max", MaxReason)
	}
	return nil
}

// EntryCount is how often an entry stood in posts with one verdict.
type EntryCount struct {
	Entry    string
	Language string
	Category string
	Verdict  Verdict
	N        int64
}

// Verdict writes down what a human says of the post. Harmless erases text and
// signals at once; the entries' counters stay.
func (s *Service) Verdict(ctx context.Context, by access.Actor, id string, v Verdict, reason string) error {
	if !slices.Contains(Verdicts, v) {
		return errs.Field("verdict", "err.alert.verdict", "judge alert: unknown verdict")
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	err := s.on(ctx, by, id, "alert.verdict", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if a.State != Open {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.state", "judge alert: it is not open any more")
		}
		if err := s.countEntries(ctx, tx, a, v); err != nil {
			return ledger.Event{}, err
		}
		if err := s.countJudged(ctx, tx, a, v); err != nil {
			return ledger.Event{}, err
		}
		if err := s.decide(ctx, tx, a, by, v, reason); err != nil {
			return ledger.Event{}, err
		}
		return ledger.Event{Detail: string(v), Reason: reason}, s.count(ctx, tx, "verdict."+string(v), 1)
	})
	if err != nil {
		return err
	}
	s.tell()
	if v == VerdictHarmless {
		return s.destroyDoomed(ctx)
	}
	return nil
}

func (s *Service) decide(ctx context.Context, tx *db.Tx, a *Alert, by access.Actor, v Verdict, reason string) error {
	a.Verdict, a.Decider = v, by.Handle
	switch {
	case v == VerdictHarmless:
		a.State, a.sealed, a.reasons = Harmless, nil, nil
		if err := doom(ctx, tx, a.ID); err != nil {
			return errs.Wrap(err, "erase alert")
		}
	default:
		if v.Confirmed() {
			a.ExpiresAt = tx.Now + ConfirmedFor
		} else {
			a.ExpiresAt = a.RaisedAt + AlertFor
		}
		if err := s.addReason(a, func(r *Reasons) { r.Verdict = reason }); err != nil {
			return err
		}
	}
	return errs.Wrap(setVerdict(ctx, tx, a), "judge alert")
}

// countEntries counts each entry of the alert once under the verdict; a
// verdict that is changed takes its count along.
func (s *Service) countEntries(ctx context.Context, tx *db.Tx, a *Alert, v Verdict) error {
	c, err := s.content(a)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, sig := range c.Signals {
		if seen[sig.Entry] || !counted(sig) {
			continue
		}
		seen[sig.Entry] = true
		n := EntryCount{Entry: sig.Entry, Language: a.Language, Category: a.Category, Verdict: v, N: 1}
		if err := addEntryCount(ctx, tx, n); err != nil {
			return errs.Wrap(err, "count entry")
		}
		if a.Verdict != VerdictNone {
			n.Verdict, n.N = a.Verdict, -1
			if err := addEntryCount(ctx, tx, n); err != nil {
				return errs.Wrap(err, "count entry")
			}
		}
	}
	return nil
}

// counted says whether a signal is an entry of the lexicon. What the weights
// know of plain words is named by the post's own word, which stands in no
// column in clear.
func counted(sig Signal) bool {
	code, _, ok := strings.Cut(sig.Entry, "/")
	return ok && (code == "mul" || language(code) == code)
}

// countJudged counts the alert under its verdict; one that is changed takes
// its count along. What was given stays counted in its week.
func (s *Service) countJudged(ctx context.Context, tx *db.Tx, a *Alert, v Verdict) error {
	counts := map[string]int64{standsName(a.Category, a.Language, v): 1, givenName(a.Category, v): 1, underName(a.Mandate) + string(v): 1}
	if a.Verdict != VerdictNone {
		counts[standsName(a.Category, a.Language, a.Verdict)]--
		counts[underName(a.Mandate)+string(a.Verdict)]--
	}
	for _, name := range slices.Sorted(keysOf(counts)) {
		if err := s.count(ctx, tx, name, counts[name]); err != nil {
			return errs.Wrap(err, "count verdict")
		}
	}
	return nil
}

// EntryCounts lists the counters of all entries.
func (s *Service) EntryCounts(ctx context.Context, tx *db.Tx) ([]EntryCount, error) {
	all, err := selectEntryCounts(ctx, tx)
	return all, errs.Wrap(err, "read entry counts")
}

// MarkMinor is a human's mark that the author may be a recruited minor, or
// takes it back. It then comes first: a recruited child is in danger (D 3.30).
func (s *Service) MarkMinor(ctx context.Context, by access.Actor, id string, minor bool, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	err := s.on(ctx, by, id, "alert.mark-minor", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if by.Person == "" {
			return ledger.Event{}, errs.New(errs.Denied, "err.denied", "mark minor: only a person may")
		}
		if a.sealed == nil {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.state", "mark minor: the alert is erased")
		}
		a.Minor = minor
		if err := s.addReason(a, func(r *Reasons) { r.Minor = reason }); err != nil {
			return ledger.Event{}, err
		}
		detail := "marked"
		if !minor {
			detail = "taken back"
		}
		return ledger.Event{Detail: detail, Reason: reason}, setMinor(ctx, tx, a)
	})
	return s.changedBy(err)
}

// destroyDoomed destroys the keys of what was erased by a commit before. A
// crash in between is made good by the next call.
func (s *Service) destroyDoomed(ctx context.Context) error {
	for {
		var doomed []string
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			doomed, err = selectDoomed(ctx, tx, purgeBatch)
			return err
		})
		if err != nil || len(doomed) == 0 {
			return errs.Wrap(err, "destroy keys")
		}
		for _, container := range doomed {
			if err := s.keys.Destroy(container, s.db.Now()); err != nil {
				return err
			}
		}
		crash.At(crash.KeyDestroyed)
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			for _, container := range doomed {
				if err := deleteDoomed(ctx, tx, container); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return errs.Wrap(err, "destroy keys")
		}
	}
}
