package patrol

import (
	"context"
	"fmt"
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

// What a round is declared for (D 1.4, 2.4).
var RoundPurposes = []string{"presence", "questions", "prevention", "known-problem", "event"}

// RoundOutcomes are what a contact on a round can come to; the words are those
// of the desk (D 2.42).
var RoundOutcomes = []string{"advice", "warning", "referred-helpline", "referred-station", "forwarded", "child-welfare", "emergency", "crime-report", "takedown"}

// The limits of rounds.
const (
	RoundMost    = 12 * time.Hour // a round that nobody ended ends by itself
	MaxContacts  = 10_000         // of one round
	listedRounds = 60             // on the page
)

// Round is an officer's time on a channel, in counts: nobody who was met is
// written down here.
type Round struct {
	ID        string // rnd_…
	Platform  string
	Admission string // adm_… of the group, or empty
	Card      string // off_…
	Purpose   string
	Shown     bool // the public page says that we are there
	Started   int64
	Ended     int64 // 0 while it goes on
	Contacts  int64
	Outcomes  map[string]int64

	Officer string // name on the card
	Group   string // name of the group; empty once forgotten
	Mine    bool   // of who asks
}

// RoundIn is what an officer declares before a round.
type RoundIn struct {
	Platform, Admission, Purpose string
	Shown                        bool
}

// MayShow says whether the organisation lets the public know of rounds there.
func (s *Service) MayShow(platform string) bool { return slices.Contains(s.set.RoundsShown, platform) }

// StartRound begins a round of the asker's own card. One officer is on one
// round at a time.
func (s *Service) StartRound(ctx context.Context, by access.Actor, in RoundIn) (string, error) {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official"}); err != nil {
		return "", err
	}
	if !slices.Contains(platforms, in.Platform) {
		return "", errs.Field("platform", "err.patrol.word", "start round: not a platform's name", "word", clip(in.Platform))
	}
	if !slices.Contains(RoundPurposes, in.Purpose) {
		return "", errs.Field("purpose", "err.patrol.purpose", "start round: no such purpose")
	}
	if in.Shown && !s.MayShow(in.Platform) {
		return "", errs.Field("shown", "err.patrol.shown", "start round: the organisation does not show rounds there")
	}
	var row string
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		card, err := s.ownCard(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := s.trained(ctx, tx, by, ActWalk); err != nil {
			return err
		}
		if err := s.admitted(ctx, tx, in); err != nil {
			return err
		}
		open, err := selectOpenRounds(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "start round")
		}
		if slices.ContainsFunc(open, func(r Round) bool { return r.Card == card.ID }) {
			return errs.New(errs.Conflict, "err.patrol.round_open", "start round: one goes on")
		}
		row = tx.NewID("rnd")
		r := Round{ID: row, Platform: in.Platform, Admission: in.Admission, Card: card.ID, Purpose: in.Purpose, Shown: in.Shown, Started: tx.Now}
		if err := insertRound(ctx, tx, r); err != nil {
			return errs.Wrap(err, "start round")
		}
		if err := count(ctx, tx, dayOf(tx.Now), "round."+in.Platform); err != nil {
			return errs.Wrap(err, "start round")
		}
		return s.account(ctx, tx, asCard(by, card.ID), "official.walk", "patrol_rounds", row, "start on "+in.Platform)
	})
	return row, err
}

// admitted says whether the group of a round let us in.
func (s *Service) admitted(ctx context.Context, tx *db.Tx, in RoundIn) error {
	if in.Admission == "" {
		return nil
	}
	a, err := selectAdmission(ctx, tx, in.Admission)
	if err == nil && a.State == Admitted && a.Platform == in.Platform {
		return nil
	}
	return errs.Field("admission", "err.patrol.admission", "start round: not let in there")
}

// ownRound is an open round of the asker's own card.
func (s *Service) ownRound(ctx context.Context, tx *db.Tx, by access.Actor, round string) (Round, error) {
	r, err := selectRound(ctx, tx, round)
	if err != nil {
		return r, db.One(err, "read round")
	}
	card, err := selectHeld(ctx, tx, s.mark(by.Handle))
	switch {
	case err != nil:
		return r, errs.Wrap(err, "read round")
	case r.Card != card:
		return r, errs.New(errs.Conflict, "err.patrol.round_other", "read round: another officer's")
	case r.Ended != 0:
		return r, errs.New(errs.Conflict, "err.patrol.round_over", "read round: it is over")
	}
	return r, nil
}

