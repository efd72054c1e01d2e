package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/mandate"
)

const (
	table        = "evidence_exhibits"
	purposeBytes = "evidence_exhibits.bytes"
	purposeRow   = "evidence_exhibits.sealed"
)

// Service seals, shows and destroys exhibits.
type Service struct {
	db    *db.DB
	keys  *seal.Ring
	blobs *blob.Store
	book  *ledger.Ledger
}

// New makes the service.
func New(d *db.DB, keys *seal.Ring, blobs *blob.Store, book *ledger.Ledger) *Service {
	return &Service{d, keys, blobs, book}
}

// Prepared is an original already encrypted under a key of its own and
// written, waiting for the transaction that makes it an exhibit.
type Prepared struct{ e Exhibit }

// Prepare seals an original that was taken from a public place. It needs a
// permit that holds now. Call Discard when the transaction does not follow.
func (s *Service) Prepare(ctx context.Context, p mandate.Permit, by access.Actor, o Original) (Prepared, error) {
	if err := p.Check(s.db.Now()); err != nil {
		return Prepared{}, errs.Wrap(err, "seal exhibit")
	}
	return s.prepare(ctx, p.Mandate(), by, o)
}

// PrepareReceived seals what somebody sent to us of their own accord: no
// place was watched, so no permit is asked.
func (s *Service) PrepareReceived(ctx context.Context, by access.Actor, o Original) (Prepared, error) {
	return s.prepare(ctx, "", by, o)
}

func (s *Service) prepare(ctx context.Context, permit string, by access.Actor, o Original) (Prepared, error) {
	if len(o.Bytes) == 0 || len(o.Bytes) > MaxOriginal {
		return Prepared{}, errs.New(errs.Limit, "err.exhibit.size", fmt.Sprintf("seal exhibit: %d bytes, want 1 to %d", len(o.Bytes), MaxOriginal))
	}
	exhibit := id.New("exh", s.db.Now(), 0)
	e := Exhibit{ID: exhibit, Kind: o.Kind, State: Sealed, Permit: permit, CapturedAt: o.CapturedAt, SealedBy: by.Handle,
		Size: int64(len(o.Bytes)), container: exhibit, blob: "exhibit/" + exhibit}
	if err := s.keys.Create(e.container); err != nil {
		return Prepared{}, errs.Wrap(err, "seal exhibit")
	}
	if err := s.encrypt(&e, o); err != nil {
		// A full disk, for one: a key without a lock would lie there for good.
		return Prepared{}, errs.Wrap(errors.Join(err, s.keys.Destroy(e.container, s.db.Now())), "seal exhibit")
	}
	return Prepared{e}, nil
}

func (s *Service) encrypt(e *Exhibit, o Original) error {
	particulars, err := o.particulars(sha256.Sum256(o.Bytes))
	if err != nil {
		return err
	}
	if e.sealed, err = s.keys.Seal(e.container, purposeRow, particulars); err != nil {
		return err
	}
	sealed, err := s.keys.Seal(e.container, purposeBytes, o.Bytes)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(sealed)
	e.blobSum = sum[:]
	if err := s.blobs.Put(context.Background(), e.blob, sealed); err != nil {
		return err
	}
	crash.At(crash.ExhibitSealed)
	return nil
}

// Discard undoes Prepare.
func (s *Service) Discard(ctx context.Context, p Prepared) error {
	err := s.keys.Destroy(p.e.container, s.db.Now())
	if err == nil {
		err = s.blobs.Delete(ctx, p.e.blob)
	}
	return errs.Wrap(err, "discard exhibit")
}

// RecordIn makes a prepared original the next exhibit of a case, in the
// transaction that changes the case.
func (s *Service) RecordIn(ctx context.Context, tx *db.Tx, by access.Actor, p Prepared, caseID string) (Exhibit, error) {
	e := p.e
	var err error
	if e.Number, err = nextNumber(ctx, tx, caseID); err != nil {
		return e, errs.Wrap(err, "record exhibit")
	}
	e.Case, e.SealedAt = caseID, tx.Now
	if err := insert(ctx, tx, e); err != nil {
		return e, errs.Wrap(err, "record exhibit")
	}
	if err := count(ctx, tx, db.Day(tx.Now), "exhibit.sealed"); err != nil {
		return e, errs.Wrap(err, "record exhibit")
	}
	return e, s.book.Append(ctx, tx, ledger.Event{Verb: "exhibit.seal", Table: table, ID: e.ID, By: by, Permit: e.Permit,
		Detail: fmt.Sprintf("case %s, %s, %d bytes", caseID, e.Label(), e.Size)})
}

// ListIn returns a case's exhibits with their particulars, without bytes. The
// caller has decided that the viewer may see the case.
func (s *Service) ListIn(ctx context.Context, tx *db.Tx, caseID string) ([]View, error) {
	list, err := ofCase(ctx, tx, caseID)
	if err != nil {
		return nil, errs.Wrap(err, "list exhibits")
	}
	views := make([]View, 0, len(list))
	for _, e := range list {
		v := View{Exhibit: e}
		if e.State != Destroyed {
			if v.Particulars, err = s.particulars(e); err != nil && !errs.Is(err, errs.NotFound) {
				return nil, err
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// OpenIn returns one exhibit with its original, checked against its SHA-256,
// and accounts for the look.
func (s *Service) OpenIn(ctx context.Context, tx *db.Tx, by access.Actor, exhibitID string) (View, error) {
	e, err := byID(ctx, tx, exhibitID)
	if err != nil {
		return View{}, err
	}
	v := View{Exhibit: e}
	if e.State != Destroyed {
		if v.Particulars, err = s.particulars(e); err != nil {
			return View{}, err
		}
		if v.Bytes, err = s.original(ctx, e, v.SHA256); err != nil {
			return View{}, err
		}
	}
	return v, s.book.Append(ctx, tx, ledger.Event{Verb: "exhibit.open", Table: table, ID: e.ID, By: by, Permit: e.Permit})
}

// FindIn returns an exhibit's public part.
func (s *Service) FindIn(ctx context.Context, tx *db.Tx, exhibitID string) (Exhibit, error) {
	return byID(ctx, tx, exhibitID)
}

func (s *Service) particulars(e Exhibit) (p Particulars, err error) {
	text, err := s.keys.Open(e.container, purposeRow, e.sealed)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return p, errs.Wrap(err, "open exhibit "+e.ID)
}

func (s *Service) original(ctx context.Context, e Exhibit, want string) ([]byte, error) {
	sealed, err := s.blobs.Get(ctx, e.blob)
	if err != nil {
		return nil, errs.Wrap(err, "open exhibit "+e.ID)
	}
	text, err := s.keys.Open(e.container, purposeBytes, sealed)
	if err != nil {
		return nil, errs.Wrap(err, "open exhibit "+e.ID)
	}
	if fmt.Sprintf("%x", sha256.Sum256(text)) != want {
		return nil, errs.New(errs.Internal, "err.exhibit.changed", "open exhibit "+e.ID+": its bytes do not have its SHA-256")
	}
	return text, nil
}
