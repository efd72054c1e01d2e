-- Mandates: what may be watched, by whose decision, until when (design 4, 5).
CREATE TABLE mandate_mandates (
  id           TEXT PRIMARY KEY,
  unit         TEXT NOT NULL,
  law          TEXT NOT NULL,   -- code of the legal profile
  basis        TEXT NOT NULL,   -- act of that profile
  regime       TEXT NOT NULL,
  categories   TEXT NOT NULL,   -- names, joined by commas
  languages    TEXT NOT NULL,
  excluded     TEXT NOT NULL,   -- subjects that are never watched
  daily_volume BIGINT NOT NULL, -- posts a day
  starts       BIGINT NOT NULL,
  ends         BIGINT NOT NULL,
  review       BIGINT NOT NULL,
  renewal_of   TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'suspended', 'refused')), -- lapsed is computed
  drafter      TEXT NOT NULL,   -- service handle
  drafter_key  BYTEA NOT NULL,  -- keyed hash of the person, for the two-person rule
  decider      TEXT NOT NULL,
  decider_key  BYTEA,
  drafted_at   BIGINT NOT NULL,
  decided_at   BIGINT NOT NULL,
  sealed       BYTEA NOT NULL,  -- purpose, references, necessity, proportionality, territory
  CHECK (decider_key IS NULL OR decider_key <> drafter_key)
);
CREATE INDEX mandate_mandates_ends ON mandate_mandates (ends);
CREATE TABLE mandate_sources (
  id       TEXT PRIMARY KEY,
  mandate  TEXT NOT NULL,
  kind     TEXT NOT NULL,
  key_hash BYTEA,               -- keyed hash of a stream's key
  removed  BIGINT NOT NULL,     -- 0 while it is read
  sealed   BYTEA NOT NULL       -- name and address
);
CREATE INDEX mandate_sources_mandate ON mandate_sources (mandate);
CREATE UNIQUE INDEX mandate_sources_key ON mandate_sources (key_hash) WHERE key_hash IS NOT NULL;
-- What was read and what was not, as totals. Nothing about a post.
CREATE TABLE mandate_reading (
  mandate  TEXT NOT NULL,
  source   TEXT NOT NULL,
  day      TEXT NOT NULL,
  taken    BIGINT NOT NULL,     -- posts read
  left_out BIGINT NOT NULL,     -- posts that were offered and not read
  PRIMARY KEY (mandate, source, day)
);
CREATE TABLE mandate_holds (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  object    TEXT NOT NULL,
  basis     TEXT NOT NULL,      -- article or act, public words
  handle    TEXT NOT NULL,
  placed_at BIGINT NOT NULL,
  lifted_at BIGINT NOT NULL     -- 0 while it holds
);
CREATE INDEX mandate_holds_object ON mandate_holds (kind, object);
CREATE TABLE mandate_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
