package jobs_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/jobs"
)

var ctx = context.Background()

func lease(t *testing.T, s *jobs.Service) bool {
	t.Helper()
	mine, err := s.Lease(ctx, "feeds", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return mine
}

func TestOneCopyHasALeaseUntilItEndsOrIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		a, b := jobs.New(d), jobs.New(d)
		if !lease(t, a) || lease(t, b) || !lease(t, a) {
			t.Fatal("the first copy does not have it alone")
		}
		c.Move(2 * time.Minute)
		if !lease(t, b) || lease(t, a) {
			t.Fatal("a lease that is over did not move on")
		}
		if err := b.Release(ctx); err != nil {
			t.Fatal(err)
		}
		if !lease(t, a) {
			t.Fatal("a lease given up is not free")
		}
	})
}

func TestManyCopiesAskAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				mine, err := jobs.New(d).Lease(ctx, "purge", time.Minute)
				if err != nil {
					t.Error(err)
				}
				if mine {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d copies hold one lease", won.Load())
		}
	})
}
