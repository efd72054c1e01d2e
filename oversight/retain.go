package oversight

import (
	"context"

	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
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
	return errs.Wrap(s.expireConversations(ctx), "retain")
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
