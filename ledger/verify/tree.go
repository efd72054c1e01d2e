package verify

import (
	"crypto/sha256"
	"encoding/binary"
)

// Hash is a SHA-256.
type Hash = [32]byte

// Gone is the state of a row that was deleted with its event.
var Gone Hash

// Event is the part of a ledger row that its leaf covers.
type Event struct {
	ID        string
	At        int64 // microseconds UTC
	Verb      string
	Object    string // table/id, or a kind for a list view
	Handle    string
	Permit    string
	Detail    string
	State     []byte // SHA-256 of the object's row after the change, Gone, or nil when it tells nothing of a row
	MAC       []byte // HMAC(salt, personal part), or nil
	SealedSum []byte // SHA-256 of the sealed personal part, or nil
}

// Record is the bytes of a leaf: each field with its length, in this order.
// A new order or field is a new first word.
func (e Event) Record() []byte {
	b := appendField(nil, []byte("ronde event 1"))
	b = appendField(b, []byte(e.ID))
	b = appendField(b, binary.BigEndian.AppendUint64(nil, uint64(e.At)))
	for _, s := range []string{e.Verb, e.Object, e.Handle, e.Permit, e.Detail} {
		b = appendField(b, []byte(s))
	}
	b = appendField(b, e.State)
	b = appendField(b, e.MAC)
	return appendField(b, e.SealedSum)
}

func appendField(b, f []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(f)))
	return append(b, f...)
}

// LeafHash is SHA-256(0x00 ‖ record), RFC 6962 §2.1.
func LeafHash(record []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(record)
	return Hash(h.Sum(nil))
}

// NodeHash is SHA-256(0x01 ‖ left ‖ right).
func NodeHash(left, right Hash) Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}

// Root is the Merkle tree hash of the leaves; of none, SHA-256 of nothing.
func Root(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return NodeHash(Root(leaves[:k]), Root(leaves[k:]))
}

// TileWidth is the number of hashes in a full tile (C2SP tlog-tiles).
const TileWidth = 256

// Tiles returns the full tiles of one level, given the hashes of that level,
// and the hashes of the next level up.
func Tiles(hashes []Hash) (tiles [][]byte, above []Hash) {
	for len(hashes) >= TileWidth {
		tile := make([]byte, 0, TileWidth*32)
		for _, h := range hashes[:TileWidth] {
			tile = append(tile, h[:]...)
		}
		tiles = append(tiles, tile)
		above = append(above, Root(hashes[:TileWidth]))
		hashes = hashes[TileWidth:]
	}
	return tiles, above
}
