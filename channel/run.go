package channel

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/jobs"
)

const (
	markPurpose = "channel_cursors.mark"

	leaseTerm  = 15 * time.Second // a copy that dies keeps the others from its lines no longer
	leaseEvery = 5 * time.Second
	testTime   = 30 * time.Second // for one self-test
	testAgain  = time.Minute      // after one that did not come back
	aliveEvery = int64(60 * 1_000_000)
	maxTaken   = 10 * MaxBatch // arrivals of one batch that are still borne
)

// errLost ends a receiving whose lease went to another copy.
var errLost = errors.New("receive: another copy of the program has the line")

// Running is one line and what it is run with.
type Running struct {
	Line      Line
	Setting   Setting
	Container string // key container of its mark
	// Keep keeps a batch and calls move, all in one transaction: what came and
	// where reading goes on are kept together or not at all. Two calls for one
	// line may overlap; a message that comes twice is one.
	Keep func(ctx context.Context, batch []Arrival, move func(context.Context, *db.Tx) error) error
	// Send is called again and again while this copy has the line, and sends
	// what waits; nil: nothing does.
	Send func(ctx context.Context) error
	Jobs *jobs.Service
	Log  *slog.Logger
}

// Run receives on a line until ctx ends. One copy of the program at a time does
// (a lease); it reconnects with back-off, tests itself, and writes down how the
// line does. It returns when everything it began has ended.
func (s *Service) Run(ctx context.Context, r Running) {
	for ctx.Err() == nil {
		mine, err := r.Jobs.Lease(ctx, "line."+r.Setting.Name, leaseTerm)
		switch {
		case err != nil && ctx.Err() == nil:
			r.say("lease", err)
		case mine:
			s.hold(ctx, r)
		}
		rest(ctx, leaseEvery)
	}
}

// hold does the line's work as long as this copy has the lease.
func (s *Service) hold(ctx context.Context, r Running) {
	if err := s.begin(ctx, r); err != nil {
		r.say("begin", err)
		return
	}
	ctx, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	var all sync.WaitGroup
	all.Go(func() { s.receive(ctx, r) })
	all.Go(func() { s.test(ctx, r) })
	if r.Send != nil {
		all.Go(func() { r.sending(ctx) })
	}
	for rest(ctx, leaseEvery) {
		if mine, err := r.Jobs.Lease(ctx, "line."+r.Setting.Name, leaseTerm); err != nil || !mine {
			lost(errLost)
		}
	}
	all.Wait()
}

func (s *Service) begin(ctx context.Context, r Running) error {
	if err := s.keys.Ensure(r.Container); err != nil {
		return errs.Wrap(err, "begin line")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return errs.Wrap(beginLine(ctx, tx, r.Setting.Name, r.Setting.Kind, r.Setting.Account), "begin line")
	})
}

// receive connects again and again.
func (s *Service) receive(ctx context.Context, r Running) {
	failures := 0
	for ctx.Err() == nil {
		began := time.Now()
		err := s.receiveOnce(ctx, r)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > backReset {
			failures = 0
		}
		if WhyOf(err) == Forgotten {
			err = errors.Join(s.forget(ctx, r), err)
		}
		failures++
		s.failed(ctx, r, err)
		rest(ctx, backoff(s.back, failures, After(err), rand.Float64()))
	}
}

func (s *Service) receiveOnce(ctx context.Context, r Running) error {
	mark, err := s.markOf(ctx, r)
	if err != nil {
		return deskFailed(err)
	}
	err = r.Line.Receive(ctx, mark, s.Take(r))
	if err == nil && ctx.Err() == nil {
		err = errors.New("receive: the line ended by itself")
	}
	return err
}

// Take is what a line hands its arrivals to: of Receive, and of its hook. What
// is outside the contract is counted and left, so that one odd message does not
// stop the line for everybody.
func (s *Service) Take(r Running) Take {
	var mu sync.Mutex // guards alive
	alive := int64(0)
	return func(ctx context.Context, batch []Arrival, next Mark) error {
		if len(batch) > maxTaken {
			return errs.New(errs.Limit, "err.internal", "take arrivals: more than one batch may hold")
		}
		good, odd := sound(batch)
		mu.Lock()
		due := len(batch) > 0 || s.db.Now()-alive > aliveEvery
		mu.Unlock()
		if !due {
			return nil
		}
		err := r.Keep(ctx, good, func(ctx context.Context, tx *db.Tx) error { return s.took(ctx, tx, r, good, odd, next) })
		if err != nil {
			return deskFailed(err)
		}
		mu.Lock()
		alive = s.db.Now()
		mu.Unlock()
		return nil
	}
}

func sound(batch []Arrival) (good []Arrival, odd int) {
	for _, a := range batch {
		if a.Check() != nil {
			odd++
			continue
		}
		good = append(good, a)
	}
	return good, odd
}

