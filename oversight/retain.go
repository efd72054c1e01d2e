package oversight

import (
	"context"
	"time"

	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Retain ends what is over: alerts of lapsed mandates and those nobody
// decided, conversations kept long enough, exhibits marked destroyed. What a
// crash left half done is finished first. It is a timer's work only to purge:
// that nothing lapsed can be used is checked at each act.
func (s *Service) Retain(ctx context.Context) error {
	if err := s.CarryOut(ctx); err != nil {
		return err
	}
	if _, err := s.watch.PurgeLapsed(ctx); err != nil {
		return errs.Wrap(err, "retain")
	}
	if err := s.expireConversations(ctx); err != nil {
		return errs.Wrap(err, "retain")
	}
	return errs.Wrap(s.expireRequests(ctx), "retain")
}

// expireRequests ends the words of requests that were answered long ago: what
// the person wrote, how to reach them, and our reasons.
func (s *Service) expireRequests(ctx context.Context) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := past(ctx, tx, tx.Now-(keptDays*24*time.Hour).Microseconds(), wordBatch)
		if err != nil || len(old) == 0 {
			return err
		}
		ids := make([]string, len(old))
		for i, q := range old {
			ids[i] = q.ID
			if err := silence(ctx, tx, q, s.keys.Hash("oversight_requests.over", []byte(q.ID))); err != nil {
				return err
			}
			if err := s.book.Append(ctx, tx, ledger.Event{Verb: "rights.expire", Table: table, ID: q.ID, By: machine, Detail: "term over"}); err != nil {
				return err
			}
		}
		return s.certifyIn(ctx, tx, Certificate{Kind: "expiry", Subject: "rights requests", Basis: "retention of answered requests", Maker: machine.Handle}, ids)
	})
	if err != nil {
		return err
	}
	crash.At(crash.PurgeCommitted)
	return s.finishRequests(ctx)
}

// finishRequests destroys the keys of requests without words; a program that
// died in between does it with the next step.
func (s *Service) finishRequests(ctx context.Context) error {
	var over []string
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		over, err = endings(ctx, tx)
		return err
	})
	if err != nil || len(over) == 0 {
		return err
	}
	for _, container := range over {
		if err := s.keys.Destroy(container, s.db.Now()); err != nil {
			return err
		}
		crash.At(crash.KeyDestroyed)
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return deleteEnding(ctx, tx, container) }); err != nil {
			return err
		}
	}
	return s.db.Truncate(ctx)
}

func (s *Service) expireConversations(ctx context.Context) error {
	for {
		gone := 0
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			over, err := s.desk.ExpireIn(ctx, tx)
			if gone = len(over); err != nil || gone == 0 {
				return err
			}
			ids := make([]string, len(over))
			for i, c := range over {
				ids[i] = c.ID
			}
			return s.certifyIn(ctx, tx, Certificate{Kind: "expiry", Subject: "conversations", Basis: "retention of the channel", Maker: machine.Handle}, ids)
		})
		if err != nil {
			return err
		}
		if gone > 0 {
			crash.At(crash.PurgeCommitted)
		}
		if err := s.desk.Finish(ctx); err != nil || gone == 0 {
			return err
		}
	}
}
