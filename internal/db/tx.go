package db

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
	"ronde/internal/errs"
	"ronde/internal/id"
)

// Tx is one transaction. Now is its time, in microseconds UTC, the same for
// every act in it.
type Tx struct {
	Now int64
	tx  *sql.Tx
	st  *prepared
	ids uint16 // names given so far
}

// NewID returns an identifier that sorts after all earlier ones of this
// program.
func (t *Tx) NewID(prefix string) string {
	t.ids++
	return id.New(prefix, t.Now, t.ids)
}

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	var r sql.Result
	var err error
	if st := t.st.of(ctx, t.tx, query); st != nil {
		r, err = st.ExecContext(ctx, args...)
	} else {
		r, err = t.tx.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a query; the caller closes the rows before the next statement.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if st := t.st.of(ctx, t.tx, query); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRow runs a query for one row.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if st := t.st.of(ctx, t.tx, query); st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return t.tx.QueryRowContext(ctx, query, args...)
}

// Collect runs a query and scans every row with scan.
func Collect[T any](ctx context.Context, t *Tx, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// One says errs.NotFound for sql.ErrNoRows and nothing else.
func One(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.NotFound, "err.not_found", what+": no such row")
	}
	return errs.Wrap(err, what)
}

// Read runs fn in a transaction that sees one state and changes nothing.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.read.BeginTx(ctx, opts)
	if err != nil {
		return errs.Wrap(err, "begin reading")
	}
	defer d.reading.prepare()
	defer tx.Rollback()
	return fn(&Tx{Now: d.clock(), tx: tx, st: d.reading})
}

// Write runs fn in a transaction and commits it durably before it returns.
// fn may run more than once; it changes rows and nothing else. Write must not
// be called from inside another Write: it would wait for itself and fail
// after ten seconds.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if d.postgres {
		return d.writeSerializable(ctx, fn)
	}
	r := &request{ctx: ctx, fn: fn, reply: make(chan answer, 1)}
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	select {
	case d.queue <- r:
	case <-d.done:
		return errs.New(errs.Unavailable, "err.unavailable", "write: database is closed")
	case <-timer.C:
		return errs.New(errs.Unavailable, "err.unavailable", "write: the queue is full")
	}
	select {
	case a := <-r.reply:
		return a.result()
	case <-timer.C:
	case <-ctx.Done():
	}
	// Too late to wait in the queue; but a write that has begun is awaited,
	// because its outcome must be known.
	if r.taken.CompareAndSwap(false, true) {
		return errs.New(errs.Unavailable, "err.unavailable", "write: no turn in time")
	}
	a := <-r.reply
	return a.result()
}

type request struct {
	ctx   context.Context
	fn    func(*Tx) error
	reply chan answer
	taken atomic.Bool
}

type answer struct {
	err      error
	panicked any
}

func (a answer) result() error {
	if a.panicked != nil {
		panic(a.panicked)
	}
	return a.err
}

func (d *DB) writeSerializable(ctx context.Context, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		err := d.writeOnce(ctx, fn)
		if !lostRace(err) || try == maxRetries {
			return full(err)
		}
		pause := time.NewTimer(time.Duration(try*try) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return errs.Wrap(ctx.Err(), "write")
		}
	}
}

func (d *DB) writeOnce(ctx context.Context, fn func(*Tx) error) error {
	tx, err := d.write.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return errs.Wrap(err, "begin writing")
	}
	defer tx.Rollback()
	if err := fn(&Tx{Now: d.now(), tx: tx}); err != nil {
		return err
	}
	return errs.Wrap(tx.Commit(), "commit")
}

// full gives a write for which there was no room its own words: SQLITE_FULL,
// a write of SQLite's that the system refused, or SQLSTATE 53100.
func full(err error) error {
	if err == nil || errs.KindOf(err) == errs.Unavailable {
		return err
	}
	var lite *sqlite.Error
	var pg *pgconn.PgError
	if errors.As(err, &lite) && (lite.Code() == sqlite3.SQLITE_FULL || lite.Code() == sqlite3.SQLITE_IOERR_WRITE) || errors.As(err, &pg) && pg.Code == "53100" {
		return errs.As(err, errs.Unavailable, "err.disk_full")
	}
	return err
}

// lostRace reports SQLSTATE 40001 (serialization failure) and 40P01
// (deadlock), after which PostgreSQL asks that the transaction be run again.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
