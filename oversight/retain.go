package oversight

import (
	"context"

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
		gone, err := s.desk.Expire(ctx)
		if err != nil || len(gone) == 0 {
			return err
		}
		ids := make([]string, len(gone))
		for i, g := range gone {
			ids[i] = g.ID
		}
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			return s.certifyIn(ctx, tx, Certificate{Kind: "expiry", Subject: "conversations", Basis: "retention of the channel", Maker: machine.Handle}, ids)
		})
		if err != nil {
			return err
		}
		if err := s.db.Truncate(ctx); err != nil {
			return err
		}
	}
}
