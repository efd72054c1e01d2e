package casefile

import (
	"context"
	"errors"

	"ronde/access"
	"ronde/evidence"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/watch"
)

// OpenFromAlert pulls an alert that two people let out of the watch, seals the
// post as the first exhibit under the mandate's permit, and opens a case.
func (s *Service) OpenFromAlert(ctx context.Context, by access.Actor, alertID string, o Opening) (Case, error) {
	if err := people.Allow(by, "case.create", access.Resource{Kind: "case", Unit: by.Unit}); err != nil {
		return Case{}, err
	}
	leaving, err := s.look(ctx, by, alertID)
	if err != nil {
		return Case{}, errs.Wrap(err, "open case from alert")
	}
	permit, err := s.mandates.Permit(ctx, leaving.Mandate, "seal", "")
	if err != nil {
		return Case{}, errs.Wrap(err, "open case from alert")
	}
	c, err := s.begin(by, o)
	if err != nil {
		return Case{}, errs.Wrap(err, "open case from alert")
	}
	c.FromKind, c.FromID, c.Mandate, c.Category = FromAlert, alertID, leaving.Mandate, leaving.Category
	if leaving.Guarded != "" {
		c.Category = leaving.Guarded // also where another one is stronger: the case is as closed as the alert was
	}
	first, err := s.exhibits.Prepare(ctx, permit, by, evidence.Original{Kind: evidence.KindPost, MediaType: "application/json",
		Source: leaving.Post.Platform + " " + leaving.Post.URL, CapturedAt: leaving.RaisedAt, Bytes: leaving.Bytes})
	if err != nil {
		return Case{}, errs.Wrap(s.forsake(c, err), "open case from alert")
	}
	err = s.commit(ctx, &c, []evidence.Prepared{first}, func(tx *db.Tx) error {
		if err := s.mandates.Check(ctx, tx, permit); err != nil {
			return err
		}
		if _, err := s.watch.TakeIn(ctx, tx, by, alertID); err != nil {
			return err
		}
		if err := s.recordIn(ctx, tx, by, &c, first); err != nil {
			return err
		}
		return s.noteGrade(ctx, tx, by, c, leaving)
	})
	return c, errs.Wrap(err, "open case from alert")
}

// noteGrade carries into the case how far the watch believed the source and
// the information, and why it handed the alert over: an assessment, in the
// words of who asked that it leave.
func (s *Service) noteGrade(ctx context.Context, tx *db.Tx, by access.Actor, c Case, from watch.Out) error {
	g, _ := watch.ReadGrade(from.Grade)
	words := g.System + " " + g.Source + g.Information
	if from.Reason != "" {
		words += "\n" + from.Reason
	}
	return s.noteIn(ctx, tx, by, c, Note{Author: from.Asker, Standing: Assessment}, words)
}

// errLooked ends a transaction that was only begun to look.
var errLooked = errors.New("looked")

// look reads what would be taken in, without taking it: the bytes are sealed
// as an exhibit before the transaction that changes anything.
func (s *Service) look(ctx context.Context, by access.Actor, alertID string) (out watch.Out, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = s.watch.TakeIn(ctx, tx, by, alertID); err != nil {
			return err
		}
		return errLooked
	})
	if errors.Is(err, errLooked) {
		err = nil
	}
	return out, err
}

// OpenFromConversation pulls a conversation: what the citizen wrote is sealed
// as the first exhibit, and the original of each file as one more, except those
// for specialised staff. No place was watched, so no mandate is needed.
func (s *Service) OpenFromConversation(ctx context.Context, by access.Actor, conversationID string, o Opening) (Case, error) {
	if err := people.Allow(by, "case.create", access.Resource{Kind: "case", Unit: by.Unit}); err != nil {
		return Case{}, err
	}
	t, err := s.desk.Transcript(ctx, by, conversationID)
	if err != nil {
		return Case{}, errs.Wrap(err, "open case from conversation")
	}
	c, err := s.begin(by, o)
	if err != nil {
		return Case{}, errs.Wrap(err, "open case from conversation")
	}
	c.FromKind, c.FromID, c.Category = FromConversation, conversationID, "report"
	first, err := s.exhibits.PrepareReceived(ctx, by, evidence.Original{Kind: evidence.KindMessage, MediaType: "application/json",
		Source: t.Channel, CapturedAt: t.ReceivedAt, Bytes: t.Bytes})
	if err != nil {
		return Case{}, errs.Wrap(s.forsake(c, err), "open case from conversation")
	}
	files, err := s.prepareFiles(ctx, by, conversationID)
	if err != nil {
		return Case{}, errs.Wrap(s.forsake(c, errors.Join(err, s.discard(ctx, append(files, first)))), "open case from conversation")
	}
	err = s.commit(ctx, &c, append(files, first), func(tx *db.Tx) error {
		if err := s.desk.TakeIn(ctx, tx, by, conversationID); err != nil {
			return err
		}
		if err := s.recordIn(ctx, tx, by, &c, first); err != nil {
			return err
		}
		for _, f := range files {
			if _, err := s.exhibits.RecordIn(ctx, tx, by, f, c.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return c, errs.Wrap(err, "open case from conversation")
}

// HoldingIn returns the case that was opened from a thing; errs.NotFound when
// none was.
func (s *Service) HoldingIn(ctx context.Context, tx *db.Tx, kind, sourceID string) (Case, error) {
	return bySource(ctx, tx, kind, sourceID)
}

// RestrictFrom marks the exhibits of the case opened from a thing as kept for
// evidence only (LED art. 16(3)). It may be called twice.
func (s *Service) RestrictFrom(ctx context.Context, by access.Actor, kind, sourceID, basis string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := bySource(ctx, tx, kind, sourceID)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		list, err := s.exhibits.ListIn(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		for _, e := range list {
			if e.State != evidence.Sealed {
				continue
			}
			if err := s.exhibits.RestrictIn(ctx, tx, by, e.ID, basis); err != nil {
				return err
			}
		}
		return nil
	})
	return errs.Wrap(err, "restrict exhibits")
}
