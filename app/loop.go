package app

import (
	"context"
	"time"

	"ronde/internal/errs"
)

// A chore is background work: called again and again, it does what is due.
type chore struct {
	name  string
	role  string // of the copies that do it
	every time.Duration
	do    func(ctx context.Context) error
}

// keep does the chore until ctx ends. A chore that does not succeed is logged
// and tried again at its next turn: timers only purge and publish, expiry is
// checked at the act.
func (a *App) keep(ctx context.Context, c chore) {
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		if err := a.once(ctx, c); err != nil && ctx.Err() == nil {
			a.log.Error("background work", "chore", c.name, "kind", errs.KindOf(err).String(), "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// leaseFor is how long a copy that dies keeps the others from its chores.
const leaseFor = 3

// once does a chore when no other copy of the program has it.
func (a *App) once(ctx context.Context, c chore) error {
	mine, err := a.jobs.Lease(ctx, c.name, max(leaseFor*c.every, 10*time.Second))
	if err != nil || !mine {
		return err
	}
	return c.do(ctx)
}
