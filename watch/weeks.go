package watch

import (
	"context"
	"slices"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Week is how many verdicts people gave in one week, from Monday, UTC. A
// verdict that was changed counts in the week of each.
type Week struct {
	Monday   time.Time
	Verdicts map[Verdict]int64
}

// Figures are what an analyst looks at to see how well the watch does: shares
// with their intervals, never a bare number.
type Figures struct {
	Categories []Precision // of whole alerts, by category
	Languages  []Precision // of whole alerts, by language; "" where the post names none
	Entries    []Precision // of entries, the least certain to be right first
	Weeks      []Week      // oldest first, the present one last
	Stale      []Use
}

// FigureWeeks is how far back the verdicts of a week are shown.
const FigureWeeks = 12

// Figures reads them, without what is for specialised staff only.
func (s *Service) Figures(ctx context.Context, by access.Actor) (f Figures, err error) {
	if err := people.Allow(by, "lexicon.list", access.Resource{Kind: "lexicon"}); err != nil {
		return f, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		f = Figures{}
		uses, counts, err := s.inUse(ctx, tx, by)
		if err != nil {
			return err
		}
		f.Entries, f.Stale = byEntry(counts), stale(uses, tx.Now)
		shown := func(category string) bool { return !hiddenFrom(by, category) }
		if f.Categories, f.Languages, err = s.judgedBy(ctx, tx, "9999-99-99", shown); err != nil {
			return err
		}
		if f.Weeks, err = s.weeks(ctx, tx, shown); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.list", ID: "lexicon", By: by, Detail: "figures"})
	})
	return f, err
}

// byEntry sums over languages and categories.
func byEntry(counts []EntryCount) []Precision {
	all := slices.Clone(counts)
	for i := range all {
		all[i].Language, all[i].Category = "", ""
	}
	return precisions(all)
}

// The counters of whole alerts, by category, language and verdict: as they
// stand (a changed verdict takes its count along), and as they were given.
func standsName(category, language string, v Verdict) string {
	return "stands." + category + "." + language + "." + string(v)
}

func givenName(category string, v Verdict) string { return "given." + category + "." + string(v) }

// underName begins the counters of the verdicts that stand under one mandate:
// they outlive the alerts, of which none is kept for long.
func underName(mandate string) string { return "under." + mandate + "." }

// judgedUnder sums them.
func judgedUnder(ctx context.Context, tx *db.Tx, mandate string) (p Precision, err error) {
	days, err := selectDays(ctx, tx, underName(mandate), "0000-00-00")
	if err != nil {
		return p, errs.Wrap(err, "read counts")
	}
	for _, d := range days {
		switch v := Verdict(strings.TrimPrefix(d.name, underName(mandate))); {
		case v.Confirmed():
			p.Right += d.n
		case v == VerdictHarmless:
			p.Harmless += d.n
		case v == VerdictUnclear:
			p.Unclear += d.n
		}
	}
	p.measure()
	return p, nil
}

// judgedBy sums the verdicts that stand, up to a day.
func (s *Service) judgedBy(ctx context.Context, tx *db.Tx, to string, shown func(category string) bool) (categories, languages []Precision, err error) {
	counts, err := selectCounts(ctx, tx, "0000-00-00", to)
	if err != nil {
		return nil, nil, errs.Wrap(err, "read counts")
	}
	var byCategory, byLanguage []EntryCount
	for name, n := range counts {
		part := strings.Split(name, ".")
		if len(part) != 4 || part[0] != "stands" || n <= 0 || !shown(part[1]) {
			continue
		}
		byCategory = append(byCategory, EntryCount{Category: part[1], Verdict: Verdict(part[3]), N: n})
		byLanguage = append(byLanguage, EntryCount{Language: part[2], Verdict: Verdict(part[3]), N: n})
	}
	return precisions(byCategory), precisions(byLanguage), nil
}

func (s *Service) weeks(ctx context.Context, tx *db.Tx, shown func(category string) bool) ([]Week, error) {
	this := monday(time.UnixMicro(tx.Now).UTC())
	first := this.AddDate(0, 0, -7*(FigureWeeks-1))
	out := make([]Week, FigureWeeks)
	for i := range out {
		out[i] = Week{first.AddDate(0, 0, 7*i), map[Verdict]int64{}}
	}
	days, err := selectDays(ctx, tx, "given.", first.Format(time.DateOnly))
	if err != nil {
		return nil, errs.Wrap(err, "read counts")
	}
	for _, d := range days {
		part := strings.Split(d.name, ".")
		at, err := time.Parse(time.DateOnly, d.day)
		if err != nil || len(part) != 3 || !shown(part[1]) {
			continue
		}
		if i := int(at.Sub(first).Hours()) / (7 * 24); i >= 0 && i < len(out) {
			out[i].Verdicts[Verdict(part[2])] += d.n
		}
	}
	return out, nil
}

// monday is the beginning of a day's week.
func monday(t time.Time) time.Time {
	t = t.Truncate(24 * time.Hour)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}
