package db

import (
	"context"
	"time"
)

// Day names the day of a time (microseconds UTC) in counter tables.
func Day(at int64) string { return time.UnixMicro(at).UTC().Format("2006-01-02") }

// Counts runs a query that gives names and sums, as every room's counters do.
func Counts(ctx context.Context, t *Tx, query, from, to string) (map[string]int64, error) {
	rows, err := t.Query(ctx, query, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, rows.Err()
}
