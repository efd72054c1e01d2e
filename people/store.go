package people

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"ronde/access"
	"ronde/internal/db"
)

// row is an account with what only this room reads.
type row struct {
	Account
	login    []byte
	password []byte
	totp     []byte
	sealed   []byte
	invited  int64
}

type scanner interface{ Scan(...any) error }

const accountColumns = `id, handle, regime, roles, unit, state, login, password, totp, sealed, invited, created`

func scanAccount(s scanner) (row, error) {
	var a row
	var roles string
	err := s.Scan(&a.ID, &a.Handle, &a.Regime, &roles, &a.Unit, &a.State, &a.login, &a.password, &a.totp, &a.sealed, &a.invited, &a.Created)
	a.Roles = splitRoles(roles)
	return a, err
}

func insertAccount(ctx context.Context, tx *db.Tx, a row) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO people_accounts (id, handle, regime, roles, unit, state, login, password, totp, sealed, invited, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.ID, a.Handle, a.Regime, joinRoles(a.Roles), a.Unit, a.State, a.login, a.password, a.totp, a.sealed, a.invited, a.Created)
	return err
}

func selectAccount(ctx context.Context, tx *db.Tx, id string) (row, error) {
	a, err := scanAccount(tx.QueryRow(ctx, `SELECT `+accountColumns+` FROM people_accounts WHERE id = $1`, id))
	return a, db.One(err, "read account")
}

func selectByLogin(ctx context.Context, tx *db.Tx, login []byte) (row, error) {
	a, err := scanAccount(tx.QueryRow(ctx, `SELECT `+accountColumns+` FROM people_accounts WHERE login = $1`, login))
	return a, db.One(err, "read account")
}

func selectByHandle(ctx context.Context, tx *db.Tx, handle string) (row, error) {
	a, err := scanAccount(tx.QueryRow(ctx, `SELECT `+accountColumns+` FROM people_accounts WHERE handle = $1`, handle))
	return a, db.One(err, "read account")
}

func selectByHandles(ctx context.Context, tx *db.Tx, handles []string) ([]row, error) {
	in, args := list(nil, handles)
	return db.Collect(ctx, tx, func(r *sql.Rows) (row, error) { return scanAccount(r) },
		`SELECT `+accountColumns+` FROM people_accounts WHERE handle IN `+in, args...)
}

// list makes ($n, …) for values and appends them to the arguments.
func list(args []any, values []string) (string, []any) {
	var marks []string
	for _, v := range values {
		args = append(args, v)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	return "(" + strings.Join(marks, ", ") + ")", args
}

func selectInScope(ctx context.Context, tx *db.Tx, s access.Scope) ([]Account, error) {
	if s.None || !s.All && (len(s.Units) == 0 || len(s.Regimes) == 0) {
		return nil, nil
	}
	where, args := "", []any(nil)
	if !s.All {
		var units, regimes string
		units, args = list(args, s.Units)
		regimes, args = list(args, s.Regimes)
		where = ` WHERE unit IN ` + units + ` AND regime IN ` + regimes
	}
	return db.Collect(ctx, tx, func(r *sql.Rows) (Account, error) {
		a, err := scanAccount(r)
		return a.Account, err
	}, `SELECT `+accountColumns+` FROM people_accounts`+where+` ORDER BY handle`, args...)
}

// countAdministrators counts those who are not disabled, without one.
func countAdministrators(ctx context.Context, tx *db.Tx, without string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM people_accounts WHERE roles = $1 AND state <> $2 AND id <> $3`,
		string(access.Administrator), Disabled, without).Scan(&n)
	return n, err
}

func updateSecrets(ctx context.Context, tx *db.Tx, a row) error {
	_, err := tx.Exec(ctx, `UPDATE people_accounts SET password = $1, totp = $2, state = $3, invited = $4 WHERE id = $5`,
		a.password, a.totp, a.State, a.invited, a.ID)
	return err
}

func updateRoles(ctx context.Context, tx *db.Tx, id, roles string) error {
	_, err := tx.Exec(ctx, `UPDATE people_accounts SET roles = $1 WHERE id = $2`, roles, id)
	return err
}

func updateState(ctx context.Context, tx *db.Tx, id, state string) error {
	_, err := tx.Exec(ctx, `UPDATE people_accounts SET state = $1 WHERE id = $2`, state, id)
	return err
}

// advanceStep keeps the newest accepted code and reports whether this one is
// newer.
func advanceStep(ctx context.Context, tx *db.Tx, account string, step int64) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO people_steps (account, step) VALUES ($1, $2)
		ON CONFLICT (account) DO UPDATE SET step = excluded.step WHERE people_steps.step < excluded.step`, account, step)
	return n == 1, err
}

type sessionRow struct {
	id                     string
	token                  []byte
	account, step          string
	sealed                 []byte
	created, seen, expires int64
}

const sessionColumns = `id, token, account, step, sealed, created, seen, expires`

func scanSession(s scanner) (r sessionRow, err error) {
	err = s.Scan(&r.id, &r.token, &r.account, &r.step, &r.sealed, &r.created, &r.seen, &r.expires)
	return r, err
}

func insertSession(ctx context.Context, tx *db.Tx, r sessionRow) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO people_sessions (id, token, account, step, sealed, created, seen, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.id, r.token, r.account, r.step, r.sealed, r.created, r.seen, r.expires)
	return err
}

