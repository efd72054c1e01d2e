package watch

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// MinDanger is the fewest letters that say which danger to life there is: one
// word is no reason to act alone.
const MinDanger = 20

func checkDanger(reason string) error {
	switch n := utf8.RuneCountInString(strings.TrimSpace(reason)); {
	case n == 0:
		return errs.Field("reason", "err.required", "break glass: no reason")
	case n < MinDanger:
		return errs.Field("reason", "err.too_short", "break glass: the reason is too short", "min", MinDanger)
	}
	return checkReason(reason)
}

// BreakGlass lets an alert leave at once by one person alone, in danger to
// life. It is counted, stands on every list of those who review it, and
// another person reviews it within 24 hours. An empty grade keeps the alert's.
func (s *Service) BreakGlass(ctx context.Context, by access.Actor, id, to, grade, reason string) error {
	if err := checkLeave(to, grade, reason); err != nil {
		return err
	}
	if err := checkDanger(reason); err != nil {
		return err
	}
	return s.changedBy(s.on(ctx, by, id, "alert.ask-leave", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if a.State != Open && a.State != Leaving {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.state", "break glass: the alert is not in the watch")
		}
		if err := a.grade(grade); err != nil {
			return ledger.Event{}, err
		}
		a.State, a.To, a.Glass, a.ReviewBy = Left, to, true, tx.Now+GlassFor
		a.ExpiresAt = max(a.ExpiresAt, tx.Now+ConfirmedFor)
		if err := s.count(ctx, tx, "glass", 1); err != nil {
			return ledger.Event{}, err
		}
		return s.asked(ctx, tx, a, by, "alert.break-glass", reason)
	}))
}

// Glass is one use of the way out for danger to life, as its reviewers see
// it: who, when and why, and nothing of the post.
type Glass struct {
	Alert      string
	Mandate    string
	Category   string
	To         string
	Grade      string
	By         string // service handle
	BrokenAt   int64
	ReviewBy   int64
	ReviewedAt int64 // 0 while it waits
	Reviewer   string
	Reason     string // empty once the alert is erased
	Review     string
	Own        bool // the one who asks broke it, and may not review it
}

// Overdue reports whether nobody reviewed it in time.
func (g Glass) Overdue(now int64) bool { return g.ReviewedAt == 0 && now > g.ReviewBy }

// Glasses lists the broken glasses that the actor may review: those that wait
// first, the most urgent on top, then those that were reviewed.
func (s *Service) Glasses(ctx context.Context, by access.Actor) ([]Glass, error) {
	if err := people.Allow(by, "alert.review-glass", access.Resource{Kind: "alert"}); err != nil {
		return nil, err
	}
	var out []Glass
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = nil
		all, err := selectGlasses(ctx, tx, MaxList)
		if err != nil {
			return errs.Wrap(err, "list broken glasses")
		}
		for _, a := range all {
			g, err := s.glass(a, by)
			if err != nil {
				return err
			}
			r := s.resource(a, by)
			r.Drafter = "" // who broke it sees that it waits
			if access.Decide(by, "alert.review-glass", r).Allowed {
				out = append(out, g)
			}
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "alert.list", ID: "alert", By: by, Detail: "glasses=" + strconv.Itoa(len(out))})
	})
	slices.SortStableFunc(out, func(a, b Glass) int {
		switch {
		case (a.ReviewedAt == 0) != (b.ReviewedAt == 0):
			return map[bool]int{true: -1, false: 1}[a.ReviewedAt == 0]
		case a.ReviewedAt == 0:
			return int(a.ReviewBy - b.ReviewBy)
		}
		return int(b.ReviewedAt - a.ReviewedAt)
	})
	return out, err
}

func (s *Service) glass(a *Alert, by access.Actor) (Glass, error) {
	g := Glass{Alert: a.ID, Mandate: a.Mandate, Category: a.Category, To: a.To, Grade: a.Grade, By: a.Asker, BrokenAt: a.ReviewBy - GlassFor,
		ReviewBy: a.ReviewBy, ReviewedAt: a.ReviewedAt, Reviewer: a.Confirmer, Own: s.resource(a, by).Drafter != ""}
	r, err := s.reasons(a)
	if errs.Is(err, errs.NotFound) {
		return g, nil // erased, the use stays
	}
	g.Reason, g.Review = r.Leave, r.Review
	return g, err
}

// ReviewGlass is another person's look at a broken glass, with a reason.
func (s *Service) ReviewGlass(ctx context.Context, by access.Actor, id, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.secondBy(ctx, by, id, "alert.review-glass", "alert.review-glass", reason, func(tx *db.Tx, a *Alert) error {
		if !a.Glass || a.ReviewedAt != 0 {
			return errs.New(errs.Conflict, "err.alert.state", "review glass: there is nothing to review")
		}
		a.ReviewedAt = tx.Now
		return nil
	})
}
