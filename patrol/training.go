package patrol

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

// Trainings are what somebody can be trained or habilitated for. Which of them
// an act asks for is the organisation's own rule (D 2.77).
var Trainings = []string{"patrol", "children", "suicide", "streaming", "publication", "habilitation"}

// The acts that can ask for a training.
const (
	ActVouch  = "vouch"  // give a one-time code
	ActWalk   = "walk"   // start a round
	ActReview = "review" // let a public text be published
)

// Acts lists them.
var Acts = []string{ActVouch, ActWalk, ActReview}

// The limits of the register of trainings.
const (
	MaxTrainings  = 5000                     // rows
	MaxTrainTerm  = 5 * 365 * 24 * time.Hour // from given to its end
	ExpiresSoon   = 60 * 24 * time.Hour      // how early its end is told
	listTrainings = 500                      // on the lead's page
)

// Training is what one colleague is trained for.
type Training struct {
	ID     string // trn_…
	Handle string
	Name   string // one of Trainings
	Given  int64  // microseconds UTC
	Ends   int64
	Gone   int64 // taken back; 0 while it holds
}

// Holds says whether it holds at a time.
func (t Training) Holds(at int64) bool { return t.Gone == 0 && t.Given <= at && at < t.Ends }

// Soon says whether it ends within ExpiresSoon.
func (t Training) Soon(at int64) bool { return t.Holds(at) && t.Ends-at < ExpiresSoon.Microseconds() }

// Need is what an act asks for; an empty Training: nothing.
type Need struct{ Act, Training string }

// regimeOf tells the regime from the form of a service handle.
func regimeOf(handle string) string {
	switch {
	case strings.HasPrefix(handle, "W-"):
		return access.RegimeWatch
	case strings.HasPrefix(handle, "I-"):
		return access.RegimeInvestigation
	}
	return access.RegimePatrol
}

// GiveTraining writes down that a colleague is trained until a day.
func (s *Service) GiveTraining(ctx context.Context, by access.Actor, handle, name string, ends int64) error {
	if !staffHandle.MatchString(handle) {
		return errs.Field("handle", "err.patrol.handle", "give training: not a service handle")
	}
	if err := people.Allow(by, "people.train", access.Resource{Kind: "people", Regime: regimeOf(handle)}); err != nil {
		return err
	}
	if !slices.Contains(Trainings, name) {
		return errs.Field("training", "err.patrol.training", "give training: no such training")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if ends <= tx.Now || ends > tx.Now+MaxTrainTerm.Microseconds() {
			return errs.Field("ends", "err.patrol.ends", "give training: its end is out of bounds", "years", int(MaxTrainTerm.Hours())/24/365)
		}
		n, err := countTrainings(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "give training")
		}
		if n >= MaxTrainings {
			return errs.New(errs.Limit, "err.limit", "give training: too many rows")
		}
		t := Training{ID: tx.NewID("trn"), Handle: handle, Name: name, Given: tx.Now, Ends: ends}
		if err := insertTraining(ctx, tx, t); err != nil {
			return errs.Wrap(err, "give training")
		}
		return s.account(ctx, tx, by, "people.train", "patrol_trainings", t.ID, name)
	})
}

// EndTraining takes a training back, as a habilitation can be at any time.
func (s *Service) EndTraining(ctx context.Context, by access.Actor, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := selectTraining(ctx, tx, id)
		if err != nil {
			t.Handle = ""
		}
		if e := people.Allow(by, "people.train", access.Resource{Kind: "people", Regime: regimeOf(t.Handle)}); e != nil {
			return e
		}
		if err != nil {
			return db.One(err, "end training")
		}
		if t.Gone != 0 {
			return errs.New(errs.Conflict, "err.patrol.withdrawn", "end training: it has ended")
		}
		if err := endTraining(ctx, tx, id); err != nil {
			return errs.Wrap(err, "end training")
		}
		return s.account(ctx, tx, by, "people.train", "patrol_trainings", id, "taken back")
	})
}

// Trained lists the trainings of the lead's regime, the first to end on top,
// and what acts ask for. It is recorded as a list view.
func (s *Service) Trained(ctx context.Context, by access.Actor) (list []Training, needs []Need, err error) {
	if err := people.Allow(by, "people.train", access.Resource{Kind: "people"}); err != nil {
		return nil, nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectTrainings(ctx, tx, "", listTrainings)
		if err != nil {
			return errs.Wrap(err, "list trainings")
		}
		for _, t := range all {
			if access.Decide(by, "people.train", access.Resource{Kind: "people", Regime: regimeOf(t.Handle)}).Allowed {
				list = append(list, t)
			}
		}
		if needs, err = selectNeeds(ctx, tx); err != nil {
			return errs.Wrap(err, "list trainings")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.train", ID: "training", By: by, Detail: countText(len(list), "rows")})
	})
	return list, needs, err
}

// OwnTrainings are those of who asks, and what acts ask for.
func (s *Service) OwnTrainings(ctx context.Context, by access.Actor) (list []Training, needs []Need, err error) {
	if err := people.Allow(by, "account.own", access.Resource{Kind: "account", Owner: by.Person}); err != nil {
		return nil, nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = selectTrainings(ctx, tx, by.Handle, listTrainings); err != nil {
			return err
		}
		needs, err = selectNeeds(ctx, tx)
		return err
	})
	return list, needs, errs.Wrap(err, "read own trainings")
}

// SetNeed says what training an act asks for; "" asks for none.
func (s *Service) SetNeed(ctx context.Context, by access.Actor, act, training string) error {
	if err := people.Allow(by, "people.train", access.Resource{Kind: "people", Regime: access.RegimePatrol}); err != nil {
		return err
	}
	if !slices.Contains(Acts, act) || training != "" && !slices.Contains(Trainings, training) {
		return errs.Field("training", "err.patrol.training", "set need: no such act or training")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := upsertNeed(ctx, tx, Need{act, training}); err != nil {
			return errs.Wrap(err, "set need")
		}
		return s.account(ctx, tx, by, "people.train", "patrol_needs", act, "asks for "+training)
	})
}

// trained refuses an act to somebody whose training for it is missing or over.
func (s *Service) trained(ctx context.Context, tx *db.Tx, by access.Actor, act string) error {
	needs, err := selectNeeds(ctx, tx)
	if err != nil {
		return errs.Wrap(err, "read needs")
	}
	i := slices.IndexFunc(needs, func(n Need) bool { return n.Act == act && n.Training != "" })
	if i < 0 {
		return nil
	}
	own, err := selectTrainings(ctx, tx, by.Handle, listTrainings)
	if err != nil {
		return errs.Wrap(err, "read trainings")
	}
	for _, t := range own {
		if t.Name == needs[i].Training && t.Holds(tx.Now) {
			return nil
		}
	}
	return errs.New(errs.Lapsed, "err.patrol.untrained", "act: the training for it is missing or over")
}
