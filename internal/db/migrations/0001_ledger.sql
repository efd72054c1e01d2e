-- The ledger: an event row in the same transaction as the change (design 4).
CREATE TABLE ledger_events (
  id        TEXT PRIMARY KEY,
  at        BIGINT NOT NULL,
  verb      TEXT NOT NULL,
  object    TEXT NOT NULL,   -- table/id, or a kind when the event is a list view
  handle    TEXT NOT NULL,   -- service handle of who acted; "machine", "citizen"
  permit    TEXT NOT NULL,   -- mandate under which it was done, or empty
  detail    TEXT NOT NULL,   -- public words: counts, states, article; never a person's
  state     BYTEA,           -- SHA-256 of the object's row after the change; null when it is gone or only read
  mac       BYTEA,           -- HMAC(salt, personal part); null when there is none
  container TEXT NOT NULL,   -- key container of the personal part, or empty
  sealed    BYTEA,           -- salt and personal part; null once blanked
  sealed_sum BYTEA,          -- SHA-256 of sealed, so that a changed byte is found without any key
  leaf      BIGINT           -- position in the tree; null until sequenced
);
CREATE INDEX ledger_events_unsequenced ON ledger_events (id) WHERE leaf IS NULL;
CREATE UNIQUE INDEX ledger_events_leaf ON ledger_events (leaf);
CREATE INDEX ledger_events_object ON ledger_events (object, id);
CREATE INDEX ledger_events_at ON ledger_events (at);
CREATE TABLE ledger_head (
  id   TEXT PRIMARY KEY,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL
);
CREATE TABLE ledger_hashes (
  position BIGINT PRIMARY KEY,
  hash     BYTEA NOT NULL
);
CREATE TABLE ledger_checkpoints (
  size BIGINT PRIMARY KEY,
  at   BIGINT NOT NULL,
  note BYTEA NOT NULL
);
