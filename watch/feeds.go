package watch

import (
	"context"
	"strconv"
	"sync"

	"ronde/channel"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/mandate"
)

// feedsAtOnce bounds the feeds that are read side by side: a slow one must not
// hold up the others.
const feedsAtOnce = 8

// FeedStep reads the feeds that are due under mandates in force, and returns
// how many were read. A feed that fails is noted in its health and tried again
// later; that is no error of the step.
func (s *Service) FeedStep(ctx context.Context) (did int, err error) {
	due, err := s.dueFeeds(ctx)
	if err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex // guards did and err
	slots := make(chan struct{}, feedsAtOnce)
	for _, src := range due {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			e := s.readFeed(ctx, src)
			mu.Lock()
			defer mu.Unlock()
			if e == nil {
				did++
			} else if err == nil {
				err = e
			}
		})
	}
	wg.Wait()
	return did, err
}

func (s *Service) dueFeeds(ctx context.Context) ([]mandate.Source, error) {
	live, err := s.Mandates.LiveSources(ctx, mandate.Feed)
	if err != nil {
		return nil, err
	}
	interval := channel.Interval
	if s.Interval > 0 {
		interval = s.Interval.Microseconds()
	}
	var due []mandate.Source
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		due = nil
		health, err := s.Channels.Healths(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range live {
			if health[l.ID].NextAt(interval) <= tx.Now {
				due = append(due, l.Source)
			}
		}
		return nil
	})
	return due, err
}

// readFeed asks, judges, and only then moves the cursor.
func (s *Service) readFeed(ctx context.Context, src mandate.Source) error {
	if _, err := s.Mandates.Permit(ctx, src.Mandate, "read", src.ID); err != nil {
		return skipLapsed(err)
	}
	var cursor channel.Cursor
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		cursor, err = s.Channels.Cursor(ctx, tx, src.ID, src.Mandate)
		return err
	}); err != nil {
		return err
	}
	got, err := s.Feeds.Read(ctx, src.Address, src.ID, cursor)
	if err != nil {
		return s.db.Write(ctx, func(tx *db.Tx) error { return s.Channels.Failed(ctx, tx, src.ID, err) })
	}
	var fresh []channel.Post
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		fresh, err = s.Channels.Unseen(ctx, tx, got.Posts)
		return err
	}); err != nil {
		return err
	}
	sum, err := s.Submit(ctx, src, fresh)
	if err != nil {
		return skipLapsed(err) // the cursor stays: what is re-readable is read again
	}
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.Channels.MarkSeen(ctx, tx, got.Posts); err != nil {
			return err
		}
		if err := s.Channels.Move(ctx, tx, src.ID, src.Mandate, got.Cursor); err != nil {
			return err
		}
		if err := s.Channels.Received(ctx, tx, src.ID, len(fresh)); err != nil {
			return err
		}
		if len(fresh)+got.LeftOut == 0 {
			return nil
		}
		if err := s.Mandates.LeaveOut(ctx, tx, src.Mandate, src.ID, got.LeftOut); err != nil {
			return err
		}
		if err := s.Channels.CountGap(ctx, tx, "items", got.LeftOut); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, readEvent(src.ID, src.Mandate, sum.Read, sum.Flagged, sum.NotRead+sum.Refused+got.LeftOut))
	}); err != nil {
		return err
	}
	crash.At(crash.CursorMoved)
	return nil
}

// skipLapsed: a mandate that ended while its feed was read is no fault.
func skipLapsed(err error) error {
	if errs.Is(err, errs.Lapsed) {
		return nil
	}
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }
