// Package id makes identifiers: a prefix that says what a thing is, then 26
// letters that sort by time ("cas_06F3…").
//
// It owns their form: 56 bits of microseconds, 16 bits of order inside one
// transaction, 56 random bits, in letters that cannot be misread (Crockford
// base 32). It does not read a clock: the caller gives the time of its
// transaction. An identifier is a name, not a secret: see Secret for those.
// Identifiers of hidden staff never appear in a public address (design 6).
package id

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// New returns prefix_ and 26 letters for the time at, in microseconds UTC.
// Two names of one microsecond sort by seq.
func New(prefix string, at int64, seq uint16) string {
	var b [16]byte
	rand.Read(b[9:])
	binary.BigEndian.PutUint64(b[:8], uint64(at)<<8|uint64(seq>>8))
	b[8] = byte(seq)
	return prefix + "_" + encode(b)
}

// Valid reports whether s has the form that New gives for this prefix. It
// keeps odd bytes out of paths and queries.
func Valid(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != 26 {
		return false
	}
	return strings.Trim(rest, alphabet) == ""
}

// Secret returns n groups of four letters joined by dashes, 20 random bits a
// group: five groups are 100 bits. It is meant to be read aloud and typed.
func Secret(groups int) string {
	raw := make([]byte, groups*4)
	rand.Read(raw)
	return letters(raw)
}

// SecretOf is Secret from somebody else's randomness, which has at least four
// bytes a group: the same bytes give the same secret.
func SecretOf(raw []byte, groups int) string { return letters(raw[:groups*4]) }

func letters(raw []byte) string {
	var s strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			s.WriteByte('-')
		}
		s.WriteByte(alphabet[c&31])
	}
	return s.String()
}

// FoldSecret undoes what people do to a code when they type it: spaces,
// capitals, missing dashes, o for 0, i and l for 1.
func FoldSecret(s string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r == 'o':
			r = '0'
		case r == 'i' || r == 'l':
			r = '1'
		}
		if r < 128 && strings.ContainsRune(alphabet, r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func encode(b [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// Time returns when an identifier was made, in microseconds UTC.
func Time(s string) (at int64, ok bool) {
	i := strings.IndexByte(s, '_')
	if i < 0 || !Valid(s[:i], s) {
		return 0, false
	}
	var hi, lo uint64
	for _, c := range s[i+1:] {
		hi = hi<<5 | lo>>59
		lo = lo<<5 | uint64(strings.IndexRune(alphabet, c))
	}
	return int64(hi >> 8), true
}
