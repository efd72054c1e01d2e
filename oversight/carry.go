package oversight

import (
	"context"

	"ronde/access"
	"ronde/internal/crash"
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
	return errs.Wrap(s.finish(ctx), "carry out decisions")
}

// finish destroys the keys that a program that died in between left behind.
func (s *Service) finish(ctx context.Context) error {
	if err := s.desk.Finish(ctx); err != nil {
		return err
	}
	return s.finishRequests(ctx)
}

func (s *Service) carryOut(ctx context.Context, q Request) error {
	switch q.Decision {
	case Erase:
		return s.erase(ctx, q)
	case Restrict:
		basis := q.ID + "; " + q.Ground
		if err := s.desk.RestrictConversation(ctx, machine, q.AboutID, basis); err != nil {
			return err
		}
		if err := s.cases.RestrictFrom(ctx, machine, q.AboutKind, q.AboutID, basis); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.doneIn(ctx, tx, q) })
}

func (s *Service) erase(ctx context.Context, q Request) error {
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return s.eraseIn(ctx, tx, q) }); err != nil {
		return err
	}
	crash.At(crash.PurgeCommitted)
	return s.desk.Finish(ctx)
}

// eraseIn empties, certifies and closes in one transaction, so that nothing is
// destroyed without its certificate. A case that was opened since the decision
// holds the matter as evidence: then nothing is erased, and the request goes
// back to be decided anew (LED art. 16(3)(b)).
func (s *Service) eraseIn(ctx context.Context, tx *db.Tx, q Request) error {
	held, err := s.heldBy(ctx, tx, q)
	if err != nil {
		return err
	}
	if held != "" {
		return s.reopenIn(ctx, tx, q, held)
	}
	if err := s.desk.EraseIn(ctx, tx, machine, q.AboutID, q.ID+"; "+q.Ground); err != nil {
		return err
	}
	if err := s.certifyIn(ctx, tx, Certificate{Kind: "erasure", Subject: q.ID, Basis: q.Ground, Maker: q.DecidedBy}, []string{q.AboutID}); err != nil {
		return err
	}
	return s.doneIn(ctx, tx, q)
}

// reopenIn takes a decision back that can no longer be carried out.
func (s *Service) reopenIn(ctx context.Context, tx *db.Tx, q Request, held string) error {
	q.State, q.Decision, q.Ground, q.PreparedBy, q.DecidedBy, q.DecidedAt = Received, "", "", "", "", 0
	if err := update(ctx, tx, q); err != nil {
		return err
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "rights.reopen", Table: table, ID: q.ID, By: machine, Detail: "case " + held + " was opened since"})
}

func (s *Service) doneIn(ctx context.Context, tx *db.Tx, q Request) error {
	q.State, q.DoneAt = Done, tx.Now
	if err := update(ctx, tx, q); err != nil {
		return err
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "rights.done", Table: table, ID: q.ID, By: machine, Detail: q.Decision})
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
