package patrol

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"ronde/internal/db"
	"ronde/internal/errs"
)

const photoPrefix = "patrol/"

// keepPhoto writes the picture before the transaction, under a name that says
// nothing about anybody.
func (s *Service) keepPhoto(ctx context.Context, raw []byte) (string, error) {
	small, err := Reencode(raw)
	if err != nil {
		return "", err
	}
	var r [12]byte
	rand.Read(r[:])
	sum := sha256.Sum256(small)
	name := photoPrefix + hex.EncodeToString(r[:]) + "-" + hex.EncodeToString(sum[:]) + ".jpg"
	return name, s.blobs.Put(ctx, name, small)
}

// Refs returns the pictures that cards show and the SHA-256 that their names
// tell, for proofs: the name stands in an accounted row.
func Refs(ctx context.Context, tx *db.Tx, fn func(name string, sum []byte)) error {
	all, err := selectOfficers(ctx, tx, "")
	for _, o := range all {
		if o.Photo == "" {
			continue
		}
		_, digits, _ := strings.Cut(strings.TrimSuffix(o.Photo, ".jpg"), "-")
		sum, _ := hex.DecodeString(digits) // a name without one fits no picture
		fn(o.Photo, sum)
	}
	return errs.Wrap(err, "list pictures")
}

// dropPhoto deletes a picture that no card shows any more and passes err on.
func (s *Service) dropPhoto(ctx context.Context, name string, err error) error {
	if name == "" {
		return err
	}
	if gone := s.blobs.Delete(ctx, name); err == nil {
		return gone
	}
	return err
}

// Sweep deletes pictures that no card shows: left by a program that died
// between the picture and the card.
func (s *Service) Sweep(ctx context.Context) (did int, err error) {
	names, err := s.blobs.List(ctx, photoPrefix)
	if err != nil || len(names) == 0 {
		return 0, err
	}
	shown := map[string]bool{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := selectOfficers(ctx, tx, "")
		for _, o := range all {
			shown[o.Photo] = true
		}
		return err
	})
	for _, n := range names {
		if err == nil && !shown[n] {
			did++
			err = s.blobs.Delete(ctx, n)
		}
	}
	return did, errs.Wrap(err, "sweep pictures")
}
