package people

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// Comparing with the decoy is the same work as comparing with a real hash.
func TestDecoyIsAsMuchWork(t *testing.T) {
	got, salt, key, err := argon2id.DecodeHash(decoy)
	if err != nil || *got != work || len(salt) != int(work.SaltLength) || len(key) != int(work.KeyLength) {
		t.Errorf("the decoy is hashed with %+v (%v), accounts with %+v", got, err, work)
	}
}
