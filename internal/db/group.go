package db

import (
	"context"
	"database/sql"
	"errors"

	"ronde/internal/errs"
)

// maxGroup bounds how many writes share one commit, and so one flush.
const maxGroup = 128

// commitGroups is the only writer of an SQLite database. It takes the writes
// that wait, runs each in a savepoint of one transaction, commits once, and
// only then answers: durability costs a disk flush whoever writes, so it is
// shared.
func (d *DB) commitGroups() {
	defer d.stopped.Done()
	for {
		select {
		case r := <-d.queue:
			d.commitGroup(r)
		case <-d.done:
			for {
				select {
				case r := <-d.queue:
					d.commitGroup(r)
				default:
					return
				}
			}
		}
	}
}

func (d *DB) commitGroup(first *request) {
	group := d.takeGroup(first)
	if len(group) == 0 {
		return
	}
	answers := make([]answer, len(group))
	err := d.runGroup(group, answers)
	for i, r := range group {
		if err != nil && answers[i].err == nil {
			answers[i].err = err
		}
		answers[i].err = full(answers[i].err)
		r.reply <- answers[i]
	}
	d.writing.prepare()
}

func (d *DB) takeGroup(first *request) []*request {
	var group []*request
	for r := first; ; {
		if r.taken.CompareAndSwap(false, true) {
			group = append(group, r)
		}
		if len(group) == maxGroup {
			return group
		}
		select {
		case r = <-d.queue:
		default:
			return group
		}
	}
}

func (d *DB) runGroup(group []*request, answers []answer) error {
	tx, err := d.write.BeginTx(context.Background(), nil)
	if err != nil {
		return errs.Wrap(err, "begin writing")
	}
	defer tx.Rollback()
	for i, r := range group {
		if err := d.runOne(tx, r, &answers[i]); err != nil {
			return errs.Wrap(err, "roll back one write")
		}
	}
	return errs.Wrap(tx.Commit(), "commit")
}

// runOne returns an error only when the whole transaction is lost.
func (d *DB) runOne(tx *sql.Tx, r *request, a *answer) error {
	if r.ctx.Err() != nil {
		a.err = errs.Wrap(r.ctx.Err(), "write")
		return nil
	}
	if _, err := tx.Exec("SAVEPOINT one"); err != nil {
		return err
	}
	a.err = d.call(tx, r, a)
	if a.err == nil {
		_, err := tx.Exec("RELEASE one")
		return err
	}
	_, err1 := tx.Exec("ROLLBACK TO one")
	_, err2 := tx.Exec("RELEASE one")
	return errors.Join(err1, err2)
}

func (d *DB) call(tx *sql.Tx, r *request, a *answer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked = p
			err = errors.New("panic inside a write")
		}
	}()
	return r.fn(&Tx{Now: d.now(), tx: tx, st: d.writing})
}
