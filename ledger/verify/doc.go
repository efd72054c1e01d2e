// Package verify proves a ledger from its bytes alone.
//
// It owns the form of a leaf, the Merkle tree of RFC 6962 §2.1, and the form
// of a signed checkpoint (C2SP signed-note with Ed25519). It promises to use
// nothing but the standard library, so that a stranger can read all of it in
// one sitting. It does not read databases or folders; the caller brings
// events, rows and tiles. Without a witness or a published checkpoint it
// proves only that the ledger agrees with itself, and says so.
package verify
