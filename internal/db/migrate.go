package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"ronde/internal/errs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration is one file: a number, a room's name, and statements that each
// end with a semicolon at the end of a line.
type migration struct {
	version int64
	name    string
	text    string
}

func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, n := range names {
		base := strings.TrimSuffix(path.Base(n), ".sql")
		number, name, ok := strings.Cut(base, "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("read migration %s: name is not number_room.sql", n)
		}
		text, err := migrationFiles.ReadFile(n)
		if err != nil {
			return nil, err
		}
		all = append(all, migration{v, name, string(text)})
	}
	slices.SortFunc(all, func(a, b migration) int { return int(a.version - b.version) })
	return all, nil
}

// Migrate brings the database to this program's schema. It refuses a
// database that a newer program has written (errs.Conflict).
func (d *DB) Migrate(ctx context.Context) error {
	all, err := migrations()
	if err != nil {
		return errs.Wrap(err, "migrate")
	}
	err = d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS db_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)`)
		return err
	})
	if err != nil {
		return errs.Wrap(err, "migrate")
	}
	return d.Write(ctx, func(tx *Tx) error {
		done, err := applied(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "migrate")
		}
		if err := refuseNewer(done, all); err != nil {
			return err
		}
		for _, m := range all {
			if done[m.version] {
				continue
			}
			if err := m.apply(ctx, tx); err != nil {
				return fmt.Errorf("migrate to %d_%s: %w", m.version, m.name, err)
			}
		}
		return nil
	})
}

func refuseNewer(done map[int64]bool, all []migration) error {
	known := map[int64]bool{}
	for _, m := range all {
		known[m.version] = true
	}
	for v := range done {
		if !known[v] {
			return errs.New(errs.Conflict, "err.database.newer", fmt.Sprintf("open database: it has schema step %d, which this program does not know; use the newer program", v))
		}
	}
	return nil
}

func applied(ctx context.Context, tx *Tx) (map[int64]bool, error) {
	rows, err := tx.Query(ctx, "SELECT version FROM db_migrations")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	done := map[int64]bool{}
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		done[v] = true
	}
	return done, rows.Err()
}

func (m migration) apply(ctx context.Context, tx *Tx) error {
	for _, s := range statements(m.text) {
		if _, err := tx.Exec(ctx, s); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "INSERT INTO db_migrations (version, name, at) VALUES ($1, $2, $3)", m.version, m.name, tx.Now)
	return err
}

func statements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(strings.TrimSpace(line), ";") {
			out = append(out, strings.TrimSuffix(strings.TrimSpace(b.String()), ";"))
			b.Reset()
		}
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		out = append(out, s)
	}
	return out
}
