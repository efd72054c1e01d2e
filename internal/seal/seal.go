// Package seal keeps the keys, and so decides what can be read.
//
// It owns the key ring: a folder with one small file a container
// (conversation, alert, exhibit, case …), each a random 256-bit key wrapped by
// the master key, which lies outside the data folder; and the list of
// destroyed containers. It promises that a destroyed container cannot be
// opened again by this program, by another copy of it, or after an older key
// folder is put back under the list (design 4, promise 8), and that a wrong
// or lost master key is said at once.
//
// It uses XChaCha20-Poly1305 from Tink. Every sealed text is bound to its
// container and to a purpose, so that it cannot be moved to another row. The
// master key can be changed (Rotate); the keys it wraps stay.
// It does not know what it seals. It cannot reach copies made by the disk or
// the host (docs/limits.md).
package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"ronde/internal/blob"
	"ronde/internal/errs"
)

const keySize = 32

// rootName is the file of the ring's own key.
const rootName = "root"

// Ring is an open key ring. It keeps no key in memory between calls but the
// master key and the hashing key, so that a key destroyed by another copy of
// the program is gone here too.
type Ring struct {
	dir    string
	master *subtle.XChaCha20Poly1305
	root   []byte // for keyed hashes

	mu        sync.RWMutex // guards destroyed, and a key file against Destroy
	destroyed map[string]bool

	held *os.File // the shared lock, as long as the ring is open
}

var containerName = regexp.MustCompile(`^[a-z]+_[a-z0-9-]+$`)

