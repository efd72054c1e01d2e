package app

import (
	"context"
	"errors"
	"path/filepath"

	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/patrol"
)

// Verify proves a data folder: ledger, accounted rows and blobs. It needs no
// key, changes nothing, and may run beside the program. database is empty for
// the SQLite file of the folder.
func Verify(ctx context.Context, data, database string) (*ledger.Proof, error) {
	d, err := openToProve(ctx, data, database)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	blobs, err := blob.Open(filepath.Join(data, "blobs"))
	if err != nil {
		return nil, err
	}
	proof, err := ledger.Prove(ctx, d, blobs, accounted())
	if err != nil {
		return nil, err
	}
	err = d.Read(ctx, func(tx *db.Tx) error {
		told := func(name string, sum []byte) { proof.Blob(ctx, blobs, name, sum) }
		return errors.Join(evidence.Refs(ctx, tx, told), patrol.Refs(ctx, tx, told), desk.FileRefs(ctx, tx, told))
	})
	return proof, errs.Wrap(err, "prove blobs")
}

func openToProve(ctx context.Context, data, database string) (*db.DB, error) {
	if database != "" {
		return db.Open(ctx, database, db.System)
	}
	return db.OpenReadOnly(filepath.Join(data, "ronde.db"))
}
