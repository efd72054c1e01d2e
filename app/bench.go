package app

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ronde/access"
	"ronde/desk"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

// LedgerSpeed is how many events become durable in a second, in batches:
// events of the ledger each with its accounted row, and for comparison lines
// of a bare hash chain in a file, flushed once a batch.
type LedgerSpeed struct {
	Events, Chain float64 // a second
	Batch, Count  int
}

// MeasureLedger opens a house in the empty folder dir and writes count events
// in batches of one transaction each, by the verb that places a hold: one row
// and one event. It is what `ronde bench house` reports.
func MeasureLedger(ctx context.Context, dir string, count, batch int) (s LedgerSpeed, err error) {
	s = LedgerSpeed{Batch: batch, Count: count}
	if batch < 1 || count < batch {
		return s, refuse("a batch has at least one event, and there is at least one batch")
	}
	master := filepath.Join(dir, "master.key")
	if err := seal.NewMaster(master); err != nil {
		return s, err
	}
	a, err := New(ctx, Config{Data: filepath.Join(dir, "data"), MasterKey: master, Log: "bench.example/ledger", Zone: "UTC", Law: "default"})
	if err != nil {
		return s, err
	}
	defer a.Close()
	by := access.Actor{Handle: "machine:bench"}
	began := time.Now()
	for n := 0; n < count; n += batch {
		err := a.db.Write(ctx, func(tx *db.Tx) error {
			for i := range batch {
				if _, err := a.Mandates.Hold(ctx, tx, "exhibit", fmt.Sprintf("exh_%d", n+i), "bench", by); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return s, err
		}
	}
	s.Events = float64(count) / time.Since(began).Seconds()
	s.Chain, err = measureChain(filepath.Join(dir, "chain"), count, batch)
	return s, err
}

// measureChain writes what is the least that can be durable and provable: a
// line and the hash of all before it.
func measureChain(name string, count, batch int) (perSecond float64, err error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, errs.Wrap(err, "measure hash chain")
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	var head [sha256.Size]byte
	began := time.Now()
	for n := 0; n < count; n++ {
		line := fmt.Appendf(head[:], " %d hold.place holds/hol_%d machine:bench exhibit bench\n", time.Now().UnixMicro(), n)
		head = sha256.Sum256(line)
		fmt.Fprintf(out, "%x%s", head, line[sha256.Size:])
		if (n+1)%batch != 0 {
			continue
		}
		if err := out.Flush(); err != nil {
			return 0, errs.Wrap(err, "measure hash chain")
		}
		if err := f.Sync(); err != nil {
			return 0, errs.Wrap(err, "measure hash chain")
		}
	}
	return float64(count) / time.Since(began).Seconds(), nil
}

// Stored counts the conversations and messages of a data folder at rest, and
// says whether it proves itself. It needs no key.
func Stored(ctx context.Context, data string) (conversations, messages int, problems []string, err error) {
	proof, err := Verify(ctx, data, "")
	if err != nil {
		return 0, 0, nil, err
	}
	d, err := openToProve(ctx, data, "")
	if err != nil {
		return 0, 0, nil, err
	}
	defer d.Close()
	err = d.Read(ctx, func(tx *db.Tx) error {
		conversations, messages, err = desk.Totals(ctx, tx)
		return err
	})
	return conversations, messages, proof.Problems, errs.Wrap(err, "count conversations")
}
