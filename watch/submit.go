package watch

import (
	"context"
	"sync"
	"time"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/mandate"
)

const (
	subject = "posts.judge"
	group   = "watch"

	maxInFlight = 16               // batches that this process has on the bus
	answerIn    = 2 * time.Minute  // for one batch, from sending to verdict; a judge that died falls silent long before (bus)
	tries       = 4                // of a batch whose judge was not there or fell silent
	writeIn     = 30 * time.Second // for a transaction that batches share
	retryAfter  = 250 * time.Millisecond
)

// Serve judges batches that come by the bus, as one of the group that shares
// the work. stop waits for those under way.
func (s *Service) Serve(workers int) (stop func(), err error) {
	return s.Bus.Serve(subject, group, workers, func(ctx context.Context, data []byte) []byte {
		return encodeReply(s.answer(ctx, data))
	})
}

// answer asks for the permit itself: a batch carries the mandate's name, and a
// name permits nothing. A post is a stranger's text: one that breaks the judge
// fails its batch, not the program. Nothing of it is said.
func (s *Service) answer(ctx context.Context, data []byte) (r Result, err error) {
	defer func() {
		if recover() != nil {
			r, err = Result{}, errs.New(errs.Internal, "err.internal", "judge batch: panic")
		}
	}()
	b, err := decodeBatch(data)
	if err != nil {
		return Result{}, errs.As(err, errs.Invalid, "err.invalid")
	}
	p, err := s.Mandates.Permit(ctx, b.mandate, "match", b.source)
	if err != nil {
		return Result{}, err
	}
	return s.Judge(ctx, p, b.posts)
}

// Submit sends posts of one source to whoever judges and returns after every
// verdict. It holds each batch until its answer, and no more than maxInFlight
// of them: a sender waits when the watch is slow. When a batch finds no answer
// it is sent again; a post judged twice raises no second alert.
func (s *Service) Submit(ctx context.Context, src mandate.Source, posts []channel.Post) (Result, error) {
	t := s.tally(ctx, src)
	for _, piece := range batches(posts) {
		if !t.send(piece) {
			break
		}
	}
	return t.wait()
}

// tally sends batches side by side and adds up their verdicts.
type tally struct {
	s      *Service
	src    mandate.Source
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu  sync.Mutex // guards sum and err
	sum Result
	err error
}

func (s *Service) tally(ctx context.Context, src mandate.Source) *tally {
	t := &tally{s: s, src: src}
	t.ctx, t.cancel = context.WithCancel(ctx)
	return t
}

// send waits for a free slot. It reports false once a batch has failed.
func (t *tally) send(posts []channel.Post) bool {
	select {
	case t.s.slots <- struct{}{}:
	case <-t.ctx.Done():
		return false
	}
	t.wg.Go(func() {
		defer func() { <-t.s.slots }()
		r, err := t.s.request(t.ctx, batch{t.src.Mandate, t.src.ID, posts}.encode())
		t.mu.Lock()
		defer t.mu.Unlock()
		t.sum.add(r)
		if err != nil && t.err == nil {
			t.err = err
			t.cancel()
		}
	})
	return t.ctx.Err() == nil
}

func (t *tally) wait() (Result, error) {
	t.wg.Wait()
	if t.err == nil && t.ctx.Err() != nil {
		t.err = errs.As(errs.Wrap(t.ctx.Err(), "submit posts"), errs.Unavailable, "err.unavailable")
	}
	t.cancel()
	return t.sum, t.err
}

func (s *Service) request(ctx context.Context, data []byte) (r Result, err error) {
	for try := range tries {
		if try > 0 {
			pause := time.NewTimer(retryAfter << try)
			select {
			case <-pause.C:
			case <-ctx.Done():
				pause.Stop()
				return Result{}, errs.As(errs.Wrap(ctx.Err(), "submit posts"), errs.Unavailable, "err.unavailable")
			}
		}
		if r, err = s.requestOnce(ctx, data); !errs.Is(err, errs.Unavailable) {
			return r, err
		}
	}
	return r, err
}

func (s *Service) requestOnce(ctx context.Context, data []byte) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	answer, err := s.Bus.Request(ctx, subject, data)
	if err != nil {
		return Result{}, err
	}
	return decodeReply(answer)
}
