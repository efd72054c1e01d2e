package oversight

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

var machine = access.AsMachine("oversight")

// CarryOut does what was decided and is not done: after a decision at once,
// after a crash when the program starts again. Each step can be done twice.
func (s *Service) CarryOut(ctx context.Context) error {
	var waiting []Request
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		waiting, err = decided(ctx, tx)
		return err
	})
	if err != nil {
		return errs.Wrap(err, "carry out decisions")
	}
	for _, q := range waiting {
		if err := s.carryOut(ctx, q); err != nil {
			return errs.Wrap(err, "carry out decision "+q.ID)
		}
	}
	return nil
}

func (s *Service) carryOut(ctx context.Context, q Request) error {
	basis := q.ID + "; " + q.Ground
	var destroyed []string
	switch q.Decision {
	case Erase:
		if err := s.desk.EraseConversation(ctx, machine, q.AboutID, basis); err != nil {
			return err
		}
		destroyed = []string{q.AboutID}
	case Restrict:
		if err := s.desk.RestrictConversation(ctx, machine, q.AboutID, basis); err != nil {
			return err
		}
		if err := s.cases.RestrictFrom(ctx, machine, q.AboutKind, q.AboutID, basis); err != nil {
			return err
		}
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if len(destroyed) > 0 {
			if err := s.certifyIn(ctx, tx, Certificate{Kind: "erasure", Subject: q.ID, Basis: q.Ground, Maker: q.DecidedBy}, destroyed); err != nil {
				return err
			}
		}
		q.State, q.DoneAt = Done, tx.Now
		if err := update(ctx, tx, q); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "rights.done", Table: table, ID: q.ID, By: machine, Detail: q.Decision})
	})
	if err == nil && len(destroyed) > 0 {
		err = s.db.Truncate(ctx)
	}
	return err
}

// certifyIn records that something was destroyed, and nothing of it.
func (s *Service) certifyIn(ctx context.Context, tx *db.Tx, c Certificate, ids []string) error {
	c.ID, c.At, c.N, c.Digest = tx.NewID("crt"), tx.Now, int64(len(ids)), digest(ids)
	if err := insertCertificate(ctx, tx, c); err != nil {
		return err
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "certificate.issue", Table: "oversight_certificates", ID: c.ID, By: machine, Detail: c.Kind + " " + c.Subject})
}

// AskErasure is a request to erase made from inside a conversation, with its
// return code.
func (s *Service) AskErasure(ctx context.Context, caller, form, code, text string) (string, error) {
	if _, err := s.desk.AskErase(ctx, caller, code); err != nil {
		return "", err
	}
	return s.Ask(ctx, Ask{Asks: "erase", Code: code, Text: text, Caller: caller, Form: form})
}
