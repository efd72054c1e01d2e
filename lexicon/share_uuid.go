package lexicon

import (
	"crypto/sha1"
	"encoding/hex"
)

// shareSpace is the namespace of our identifiers. It is not the one that STIX
// 2.1 section 2.9 keeps for its cyber-observable objects.
var shareSpace = [16]byte{0x6d, 0x0c, 0x2f, 0x5e, 0x91, 0x47, 0x4b, 0x8a, 0xa3, 0x1c, 0x5f, 0x0e, 0xd4, 0x72, 0x38, 0x96}

// uuidOf is the version 5 UUID (RFC 9562 section 5.5) of a name: the same entry
// has the same identifier in every export of every house.
func uuidOf(name string) string {
	h := sha1.New()
	h.Write(shareSpace[:])
	h.Write([]byte(name))
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	x := hex.EncodeToString(u)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
