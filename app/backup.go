package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

// KeyBackupLife is how long a copy of keys may live (promise 8): after that,
// what was erased cannot come back from any backup.
const KeyBackupLife = 7 * 24 * time.Hour

const manifestName = "manifest.json"

// Manifest says what a backup is.
type Manifest struct {
	Made     time.Time `json:"made"`
	Database string    `json:"database"` // sqlite, or postgres: then dump it with the engine's own tools
	Keys     bool      `json:"keys"`
	Whole    bool      `json:"whole"` // false while it is made: what a crash left is pruned, never restored
}

// Backup copies database, blobs and keys into a new folder under target, and
// destroys the key copies there that have outlived KeyBackupLife. It may run
// beside the program.
func Backup(ctx context.Context, cfg Config, target string) (folder string, err error) {
	if err := cfg.settle(); err != nil {
		return "", err
	}
	now := time.UnixMicro(cfg.Clock()).UTC()
	if _, err := PruneKeys(target, now); err != nil {
		return "", err
	}
	folder = filepath.Join(target, now.Format("20060102T150405Z"))
	if err := os.MkdirAll(filepath.Join(folder, "data"), 0o700); err != nil {
		return "", errs.Wrap(err, "make backup")
	}
	m := Manifest{Made: now, Database: "postgres", Keys: true}
	if !isPostgres(cfg.Database) {
		m.Database = "sqlite"
	}
	// The manifest comes before any key: a copy that a crash cut short dies
	// with the others.
	if err := m.write(folder); err != nil {
		return "", errs.Wrap(err, "make backup")
	}
	if m.Database == "sqlite" {
		if err := copyDatabase(ctx, cfg.Database, filepath.Join(folder, "data", "ronde.db")); err != nil {
			return "", err
		}
	}
	if _, err := os.Stat(cfg.Keys); err == nil {
		held, err := seal.Hold(cfg.Keys)
		if err != nil {
			return "", errs.Wrap(err, "make backup")
		}
		defer held.Close() // no change of the master key meanwhile
	}
	// Blobs after the rows that name them: a row never lacks its bytes.
	for from, to := range map[string]string{filepath.Join(cfg.Data, "blobs"): "data/blobs", cfg.Keys: "keys"} {
		if err := copyTree(from, filepath.Join(folder, filepath.FromSlash(to))); err != nil {
			return "", errs.Wrap(err, "make backup")
		}
	}
	m.Whole = true
	return folder, errs.Wrap(m.write(folder), "make backup")
}

// write replaces the manifest of a backup; whoever reads it sees it whole.
func (m Manifest) write(folder string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(folder, manifestName)
	if err := os.WriteFile(path+".part", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func readManifest(folder string) (m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	return m, err
}

func isPostgres(address string) bool {
	return len(address) > 9 && (address[:9] == "postgres:" || address[:9] == "postgresq")
}

func copyDatabase(ctx context.Context, from, to string) error {
	d, err := db.OpenReadOnly(from)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.CopyTo(ctx, to)
}

// PruneKeys destroys the key copies under target that are older than
// KeyBackupLife and returns how many backups lost theirs.
func PruneKeys(target string, now time.Time) (pruned int, err error) {
	manifests, err := filepath.Glob(filepath.Join(target, "*", manifestName))
	if err != nil {
		return 0, errs.Wrap(err, "prune keys")
	}
	for _, path := range manifests {
		folder := filepath.Dir(path)
		m, err := readManifest(folder)
		if err != nil {
			return pruned, errs.Wrap(err, "prune keys")
		}
		if !m.Keys || now.Sub(m.Made) < KeyBackupLife {
			continue
		}
		if err := seal.ShredCopy(filepath.Join(folder, "keys")); err != nil {
			return pruned, errs.Wrap(err, "prune keys")
		}
		m.Keys = false
		if err := m.write(folder); err != nil {
			return pruned, errs.Wrap(err, "prune keys")
		}
		pruned++
	}
	return pruned, nil
}

// Restore puts a backup into the empty folder cfg.Data. keys is the folder of
// a key backup (usually newer than the rows); destroyed is the current list of
// destroyed containers, which is made true before any door can open. The
// ledger gets a named gap; it is never rewound.
func Restore(ctx context.Context, cfg Config, backup, keys, destroyed string) error {
	if err := cfg.settle(); err != nil {
		return err
	}
	if entries, err := os.ReadDir(cfg.Data); err == nil && len(entries) > 0 {
		return refuse("the folder " + cfg.Data + " is not empty; restore into a new one")
	}
	if m, err := readManifest(backup); err != nil || !m.Whole {
		return refuse(backup + " is not a whole backup: it has no manifest, or was cut short when it was made")
	}
	if keys == "" {
		keys = filepath.Join(backup, "keys")
	}
	if _, err := os.Stat(filepath.Join(keys, "root")); err != nil {
		return refuse("no keys in " + keys + ": key copies live seven days; give --keys-from a newer backup's")
	}
	for from, to := range map[string]string{filepath.Join(backup, "data"): cfg.Data, keys: cfg.Keys} {
		if err := copyTree(from, to); err != nil {
			return errs.Wrap(err, "restore")
		}
	}
	if destroyed != "" {
		if err := seal.MergeDestroyed(cfg.Keys, destroyed); err != nil {
			return err
		}
	}
	cfg.restored = true
	a, err := New(ctx, cfg)
	if err != nil {
		return errs.Wrap(err, "open restored folder")
	}
	defer a.Close()
	detail := fmt.Sprintf("restored at %s from backup %s; what was written after it is not in this ledger", time.UnixMicro(a.Now()).UTC().Format(time.RFC3339), filepath.Base(backup))
	if err := a.Ledger.Gap(ctx, access.AsMachine("restore"), detail); err != nil {
		return err
	}
	_, err = a.Ledger.Sequence(ctx)
	return err
}

// copyTree copies regular files; a folder that is not there is empty.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		dst := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(dst, 0o700)
		}
		if !e.Type().IsRegular() || filepath.Ext(path) == ".lock" {
			return nil
		}
		return copyFile(path, dst)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // erased while we copied
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
