-- Rights requests, certificates of what was destroyed, and our own counters.
CREATE TABLE oversight_requests (
  id          TEXT PRIMARY KEY,
  asks        TEXT NOT NULL,    -- access, erase, rectify, restrict
  about_kind  TEXT NOT NULL,    -- conversation, or none when no return code was given
  about_id    TEXT NOT NULL,
  state       TEXT NOT NULL,    -- received, prepared, decided, done
  decision    TEXT NOT NULL,    -- erase, restrict, refuse, answer; empty until prepared
  ground      TEXT NOT NULL,    -- article of the legal profile; empty until prepared
  received_at BIGINT NOT NULL,
  due_at      BIGINT NOT NULL,
  prepared_by TEXT NOT NULL,    -- service handle
  decided_by  TEXT NOT NULL,
  decided_at  BIGINT NOT NULL,
  done_at     BIGINT NOT NULL,
  code        BYTEA NOT NULL,   -- keyed hash of the receipt code
  container   TEXT NOT NULL,
  sealed      BYTEA             -- the person's words, contact, our reasons
);
CREATE UNIQUE INDEX oversight_requests_code ON oversight_requests (code);
CREATE INDEX oversight_requests_state ON oversight_requests (state, due_at);
CREATE TABLE oversight_certificates (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,        -- purge, expiry, erasure
  subject TEXT NOT NULL,        -- mandate, request or kind it is about
  at      BIGINT NOT NULL,
  n       BIGINT NOT NULL,      -- how many were destroyed
  digest  BYTEA NOT NULL,       -- SHA-256 of the sorted identifiers
  basis   TEXT NOT NULL,        -- public words: article, term
  maker   TEXT NOT NULL         -- service handle
);
CREATE TABLE oversight_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
