package jobs

import (
	"context"
	"sync"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
)

// Service is one copy of the program asking for leases.
type Service struct {
	db     *db.DB
	holder string

	mu    sync.Mutex // guards until
	until map[string]int64
}

// New names this copy.
func New(d *db.DB) *Service {
	return &Service{db: d, holder: id.New("cpy", d.Now(), 0), until: map[string]int64{}}
}

// Lease takes or keeps a piece of work for a term; false when another copy
// has it. A lease with more than half its term left is not written again, so
// that a house at rest does not write.
func (s *Service) Lease(ctx context.Context, name string, term time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until[name]-s.db.Now() > term.Microseconds()/2 {
		return true, nil
	}
	var until int64
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		until = tx.Now + term.Microseconds()
		n, err := take(ctx, tx, name, s.holder, until)
		if n == 0 {
			until = 0
		}
		return err
	})
	if err != nil {
		until = 0
	}
	s.until[name] = until
	return until != 0, errs.Wrap(err, "lease "+name)
}

// Release gives up what this copy holds, so that another need not wait.
func (s *Service) Release(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.until)
	err := s.db.Write(ctx, func(tx *db.Tx) error { return release(ctx, tx, s.holder) })
	return errs.Wrap(err, "release leases")
}
