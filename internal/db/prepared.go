package db

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// maxStatements bounds the prepared statements of one pool. The program's SQL
// texts are constants, so there are fewer; a text made at run time (lists of
// different lengths) may fill up the rest.
const maxStatements = 400

// prepared keeps the statements that SQLite is asked again and again: reading the
// text of a statement costs more than doing it. PostgreSQL's driver does so by
// itself.
//
// A statement cannot be prepared while the transaction holds the only
// connection that writes; so a text is noted in passing, and prepared between
// transactions when it was met a second time.
type prepared struct {
	pool *sql.DB

	mu    sync.Mutex // guards what follows
	known map[string]*sql.Stmt
	met   map[string]bool // once: false, again: true
	again int             // how many of met are true
}

func newPrepared(pool *sql.DB) *prepared {
	return &prepared{pool: pool, known: map[string]*sql.Stmt{}, met: map[string]bool{}}
}

// of returns the prepared statement of a text for a transaction, or nil.
func (s *prepared) of(ctx context.Context, tx *sql.Tx, query string) *sql.Stmt {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	st := s.known[query]
	if st == nil {
		s.note(query)
	}
	s.mu.Unlock()
	if st == nil {
		return nil
	}
	return tx.StmtContext(ctx, st)
}

func (s *prepared) note(query string) {
	twice, met := s.met[query]
	switch {
	case !met && len(s.met) < maxStatements && repeated(query):
		s.met[query] = false
	case met && !twice:
		s.met[query] = true
		s.again++
	}
}

// repeated says that a text is of the kind that comes again: no schema, no
// pragma.
func repeated(query string) bool {
	verb, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return true
	}
	return false
}

// prepare prepares what was met twice. It is called between transactions.
func (s *prepared) prepare() {
	if s == nil {
		return
	}
	s.mu.Lock()
	var wanted []string
	if s.again > 0 {
		for query, twice := range s.met {
			if twice {
				wanted = append(wanted, query)
				s.met[query] = false
			}
		}
		s.again = 0
	}
	s.mu.Unlock()
	for _, query := range wanted {
		st, err := s.pool.PrepareContext(context.Background(), query)
		if err != nil {
			continue // its next use says what is wrong with it
		}
		s.mu.Lock()
		if s.known[query] == nil {
			s.known[query] = st
			st = nil
		}
		s.mu.Unlock()
		if st != nil {
			st.Close()
		}
	}
}
