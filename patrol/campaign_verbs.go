package patrol

import (
	"context"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// DraftCampaign writes a draft, or changes the asker's own.
func (s *Service) DraftCampaign(ctx context.Context, by access.Actor, in CampaignIn) (string, error) {
	if err := people.Allow(by, "official.draft", access.Resource{Kind: "official", ID: in.ID}); err != nil {
		return "", err
	}
	c, err := in.read()
	if err != nil {
		return "", err
	}
	c.drafter, c.Author = by.Person, by.Handle
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c.Made, c.Revision = tx.Now, 1
		if in.ID == "" {
			n, err := countCampaigns(ctx, tx)
			if err != nil {
				return errs.Wrap(err, "draft")
			}
			if n >= MaxCampaigns {
				return errs.New(errs.Limit, "err.limit", "draft: too many")
			}
			c.ID = tx.NewID("cam")
			if err := insertCampaign(ctx, tx, c); err != nil {
				return errs.Wrap(err, "draft")
			}
			return s.keepTexts(ctx, tx, by, c, "new "+c.Kind)
		}
		before, err := selectCampaign(ctx, tx, in.ID)
		if err != nil {
			return db.One(err, "draft")
		}
		switch {
		case before.drafter != by.Person:
			return errs.New(errs.Conflict, "err.patrol.draft_other", "draft: another's")
		case before.State != Draft:
			return errs.New(errs.Conflict, "err.patrol.draft_state", "draft: it is "+before.State)
		case before.Revision != in.Revision:
			return errs.New(errs.Conflict, "err.patrol.revision", "draft: it was changed meanwhile")
		}
		c.ID, c.Made, c.Revision, c.Remark = before.ID, before.Made, before.Revision+1, before.Remark
		if err := updateCampaign(ctx, tx, c); err != nil {
			return errs.Wrap(err, "draft")
		}
		return s.keepTexts(ctx, tx, by, c, "changed")
	})
	return c.ID, err
}

// keepTexts writes the texts of a draft and accounts for them and for it.
func (s *Service) keepTexts(ctx context.Context, tx *db.Tx, by access.Actor, c Campaign, detail string) error {
	old, err := deleteTexts(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, "draft")
	}
	for _, row := range old {
		if err := s.forget(ctx, tx, by, "official.draft", "patrol_texts", row); err != nil {
			return err
		}
	}
	for _, t := range c.Texts {
		row := tx.NewID("txt")
		if err := insertText(ctx, tx, row, c.ID, t); err != nil {
			return errs.Wrap(err, "draft")
		}
		if err := s.account(ctx, tx, by, "official.draft", "patrol_texts", row, t.Platform+" "+t.Language); err != nil {
			return err
		}
	}
	return s.account(ctx, tx, by, "official.draft", "patrol_campaigns", c.ID, detail)
}

// move changes the state of a campaign after may has looked at it.
func (s *Service) move(ctx context.Context, by access.Actor, verb, campaign, detail string, may func(tx *db.Tx, c *Campaign) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := selectCampaign(ctx, tx, campaign)
		if err != nil {
			if e := people.Allow(by, verb, access.Resource{Kind: "official"}); e != nil {
				return e
			}
			return db.One(err, "read public text")
		}
		if err := people.Allow(by, verb, access.Resource{Kind: "official", ID: c.ID, Drafter: c.drafter}); err != nil {
			return err
		}
		if err := may(tx, &c); err != nil {
			return err
		}
		if err := updateCampaign(ctx, tx, c); err != nil {
			return errs.Wrap(err, "change public text")
		}
		return s.account(ctx, tx, by, verb, "patrol_campaigns", c.ID, detail)
	})
}

// SubmitCampaign hands a draft to the second person.
func (s *Service) SubmitCampaign(ctx context.Context, by access.Actor, campaign string) error {
	return s.move(ctx, by, "official.draft", campaign, "to review", func(_ *db.Tx, c *Campaign) error {
		if c.drafter != by.Person {
			return errs.New(errs.Conflict, "err.patrol.draft_other", "submit: another's")
		}
		if c.State != Draft {
			return errs.New(errs.Conflict, "err.patrol.draft_state", "submit: it is "+c.State)
		}
		c.State, c.Remark = Review, ""
		return nil
	})
}

// ReviewCampaign is the second person's word. To publish, each check of the
// kind is ticked, and the revision is the one that was read; to return, a
// remark says what to change.
func (s *Service) ReviewCampaign(ctx context.Context, by access.Actor, campaign string, revision int64, publish bool, checks []string, remark string) error {
	detail := "returned"
	if publish {
		detail = "published"
	}
	remark, err := prose("remark", remark, MaxAim, !publish)
	if err != nil {
		return err
	}
	return s.move(ctx, by, "official.review", campaign, detail, func(tx *db.Tx, c *Campaign) error {
		if c.State != Review {
			return errs.New(errs.Conflict, "err.patrol.draft_state", "review: it is "+c.State)
		}
		if c.Revision != revision {
			return errs.New(errs.Conflict, "err.patrol.revision", "review: it was changed meanwhile")
		}
		if err := s.trained(ctx, tx, by, ActReview); err != nil {
			return err
		}
		if !publish {
			c.State, c.Remark = Draft, remark
			return nil
		}
		for _, must := range ChecksOf(c.Kind) {
			if !slices.Contains(checks, must) {
				return errs.Field("checks", "err.patrol.checks", "review: not looked at "+must)
			}
		}
		c.State, c.Reviewer, c.Published, c.Remark = Published, by.Handle, tx.Now, ""
		return errs.Wrap(count(ctx, tx, dayOf(tx.Now), "published."+c.Kind), "review")
	})
}

