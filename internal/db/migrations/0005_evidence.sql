-- Exhibits: the row says that, when and under what; the bytes are a sealed blob.
CREATE TABLE evidence_exhibits (
  id          TEXT PRIMARY KEY,
  number      BIGINT NOT NULL,      -- within its case, from 1
  case_id     TEXT NOT NULL,
  kind        TEXT NOT NULL,        -- post, message
  state       TEXT NOT NULL,        -- sealed, restricted, destroyed
  permit      TEXT NOT NULL,        -- mandate it was taken under; empty for what was sent to us
  captured_at BIGINT NOT NULL,      -- when it was seen at its source
  sealed_at   BIGINT NOT NULL,
  sealed_by   TEXT NOT NULL,        -- service handle
  size        BIGINT NOT NULL,      -- bytes of the original
  blob        TEXT NOT NULL,        -- name of the sealed bytes; empty once destroyed
  blob_sum    BYTEA NOT NULL,       -- SHA-256 of the sealed bytes
  container   TEXT NOT NULL,        -- key container
  sealed      BYTEA                 -- SHA-256 of the original, media type, source
);
CREATE UNIQUE INDEX evidence_exhibits_case ON evidence_exhibits (case_id, number);
CREATE TABLE evidence_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
