-- The patrol's public face. Everything in the first three tables is published;
-- no row refers to a staff account (promise 6).
CREATE TABLE patrol_officers (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,   -- service name or number
  unit      TEXT NOT NULL,   -- the unit's name as text, not its key
  photo     TEXT NOT NULL,   -- blob of the re-encoded picture, or empty
  languages TEXT NOT NULL,   -- codes joined by commas
  channels  TEXT NOT NULL,   -- names joined by commas
  hours     TEXT NOT NULL,   -- timetable as text
  state     TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
  published BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL
);
CREATE TABLE patrol_accounts (
  id        TEXT PRIMARY KEY,
  platform  TEXT NOT NULL,
  handle    TEXT NOT NULL,
  url       TEXT NOT NULL,
  proof     TEXT NOT NULL,   -- how it is shown to be ours
  proof_at  TEXT NOT NULL,   -- where the proof is found
  proven    BIGINT NOT NULL,
  officer   TEXT NOT NULL,   -- public card it belongs to, or empty
  state     TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
  published BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL
);
CREATE TABLE patrol_hours (
  id          TEXT PRIMARY KEY,
  channel     TEXT NOT NULL UNIQUE,
  week        TEXT NOT NULL,
  answer_days BIGINT NOT NULL
);
CREATE TABLE patrol_incidents (
  id       TEXT PRIMARY KEY,
  platform TEXT NOT NULL,
  mark     BYTEA UNIQUE,     -- keyed hash of the reported account; null once closed
  reports  BIGINT NOT NULL,
  first    BIGINT NOT NULL,
  last     BIGINT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  outcome  TEXT NOT NULL,
  sealed   BYTEA             -- the account as it was seen; null once closed
);
CREATE INDEX patrol_incidents_state ON patrol_incidents (state, last);
CREATE TABLE patrol_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
