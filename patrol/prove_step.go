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

// proofsAtOnce bounds one turn of the chore.
const proofsAtOnce = 20

// MachineProofs are the ways that the clock looks at again.
var MachineProofs = []string{ProofLink, ProofDNS, ProofDID}

// ProveDue looks again at the accounts whose time has come and returns how
// many it looked at. It does nothing where nothing may be fetched.
func (s *Service) ProveDue(ctx context.Context) (did int, err error) {
	if s.set.Client == nil {
		return 0, nil
	}
	var due []Account
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		due, err = selectDueAccounts(ctx, tx, proofsAtOnce)
		return err
	})
	if err != nil {
		return 0, errs.Wrap(err, "prove accounts")
	}
	for _, a := range due {
		if err := s.proveNow(ctx, access.AsMachine("patrol"), a); err != nil {
			return did, err
		}
		did++
	}
	return did, nil
}

// Prove looks at one account now, for the duty lead: by machine where there is
// something to fetch, else it is the lead's own word that it is ours.
func (s *Service) Prove(ctx context.Context, by access.Actor, account string) (Account, error) {
	if err := people.Allow(by, "account.prove", access.Resource{Kind: "account", ID: account}); err != nil {
		return Account{}, err
	}
	a, err := s.publishedAccount(ctx, account)
	if err != nil {
		return a, err
	}
	if a.Proof == ProofSeen {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			if err := setProven(ctx, tx, a.ID); err != nil {
				return errs.Wrap(err, "prove account")
			}
			return s.account(ctx, tx, by, "account.prove", "patrol_accounts", a.ID, ProofSeen)
		})
	} else if s.set.Client == nil {
		err = errs.New(errs.Unavailable, "err.patrol.proof_off", "prove account: nothing is fetched here")
	} else {
		err = s.proveNow(ctx, by, a)
	}
	if err != nil {
		return a, err
	}
	return s.publishedAccount(ctx, account)
}

func (s *Service) publishedAccount(ctx context.Context, account string) (Account, error) {
	all, err := s.Accounts(ctx)
	i := slices.IndexFunc(all, func(a Account) bool { return a.ID == account })
	if err == nil && i < 0 {
		return Account{}, errs.New(errs.NotFound, "err.not_found", "read account: not on the list")
	}
	if err != nil {
		return Account{}, err
	}
	return all[i], nil
}

// proveNow looks, outside any transaction, and keeps what was found. The book
// is told when the answer is another than before, or when a person asked.
func (s *Service) proveNow(ctx context.Context, by access.Actor, a Account) error {
	result := s.look(ctx, a)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		good, due := a.Proven, tx.Now+ProofRetry.Microseconds()
		if result == Proven {
			good, due = tx.Now, tx.Now+ProofEvery.Microseconds()
		}
		if err := upsertProof(ctx, tx, a.ID, result, good, due); err != nil {
			return errs.Wrap(err, "prove account")
		}
		if result == a.Result && by.Person == "" {
			return nil
		}
		if err := count(ctx, tx, dayOf(tx.Now), "proof."+result); err != nil {
			return errs.Wrap(err, "prove account")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "account.prove", Table: "patrol_accounts", ID: a.ID, By: by, Detail: a.Proof + ": " + result})
	})
}

// SetProof changes how an account is shown to be ours.
func (s *Service) SetProof(ctx context.Context, by access.Actor, account, way, place string) error {
	if err := people.Allow(by, "account.prove", access.Resource{Kind: "account", ID: account}); err != nil {
		return err
	}
	a, err := s.publishedAccount(ctx, account)
	if err != nil {
		return err
	}
	in := AccountIn{Platform: a.Platform, Handle: a.Handle, URL: a.URL, Proof: way, ProofAt: place, Officer: a.Officer}
	next, err := in.account()
	if err != nil {
		return err
	}
	if err := s.checkProof(next); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := updateProof(ctx, tx, a.ID, next.Proof, next.ProofAt); err != nil {
			return errs.Wrap(err, "set proof")
		}
		if err := s.startProof(ctx, tx, a.ID, next.Proof, 0); err != nil {
			return err
		}
		return s.account(ctx, tx, by, "account.prove", "patrol_accounts", a.ID, "by "+next.Proof)
	})
}

// startProof lets the clock look at once.
func (s *Service) startProof(ctx context.Context, tx *db.Tx, account, way string, good int64) error {
	if way == ProofSeen {
		return errs.Wrap(deleteProof(ctx, tx, account), "start proof")
	}
	return errs.Wrap(upsertProof(ctx, tx, account, Waiting, good, 0), "start proof")
}
