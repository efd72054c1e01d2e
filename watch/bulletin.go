package watch

import (
	"cmp"
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
		if seen[sig.Entry] || !counted(sig) {
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
	Verdicts int64   `json:"verdicts"` // right or harmless
	Unclear  int64   `json:"unclear,omitempty"`
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
			out = append(out, Measure{name(p), p.Language, n, p.Unclear, p.Share, p.Low, p.High})
		}
	}
	return out
}

// fewPublic is the smallest number that may stand in, or be computed from, a
// public figure (oversight.Few).
const fewPublic = 5

// publishable leaves out what rests on few verdicts, what would show a number
// below five, and as many more as it takes that what is left out cannot be
// computed from the totals.
func publishable(all []Precision) (shown []Precision) {
	var hidden Precision
	few, left := func(n int64) bool { return n > 0 && n < fewPublic }, 0
	hide := func(p Precision) {
		if p.Right+p.Harmless > 0 {
			left++
		}
		hidden.Right += p.Right
		hidden.Harmless += p.Harmless
	}
	for _, p := range all {
		p.Unclear = 0 // counts for neither side, and is told nowhere
		if p.Right+p.Harmless < FewVerdicts || few(p.Right) || few(p.Harmless) {
			hide(p)
			continue
		}
		shown = append(shown, p)
	}
	slices.SortFunc(shown, func(a, b Precision) int { return cmp.Compare(a.Right+a.Harmless, b.Right+b.Harmless) })
	for len(shown) > 0 && left > 0 && (left == 1 || few(hidden.Right) || few(hidden.Harmless)) {
		hide(shown[0])
		shown = shown[1:]
	}
	slices.SortFunc(shown, func(a, b Precision) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Language, b.Language))
	})
	return shown
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
			state := p.State
			if p.Retires { // the other way round
				state = map[ProposalState]ProposalState{Live: Retired, Retired: Live}[p.State]
			}
			out = append(out, BulletinEntry{p.Entry(), state, time.UnixMicro(at).UTC().Format(time.DateOnly)})
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
// verdicts, where at least FewVerdicts stand behind it and no number below five
// can be computed: the measured figures of the algorithm register (D 5.6). It
// is public, and late.
func (s *Service) Measured(ctx context.Context) (m Measured, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m = Measured{Until: time.UnixMicro(tx.Now - MeasuredDelay).UTC().Format(time.DateOnly)}
		categories, languages, err := s.judgedBy(ctx, tx, m.Until, func(string) bool { return true })
		m.Categories = measures(publishable(categories), func(p Precision) string { return p.Category })
		m.Languages = measures(publishable(languages), func(p Precision) string { return p.Language })
		return err
	})
	return m, err
}
