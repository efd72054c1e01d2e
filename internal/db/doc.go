// Package db is the one place that talks to a database engine.
//
// It owns the drivers (SQLite inside the program, PostgreSQL outside), the
// migrations, the current schema, and transactions. It promises that a
// transaction has one time (Tx.Now), that writes on SQLite are committed in
// groups with synchronous(full), that a PostgreSQL write runs serializable and
// is tried again when the engine asks for it, that two programs cannot open
// one data folder, and that a database newer than the program is refused.
//
// It does not know any table but its own db_migrations: SQL text stands in the
// store.go of the room that owns the table. It has no query builder, no
// mapping, and no second interface: both engines run the same text.
//
// Rules for those who write SQL: $1…$n; BIGINT microseconds UTC; no LIKE, no
// lower(), no casts; a statement that fails ends a PostgreSQL transaction, so
// write ON CONFLICT instead of catching a unique violation; a function given
// to Write may run again, so it does nothing but change rows.
package db
