package ledger

import (
	"context"
	"crypto/rand"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger/verify"
)

const (
	batch        = 1000 // events sequenced in one transaction
	tileHeight   = 8    // 256 hashes a tile (C2SP tlog-tiles)
	signerName   = "ledger/signer"
	vkeyName     = "ledger/vkey"
	signerHolder = "led_signer"
	verbBlank    = "ledger.blank"
)

// Sequence gives the waiting events their places in the tree, writes full
// tiles and signs a checkpoint. It returns how many it placed. It may be
// killed anywhere and called again; copies of the program may call it at the
// same time, only one moves the head.
func (l *Ledger) Sequence(ctx context.Context) (placed int, err error) {
	for {
		n, err := l.sequenceBatch(ctx)
		placed += n
		if err != nil {
			return placed, errs.Wrap(err, "sequence ledger")
		}
		if n < batch {
			break
		}
	}
	return placed, errs.Wrap(l.publish(ctx), "publish checkpoint")
}

func (l *Ledger) sequenceBatch(ctx context.Context) (n int, err error) {
	err = l.db.Write(ctx, func(tx *db.Tx) error {
		size, _, err := selectHead(ctx, tx)
		if err != nil {
			return err
		}
		events, err := selectUnsequenced(ctx, tx, batch)
		if err != nil || len(events) == 0 {
			n = 0
			return err
		}
		w := treeWriter{ctx: ctx, tx: tx, fresh: map[int64]tlog.Hash{}}
		for i, e := range events {
			if err := w.add(size+int64(i), e); err != nil {
				return err
			}
		}
		n = len(events)
		return w.moveHead(size, size+int64(n))
	})
	if n > 0 && err == nil {
		crash.At(crash.LedgerSequenced)
	}
	return n, err
}

// treeWriter holds the hashes of one batch, so that later leaves need not
// read back what earlier ones wrote.
type treeWriter struct {
	ctx   context.Context
	tx    *db.Tx
	fresh map[int64]tlog.Hash
}

func (w *treeWriter) add(leaf int64, e row) error {
	hashes, err := tlog.StoredHashes(leaf, e.Record(), w)
	if err != nil {
		return err
	}
	first := tlog.StoredHashIndex(0, leaf)
	for i, h := range hashes {
		w.fresh[first+int64(i)] = h
		if err := insertHash(w.ctx, w.tx, first+int64(i), h); err != nil {
			return err
		}
	}
	return setLeaf(w.ctx, w.tx, e.ID, leaf)
}

func (w *treeWriter) moveHead(from, to int64) error {
	root, err := tlog.TreeHash(to, w)
	if err != nil {
		return err
	}
	moved, err := moveHead(w.ctx, w.tx, from, to, root)
	if err == nil && !moved {
		err = errs.New(errs.Conflict, "err.conflict", "move head: another copy moved it first")
	}
	return err
}

// ReadHashes is tlog.HashReader over the stored hashes.
func (w *treeWriter) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		h, ok := w.fresh[p]
		if !ok {
			var err error
			if h, err = selectHash(w.ctx, w.tx, p); err != nil {
				return nil, err
			}
		}
		out[i] = h
	}
	return out, nil
}

// publish writes what the tree has and the folder has not. It starts from the
// last signed checkpoint, so a crash between commit and tiles is made good.
func (l *Ledger) publish(ctx context.Context) error {
	var from, size int64
	var root []byte
	tiles := map[string][]byte{}
	err := l.db.Read(ctx, func(tx *db.Tx) (err error) {
		if from, _, err = lastCheckpoint(ctx, tx); err != nil {
			return err
		}
		if size, root, err = selectHead(ctx, tx); err != nil || size == from {
			return err
		}
		r := &treeWriter{ctx: ctx, tx: tx}
		for _, t := range tlog.NewTiles(tileHeight, from, size) {
			if t.W != 1<<tileHeight {
				continue
			}
			if tiles[tileName(t)], err = tlog.ReadTileData(t, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || size == from {
		return err
	}
	for name, data := range tiles {
		if err := l.blobs.Put(ctx, name, data); err != nil {
			return err
		}
	}
	return l.sign(ctx, verify.Checkpoint{Origin: l.signer.Name(), Size: size, Root: verify.Hash(root)})
}

// Trim deletes tiles beyond the last signed checkpoint. A backup copies blobs
// after rows, so a restored folder may hold tiles of leaves it has lost; the
// leaves that come now would not fit them.
func (l *Ledger) Trim(ctx context.Context) error {
	var size int64
	err := l.db.Read(ctx, func(tx *db.Tx) (err error) {
		size, _, err = lastCheckpoint(ctx, tx)
		return err
	})
	if err != nil {
		return errs.Wrap(err, "trim tiles")
	}
	keep := map[string]bool{}
	for _, t := range tlog.NewTiles(tileHeight, 0, size) {
		if t.W == 1<<tileHeight {
			keep[tileName(t)] = true
		}
	}
	names, err := l.blobs.List(ctx, "ledger/tile/")
	for _, name := range names {
		if err == nil && !keep[name] {
			err = l.blobs.Delete(ctx, name)
		}
	}
	return errs.Wrap(err, "trim tiles")
}

func (l *Ledger) sign(ctx context.Context, c verify.Checkpoint) error {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, l.signer)
	if err != nil {
		return err
	}
	return l.db.Write(ctx, func(tx *db.Tx) error { return insertCheckpoint(ctx, tx, c.Size, signed) })
}

// tileName is the C2SP name, without the height that tlog puts first.
func tileName(t tlog.Tile) string {
	return "ledger/" + strings.Replace(t.Path(), "tile/8/", "tile/", 1)
}

func (l *Ledger) openSigner(ctx context.Context, origin string) error {
	sealed, err := l.blobs.Get(ctx, signerName)
	if errs.Is(err, errs.NotFound) {
		sealed, err = l.makeSigner(ctx, origin)
	}
	if err != nil {
		return err
	}
	both, err := l.keys.Open(signerHolder, signerName, sealed)
	if err != nil {
		return err
	}
	skey, vkey, _ := strings.Cut(string(both), "\n")
	if l.signer, err = note.NewSigner(skey); err != nil {
		return err
	}
	l.vkey = vkey
	return l.blobs.Put(ctx, vkeyName, []byte(vkey))
}

func (l *Ledger) makeSigner(ctx context.Context, origin string) ([]byte, error) {
	if err := l.keys.Ensure(signerHolder); err != nil {
		return nil, err
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	sealed, err := l.keys.Seal(signerHolder, signerName, []byte(skey+"\n"+vkey))
	if err != nil {
		return nil, err
	}
	return sealed, l.blobs.Put(ctx, signerName, sealed)
}
