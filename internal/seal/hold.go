package seal

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"ronde/internal/errs"
)

// Names in the ring's folder that hold no key of a container.
const (
	lockName = "ring.lock" // never copied
	nextName = "root.next" // the ring's own key under the next master key, while a rotation is not finished
)

// Hold keeps the master key of the ring in dir from being changed until the
// returned file is closed: for an open ring, and for whoever copies one. Any
// number may hold it. A ring whose rotation was cut short cannot be held.
func Hold(dir string) (*os.File, error) {
	held, err := flock(dir, syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, nextName)); err == nil {
		held.Close()
		return nil, errs.New(errs.Conflict, "err.conflict",
			"open key ring: a change of its master key was cut short; run ronde key rotate again, with the same two keys")
	}
	return held, nil
}

func flock(dir string, how int) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.Wrap(err, "lock key ring")
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errs.New(errs.Conflict, "err.folder.in_use", "lock key ring: another program has it open ("+dir+")")
	}
	return nil, errs.Wrap(err, "lock key ring")
}
