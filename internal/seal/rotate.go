package seal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"ronde/internal/blob"
	"ronde/internal/errs"
)

// Rotated says what a rotation of the master key found.
type Rotated struct {
	Wrapped int      // keys that are now under the new master key
	Before  int      // of them, those that a run which was cut short had done
	Damaged []string // containers whose key neither master key opens; they are left as they are
}

// Rotate puts every key of the ring in dir under another master key. The keys
// themselves stay, and with them everything that is sealed; destroyed ones stay
// destroyed. It works only while nobody has the ring open. Each file is
// replaced whole, and until the last one is done nobody can open the ring: cut
// short, it goes on where it stood when it is run again with the same two keys.
func Rotate(dir string, old, next []byte) (Rotated, error) {
	r := &rotation{dir: dir}
	if err := r.masters(old, next); err != nil {
		return r.Rotated, err
	}
	if _, err := os.Stat(filepath.Join(dir, rootName)); err != nil {
		return r.Rotated, errs.As(errs.Wrap(err, "rotate master key: no key ring in "+dir), errs.Invalid, "err.config")
	}
	alone, err := flock(dir, syscall.LOCK_EX)
	if err != nil {
		return r.Rotated, errs.Wrap(err, "rotate master key: stop every copy of the program first")
	}
	defer alone.Close()
	destroyed := &Ring{dir: dir, destroyed: map[string]bool{}}
	for _, step := range []func() error{r.begin, destroyed.replay, r.containers, r.finish} {
		if err := step(); err != nil {
			return r.Rotated, errs.Wrap(blob.Full(err), "rotate master key")
		}
	}
	return r.Rotated, nil
}

type rotation struct {
	Rotated
	dir       string
	old, next *subtle.XChaCha20Poly1305
}

func (r *rotation) masters(old, next []byte) (err error) {
	if bytes.Equal(old, next) {
		return errs.New(errs.Invalid, "err.master_key.wrong", "rotate master key: the new one is the old one; make another with ronde key new")
	}
	for _, m := range []struct {
		key  []byte
		aead **subtle.XChaCha20Poly1305
	}{{old, &r.old}, {next, &r.next}} {
		if *m.aead, err = subtle.NewXChaCha20Poly1305(m.key); err != nil {
			return errs.As(errs.Wrap(err, "use master key"), errs.Invalid, "err.master_key.wrong")
		}
	}
	return nil
}

// begin proves both master keys and, before any key is touched, leaves the
// mark that keeps everybody out and says which master key is the next.
func (r *rotation) begin() error {
	wrapped, err := os.ReadFile(filepath.Join(r.dir, rootName))
	if err != nil {
		return err
	}
	root, err := r.old.Decrypt(wrapped, []byte(rootName))
	if err != nil {
		if _, err := r.next.Decrypt(wrapped, []byte(rootName)); err == nil {
			return nil // finished before; whoever runs it again is told so
		}
		return wrongMaster()
	}
	mark := filepath.Join(r.dir, nextName)
	begun, err := os.ReadFile(mark)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return rewrap(r.next, mark, rootName, root)
	case err != nil:
		return err
	}
	if _, err := r.next.Decrypt(begun, []byte(rootName)); err != nil {
		return errs.New(errs.Denied, "err.master_key.wrong", "a change to another master key was begun; finish it with that one")
	}
	return nil
}

// containers wraps the key of every container anew.
func (r *rotation) containers() error {
	return filepath.WalkDir(filepath.Join(r.dir, "containers"), func(path string, e fs.DirEntry, err error) error {
		name := filepath.Base(path)
		switch {
		case errors.Is(err, fs.ErrNotExist): // no container yet
			return nil
		case err != nil || e.IsDir():
			return err
		case strings.HasSuffix(name, partExt):
			return shred(path) // what an earlier run left half written
		case !containerName.MatchString(name):
			return nil
		}
		return r.container(path, name)
	})
}

func (r *rotation) container(path, name string) error {
	wrapped, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if _, err := r.next.Decrypt(wrapped, []byte(name)); err == nil {
		r.Wrapped++
		r.Before++
		return nil
	}
	key, err := r.old.Decrypt(wrapped, []byte(name))
	if err != nil {
		r.Damaged = append(r.Damaged, name)
		return nil
	}
	if err := rewrap(r.next, path, name, key); err != nil {
		return err
	}
	r.Wrapped++
	return nil
}

// finish puts the ring's own key in place, which opens the ring again, to the
// new master key alone.
func (r *rotation) finish() error {
	mark := filepath.Join(r.dir, nextName)
	if _, err := os.Stat(mark); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return supersede(mark, filepath.Join(r.dir, rootName))
}

func rewrap(master *subtle.XChaCha20Poly1305, path, name string, key []byte) error {
	wrapped, err := master.Encrypt(key, []byte(name))
	if err != nil {
		return err
	}
	return replace(path, wrapped)
}
