package watch

import (
	"context"
	"slices"
	"strconv"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// StaleAfter is how many days an entry may raise nothing before it is looked
// at again: codes change constantly (D 3.5).
const StaleAfter = 180

// Use is when an entry stood in new alerts.
type Use struct {
	Entry    string
	Alerts   int64
	FirstDay string // YYYY-MM-DD, UTC
	LastDay  string
}

func (s *Service) noteEntries(ctx context.Context, tx *db.Tx, signals []Signal) error {
	today := time.UnixMicro(tx.Now).UTC().Format(time.DateOnly)
	seen := map[string]bool{}
	for _, sig := range signals {
		if seen[sig.Entry] {
			continue
		}
		seen[sig.Entry] = true
		if err := noteEntry(ctx, tx, sig.Entry, today); err != nil {
			return err
		}
	}
	return nil
}

// Bulletin is what a unit may tell others about its codes: figures about
// words, with nothing of a post, a person or an open mandate in it.
type Bulletin struct {
	Day        string          `json:"day"`
	Lexicon    string          `json:"lexicon"`
	Entries    int             `json:"entries"`
	Categories []Measure       `json:"categories"`
	Languages  []Measure       `json:"languages"`
	Codes      []Measure       `json:"codes"`
	Stale      []Use           `json:"stale"`
	Changes    []BulletinEntry `json:"changes"`
}

// Measure is a precision that enough verdicts stand behind.
type Measure struct {
	Name     string  `json:"name"`
	Language string  `json:"language,omitempty"`
	Verdicts int64   `json:"verdicts"`
	Share    float64 `json:"share"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
}

// BulletinEntry is a code that went live or was retired.
type BulletinEntry struct {
	Entry string        `json:"entry"`
	State ProposalState `json:"state"`
	Day   string        `json:"day"`
}

// FewVerdicts is below which a figure says more about a few posts than about
// a code; such figures are left out.
const FewVerdicts = 10

// Bulletin makes the bulletin of this day.
func (s *Service) Bulletin(ctx context.Context, by access.Actor) (Bulletin, error) {
	if err := people.Allow(by, "lexicon.list", access.Resource{Kind: "lexicon"}); err != nil {
		return Bulletin{}, err
	}
	var b Bulletin
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.learn(ctx, tx); err != nil {
			return err
		}
		lex := s.lexiconNow()
		b = Bulletin{Day: time.UnixMicro(tx.Now).UTC().Format(time.DateOnly), Lexicon: lex.Hash(), Entries: lex.Len()}
		counts, err := selectEntryCounts(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "read entry counts")
		}
		open := func(category string) bool { return !slices.Contains(guarded, category) }
		b.Codes = measures(precisions(slices.DeleteFunc(counts, func(c EntryCount) bool { return !open(c.Category) })), func(p Precision) string { return p.Entry })
		categories, languages, err := s.judgedBy(ctx, tx, "9999-99-99", open)
		if err != nil {
			return err
		}
		b.Categories = measures(categories, func(p Precision) string { return p.Category })
		b.Languages = measures(languages, func(p Precision) string { return p.Language })
		uses, err := selectUses(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "read entries")
		}
		b.Stale = stale(slices.DeleteFunc(uses, func(u Use) bool { return !open(categoryOf(u.Entry)) }), tx.Now)
		if b.Changes, err = s.changes(ctx, tx); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.list", ID: "lexicon", By: by, Detail: "bulletin codes=" + strconv.Itoa(len(b.Codes))})
	})
	return b, err
}

func measures(all []Precision, name func(Precision) string) []Measure {
	out := []Measure{}
	for _, p := range all {
		if n := p.Right + p.Harmless; n >= FewVerdicts {
			out = append(out, Measure{name(p), p.Language, n, p.Share, p.Low, p.High})
		}
	}
	return out
}

func stale(all []Use, now int64) []Use {
	limit := staleBefore(now)
	out := []Use{}
	for _, u := range all {
		if u.LastDay < limit {
			out = append(out, u)
		}
	}
	return out
}

func (s *Service) changes(ctx context.Context, tx *db.Tx) ([]BulletinEntry, error) {
	all, err := s.proposals(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := []BulletinEntry{}
	for _, p := range all {
		at := p.LiveAt
		if p.State == Retired {
			at = p.EndedAt
		}
		if p.State == Live || p.State == Retired {
			out = append(out, BulletinEntry{p.Entry(), p.State, time.UnixMicro(at).UTC().Format(time.DateOnly)})
		}
	}
	return out, nil
}

// Measured is what is known of how well the watch does, for the public.
type Measured struct {
	Until      string // day
	Categories []Measure
	Languages  []Measure
}

// MeasuredDelay is how late measured figures are: a fresh one would tell that
// a mandate was opened (oversight.MandateDelayDays).
const MeasuredDelay = 90 * day

// Measured is the precision of whole alerts by category and language, from the
// verdicts, where at least FewVerdicts stand behind it: the measured figures
// of the algorithm register (D 5.6). It is public, and late.
func (s *Service) Measured(ctx context.Context) (m Measured, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m = Measured{Until: time.UnixMicro(tx.Now - MeasuredDelay).UTC().Format(time.DateOnly)}
		categories, languages, err := s.judgedBy(ctx, tx, m.Until, func(string) bool { return true })
		m.Categories = measures(categories, func(p Precision) string { return p.Category })
		m.Languages = measures(languages, func(p Precision) string { return p.Language })
		return err
	})
	return m, err
}
