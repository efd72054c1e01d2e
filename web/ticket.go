package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// tickets are small sealed values that a browser carries for us, so that no
// server keeps a table of visitors: form numbers, and the return code of who
// is reading their conversation. They expire and fit one purpose.
type tickets struct {
	aead cipher.AEAD
	now  func() int64
}

// newTickets uses a secret that every copy of the program shares.
func newTickets(secret []byte, now func() int64) *tickets {
	key := sha256.Sum256(append([]byte("ronde web tickets\x00"), secret...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("make tickets: " + err.Error()) // a SHA-256 is a valid AES key
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("make tickets: " + err.Error()) // AES has the block size GCM wants
	}
	return &tickets{aead, now}
}

// issue seals a value for a purpose.
func (t *tickets) issue(purpose, value string, life time.Duration) string {
	nonce := make([]byte, t.aead.NonceSize())
	rand.Read(nonce)
	plain := binary.BigEndian.AppendUint64(nil, uint64(t.now()+life.Microseconds()))
	return base64.RawURLEncoding.EncodeToString(t.aead.Seal(nonce, nonce, append(plain, value...), []byte(purpose)))
}

// read opens a ticket; ok is false when it is forged, old, or of another
// purpose.
func (t *tickets) read(purpose, ticket string) (value string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(raw) < t.aead.NonceSize() || len(raw) > 4096 {
		return "", false
	}
	plain, err := t.aead.Open(nil, raw[:t.aead.NonceSize()], raw[t.aead.NonceSize():], []byte(purpose))
	if err != nil || len(plain) < 8 || t.now() >= int64(binary.BigEndian.Uint64(plain)) {
		return "", false
	}
	return string(plain[8:]), true
}

// form returns a ticket with a fresh number: a form sent twice is one form.
func (t *tickets) form(life time.Duration) string {
	number := make([]byte, 16)
	rand.Read(number)
	return t.issue("form", string(number), life)
}