// CountContact adds one contact to a round, with what came of it or "".
func (s *Service) CountContact(ctx context.Context, by access.Actor, round, outcome string) error {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official", ID: round}); err != nil {
		return err
	}
	if outcome != "" && !slices.Contains(RoundOutcomes, outcome) {
		return errs.Field("outcome", "err.patrol.outcome", "count contact: no such outcome")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.ownRound(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if r.Contacts >= MaxContacts {
			return errs.New(errs.Limit, "err.limit", "count contact: too many")
		}
		names := []string{"round.contact"}
		if r.Contacts++; outcome != "" {
			r.Outcomes[outcome]++
			names = append(names, "round."+outcome)
		}
		if err := updateRound(ctx, tx, r); err != nil {
			return errs.Wrap(err, "count contact")
		}
		for _, name := range names {
			if err := count(ctx, tx, dayOf(tx.Now), name); err != nil {
				return errs.Wrap(err, "count contact")
			}
		}
		return s.account(ctx, tx, asCard(by, r.Card), "official.walk", "patrol_rounds", round, "contact "+outcome)
	})
}

// EndRound ends a round of the asker's own card.
func (s *Service) EndRound(ctx context.Context, by access.Actor, round string) error {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official", ID: round}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.ownRound(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if err := s.signed(ctx, tx, r.Platform, r.Started, tx.Now); err != nil {
			return err
		}
		return s.endRound(ctx, tx, asCard(by, r.Card), r, tx.Now)
	})
}

func (s *Service) endRound(ctx context.Context, tx *db.Tx, by access.Actor, r Round, at int64) error {
	r.Ended = at
	if err := updateRound(ctx, tx, r); err != nil {
		return errs.Wrap(err, "end round")
	}
	return s.account(ctx, tx, by, "official.walk", "patrol_rounds", r.ID, "end, contacts "+strconv.FormatInt(r.Contacts, 10))
}

// EndForgotten ends rounds that nobody ended, and those of a card that is no
// longer published, so that no page says that we are where we are not.
func (s *Service) EndForgotten(ctx context.Context) (did int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		did = 0
		open, err := selectOpenRounds(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "end rounds")
		}
		for _, r := range open {
			card, err := selectOfficer(ctx, tx, r.Card)
			if err != nil {
				return errs.Wrap(err, "end rounds")
			}
			if tx.Now-r.Started < RoundMost.Microseconds() && card.State == Published {
				continue
			}
			if err := s.endRound(ctx, tx, access.AsMachine("patrol"), r, min(tx.Now, r.Started+RoundMost.Microseconds())); err != nil {
				return err
			}
			did++
		}
		return nil
	})
	return did, err
}

// Rounds lists what goes on and what ended last, for the patrol; it is recorded
// as a list view.
func (s *Service) Rounds(ctx context.Context, by access.Actor) (out []Round, err error) {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = selectRounds(ctx, tx, listedRounds); err != nil {
			return errs.Wrap(err, "list rounds")
		}
		if err := s.dress(ctx, tx, by, out); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "official.walk", ID: "round", By: by, Detail: countText(len(out), "rows")})
	})
	return out, err
}

// dress adds the names that rounds refer to.
func (s *Service) dress(ctx context.Context, tx *db.Tx, by access.Actor, rounds []Round) error {
	cards, err := selectOfficers(ctx, tx, "")
	if err != nil {
		return errs.Wrap(err, "list rounds")
	}
	names := map[string]string{}
	for _, o := range cards {
		names[o.ID] = o.Name
	}
	mine, err := selectHeld(ctx, tx, s.mark(by.Handle))
	if err != nil {
		return errs.Wrap(err, "list rounds")
	}
	for i, r := range rounds {
		rounds[i].Officer, rounds[i].Mine = names[r.Card], r.Card == mine && mine != ""
		if r.Admission == "" {
			continue
		}
		a, err := selectAdmission(ctx, tx, r.Admission)
		if err != nil {
			return errs.Wrap(err, "list rounds")
		}
		g, err := s.openGroup(a)
		if err != nil {
			return err
		}
		rounds[i].Group = g.Name
	}
	return nil
}

// Where is a place where the public may know that we are now.
type Where struct {
	Platform string
	Officer  Officer
	Since    int64
}

// RoundsNow says where we are now, where the organisation and the officer say
// so. It names no group. It is public and not recorded.
func (s *Service) RoundsNow(ctx context.Context) (out []Where, err error) {
	if len(s.set.RoundsShown) == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		open, err := selectOpenRounds(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range open {
			if !r.Shown || !s.MayShow(r.Platform) || tx.Now-r.Started >= RoundMost.Microseconds() {
				continue
			}
			o, err := selectOfficer(ctx, tx, r.Card)
			if err != nil {
				return err
			}
			if o.State == Published {
				out = append(out, Where{r.Platform, o, r.Started})
			}
		}
		return nil
	})
	return out, errs.Wrap(err, "read rounds")
}

// tally writes counts as "advice=2,forwarded=1".
func tally(m map[string]int64) string {
	var parts []string
	for _, o := range RoundOutcomes {
		if m[o] > 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", o, m[o]))
		}
	}
	return strings.Join(parts, ",")
}

func readTally(s string) map[string]int64 {
	m := map[string]int64{}
	for part := range strings.SplitSeq(s, ",") {
		name, n, ok := strings.Cut(part, "=")
		if v, err := strconv.ParseInt(n, 10, 64); ok && err == nil {
			m[name] = v
		}
	}
	return m
}
