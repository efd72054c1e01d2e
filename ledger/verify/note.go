package verify

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Checkpoint is what a log signs: its name, how many leaves, their root
// (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// Text is the signed text.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// Key is a verifier key of the form name+hash+base64 (C2SP signed-note).
type Key struct {
	name string
	hash uint32
	pub  ed25519.PublicKey
}

// ParseKey reads a verifier key.
func ParseKey(s string) (Key, error) {
	name, rest, ok1 := strings.Cut(strings.TrimSpace(s), "+")
	hash, key, ok2 := strings.Cut(rest, "+")
	sum, err1 := strconv.ParseUint(hash, 16, 32)
	raw, err2 := base64.StdEncoding.DecodeString(key)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || len(raw) != 33 || raw[0] != 1 {
		return Key{}, errors.New("read verifier key: not name+hash+Ed25519 key")
	}
	own := sha256.Sum256(append([]byte(name+"\n"), raw...))
	if binary.BigEndian.Uint32(own[:4]) != uint32(sum) {
		return Key{}, errors.New("read verifier key: its hash does not fit")
	}
	return Key{name, uint32(sum), raw[1:]}, nil
}

// Open checks a signed note against the key and returns the checkpoint.
func (k Key) Open(note []byte) (Checkpoint, error) {
	i := bytes.LastIndex(note, []byte("\n\n"))
	if i < 0 {
		return Checkpoint{}, errors.New("read checkpoint: no signature")
	}
	text, sigs := note[:i+1], string(note[i+2:])
	for line := range strings.Lines(sigs) {
		name, sig, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "— ")), " ")
		raw, err := base64.StdEncoding.DecodeString(sig)
		if !ok || err != nil || name != k.name || len(raw) != 4+ed25519.SignatureSize || binary.BigEndian.Uint32(raw) != k.hash {
			continue
		}
		if !ed25519.Verify(k.pub, text, raw[4:]) {
			return Checkpoint{}, errors.New("check checkpoint: the signature does not fit")
		}
		return parseCheckpoint(string(text))
	}
	return Checkpoint{}, errors.New("check checkpoint: not signed by this key")
}

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return Checkpoint{}, errors.New("read checkpoint: too short")
	}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err1 != nil || err2 != nil || size < 0 || len(root) != 32 {
		return Checkpoint{}, errors.New("read checkpoint: size or root is malformed")
	}
	return Checkpoint{lines[0], size, Hash(root)}, nil
}
