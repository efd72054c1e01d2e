package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver
	_ "modernc.org/sqlite"             // the SQLite driver
	"ronde/internal/errs"
)

// Clock gives the time in microseconds UTC. The program has one.
type Clock func() int64

// System is the clock of the machine.
func System() int64 { return time.Now().UnixMicro() }

// DB is an open database.
type DB struct {
	read     *sql.DB
	write    *sql.DB
	postgres bool
	path     string // of the SQLite file
	clock    Clock
	queue    chan *request
	done     chan struct{}
	stopped  sync.WaitGroup
	lock     *os.File
	last     atomic.Int64
	reading  *prepared // nil on PostgreSQL
	writing  *prepared
}

const (
	readers    = 8                // connections that read, on SQLite
	pgConns    = 16               // connections, on PostgreSQL
	maxWait    = 10 * time.Second // how long a write waits for its turn
	maxRetries = 10               // a serializable write that lost a race
)

// Open opens the database that address names: a file path for SQLite, or a
// postgres:// address. It does not migrate.
func Open(ctx context.Context, address string, clock Clock) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address, clock)
	}
	return openSQLite(ctx, address, clock)
}

// OpenReadOnly opens an SQLite file to look at it, without its lock: for
// proofs of a folder at rest.
func OpenReadOnly(path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, errs.Wrap(err, "open database")
	}
	d, err := sql.Open("sqlite", dsn(path, "query_only(1)", "busy_timeout(5000)"))
	if err != nil {
		return nil, errs.Wrap(err, "open database")
	}
	return &DB{read: d, path: path, clock: System, done: make(chan struct{})}, nil
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func openSQLite(ctx context.Context, path string, clock Clock) (*DB, error) {
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	if err := private(path); err != nil {
		lock.Close()
		return nil, err
	}
	pragmas := []string{"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "secure_delete(1)"}
	w, err := sql.Open("sqlite", dsn(path, pragmas...)+"&_txlock=immediate")
	if err != nil {
		return nil, errs.Wrap(err, "open database")
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil {
		w.Close()
		lock.Close()
		return nil, errs.Wrap(err, "open database")
	}
	r, err := sql.Open("sqlite", dsn(path, append(pragmas, "query_only(1)")...))
	if err != nil {
		return nil, errs.Wrap(err, "open database")
	}
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	d := &DB{read: r, write: w, path: path, clock: clock, queue: make(chan *request, 1024), done: make(chan struct{}), lock: lock,
		reading: newPrepared(r), writing: newPrepared(w)}
	d.stopped.Add(1)
	go d.commitGroups()
	return d, nil
}

func openPostgres(ctx context.Context, address string, clock Clock) (*DB, error) {
	p, err := sql.Open("pgx", address)
	if err != nil {
		return nil, errs.Wrap(err, "open database")
	}
	p.SetMaxOpenConns(pgConns)
	p.SetMaxIdleConns(pgConns)
	if err := p.PingContext(ctx); err != nil {
		p.Close()
		return nil, errs.As(errs.Wrap(err, "reach database"), errs.Unavailable, "err.unavailable")
	}
	return &DB{read: p, write: p, postgres: true, clock: clock, done: make(chan struct{})}, nil
}

// private makes the file before the engine does, for nobody else to read: the
// engine would follow the umask. The log beside it takes the file's mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return errs.Wrap(err, "open database")
	}
	return errs.Wrap(errors.Join(f.Chmod(0o600), f.Close()), "open database")
}

// lockFile holds an exclusive lock for the life of the process: two programs
// on one folder would each believe the other's keys and caches.
func lockFile(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, errs.Wrap(err, "make data folder")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.Wrap(err, "open lock")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errs.New(errs.Conflict, "err.folder.in_use",
			"lock data folder: another program has it open ("+path+")")
	}
	return f, nil
}

// Postgres reports which engine this is; only tests and operations ask.
func (d *DB) Postgres() bool { return d.postgres }

// Now returns the program's time in microseconds UTC.
func (d *DB) Now() int64 { return d.clock() }

// Close waits for the writes under way and closes the database.
func (d *DB) Close() error {
	select {
	case <-d.done:
		return nil
	default:
		close(d.done)
	}
	d.stopped.Wait()
	var err error
	if d.write != nil && !d.postgres {
		_, err = d.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
		err = errors.Join(err, d.write.Close())
	}
	err = errors.Join(err, d.read.Close())
	if d.lock != nil {
		err = errors.Join(err, d.lock.Close())
	}
	return err
}

// Truncate empties the write-ahead log, so that pages erased by
// secure_delete do not live on in it. On PostgreSQL it does nothing: there
// the destroyed key is what counts (design 4).
func (d *DB) Truncate(ctx context.Context) error {
	if d.postgres {
		return nil
	}
	_, err := d.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return errs.Wrap(err, "truncate write-ahead log")
}

// CopyTo writes a consistent copy of an SQLite database to path, which must
// not exist. PostgreSQL has its own tools for that.
func (d *DB) CopyTo(ctx context.Context, path string) error {
	if d.postgres {
		return errs.New(errs.Invalid, "err.invalid", "copy database: use pg_dump for PostgreSQL")
	}
	// A connection of its own: readers may not even write a copy, and the
	// writer must not wait for it.
	own, err := sql.Open("sqlite", dsn(d.path, "busy_timeout(5000)"))
	if err != nil {
		return errs.Wrap(err, "copy database")
	}
	defer own.Close()
	_, err = own.ExecContext(ctx, "VACUUM INTO $1", path)
	return errs.Wrap(err, "copy database")
}

// now is the time of a new write: never the same twice in one process, so
// that identifiers made by successive transactions sort.
func (d *DB) now() int64 {
	for {
		last, at := d.last.Load(), d.clock()
		if at <= last && last-at < int64(time.Second/time.Microsecond) {
			at = last + 1
		}
		if d.last.CompareAndSwap(last, at) {
			return at
		}
	}
}

func (d *DB) String() string {
	if d.postgres {
		return "PostgreSQL"
	}
	return fmt.Sprintf("SQLite (%d readers)", readers)
}
