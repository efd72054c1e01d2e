package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"regexp"
	"slices"

	"ronde/internal/errs"
)

var tableName = regexp.MustCompile(`^[a-z]+_[a-z_]+$`)

// State returns the SHA-256 of the whole row with this id, as the ledger
// accounts for it, and whether the row exists. Columns are hashed by name, in
// the order of their names, with their kind and length, so that both engines
// and every later release agree.
func (t *Tx) State(ctx context.Context, table, id string) (sum [32]byte, found bool, err error) {
	err = t.each(ctx, table, " WHERE id = $1", []any{id}, func(_ string, s [32]byte) error {
		sum, found = s, true
		return nil
	})
	return sum, found, err
}

// EachState calls fn with the id and state of every row of a table.
func (t *Tx) EachState(ctx context.Context, table string, fn func(id string, sum [32]byte) error) error {
	return t.each(ctx, table, " ORDER BY id", nil, fn)
}

func (t *Tx) each(ctx context.Context, table, rest string, args []any, fn func(string, [32]byte) error) error {
	if !tableName.MatchString(table) {
		return errs.New(errs.Internal, "", "hash row: no such table "+table)
	}
	rows, err := t.Query(ctx, "SELECT * FROM "+table+rest, args...)
	if err != nil {
		return errs.Wrap(err, "hash row")
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return errs.Wrap(err, "hash row")
	}
	order := sortedOrder(cols)
	for rows.Next() {
		id, sum, err := hashRow(rows, cols, order)
		if err != nil {
			return errs.Wrap(err, "hash row of "+table)
		}
		if err := fn(id, sum); err != nil {
			return err
		}
	}
	return errs.Wrap(rows.Err(), "hash row")
}

func sortedOrder(cols []string) []int {
	order := make([]int, len(cols))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if cols[a] < cols[b] {
			return -1
		}
		return 1
	})
	return order
}

func hashRow(rows *sql.Rows, cols []string, order []int) (id string, sum [32]byte, err error) {
	values, ptrs := make([]any, len(cols)), make([]any, len(cols))
	for i := range values {
		ptrs[i] = &values[i]
	}
	if err := rows.Scan(ptrs...); err != nil {
		return "", sum, err
	}
	h := sha256.New()
	for _, i := range order {
		if cols[i] == "id" {
			id = fmt.Sprint(values[i])
		}
		field(h, 'n', []byte(cols[i]))
		if err := value(h, values[i]); err != nil {
			return "", sum, fmt.Errorf("column %s: %w", cols[i], err)
		}
	}
	return id, [32]byte(h.Sum(nil)), nil
}

func field(h hash.Hash, kind byte, b []byte) {
	var head [9]byte
	head[0] = kind
	binary.BigEndian.PutUint64(head[1:], uint64(len(b)))
	h.Write(head[:])
	h.Write(b)
}

func value(h hash.Hash, v any) error {
	switch v := v.(type) {
	case nil:
		field(h, '0', nil)
	case int64:
		field(h, 'i', binary.BigEndian.AppendUint64(nil, uint64(v)))
	case bool:
		n := uint64(0)
		if v {
			n = 1
		}
		field(h, 'i', binary.BigEndian.AppendUint64(nil, n))
	case string:
		field(h, 's', []byte(v))
	case []byte:
		field(h, 'b', v)
	default:
		return fmt.Errorf("a %T cannot be accounted for", v)
	}
	return nil
}