// RetractCampaign takes a published text down.
func (s *Service) RetractCampaign(ctx context.Context, by access.Actor, campaign string) error {
	return s.move(ctx, by, "official.retract", campaign, "withdrawn", func(tx *db.Tx, c *Campaign) error {
		if c.State != Published {
			return errs.New(errs.Conflict, "err.patrol.draft_state", "retract: it is "+c.State)
		}
		c.State, c.Withdrawn = Withdrawn, tx.Now
		return nil
	})
}

// NoteReach writes down how many people a platform says it showed a text to.
func (s *Service) NoteReach(ctx context.Context, by access.Actor, campaign, platform string, n int64) error {
	if platform != Everywhere && !slices.Contains(platforms, platform) {
		return errs.Field("platform", "err.patrol.word", "note reach: not a platform's name", "word", clip(platform))
	}
	if n < 0 || n > MaxReach {
		return errs.Field("reach", "err.patrol.reach", "note reach: out of bounds")
	}
	return s.move(ctx, by, "official.draft", campaign, "reach on "+platform, func(tx *db.Tx, c *Campaign) error {
		if c.Published == 0 {
			return errs.New(errs.Conflict, "err.patrol.draft_state", "note reach: it was never published")
		}
		return errs.Wrap(upsertReach(ctx, tx, c.ID, Reach{platform, n, tx.Now}), "note reach")
	})
}

// Campaigns lists every public text, what waits on top, for the patrol; it is
// recorded as a list view.
func (s *Service) Campaigns(ctx context.Context, by access.Actor) (out []Campaign, err error) {
	if err := people.Allow(by, "official.draft", access.Resource{Kind: "official"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = selectCampaigns(ctx, tx, "", MaxPublic); err != nil {
			return errs.Wrap(err, "list public texts")
		}
		for i := range out {
			out[i].Mine = out[i].drafter == by.Person
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "official.draft", ID: "campaign", By: by, Detail: countText(len(out), "rows")})
	})
	return out, err
}

// Campaign is one public text in full, for the patrol; opening it is recorded.
func (s *Service) Campaign(ctx context.Context, by access.Actor, campaign string) (c Campaign, err error) {
	if err := people.Allow(by, "official.draft", access.Resource{Kind: "official", ID: campaign}); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if c, err = fullCampaign(ctx, tx, campaign); err != nil {
			return err
		}
		c.Mine = c.drafter == by.Person
		return s.book.Append(ctx, tx, ledger.Event{Verb: "official.draft", Table: "patrol_campaigns", ID: campaign, By: by, Detail: "open"})
	})
	return c, err
}

func fullCampaign(ctx context.Context, tx *db.Tx, campaign string) (Campaign, error) {
	c, err := selectCampaign(ctx, tx, campaign)
	if err != nil {
		return c, db.One(err, "read public text")
	}
	if c.Texts, err = selectTexts(ctx, tx, campaign); err != nil {
		return c, errs.Wrap(err, "read public text")
	}
	c.Reach, err = selectReach(ctx, tx, campaign)
	return c, errs.Wrap(err, "read public text")
}

// MaxPublic is how many texts a page or feed shows.
const MaxPublic = 200

// News lists the published campaigns and corrections with their texts, newest
// first. It is public and not recorded.
func (s *Service) News(ctx context.Context) (out []Campaign, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := selectCampaigns(ctx, tx, Published, MaxPublic)
		if err != nil {
			return err
		}
		out = nil
		for _, c := range all {
			if c.Kind == KindIntroduction {
				continue
			}
			if c, err = fullCampaign(ctx, tx, c.ID); err != nil {
				return err
			}
			out = append(out, c)
		}
		return nil
	})
	return out, errs.Wrap(err, "read news")
}

// Introduction is the newest introduction that was let pass, by language; empty
// where the organisation has none of its own.
func (s *Service) Introduction(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := selectCampaigns(ctx, tx, Published, MaxPublic)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(c Campaign) bool { return c.Kind == KindIntroduction })
		if i < 0 {
			return nil
		}
		texts, err := selectTexts(ctx, tx, all[i].ID)
		for _, t := range texts {
			if t.Platform == Everywhere {
				out[t.Language] = t.Body
			}
		}
		return err
	})
	return out, errs.Wrap(err, "read introduction")
}
