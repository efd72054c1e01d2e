-- Cases hold references, not copies: kind and id of what they were opened from.
CREATE TABLE casefile_cases (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,  -- year and running number, spoken aloud
  state      TEXT NOT NULL,         -- open, closed, erased
  unit       TEXT NOT NULL,
  lead       TEXT NOT NULL,         -- service handle of who answers for it
  from_kind  TEXT NOT NULL,         -- alert, conversation, none
  from_id    TEXT NOT NULL,
  mandate    TEXT NOT NULL,         -- mandate of the alert, or empty
  category   TEXT NOT NULL,         -- category of the alert, or of the report
  opened_at  BIGINT NOT NULL,
  closed_at  BIGINT NOT NULL,       -- 0 while open
  outcome    TEXT NOT NULL,         -- empty while open
  review_at  BIGINT NOT NULL,       -- periodic review (LED art. 5)
  container  TEXT NOT NULL,
  sealed     BYTEA                  -- title, basis, summary
);
CREATE INDEX casefile_cases_unit ON casefile_cases (unit, state, opened_at);
CREATE UNIQUE INDEX casefile_cases_from ON casefile_cases (from_kind, from_id) WHERE from_kind <> 'none';
CREATE TABLE casefile_team (
  case_id TEXT NOT NULL,
  handle  TEXT NOT NULL,
  stands  TEXT NOT NULL,            -- member, denied
  PRIMARY KEY (case_id, handle)
);
CREATE TABLE casefile_notes (
  id        TEXT PRIMARY KEY,
  case_id   TEXT NOT NULL,
  at        BIGINT NOT NULL,
  author    TEXT NOT NULL,
  standing  TEXT NOT NULL,          -- fact or assessment (LED art. 7, D 4.24)
  container TEXT NOT NULL,
  sealed    BYTEA
);
CREATE INDEX casefile_notes_case ON casefile_notes (case_id, at);
CREATE TABLE casefile_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
