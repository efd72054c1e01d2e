package seal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ronde/internal/errs"
)

// NewMaster writes a new master key to path, readable by its owner alone. It
// never replaces a file.
func NewMaster(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return errs.Wrap(err, "make master key")
	}
	return errs.Wrap(writeNew(path, []byte(hex.EncodeToString(newKey())+"\n")), "make master key")
}

// ReadMaster reads a master key: 64 hexadecimal letters in a file that only
// its owner can read.
func ReadMaster(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.As(errs.Wrap(err, "read master key (lost? give --master-key the file it was kept in)"), errs.NotFound, "err.master_key.lost")
	}
	if err != nil {
		return nil, errs.Wrap(err, "read master key")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, errs.New(errs.Denied, "err.master_key.open", "read master key: others can read the file; set its mode to 0600")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errs.Wrap(err, "read master key")
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, errs.New(errs.Invalid, "err.master_key.wrong", "read master key: it is not 64 hexadecimal letters")
	}
	return key, nil
}

// writeNew writes a file that must not exist, flushed, with its folder.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(path)
		return err
	}
	return syncDir(filepath.Dir(path))
}

func appendSynced(path, line string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// shred overwrites a file in place before it is unlinked. What a disk keeps
// of older blocks is beyond us (docs/limits.md); the master key guards it.
func shred(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := overwrite(f); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// overwrite fills a file with noise, flushes and closes it.
func overwrite(f *os.File) error {
	info, err := f.Stat()
	if err == nil {
		noise := make([]byte, info.Size())
		rand.Read(noise)
		_, err = f.WriteAt(noise, 0)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// replace puts b in a file's place, whole or not at all, and overwrites what
// was there before.
func replace(path string, b []byte) error {
	part := path + partExt
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return supersede(part, path)
}

// partExt ends the name of a file that is not yet whole. No container has it.
const partExt = ".part"

// supersede renames a flushed file over another. The old bytes go only when
// the new name is safe.
func supersede(from, to string) error {
	old, err := os.OpenFile(to, os.O_WRONLY, 0)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := errors.Join(os.Rename(from, to), syncDir(filepath.Dir(to))); err != nil || old == nil {
		old.Close()
		return err
	}
	return overwrite(old)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// ShredCopy destroys a copy of a key ring, as a backup keeps one.
func ShredCopy(dir string) error {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() {
			return err
		}
		return shred(path)
	})
	if err == nil {
		err = os.RemoveAll(dir)
	}
	return errs.Wrap(err, "destroy key copy")
}

// MergeDestroyed adds the lines of another list of destroyed containers to
// the ring in dir, before it is opened.
func MergeDestroyed(dir, list string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return errs.Wrap(err, "merge destroyed list")
	}
	return errs.Wrap(appendSynced(filepath.Join(dir, "destroyed"), "\n"+strings.TrimSuffix(string(text), "\n")+"\n"), "merge destroyed list")
}
