package app

import (
	"context"
	"fmt"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
)

// Rotate puts the key ring under the master key in the file next, while no copy
// of the program has it open, and then writes into the ledger that it was done.
// Cut short at any point, it is run again with the same two files.
func Rotate(ctx context.Context, cfg Config, next string) (done seal.Rotated, err error) {
	if err := cfg.settle(); err != nil {
		return done, err
	}
	after := cfg
	after.MasterKey = next
	if err := after.settle(); err != nil {
		return done, err
	}
	old, err := seal.ReadMaster(cfg.MasterKey)
	if err != nil {
		return done, err
	}
	master, err := seal.ReadMaster(next)
	if err != nil {
		return done, errs.Wrap(err, "new master key")
	}
	if done, err = seal.Rotate(cfg.Keys, old, master); err != nil {
		return done, err
	}
	a, err := New(ctx, after)
	if err != nil {
		return done, errs.Wrap(err, "the keys are under the new master key; run this again to have it in the ledger")
	}
	defer a.Close()
	return done, a.db.Write(ctx, func(tx *db.Tx) error {
		return a.Ledger.Append(ctx, tx, ledger.Event{Verb: "ledger.rotate-key", ID: "keys", By: access.AsMachine("console"), Detail: fmt.Sprint(done.Wrapped)})
	})
}
