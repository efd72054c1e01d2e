package patrol

import (
	"context"
	"regexp"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

// purposeHolder sets the marks of holders apart from every other keyed hash.
const purposeHolder = "patrol_holders.mark"

// staffHandle is the form of a service handle.
var staffHandle = regexp.MustCompile(`^[A-Z]-[0-9]{1,6}$`)

// mark stands for a service handle. It is compared and never read back.
func (s *Service) mark(handle string) []byte {
	return s.keys.Hash(purposeHolder, []byte(handle))
}

// checkHolder accepts the service handle of somebody who has a public face.
func checkHolder(handle string) error {
	switch {
	case strings.HasPrefix(handle, "W-"), strings.HasPrefix(handle, "I-"):
		return errs.New(errs.Denied, "err.patrol.hidden", "say holder: a hidden service handle")
	case !staffHandle.MatchString(handle):
		return errs.Field("holder", "err.patrol.holder", "say holder: not a service handle")
	}
	return nil
}

// give says whose a card is from now on. One person has one card, so that the
// name under an answer is never a choice.
func (s *Service) give(ctx context.Context, tx *db.Tx, by access.Actor, card, handle string) error {
	if handle == "" {
		return nil
	}
	mark := s.mark(handle)
	other, err := selectHeld(ctx, tx, mark)
	if err != nil {
		return errs.Wrap(err, "say holder")
	}
	if other == card {
		return nil
	}
	if other != "" {
		return errs.Field("holder", "err.patrol.holder_twice", "say holder: they have a card")
	}
	if err := upsertHolder(ctx, tx, card, mark); err != nil {
		return errs.Wrap(err, "say holder")
	}
	return s.account(ctx, tx, by, "official.publish", "patrol_holders", card, "given")
}

// takeBack ends the tie of a withdrawn card.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, by access.Actor, card string) error {
	had, err := dropHolder(ctx, tx, card)
	if err != nil || !had {
		return errs.Wrap(err, "end holder")
	}
	return s.account(ctx, tx, by, "official.withdraw", "patrol_holders", card, "")
}

// Signature is the published name that a service handle may sign with: that
// of its own card and no other; empty when it has none.
func (s *Service) Signature(ctx context.Context, tx *db.Tx, handle string) (string, error) {
	name, err := selectSignature(ctx, tx, s.mark(handle))
	return name, errs.Wrap(err, "read signature")
}

// OwnName is the published name of who asks; empty when they have no card.
func (s *Service) OwnName(ctx context.Context, by access.Actor) (name string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		name, err = s.Signature(ctx, tx, by.Handle)
		return err
	})
	return name, err
}

// Given says which cards are somebody's, for the duty lead: not whose.
func (s *Service) Given(ctx context.Context, by access.Actor) (map[string]bool, error) {
	if err := people.Allow(by, "official.publish", access.Resource{Kind: "official"}); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		cards, err := selectGiven(ctx, tx)
		for _, c := range cards {
			out[c] = true
		}
		return err
	})
	return out, errs.Wrap(err, "read holders")
}
