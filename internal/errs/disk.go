package errs

import (
	"errors"
	"syscall"
)

// Disk gives a write that failed because there is no room left its own kind
// and words: people learn that nothing was kept, and that it is not their
// fault. Other errors stay as they are.
func Disk(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return As(err, Unavailable, "err.disk_full")
		}
	}
	return err
}