func selectSession(ctx context.Context, tx *db.Tx, token []byte) (sessionRow, error) {
	r, err := scanSession(tx.QueryRow(ctx, `SELECT `+sessionColumns+` FROM people_sessions WHERE token = $1`, token))
	return r, db.One(err, "read session")
}

func selectSessions(ctx context.Context, tx *db.Tx, account string, now, idle int64) ([]sessionRow, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (sessionRow, error) { return scanSession(r) }, `
		SELECT `+sessionColumns+` FROM people_sessions
		WHERE account = $1 AND step = $2 AND expires > $3 AND seen > $4 ORDER BY id DESC`, account, signedIn, now, idle)
}

func touchSession(ctx context.Context, tx *db.Tx, id string, now int64) error {
	_, err := tx.Exec(ctx, `UPDATE people_sessions SET seen = $1 WHERE id = $2 AND seen < $1`, now, id)
	return err
}

func updateSessionSealed(ctx context.Context, tx *db.Tx, id string, sealed []byte) error {
	_, err := tx.Exec(ctx, `UPDATE people_sessions SET sealed = $1 WHERE id = $2`, sealed, id)
	return err
}

func deleteSession(ctx context.Context, tx *db.Tx, account, id string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM people_sessions WHERE account = $1 AND id = $2`, account, id)
}

// deleteSessions ends every session and sign-in of an account, but one.
func deleteSessions(ctx context.Context, tx *db.Tx, account, but string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM people_sessions WHERE account = $1 AND id <> $2`, account, but)
}

func deleteEndedSessions(ctx context.Context, tx *db.Tx, now, idle int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM people_sessions WHERE expires <= $1 OR seen <= $2`, now, idle)
	return err
}

// chargeBucket adds one failure; a window that began before old starts anew.
func chargeBucket(ctx context.Context, tx *db.Tx, bucket []byte, now, old int64) (failures, since int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO people_throttle (bucket, failures, since) VALUES ($1, 1, $2)
		ON CONFLICT (bucket) DO UPDATE SET
			failures = CASE WHEN people_throttle.since <= $3 THEN 1 ELSE people_throttle.failures + 1 END,
			since = CASE WHEN people_throttle.since <= $3 THEN excluded.since ELSE people_throttle.since END
		RETURNING failures, since`, bucket, now, old).Scan(&failures, &since)
	return failures, since, err
}

func refundBucket(ctx context.Context, tx *db.Tx, bucket []byte) error {
	_, err := tx.Exec(ctx, `UPDATE people_throttle SET failures = failures - 1 WHERE bucket = $1 AND failures > 0`, bucket)
	return err
}

func deleteBucket(ctx context.Context, tx *db.Tx, bucket []byte) error {
	_, err := tx.Exec(ctx, `DELETE FROM people_throttle WHERE bucket = $1`, bucket)
	return err
}

func deleteOldBuckets(ctx context.Context, tx *db.Tx, old int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM people_throttle WHERE since <= $1`, old)
	return err
}

func insertUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	_, err := tx.Exec(ctx, `INSERT INTO people_units (id, name, regime, created) VALUES ($1, $2, $3, $4)`, u.ID, u.Name, u.Regime, u.Created)
	return err
}

func scanUnit(s scanner) (u Unit, err error) {
	err = s.Scan(&u.ID, &u.Name, &u.Regime, &u.Created)
	return u, err
}

func selectUnit(ctx context.Context, tx *db.Tx, id string) (Unit, error) {
	u, err := scanUnit(tx.QueryRow(ctx, `SELECT id, name, regime, created FROM people_units WHERE id = $1`, id))
	return u, db.One(err, "read unit")
}

func selectUnits(ctx context.Context, tx *db.Tx) ([]Unit, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Unit, error) { return scanUnit(r) },
		`SELECT id, name, regime, created FROM people_units ORDER BY name, id`)
}

type unmaskRow struct {
	id, account, asker, confirmer, state string
	sealed                               []byte
	asked, expires                       int64
}

const unmaskColumns = `id, account, asker, confirmer, state, sealed, asked, expires`

func scanUnmask(s scanner) (u unmaskRow, err error) {
	err = s.Scan(&u.id, &u.account, &u.asker, &u.confirmer, &u.state, &u.sealed, &u.asked, &u.expires)
	return u, err
}

func insertUnmask(ctx context.Context, tx *db.Tx, u unmaskRow) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO people_unmask (id, account, asker, confirmer, state, sealed, asked, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		u.id, u.account, u.asker, u.confirmer, u.state, u.sealed, u.asked, u.expires)
	return err
}

func selectUnmask(ctx context.Context, tx *db.Tx, id string) (unmaskRow, error) {
	u, err := scanUnmask(tx.QueryRow(ctx, `SELECT `+unmaskColumns+` FROM people_unmask WHERE id = $1`, id))
	return u, db.One(err, "read unmasking")
}

// maxUnmasks bounds a list of requests; they stand for a day.
const maxUnmasks = 200

func selectUnmasks(ctx context.Context, tx *db.Tx, now int64) ([]unmaskRow, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (unmaskRow, error) { return scanUnmask(r) }, `
		SELECT `+unmaskColumns+` FROM people_unmask WHERE expires > $1 AND state <> $2 ORDER BY asked DESC LIMIT $3`, now, UnmaskOpened, maxUnmasks)
}

func updateUnmask(ctx context.Context, tx *db.Tx, u unmaskRow) error {
	_, err := tx.Exec(ctx, `UPDATE people_unmask SET confirmer = $1, state = $2 WHERE id = $3`, u.confirmer, u.state, u.id)
	return err
}
