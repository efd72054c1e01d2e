package watch

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/people"
)

// Bounds of the search for new codes.
const (
	candidateAlerts = 2000 // the newest that are looked through
	CandidateLeast  = 3    // confirmed posts that a word must stand in
	candidateMost   = 50   // rows
	shortestCode    = 3    // letters of a word
	CandidateNear   = 5    // how far a known code may stand away to be beside
	// surprise is G² beyond which a difference stands by chance in fewer than
	// one of a hundred words (chi-square, one degree; Dunning 1993).
	surprise = 6.63
)

// wording is the family of plain words that tell: no entry knows them yet.
const wording = "wording"

// Candidate is a word or emoji that no entry knows and that stands in posts
// which people confirmed more often than in those which they did not.
type Candidate struct {
	Text     string
	Language string // of most of its confirmed posts; empty where they say none
	Category string
	Offers   int      // confirmed posts of the category that have it
	OfOffers int      // confirmed posts of the category
	Others   int      // other posts in the queue that have it
	OfOthers int      // other posts in the queue
	Surprise float64  // G²
	Beside   []string // families of known codes that it stands beside, the most frequent first
}

// Candidates looks through the alerts that by may see for words that could be
// new codes. Handles, addresses and numbers are no candidates, and a word
// counts once a post: it is words that are counted, never authors. Nothing is
// kept; that somebody looked is.
func (s *Service) Candidates(ctx context.Context, by access.Actor) ([]Candidate, error) {
	for verb, kind := range map[string]string{"lexicon.propose": "lexicon", "alert.list": "alert"} {
		if err := people.Allow(by, verb, access.Resource{Kind: kind}); err != nil {
			return nil, err
		}
	}
	var alerts []*Alert
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if alerts, err = selectSealed(ctx, tx, access.ScopeOf(by, "alert"), candidateAlerts); err != nil {
			return errs.Wrap(err, "look for candidates")
		}
		if alerts, err = s.living(ctx, tx, alerts); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.candidates", ID: "lexicon", By: by, Detail: fmt.Sprintf("alerts=%d", len(alerts))})
	})
	if err != nil {
		return nil, err
	}
	t := newCandidates(s.lexiconNow())
	for _, a := range alerts {
		c, err := s.content(a)
		if errs.Is(err, errs.NotFound) {
			continue // erased between the two
		}
		if err != nil {
			return nil, err
		}
		t.read(a, c)
	}
	return t.list(), nil
}

// candidates counts in how many posts each unknown word stands.
type candidates struct {
	lex       *lexicon.Lexicon
	confirmed map[string]int // by category
	others    int
	words     map[string]*unknown
}

type unknown struct {
	confirmed map[string]int // by category
	others    int
	languages map[string]int
	beside    map[string]int
}

func newCandidates(lex *lexicon.Lexicon) *candidates {
	return &candidates{lex: lex, confirmed: map[string]int{}, words: map[string]*unknown{}}
}

// read counts the words of one post, each once.
func (t *candidates) read(a *Alert, c content) {
	yes := a.Verdict.Confirmed()
	if yes {
		t.confirmed[a.Category]++
	} else {
		t.others++
	}
	words := lexicon.Words(c.Post.Text)
	seen := map[string]bool{}
	for i, w := range words {
		if seen[w.Text] || !w.Emoji && len(w.Text) < shortestCode || known(c.Signals, w) {
			continue
		}
		seen[w.Text] = true
		u := t.words[w.Text]
		if u == nil {
			u = &unknown{map[string]int{}, 0, map[string]int{}, map[string]int{}}
			t.words[w.Text] = u
		}
		if !yes {
			u.others++
			continue
		}
		u.confirmed[a.Category]++
		u.languages[a.Language]++
		for _, f := range familiesBetween(c.Signals, words[max(0, i-CandidateNear)].Start, words[min(len(words)-1, i+CandidateNear)].End) {
			u.beside[f]++
		}
	}
}

// known says whether a word is part of something that the lexicon knew.
func known(signals []Signal, w lexicon.Word) bool {
	return slices.ContainsFunc(signals, func(s Signal) bool { return w.Start < s.End && s.Start < w.End && s.Family != wording })
}

// familiesBetween are those of the codes between two places, each once.
func familiesBetween(signals []Signal, from, to int) (out []string) {
	for _, s := range signals {
		c, ok := lexicon.ParseCategory(s.Category)
		if ok && int(c) < lexicon.FlagCategories && s.Start < to && from < s.End && s.Family != wording && !slices.Contains(out, s.Family) {
			out = append(out, s.Family)
		}
	}
	return out
}

// list returns the words that stand in confirmed posts more often than chance
// explains, the most surprising first.
func (t *candidates) list() (out []Candidate) {
	for text, u := range t.words {
		for category, n := range u.confirmed {
			c := Candidate{Text: text, Category: category, Offers: n, OfOffers: t.confirmed[category], Others: u.others, OfOthers: t.others,
				Language: most(u.languages), Beside: byCount(u.beside)}
			c.Surprise = dunning(c.Offers, c.OfOffers, c.Others, c.OfOthers)
			if n >= CandidateLeast && c.Surprise >= surprise && len(c.Beside) > 0 {
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Surprise, a.Surprise), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Category, b.Category))
	})
	return out[:min(len(out), candidateMost)]
}

// dunning is G² of a of n against b of m, 0 where the first share is not the
// greater one (Dunning 1993, log-likelihood ratio of two binomials).
func dunning(a, n, b, m int) float64 {
	if n == 0 || m == 0 || a*m <= b*n {
		return 0
	}
	all := float64(a+b) / float64(n+m)
	term := func(k, of int, p float64) float64 {
		x, y := float64(k), float64(of-k)
		sum := 0.0
		if x > 0 {
			sum += x * math.Log(x/float64(of)/p)
		}
		if y > 0 {
			sum += y * math.Log(y/float64(of)/(1-p))
		}
		return sum
	}
	return 2 * (term(a, n, all) + term(b, m, all))
}

func most(n map[string]int) string {
	if all := byCount(n); len(all) > 0 {
		return all[0]
	}
	return ""
}

func byCount(n map[string]int) []string {
	all := slices.Sorted(keysOf(n))
	slices.SortStableFunc(all, func(a, b string) int { return n[b] - n[a] })
	return all
}
