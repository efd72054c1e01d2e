package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// proofs makes our Message-IDs and tells them again. One is
// r1.THREAD.KEY.PROOF@domain: the proof is an HMAC over thread, key and the
// address that the message was for, so that only who got it can show it, and
// nobody else can use it.
type proofs struct {
	key     []byte
	account string
	local   string
	domain  string
}

const (
	proofMark   = "r1."
	threadSize  = 20 // letters of 5 bits: 100 bits
	keySize     = 16
	proofSize   = 16
	proofLength = len(proofMark) + threadSize + 1 + keySize + 1 + proofSize
	plusLength  = len(proofMark) + threadSize + 1 + proofSize
)

func newProofs(secret, account string) proofs {
	at := strings.LastIndexByte(account, '@')
	sum := sha256.Sum256([]byte("ronde mail proofs\x00" + secret))
	return proofs{key: sum[:], account: account, local: account[:at], domain: account[at+1:]}
}

var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

func short(sum []byte, n int) string { return strings.ToLower(letters.EncodeToString(sum))[:n] }

// thread names the conversation of a sender that began with a mail. It does not
// depend on a secret: an exchanged password must not cut conversations.
func (p proofs) thread(sender, root string) string {
	sum := sha256.Sum256([]byte("ronde mail thread\x00" + p.account + "\x00" + sender + "\x00" + root))
	return short(sum[:], threadSize)
}

func (p proofs) mac(n int, parts ...string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(strings.Join(parts, "\x00")))
	return short(mac.Sum(nil), n)
}

// messageID is of the answer with our key to an address.
func (p proofs) messageID(thread, key, address string) string {
	k := p.mac(keySize, "key", key)
	return proofMark + thread + "." + k + "." + p.mac(proofSize, "id", thread, k, fold(address)) + "@" + p.domain
}

// ours says which conversation one of our Message-IDs belongs to, when it was
// made for this address.
func (p proofs) ours(id, address string) (thread string, ok bool) {
	local, domain, ok := strings.Cut(strings.ToLower(id), "@")
	if !ok || domain != p.domain || len(local) != proofLength || !strings.HasPrefix(local, proofMark) {
		return "", false
	}
	parts := strings.Split(local, ".")
	if len(parts) != 4 {
		return "", false
	}
	want := p.mac(proofSize, "id", parts[1], parts[2], fold(address))
	return parts[1], hmac.Equal([]byte(want), []byte(parts[3]))
}

// plusAddress is where the answer of an address comes back to.
func (p proofs) plusAddress(thread, address string) string {
	return p.local + "+" + proofMark + thread + "." + p.mac(proofSize, "plus", thread, fold(address)) + "@" + p.domain
}

// plussed says which conversation an address of ours is the way back to, when
// it was made for this sender.
func (p proofs) plussed(to, sender string) (thread string, ok bool) {
	local, domain, ok := strings.Cut(strings.ToLower(to), "@")
	tag, isOurs := strings.CutPrefix(local, p.local+"+")
	if !ok || !isOurs || domain != p.domain || len(tag) != plusLength || !strings.HasPrefix(tag, proofMark) {
		return "", false
	}
	parts := strings.Split(tag, ".")
	if len(parts) != 3 {
		return "", false
	}
	want := p.mac(proofSize, "plus", parts[1], fold(sender))
	return parts[1], hmac.Equal([]byte(want), []byte(parts[2]))
}

// fold makes one form of an address. The part before the at may in law depend
// on capitals (RFC 5321 §2.4); nobody's does.
func fold(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
