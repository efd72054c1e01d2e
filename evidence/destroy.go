package evidence

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
)

// underWay is how long bytes may lie without a row before Sweep takes them
// for the remains of a crash.
const underWay = 10 * time.Minute

// RestrictIn keeps an exhibit but marks that it may be shown only as evidence
// (LED art. 16(3), D 4.27). basis are public words: an article, a case.
func (s *Service) RestrictIn(ctx context.Context, tx *db.Tx, by access.Actor, exhibitID, basis string) error {
	e, err := byID(ctx, tx, exhibitID)
	if err != nil {
		return err
	}
	if e.State == Destroyed {
		return errs.New(errs.Conflict, "err.exhibit.destroyed", "restrict exhibit: it is destroyed")
	}
	if err := setState(ctx, tx, e.ID, Restricted); err != nil {
		return errs.Wrap(err, "restrict exhibit")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "exhibit.restrict", Table: table, ID: e.ID, By: by, Permit: e.Permit, Detail: basis})
}

// GuardIn makes an exhibit one for specialised staff, in the caller's
// transaction. Twice is once.
func (s *Service) GuardIn(ctx context.Context, tx *db.Tx, by access.Actor, exhibitID string) error {
	e, err := byID(ctx, tx, exhibitID)
	if err != nil || e.Kind == KindGuarded {
		return err
	}
	if err := setKind(ctx, tx, e.ID, KindGuarded); err != nil {
		return errs.Wrap(err, "guard exhibit")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "exhibit.guard", Table: table, ID: e.ID, By: by, Permit: e.Permit})
}

// DestroyIn marks an exhibit destroyed in the caller's transaction. After the
// commit the caller runs Finish, which destroys key and bytes; Sweep does it
// when the program died in between.
func (s *Service) DestroyIn(ctx context.Context, tx *db.Tx, by access.Actor, exhibitID, basis string) error {
	e, err := byID(ctx, tx, exhibitID)
	if err != nil || e.State == Destroyed {
		return err
	}
	if err := markDestroyed(ctx, tx, e.ID); err != nil {
		return errs.Wrap(err, "destroy exhibit")
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: "exhibit.destroy", Table: table, ID: e.ID, By: by, Permit: e.Permit, Detail: basis})
}

// Finish destroys the key and the bytes of an exhibit whose row says
// destroyed.
func (s *Service) Finish(ctx context.Context, exhibitID string) error {
	if err := s.keys.Destroy(exhibitID, s.db.Now()); err != nil {
		return errs.Wrap(err, "destroy exhibit")
	}
	crash.At(crash.KeyDestroyed)
	return errs.Wrap(s.blobs.Delete(ctx, "exhibit/"+exhibitID), "destroy exhibit")
}

// Sweep makes the folder agree with the rows: bytes and keys of destroyed
// exhibits go, and so do blobs that no row names (a crash after Prepare).
// It returns how many it removed.
func (s *Service) Sweep(ctx context.Context) (removed int, err error) {
	names, err := s.blobs.List(ctx, "exhibit/")
	if err != nil {
		return 0, errs.Wrap(err, "sweep exhibits")
	}
	kept := map[string]bool{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err := withBlob(ctx, tx)
		for _, e := range list {
			kept[e.blob] = true
		}
		return err
	})
	if err != nil {
		return 0, errs.Wrap(err, "sweep exhibits")
	}
	for _, name := range names {
		exhibit := name[len("exhibit/"):]
		made, ok := id.Time(exhibit)
		if kept[name] || !ok || made > s.db.Now()-underWay.Microseconds() {
			continue
		}
		if err := s.Finish(ctx, exhibit); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// Refs returns the blob names and SHA-256 that rows tell, for proofs.
func Refs(ctx context.Context, tx *db.Tx, fn func(name string, sum []byte)) error {
	list, err := withBlob(ctx, tx)
	for _, e := range list {
		fn(e.blob, e.blobSum)
	}
	return errs.Wrap(err, "list exhibit blobs")
}

// Counts are the public counters between two days, inclusive.
func (s *Service) Counts(ctx context.Context, tx *db.Tx, from, to string) (map[string]int64, error) {
	m, err := counts(ctx, tx, from, to)
	return m, errs.Wrap(err, "count exhibits")
}
