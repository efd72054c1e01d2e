package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger/verify"
)

// Proof is what `ronde verify` found. Without a witness or a published
// checkpoint it proves that the ledger agrees with itself, no more.
type Proof struct {
	Leaves      int64
	Unsequenced int64
	Rows        int64
	Tiles       int
	Checkpoints int
	Blobs       int
	Problems    []string // each names the leaf, row, tile or blob
}

// maxProblems bounds a report; the rest is counted in the last line.
const maxProblems = 100

func (p *Proof) problem(format string, a ...any) {
	if len(p.Problems) < maxProblems {
		p.Problems = append(p.Problems, fmt.Sprintf(format, a...))
	} else if len(p.Problems) == maxProblems {
		p.Problems = append(p.Problems, "… and more; the first hundred are named")
	}
}

// Prove recomputes leaves, tree, tiles, checkpoints and the state of every
// accounted row, from a database that may be at rest and its blobs. It needs
// no key. It changes nothing.
func Prove(ctx context.Context, d *db.DB, blobs *blob.Store, accounted []string) (*Proof, error) {
	p := &prover{Proof: &Proof{}, last: map[string]verify.Hash{}, gone: map[string]bool{}, blanked: map[string]string{}, accounted: accounted, blobs: blobs}
	err := d.Read(ctx, func(tx *db.Tx) error {
		steps := []func(context.Context, *db.Tx) error{p.walk, p.waiting, p.head, p.hashes, p.tiles, p.checkpoints, p.rows}
		for _, step := range steps {
			if err := step(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	return p.Proof, errs.Wrap(err, "prove ledger")
}

type prover struct {
	*Proof
	blobs     *blob.Store
	accounted []string
	leaves    []verify.Hash
	last      map[string]verify.Hash // object → state its last event tells
	gone      map[string]bool        // object → its last event tells that it is gone
	blanked   map[string]string      // event → the place where its personal part is missing
}

// walk recomputes every leaf and gathers what the events tell.
func (p *prover) walk(ctx context.Context, tx *db.Tx) error {
	err := eachSequenced(ctx, tx, func(r row) error {
		if r.Leaf != int64(len(p.leaves)) {
			p.problem("ledger leaf %d is missing (next is %d, event %s)", len(p.leaves), r.Leaf, r.ID)
			for int64(len(p.leaves)) < r.Leaf {
				p.leaves = append(p.leaves, verify.Hash{})
			}
		}
		p.leaves = append(p.leaves, verify.LeafHash(r.Record()))
		p.take(r)
		return nil
	})
	p.Leaves = int64(len(p.leaves))
	return err
}

func (p *prover) waiting(ctx context.Context, tx *db.Tx) error {
	rows, err := selectUnsequenced(ctx, tx, 1<<30)
	for _, r := range rows {
		p.take(r)
		p.Unsequenced++
	}
	for id, where := range p.blanked {
		p.problem("event %s (%s) has lost its personal part, and no later event names it with authority and reason", id, where)
	}
	return err
}

func (p *prover) take(r row) {
	p.sealed(r)
	if r.Verb == verbBlank {
		delete(p.blanked, strings.TrimPrefix(r.Object, "ledger_events/"))
	}
	switch {
	case len(r.State) != len(verify.Hash{}):
	case verify.Hash(r.State) == verify.Gone:
		delete(p.last, r.Object)
		p.gone[r.Object] = true
	default:
		p.last[r.Object] = verify.Hash(r.State)
		delete(p.gone, r.Object)
	}
}

// sealed checks the personal part without its key.
func (p *prover) sealed(r row) {
	switch {
	case r.MAC != nil && r.sealed == nil:
		p.blanked[r.ID] = fmt.Sprintf("leaf %d", r.Leaf)
	case r.sealed != nil:
		if sum := sha256.Sum256(r.sealed); !bytes.Equal(sum[:], r.SealedSum) {
			p.problem("event %s: its sealed personal part was changed", r.ID)
		}
	}
}

func (p *prover) head(ctx context.Context, tx *db.Tx) error {
	size, root, err := selectHead(ctx, tx)
	if err != nil {
		return err
	}
	if size != int64(len(p.leaves)) {
		p.problem("ledger head says %d leaves, there are %d", size, len(p.leaves))
		return nil
	}
	if want := verify.Root(p.leaves); size > 0 && !bytes.Equal(root, want[:]) {
		p.problem("ledger: the %d leaves do not give the root of the head", size)
	}
	return nil
}

// hashes compares each stored hash with the recomputed one; a level-0 hash
// that differs names the event whose row was changed.
func (p *prover) hashes(ctx context.Context, tx *db.Tx) error {
	level := [][]verify.Hash{p.leaves}
	for l := 0; len(level[l]) > 1; l++ {
		var up []verify.Hash
		for i := 0; i+1 < len(level[l]); i += 2 {
			up = append(up, verify.NodeHash(level[l][i], level[l][i+1]))
		}
		level = append(level, up)
	}
	seen := int64(0)
	err := eachHash(ctx, tx, func(position int64, hash []byte) error {
		if position != seen {
			p.problem("ledger hash %d is missing", seen)
			seen = position
		}
		seen++
		l, n := tlog.SplitStoredHashIndex(position)
		if l >= len(level) || n >= int64(len(level[l])) {
			p.problem("ledger hash %d belongs to no leaf", position)
		} else if want := level[l][n]; !bytes.Equal(hash, want[:]) && l == 0 {
			p.problem("ledger leaf %d does not fit its stored hash: the event row or the hash was changed", n)
		} else if !bytes.Equal(hash, want[:]) {
			p.problem("ledger hash at level %d, number %d does not fit the leaves", l, n)
		}
		return nil
	})
	if want := tlog.StoredHashCount(int64(len(p.leaves))); err == nil && seen != want && len(p.leaves) > 0 {
		p.problem("ledger has %d stored hashes, want %d", seen, want)
	}
	return err
}

func (p *prover) tiles(ctx context.Context, tx *db.Tx) error {
	published, _, err := lastCheckpoint(ctx, tx)
	if err != nil {
		return err
	}
	hashes := p.leaves[:min(published, int64(len(p.leaves)))]
	for l := 0; len(hashes) >= verify.TileWidth; l++ {
		tiles, above := verify.Tiles(hashes)
		for n, want := range tiles {
			name := tileName(tlog.Tile{H: tileHeight, L: l, N: int64(n), W: 1 << tileHeight})
			have, err := p.blobs.Get(ctx, name)
			if err != nil {
				p.problem("tile %s is missing", name)
			} else if !bytes.Equal(have, want) {
				p.problem("tile %s does not fit the leaves", name)
			}
			p.Tiles++
		}
		hashes = above
	}
	return nil
}

func (p *prover) checkpoints(ctx context.Context, tx *db.Tx) error {
	notes, err := checkpoints(ctx, tx)
	if err != nil || len(notes) == 0 {
		return err
	}
	raw, err := p.blobs.Get(ctx, vkeyName)
	if err != nil {
		p.problem("the ledger's public key %s is missing", vkeyName)
		return nil
	}
	key, err := verify.ParseKey(string(raw))
	if err != nil {
		p.problem("the ledger's public key: %v", err)
		return nil
	}
	for i, n := range notes {
		c, err := key.Open(n)
		switch {
		case err != nil:
			p.problem("checkpoint %d: %v", i, err)
		case c.Size > int64(len(p.leaves)):
			p.problem("checkpoint of %d leaves was signed, but only %d are left", c.Size, len(p.leaves))
		case i == len(notes)-1 || i%64 == 0:
			if verify.Root(p.leaves[:c.Size]) != c.Root {
				p.problem("checkpoint of %d leaves does not fit the leaves", c.Size)
			}
		}
		p.Checkpoints++
	}
	return nil
}

// rows compares every accounted row with what its last event tells.
func (p *prover) rows(ctx context.Context, tx *db.Tx) error {
	for _, table := range p.accounted {
		err := tx.EachState(ctx, table, func(id string, sum [32]byte) error {
			p.Rows++
			object := table + "/" + id
			told, ok := p.last[object]
			switch {
			case p.gone[object]:
				p.problem("row %s is there again, though its last event says it is gone", object)
			case !ok:
				p.problem("row %s is accounted for by no event", object)
			case told != sum:
				p.problem("row %s was changed without an event", object)
			}
			delete(p.last, object)
			return nil
		})
		if err != nil {
			return err
		}
	}
	for object := range p.last {
		p.problem("row %s is missing, and no event says that it was deleted", object)
	}
	return nil
}

// Blob checks one blob that a row names with its SHA-256.
func (p *Proof) Blob(ctx context.Context, blobs *blob.Store, name string, want []byte) {
	p.Blobs++
	b, err := blobs.Get(ctx, name)
	if err != nil {
		p.problem("blob %s is missing or unreadable", name)
		return
	}
	if sum := sha256.Sum256(b); !bytes.Equal(sum[:], want) {
		p.problem("blob %s was changed", name)
	}
}
