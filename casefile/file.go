package casefile

import (
	"context"
	"errors"
	"strings"

	"ronde/access"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/watch"
)

// discard undoes what was prepared for a case that is not opened.
func (s *Service) discard(ctx context.Context, all []evidence.Prepared) (err error) {
	for _, p := range all {
		err = errors.Join(err, s.exhibits.Discard(ctx, p))
	}
	return err
}

// prepareFiles seals the originals of a conversation's files. What was prepared
// before an error is returned with it.
func (s *Service) prepareFiles(ctx context.Context, by access.Actor, conversationID string) (all []evidence.Prepared, err error) {
	files, err := s.desk.FilesToPull(ctx, by, conversationID)
	for _, f := range files {
		if err != nil {
			break
		}
		var p evidence.Prepared
		if p, err = s.prepareFile(ctx, by, f.ID, ""); err == nil {
			all = append(all, p)
		}
	}
	return all, err
}

func (s *Service) prepareFile(ctx context.Context, by access.Actor, fileID, reason string) (evidence.Prepared, error) {
	o, err := s.desk.Original(ctx, by, fileID, reason)
	if err != nil {
		return evidence.Prepared{}, err
	}
	return s.exhibits.PrepareReceived(ctx, by, exhibitOf(o))
}

func exhibitOf(o desk.Original) evidence.Original {
	kind := evidence.KindFile
	if o.Guarded {
		kind = evidence.KindGuarded
	}
	return evidence.Original{Kind: kind, MediaType: o.Type, Source: strings.TrimSpace(o.Channel + " " + o.Name), CapturedAt: o.At, Bytes: o.Bytes}
}

// OpenFor returns the open case that was made from a conversation, if by may
// seal an exhibit into it; errs.NotFound otherwise.
func (s *Service) OpenFor(ctx context.Context, by access.Actor, conversationID string) (c Case, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if c, err = bySource(ctx, tx, FromConversation, conversationID); err != nil {
			return err
		}
		return s.maySeal(ctx, tx, by, c)
	})
	return c, err
}

// maySeal asks the rules whether by may add an exhibit to a case; a case not
// theirs is like none.
func (s *Service) maySeal(ctx context.Context, tx *db.Tx, by access.Actor, c Case) error {
	if _, err := s.allowed(ctx, tx, by, "case.open", c.ID); err != nil {
		return err
	}
	if c.State != Open {
		return errs.New(errs.Conflict, "err.case.closed", "seal exhibit: the case is closed")
	}
	stands, err := standing(ctx, tx, c.ID, by.Handle)
	if err != nil {
		return err
	}
	r := c.resource(by, stands == "member", stands == "denied")
	r.Kind = "exhibit"
	return people.Allow(by, "exhibit.seal", r)
}

// SealFile seals the original of a file as the next exhibit of the case that
// was opened from its conversation.
func (s *Service) SealFile(ctx context.Context, by access.Actor, fileID string) (c Case, err error) {
	o, err := s.desk.Original(ctx, by, fileID, "")
	if err != nil {
		return c, errs.Wrap(err, "seal file")
	}
	if c, err = s.OpenFor(ctx, by, o.Conversation); errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		return c, errs.As(err, errs.Conflict, "err.case.none") // also where there is one that is not theirs
	}
	if err != nil {
		return c, errs.Wrap(err, "seal file")
	}
	p, err := s.exhibits.PrepareReceived(ctx, by, exhibitOf(o))
	if err != nil {
		return c, errs.Wrap(err, "seal file")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.maySeal(ctx, tx, by, c); err != nil {
			return err
		}
		list, err := s.exhibits.ListIn(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		for _, e := range list {
			if e.SHA256 == o.SHA256 {
				return errs.New(errs.Conflict, "err.case.has", "seal file: these bytes are an exhibit already", "label", e.Label())
			}
		}
		_, err = s.exhibits.RecordIn(ctx, tx, by, p, c.ID)
		return err
	})
	if err != nil {
		err = errors.Join(err, s.exhibits.Discard(ctx, p))
	}
	return c, errs.Wrap(err, "seal file")
}

// OpenFromFile opens a case from a suspected abuse image. The case is for
// specialised staff, and the image is its first exhibit.
func (s *Service) OpenFromFile(ctx context.Context, by access.Actor, fileID string, o Opening) (Case, error) {
	if err := people.Allow(by, "case.create", access.Resource{Kind: "case", Unit: by.Unit}); err != nil {
		return Case{}, err
	}
	first, err := s.prepareFile(ctx, by, fileID, o.Basis)
	if err != nil {
		return Case{}, errs.Wrap(err, "open case from file")
	}
	c, err := s.begin(by, o)
	if err != nil {
		return Case{}, errs.Wrap(errors.Join(err, s.exhibits.Discard(ctx, first)), "open case from file")
	}
	c.FromKind, c.FromID, c.Category = FromFile, fileID, watch.GuardedCategories()[0]
	err = s.commit(ctx, &c, []evidence.Prepared{first}, func(tx *db.Tx) error { return s.recordIn(ctx, tx, by, &c, first) })
	return c, errs.Wrap(err, "open case from file")
}

// GuardFile makes exhibits of the same bytes in the case of a conversation
// exhibits for specialised staff: their file was just found suspect.
func (s *Service) GuardFile(ctx context.Context, by access.Actor, conversationID, digest string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := bySource(ctx, tx, FromConversation, conversationID)
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
			if e.Kind != evidence.KindFile || e.SHA256 != digest {
				continue
			}
			if err := s.exhibits.GuardIn(ctx, tx, by, e.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return errs.Wrap(err, "guard exhibits")
}

// Original reads the bytes of an exhibit to be saved. Those of a suspected
// abuse image go to specialised staff only, whoever leads the case.
func (s *Service) Original(ctx context.Context, by access.Actor, exhibitID string) (v evidence.View, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.exhibits.FindIn(ctx, tx, exhibitID)
		if err != nil {
			return err
		}
		c, err := s.allowed(ctx, tx, by, "case.open", e.Case)
		if err != nil {
			return err
		}
		stands, err := standing(ctx, tx, c.ID, by.Handle)
		if err != nil {
			return err
		}
		r := c.resource(by, stands == "member", stands == "denied")
		r.Kind, r.ID, r.State = "exhibit", e.ID, e.State
		if e.Kind == evidence.KindGuarded {
			r.State = access.Suspected
		}
		if err := people.Allow(by, "exhibit.original", r); err != nil {
			return err
		}
		v, err = s.exhibits.OpenIn(ctx, tx, by, exhibitID)
		return err
	})
	return v, errs.Wrap(err, "read original")
}