// Open opens the ring in dir, or makes one. Keys on the destroyed list that
// are still there (a crash, or an older copy put back) are destroyed now.
// Several programs may have a ring open, but none while its master key is
// changed, nor after that was cut short.
func Open(dir string, master []byte) (*Ring, error) {
	aead, err := subtle.NewXChaCha20Poly1305(master)
	if err != nil {
		return nil, errs.As(errs.Wrap(err, "use master key"), errs.Invalid, "err.master_key.wrong")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.Wrap(err, "open key ring")
	}
	r := &Ring{dir: dir, master: aead, destroyed: map[string]bool{}}
	if r.held, err = Hold(dir); err != nil {
		return nil, err
	}
	if r.root, err = r.openRoot(); err == nil {
		err = r.replay()
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Close lets the ring go: a rotation of the master key waits for nobody else.
func (r *Ring) Close() error { return r.held.Close() }

// openRoot reads the ring's own key, which also proves the master key.
func (r *Ring) openRoot() ([]byte, error) {
	path := filepath.Join(r.dir, rootName)
	wrapped, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		root := newKey()
		return root, r.writeWrapped(path, rootName, root)
	}
	if err != nil {
		return nil, errs.Wrap(err, "open key ring")
	}
	root, err := r.master.Decrypt(wrapped, []byte(rootName))
	if err != nil {
		return nil, wrongMaster()
	}
	return root, nil
}

func wrongMaster() error {
	return errs.New(errs.Denied, "err.master_key.wrong",
		"open key ring: this master key does not open it; give the master key the ring was made with (without it, what is sealed stays unreadable)")
}

// Create makes the key of a new container. Creating one that exists is an
// error; so is reviving a destroyed one.
func (r *Ring) Create(container string) error {
	path, err := r.path(container)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.isDestroyed(container) {
		return gone(container)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return errs.Wrap(err, "create key")
	}
	return errs.Wrap(r.writeWrapped(path, container, newKey()), "create key")
}

// Ensure creates the container's key unless it exists.
func (r *Ring) Ensure(container string) error {
	path, err := r.path(container)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := r.Create(container); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Seal encrypts text for a container and a purpose ("desk_messages.text").
func (r *Ring) Seal(container, purpose string, text []byte) ([]byte, error) {
	a, err := r.key(container)
	if err != nil {
		return nil, errs.Wrap(err, "seal")
	}
	sealed, err := a.Encrypt(text, bind(container, purpose))
	return sealed, errs.Wrap(err, "seal")
}

// Open decrypts what Seal made. A destroyed container is errs.NotFound.
func (r *Ring) Open(container, purpose string, sealed []byte) ([]byte, error) {
	a, err := r.key(container)
	if err != nil {
		return nil, errs.Wrap(err, "open sealed text")
	}
	text, err := a.Decrypt(sealed, bind(container, purpose))
	if err != nil {
		return nil, errs.As(fmt.Errorf("open sealed text of %s: %w", container, err), errs.Internal, "err.internal")
	}
	return text, nil
}

// Has reports whether the container can be opened.
func (r *Ring) Has(container string) bool {
	_, err := r.key(container)
	return err == nil
}

// Destroy makes everything sealed in the container unreadable, for good. The
// list is written first: a crash in between is made good by the next Open.
func (r *Ring) Destroy(container string, at int64) error {
	path, err := r.path(container)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.destroyed[container] {
		if err := r.list(container, at); err != nil {
			return errs.Wrap(err, "destroy key")
		}
		r.destroyed[container] = true
	}
	return errs.Wrap(shred(path), "destroy key")
}

// Hash is a keyed hash for look-ups and seen-lists: without the ring nobody
// can try guesses against it.
func (r *Ring) Hash(purpose string, data []byte) []byte {
	m := hmac.New(sha256.New, r.root)
	fmt.Fprintf(m, "%d:%s:", len(purpose), purpose)
	m.Write(data)
	return m.Sum(nil)
}

func (r *Ring) key(container string) (*subtle.XChaCha20Poly1305, error) {
	path, err := r.path(container)
	if err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.destroyed[container] {
		return nil, gone(container)
	}
	wrapped, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, gone(container)
	}
	if err != nil {
		return nil, err
	}
	key, err := r.master.Decrypt(wrapped, []byte(container))
	if err != nil {
		return nil, fmt.Errorf("unwrap key of %s: %w", container, err)
	}
	return subtle.NewXChaCha20Poly1305(key)
}

func gone(container string) error {
	return errs.New(errs.NotFound, "err.erased", "read key: no key for "+container)
}

func (r *Ring) isDestroyed(container string) bool { return r.destroyed[container] }

func (r *Ring) path(container string) (string, error) {
	if !containerName.MatchString(container) || len(container) > 80 {
		return "", errs.New(errs.Internal, "", "name container: "+fmt.Sprintf("%q", container))
	}
	sum := sha256.Sum256([]byte(container))
	return filepath.Join(r.dir, "containers", fmt.Sprintf("%02x", sum[0]), container), nil
}

func (r *Ring) writeWrapped(path, name string, key []byte) error {
	wrapped, err := r.master.Encrypt(key, []byte(name))
	if err != nil {
		return err
	}
	return blob.Full(writeNew(path, wrapped))
}

func (r *Ring) list(container string, at int64) error {
	line := time.UnixMicro(at).UTC().Format(time.RFC3339) + " " + container + "\n"
	return blob.Full(appendSynced(filepath.Join(r.dir, "destroyed"), line))
}

// replay reads the destroyed list and makes it true.
func (r *Ring) replay() error {
	text, err := os.ReadFile(filepath.Join(r.dir, "destroyed"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return errs.Wrap(err, "read destroyed list")
	}
	for line := range strings.Lines(string(text)) {
		_, container, ok := strings.Cut(strings.TrimSpace(line), " ")
		path, err := r.path(container)
		if !ok || err != nil {
			continue // a line cut short by a crash names nothing that was destroyed
		}
		r.destroyed[container] = true
		if err := shred(path); err != nil {
			return errs.Wrap(err, "replay destroyed list")
		}
	}
	return nil
}

func bind(container, purpose string) []byte { return []byte(container + "\x00" + purpose) }

func newKey() []byte {
	k := make([]byte, keySize)
	rand.Read(k)
	return k
}
