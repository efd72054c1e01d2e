package casefile

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

// maxCame is how many things that somebody began are looked through.
const maxCame = 100

// Came is what became of something that somebody began. It names their own
// alert or conversation and the kind of end, never the case: that may be none
// of their business.
type Came struct {
	Kind    string // alert, conversation
	ID      string // of the alert or conversation
	Outcome string // one of Outcomes
	At      int64  // microseconds UTC
}

// WhatCame tells who asks what came of the alerts they let leave and of the
// conversations they had, once the case is closed: being told goes with better
// health (D 7.20). One's own work is the reason; what one is denied, and
// material one may not see, stays out.
func (s *Service) WhatCame(ctx context.Context, by access.Actor) (out []Came, err error) {
	if err := people.Allow(by, "account.own", access.Resource{Kind: "account", Owner: by.Person}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		alerts, err := s.watch.Begun(ctx, tx, by.Handle, maxCame)
		if err != nil {
			return err
		}
		talks, err := s.desk.Begun(ctx, tx, by.Handle, maxCame)
		if err != nil {
			return err
		}
		for kind, ids := range map[string][]string{FromAlert: alerts, FromConversation: talks} {
			for _, id := range ids {
				c, err := bySource(ctx, tx, kind, id)
				if errs.Is(err, errs.NotFound) {
					continue
				}
				if err != nil {
					return err
				}
				stands, err := standing(ctx, tx, c.ID, by.Handle)
				if err != nil {
					return err
				}
				if c.State == Closed && stands != "denied" {
					out = append(out, Came{Kind: kind, ID: id, Outcome: c.Outcome, At: c.ClosedAt})
				}
			}
		}
		return nil
	})
	return out, errs.Wrap(err, "read what came of it")
}
