package watch

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Standing is how one entry of the lexicon does in use.
type Standing struct {
	Precision       // of all alerts in which it stood, whatever their language and category
	Use             // when it stood in new alerts; the empty one: never yet
	Stale     bool  // it stood in alerts once, and has not for [StaleAfter] days
	LiveSince int64 // when it went live here; 0: it was shipped, or loaded by the agency
}

// Standings reads how the entries do that have stood in an alert, or that went
// live here, by entry.
func (s *Service) Standings(ctx context.Context, by access.Actor) (map[string]Standing, error) {
	if err := people.Allow(by, "lexicon.list", access.Resource{Kind: "lexicon"}); err != nil {
		return nil, err
	}
	out := map[string]Standing{}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		uses, counts, err := s.inUse(ctx, tx, by)
		if err != nil {
			return err
		}
		limit := staleBefore(tx.Now)
		for _, u := range uses {
			out[u.Entry] = Standing{Use: u, Stale: u.LastDay < limit}
		}
		for i := range counts {
			counts[i].Language, counts[i].Category = "", ""
		}
		for _, p := range precisions(counts) {
			st := out[p.Entry]
			st.Precision = p
			out[p.Entry] = st
		}
		all, err := s.proposals(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.State == Live && !p.Retires {
				st := out[p.Entry()]
				st.LiveSince = p.LiveAt
				out[p.Entry()] = st
			}
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.list", ID: "lexicon", By: by, Detail: "standings=" + strconv.Itoa(len(out))})
	})
	return out, err
}

// inUse reads the counters of entries, without those that are not for by.
func (s *Service) inUse(ctx context.Context, tx *db.Tx, by access.Actor) ([]Use, []EntryCount, error) {
	uses, err := selectUses(ctx, tx)
	if err != nil {
		return nil, nil, errs.Wrap(err, "read entries")
	}
	counts, err := selectEntryCounts(ctx, tx)
	if err != nil {
		return nil, nil, errs.Wrap(err, "read entry counts")
	}
	uses = slices.DeleteFunc(uses, func(u Use) bool { return hiddenFrom(by, categoryOf(u.Entry)) })
	return uses, slices.DeleteFunc(counts, func(c EntryCount) bool { return hiddenFrom(by, c.Category) }), nil
}

// categoryOf is the category of an entry, by its id.
func categoryOf(entry string) string {
	_, rest, _ := strings.Cut(entry, "/")
	category, _, _ := strings.Cut(rest, "/")
	return category
}

// hiddenFrom says whether numbers of a category are for others than by.
func hiddenFrom(by access.Actor, category string) bool {
	return slices.Contains(guarded, category) &&
		!access.Decide(by, "alert.count", access.Resource{Kind: "alert", ID: "alert", Unit: by.Unit, Guarded: true}).Allowed
}

func staleBefore(now int64) string {
	return time.UnixMicro(now).UTC().AddDate(0, 0, -StaleAfter).Format(time.DateOnly)
}
