package mandate

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Hold keeps an object from erasure: a court, a complaint, evidence.
type Hold struct {
	ID       string
	Kind     string // "conversation", "exhibit", "case", "alert"
	Object   string
	Basis    string // article or act, public words
	Handle   string
	PlacedAt int64
	LiftedAt int64 // 0 while it holds
}

// Hold places a hold. The caller has asked the policy for its own verb.
func (s *Service) Hold(ctx context.Context, tx *db.Tx, kind, object, basis string, by access.Actor) (string, error) {
	if kind == "" || object == "" || basis == "" || len(basis) > MaxReference {
		return "", errs.Field("basis", "err.required", "place hold: kind, object or basis missing")
	}
	h := Hold{ID: tx.NewID("hol"), Kind: kind, Object: object, Basis: basis, Handle: by.Handle, PlacedAt: tx.Now}
	if err := insertHold(ctx, tx, h); err != nil {
		return "", errs.Wrap(err, "place hold")
	}
	return h.ID, s.book.Append(ctx, tx, ledger.Event{Verb: "hold.place", Table: holdTable, ID: h.ID, By: by, Detail: kind + " " + basis})
}

// Held reports whether anything keeps the object from erasure.
func (s *Service) Held(ctx context.Context, tx *db.Tx, kind, object string) (bool, error) {
	n, err := countHolds(ctx, tx, kind, object)
	return n > 0, errs.Wrap(err, "look for holds")
}

// Holds lists the holds of an object, lifted ones too.
func (s *Service) Holds(ctx context.Context, tx *db.Tx, kind, object string) ([]Hold, error) {
	all, err := selectHolds(ctx, tx, kind, object)
	return all, errs.Wrap(err, "list holds")
}

// Lift ends a hold. The caller has asked the policy for its own verb.
func (s *Service) Lift(ctx context.Context, tx *db.Tx, hold string, by access.Actor) error {
	n, err := liftHold(ctx, tx, hold)
	if err != nil {
		return errs.Wrap(err, "lift hold")
	}
	if n == 0 {
		return errs.New(errs.NotFound, "err.not_found", "lift hold: none in force has this id")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "hold.lift", Table: holdTable, ID: hold, By: by})
}
