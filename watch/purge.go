package watch

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// purgeBatch bounds the alerts of one purge transaction.
const purgeBatch = 500

// Purge is the certificate of a purge. It proves that exactly these alerts are
// gone to whoever kept their ids, and says nothing to anybody else.
type Purge struct {
	ID      string
	At      int64
	Mandate string
	Reason  string // "lapse": the mandate ended; "expiry": nobody decided in time
	Alerts  int64
	FirstAt int64 // when the oldest was raised
	LastAt  int64
	Sum     []byte // SHA-256 of the ids, sorted, one a line
}

// PurgeLapsed erases what no human confirmed under mandates that have ended,
// and every alert whose time is over. Rows go first, then keys.
func (s *Service) PurgeLapsed(ctx context.Context) ([]Purge, error) {
	if err := s.destroyDoomed(ctx); err != nil { // what a crash left
		return nil, err
	}
	ended, expired, err := s.due(ctx)
	if err != nil {
		return nil, err
	}
	var out []Purge
	for _, m := range ended {
		if out, err = s.purgeAll(ctx, out, m, "lapse", selectUnconfirmed); err != nil {
			return out, err
		}
	}
	for _, m := range expired {
		if out, err = s.purgeAll(ctx, out, m, "expiry", selectExpired); err != nil {
			return out, err
		}
	}
	if len(out) == 0 {
		return nil, s.sweep(ctx)
	}
	crash.At(crash.PurgeCommitted)
	if err := s.destroyDoomed(ctx); err != nil {
		return out, err
	}
	if err := s.db.Truncate(ctx); err != nil {
		return out, err
	}
	s.tell()
	return out, nil
}

// sweepEvery bounds how often expired seen-hashes are looked for.
const sweepEvery = int64(60 * 60 * 1_000_000)

func (s *Service) sweep(ctx context.Context) error {
	now, last := s.db.Now(), s.swept.Load()
	if now-last < sweepEvery || !s.swept.CompareAndSwap(last, now) {
		return nil
	}
	return s.Channels.Sweep(ctx)
}

func (s *Service) due(ctx context.Context) (ended, expired []string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := s.Mandates.Ended(ctx, tx)
		if err != nil {
			return err
		}
		with, err := mandatesUnconfirmed(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "look for unconfirmed alerts")
		}
		ended = slices.DeleteFunc(all, func(m string) bool { return !slices.Contains(with, m) })
		expired, err = mandatesWithExpired(ctx, tx)
		return errs.Wrap(err, "look for expired alerts")
	})
	return ended, expired, err
}

type choose func(ctx context.Context, tx *db.Tx, mandate string, limit int) ([]*Alert, error)

func (s *Service) purgeAll(ctx context.Context, out []Purge, mandate, reason string, chosen choose) ([]Purge, error) {
	for {
		p, more, err := s.purgeOnce(ctx, mandate, reason, chosen)
		if err != nil || p.Alerts == 0 {
			return out, err
		}
		out = append(out, p)
		if !more {
			return out, nil
		}
	}
}

// purgeOnce purges one batch. Alerts under a hold stay; a batch of nothing but
// those ends the purge.
func (s *Service) purgeOnce(ctx context.Context, mandate, reason string, chosen choose) (p Purge, more bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p = Purge{ID: tx.NewID("pur"), At: tx.Now, Mandate: mandate, Reason: reason}
		all, err := chosen(ctx, tx, mandate, purgeBatch)
		if err != nil {
			return errs.Wrap(err, "purge alerts")
		}
		more = len(all) == purgeBatch
		var ids []string
		for _, a := range all {
			held, err := s.Mandates.Held(ctx, tx, "alert", a.ID)
			if err != nil {
				return err
			}
			if held {
				continue
			}
			if err := s.purgeAlert(ctx, tx, a, reason); err != nil {
				return err
			}
			ids = append(ids, a.ID)
			p.note(a)
		}
		if len(ids) == 0 {
			return nil
		}
		return s.certify(ctx, tx, &p, ids)
	})
	return p, more, err
}

func (p *Purge) note(a *Alert) {
	if p.Alerts == 0 || a.RaisedAt < p.FirstAt {
		p.FirstAt = a.RaisedAt
	}
	p.LastAt = max(p.LastAt, a.RaisedAt)
	p.Alerts++
}

func (s *Service) purgeAlert(ctx context.Context, tx *db.Tx, a *Alert, reason string) error {
	if err := deleteAlert(ctx, tx, a.ID); err != nil {
		return errs.Wrap(err, "purge alert")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "alert.purge", Table: table, ID: a.ID, By: machine, Permit: a.Mandate, Detail: reason, Gone: true})
}

func (s *Service) certify(ctx context.Context, tx *db.Tx, p *Purge, ids []string) error {
	p.Sum = sumOf(ids)
	if err := insertPurge(ctx, tx, *p); err != nil {
		return errs.Wrap(err, "certify purge")
	}
	if err := s.count(ctx, tx, "purge."+p.Reason, p.Alerts); err != nil {
		return errs.Wrap(err, "certify purge")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "certificate.issue", Table: purgeTable, ID: p.ID, By: machine, Permit: p.Mandate,
		Detail: fmt.Sprintf("%s alerts=%d", p.Reason, p.Alerts)})
}

func sumOf(ids []string) []byte {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	sum := sha256.Sum256([]byte(strings.Join(ids, "\n") + "\n"))
	return sum[:]
}

// Purges lists the certificates of a mandate, or all when it is empty; newest
// first. The caller asks the policy for certificate.read.
func (s *Service) Purges(ctx context.Context, tx *db.Tx, mandate string) ([]Purge, error) {
	all, err := selectPurges(ctx, tx, mandate)
	return all, errs.Wrap(err, "list purges")
}