// took moves the mark and writes down that the line lives, in the transaction
// that keeps the arrivals.
func (s *Service) took(ctx context.Context, tx *db.Tx, r Running, good []Arrival, odd int, next Mark) error {
	name := r.Setting.Name
	if err := s.CountGap(ctx, tx, "arrival", odd); err != nil {
		return err
	}
	if next != nil {
		sealed, err := s.keys.Seal(r.Container, markPurpose, next)
		if err != nil {
			return errs.Wrap(err, "move mark")
		}
		if err := upsertCursor(ctx, tx, lineSource(name), sealed); err != nil {
			return errs.Wrap(err, "move mark")
		}
	}
	if err := setAlive(ctx, tx, name); err != nil {
		return errs.Wrap(err, "note health")
	}
	for _, a := range good {
		if a.What == Written && !a.Ours {
			return errs.Wrap(setReceived(ctx, tx, name), "note health")
		}
	}
	return nil
}

// lineSource is how the cursor of a line is called: sources of the watch have
// other names.
func lineSource(name string) string { return "line:" + name }

// markOf reads where a line goes on; nil: from now on.
func (s *Service) markOf(ctx context.Context, r Running) (m Mark, err error) {
	var sealed []byte
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		sealed, err = selectCursor(ctx, tx, lineSource(r.Setting.Name))
		return err
	})
	if err != nil || sealed == nil {
		return nil, errs.Wrap(err, "read mark")
	}
	text, err := s.keys.Open(r.Container, markPurpose, sealed)
	if err != nil || !json.Valid(text) {
		return nil, errs.Wrap(err, "read mark")
	}
	return Mark(text), nil
}

// forget drops a mark that the network no longer knows, and counts the gap.
func (s *Service) forget(ctx context.Context, r Running) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := deleteCursor(ctx, tx, lineSource(r.Setting.Name)); err != nil {
			return errs.Wrap(err, "forget mark")
		}
		return s.CountGap(ctx, tx, "line."+r.Setting.Kind, 1)
	})
}

// test asks the network who we are, every few minutes.
func (s *Service) test(ctx context.Context, r Running) {
	for {
		wait := time.Duration(TestEvery) * time.Microsecond
		if s.testOnce(ctx, r) != nil {
			wait = testAgain
		}
		if !rest(ctx, wait+time.Duration(rand.Float64()*float64(wait)/5)) {
			return
		}
	}
}

func (s *Service) testOnce(ctx context.Context, r Running) error {
	one, cancel := context.WithTimeout(ctx, testTime)
	found, failure := r.Line.Test(one)
	cancel()
	if ctx.Err() != nil {
		return nil
	}
	if failure != nil {
		r.say("test", failure)
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		name := r.Setting.Name
		switch {
		case failure == nil:
			account, _ := Cut(found.Account, MaxName)
			return setPassed(ctx, tx, name, account, found.Expires)
		case final(failure):
			return errors.Join(setTested(ctx, tx, name), setFailed(ctx, tx, name, WhyOf(failure)))
		}
		return setTested(ctx, tx, name)
	})
	return errors.Join(failure, errs.Wrap(err, "note health"))
}

// final are the refusals that no waiting mends.
func final(err error) bool {
	why := WhyOf(err)
	return why == Expired || why == Rejected || why == Gone
}

// sending calls Send until ctx ends.
func (r Running) sending(ctx context.Context) {
	const every = 500 * time.Millisecond
	failures := 0
	for {
		wait := every
		if err := r.Send(ctx); err != nil && ctx.Err() == nil {
			failures++
			wait = backoff(backFirst, failures, 0, rand.Float64())
			r.say("send", err)
		} else {
			failures = 0
		}
		if !rest(ctx, wait) {
			return
		}
	}
}

// failed writes down why a line does not receive.
func (s *Service) failed(ctx context.Context, r Running, cause error) {
	r.say("receive", cause)
	why := WhyOf(cause)
	var own *deskError
	switch {
	case errors.As(cause, &own):
		why = WhyDesk
	case why == "":
		why = WhyNet
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error { return setFailed(ctx, tx, r.Setting.Name, why) })
	if err != nil && ctx.Err() == nil {
		r.say("note health", err)
	}
}

// deskError is a failure on our side of the line.
type deskError struct{ error }

func (e *deskError) Unwrap() error { return e.error }

func deskFailed(err error) error { return &deskError{err} }

// After is how long the network asked us to wait, or 0.
func After(err error) time.Duration {
	var r *Refusal
	if errors.As(err, &r) {
		return max(0, r.After)
	}
	return 0
}

// say logs what a line could not do. Its errors hold no word of a message.
func (r Running) say(what string, err error) {
	r.Log.Warn("line", "name", r.Setting.Name, "what", what, "why", WhyOf(err), "error", err)
}

// rest waits, and reports whether ctx still lives.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Lines reads how every line does that ever ran and is still configured.
func (s *Service) Lines(ctx context.Context) (all []LineHealth, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = selectLines(ctx, tx)
		return err
	})
	return all, errs.Wrap(err, "read lines")
}

// Retire forgets the lines that are no longer configured, with their marks.
func (s *Service) Retire(ctx context.Context, configured []Setting) error {
	named := map[string]bool{}
	for _, c := range configured {
		named[c.Name] = true
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := selectLines(ctx, tx)
		for _, h := range all {
			if err == nil && !named[h.Name] {
				err = deleteLine(ctx, tx, h.Name, lineSource(h.Name))
			}
		}
		return errs.Wrap(err, "retire lines")
	})
}
