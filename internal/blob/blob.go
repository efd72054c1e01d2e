// Package blob keeps bytes under names, once.
//
// It owns a folder of files. It promises put-if-absent (a name never changes
// its bytes), that a file is whole and flushed before its name appears, and
// that no name leaves the folder. It does not encrypt: what is personal is
// sealed before it comes here. It does not list for people.
package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"syscall"

	"ronde/internal/errs"
)

// MaxSize bounds one blob, in bytes.
const MaxSize = 256 << 20

// Store is a folder of blobs.
type Store struct{ dir string }

// ErrExists is returned by Put when the name is taken by other bytes.
var ErrExists = errors.New("put blob: the name is taken by other bytes")

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*$`)

// Open opens or makes the folder.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.Wrap(err, "open blob folder")
	}
	return &Store{dir: dir}, nil
}

// Put writes b under name. Putting the same bytes again is no error; other
// bytes under a taken name are ErrExists.
func (s *Store) Put(_ context.Context, name string, b []byte) error {
	path, err := s.path(name)
	if err != nil {
		return err
	}
	if len(b) > MaxSize {
		return errs.New(errs.Limit, "err.limit", "put blob: larger than 256 MiB")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return errs.Wrap(Full(err), "put blob")
	}
	tmp, err := writeTemp(filepath.Dir(path), b)
	if err != nil {
		return errs.Wrap(Full(err), "put blob")
	}
	defer os.Remove(tmp)
	// A hard link appears whole or not at all, and never replaces.
	if err := os.Link(tmp, path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return s.same(name, b)
		}
		return errs.Wrap(err, "put blob")
	}
	return errs.Wrap(syncDir(filepath.Dir(path)), "put blob")
}

func (s *Store) same(name string, b []byte) error {
	have, err := s.Get(context.Background(), name)
	if err != nil {
		return err
	}
	if string(have) != string(b) {
		return errs.As(ErrExists, errs.Conflict, "err.conflict")
	}
	return nil
}

// Get reads a blob; errs.NotFound when there is none.
func (s *Store) Get(_ context.Context, name string) ([]byte, error) {
	path, err := s.path(name)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.As(errs.Wrap(err, "get blob"), errs.NotFound, "err.not_found")
	}
	return b, errs.Wrap(err, "get blob")
}

// Delete removes a blob; removing what is not there is no error.
func (s *Store) Delete(_ context.Context, name string) error {
	path, err := s.path(name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errs.Wrap(err, "delete blob")
	}
	return nil
}

// List returns the names that begin with prefix, sorted.
func (s *Store) List(_ context.Context, prefix string) ([]string, error) {
	var names []string
	// Only the folder that the prefix names is walked.
	from := filepath.Join(s.dir, filepath.FromSlash(prefix[:strings.LastIndexByte(prefix, '/')+1]))
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no such folder, or removed meanwhile
		}
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(s.dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if strings.HasPrefix(name, prefix) && validName.MatchString(name) {
			names = append(names, name)
		}
		return nil
	})
	sort.Strings(names)
	return names, errs.Wrap(err, "list blobs")
}

func (s *Store) path(name string) (string, error) {
	if !validName.MatchString(name) || strings.Contains(name, "..") || len(name) > 200 {
		return "", errs.New(errs.Invalid, "err.invalid", "name blob: not a valid name")
	}
	return filepath.Join(s.dir, filepath.FromSlash(name)), nil
}

func writeTemp(dir string, b []byte) (string, error) {
	f, err := os.CreateTemp(dir, ".put-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// Full gives a write that failed because there is no room left its own kind
// and words: people learn that nothing was kept, and that it is not their
// fault. Other errors stay as they are.
func Full(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return errs.As(err, errs.Unavailable, "err.disk_full")
		}
	}
	return err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
