package people

import (
	"context"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// How often somebody may be wrong. Windows begin with the first failure and
// are not made longer by further tries, so that nobody can lock a colleague
// out for good.
const (
	throttleWindow    = 15 * time.Minute
	maxLoginFailures  = 5  // wrong passwords for one login, whether it exists or not
	maxRemoteFailures = 50 // wrong passwords from one address: offices share one
	maxCodeFailures   = 5  // wrong codes for one account
)

// charge counts a try before its outcome is known, so that many tries at one
// time are not cheaper than one after the other.
func (s *Service) charge(ctx context.Context, tx *db.Tx, bucket []byte, limit int64) error {
	failures, since, err := chargeBucket(ctx, tx, bucket, tx.Now, tx.Now-throttleWindow.Microseconds())
	if err != nil {
		return errs.Wrap(err, "count failures")
	}
	if failures > limit {
		left := time.Duration(since+throttleWindow.Microseconds()-tx.Now) * time.Microsecond
		return errs.New(errs.Limit, "err.people.throttled", "sign in: too many failures", "minutes", int(left/time.Minute)+1)
	}
	return nil
}

func (s *Service) bucket(kind, key string) []byte {
	return s.keys.Hash("people.throttle."+kind, []byte(key))
}

// Sweep deletes sessions, counts and unmaskings that are over. Nothing
// depends on it: each is checked when it is used.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := deleteEndedSessions(ctx, tx, tx.Now, tx.Now-sessionIdle.Microseconds()); err != nil {
			return errs.Wrap(err, "sweep sessions")
		}
		return errs.Wrap(deleteOldBuckets(ctx, tx, tx.Now-throttleWindow.Microseconds()), "sweep throttle")
	})
}
