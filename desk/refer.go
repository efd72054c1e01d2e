package desk

import (
	"context"
	"regexp"
	"slices"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

const (
	purposeReferral = "desk_referrals.sealed"
	maxReferrals    = 20 // of one conversation
)

// How somebody agreed to be sent on.
const (
	ConsentWriter   = "writer"   // who wrote said yes
	ConsentGuardian = "guardian" // a parent or guardian did
	ConsentDanger   = "danger"   // nobody could be asked in danger to life
)

// Consents lists them in the order in which they are offered.
var Consents = []string{ConsentWriter, ConsentGuardian, ConsentDanger}

// Referral is somebody sent on to a helpline or a service: the step at which
// people are lost, so it has a receipt (D 2.38, 7.18).
type Referral struct {
	ID       string // ref_…
	Service  string // number or short name in the legal profile
	Consent  string // one of Consents
	Giver    string // service handle
	At       int64  // microseconds UTC
	Taken    int64  // when it was taken over; 0: not yet
	Receiver string // service handle of who wrote the receipt down
	Passed   string // what was passed on
	Who      string // who there took over
	sealed   []byte
}

type referred struct {
	Passed string `json:"passed"`
	Who    string `json:"who,omitempty"`
}

// serviceName is the form of a helpline's number or a service's short name.
var serviceName = regexp.MustCompile(`^[0-9a-z][0-9a-z -]{1,30}$`)

// Refer sends somebody on, with their consent: what is passed on is written
// down, sealed, and the receipt is awaited.
func (s *Service) Refer(ctx context.Context, by access.Actor, conversationID, service, consent, passed string) error {
	if !serviceName.MatchString(service) {
		return errs.Field("service", "err.desk.refer_to", "refer: no service is named")
	}
	if !slices.Contains(Consents, consent) {
		return errs.Field("consent", "err.desk.consent", "refer: nobody agreed")
	}
	if err := checkReason(passed); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.refer", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		all, err := selectReferrals(ctx, tx, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "refer")
		}
		if len(all) >= maxReferrals {
			return "", errs.New(errs.Limit, "err.desk.full", "refer: too many", "max", maxReferrals)
		}
		r := Referral{ID: tx.NewID("ref"), Service: service, Consent: consent, Giver: by.Handle, At: tx.Now}
		if r.sealed, err = s.seal(c.ID, purposeReferral, referred{Passed: passed}); err != nil {
			return "", err
		}
		if err := insertReferral(ctx, tx, c.ID, r); err != nil {
			return "", errs.Wrap(err, "refer")
		}
		if err := count(ctx, tx, "referral.made"); err != nil {
			return "", errs.Wrap(err, "refer")
		}
		return "to " + service, s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.refer", Table: tableReferrals, ID: r.ID, By: by, Detail: consent})
	})
}

// TakenOver writes the receipt down: who at the service took over.
func (s *Service) TakenOver(ctx context.Context, by access.Actor, conversationID, referralID, who string) error {
	if err := short("who", who, MaxName); err != nil {
		return err
	}
	return s.act(ctx, by, "conversation.refer", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		all, err := s.referrals(ctx, tx, c.ID)
		if err != nil {
			return "", errs.Wrap(err, "take receipt")
		}
		at := slices.IndexFunc(all, func(r Referral) bool { return r.ID == referralID && r.Taken == 0 })
		if at < 0 {
			return "", errs.New(errs.Conflict, "err.desk.refer_over", "take receipt: none is awaited")
		}
		r := all[at]
		r.Taken, r.Receiver = tx.Now, by.Handle
		if r.sealed, err = s.seal(c.ID, purposeReferral, referred{Passed: r.Passed, Who: who}); err != nil {
			return "", err
		}
		if err := updateReferral(ctx, tx, r); err != nil {
			return "", errs.Wrap(err, "take receipt")
		}
		if err := count(ctx, tx, "referral.taken"); err != nil {
			return "", errs.Wrap(err, "take receipt")
		}
		return "taken over", s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.refer", Table: tableReferrals, ID: r.ID, By: by, Detail: "taken over"})
	})
}

// referrals reads where somebody was sent on to.
func (s *Service) referrals(ctx context.Context, tx *db.Tx, conversationID string) ([]Referral, error) {
	all, err := selectReferrals(ctx, tx, conversationID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		var r referred
		if err := s.open(conversationID, purposeReferral, all[i].sealed, &r); err != nil {
			return nil, err
		}
		all[i].Passed, all[i].Who = r.Passed, r.Who
	}
	return all, nil
}
