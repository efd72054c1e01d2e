-- The roster, events and bookings. A shift names a public card or a unit, never
-- a staff account (promise 6). No row holds a figure about one person.
CREATE TABLE patrol_shifts (
  id        TEXT PRIMARY KEY,
  day       TEXT NOT NULL,    -- on which it begins, "2026-11-23"
  begins    BIGINT NOT NULL,  -- minutes after midnight, as the clock on the wall shows them
  ends      BIGINT NOT NULL,  -- may lie past midnight
  channel   TEXT NOT NULL,
  languages TEXT NOT NULL,    -- codes joined by commas
  purpose   TEXT NOT NULL,
  officer   TEXT NOT NULL,    -- public card, or empty
  unit      TEXT NOT NULL,    -- the unit's public name where no card is named
  holiday   BOOLEAN NOT NULL, -- stands on holidays too
  offered   BOOLEAN NOT NULL, -- its officer looks for somebody to take it over
  made      BIGINT NOT NULL
);
CREATE INDEX patrol_shifts_day ON patrol_shifts (day);
CREATE TABLE patrol_holidays (
  id   TEXT PRIMARY KEY,
  day  TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
);
CREATE TABLE patrol_absences (
  id      TEXT PRIMARY KEY,
  officer TEXT NOT NULL,   -- public card; why they are away is asked nowhere
  first   TEXT NOT NULL,   -- days, both included
  last    TEXT NOT NULL
);
CREATE TABLE patrol_templates (
  id    TEXT PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  lines TEXT NOT NULL      -- the shifts of a week, one a line
);
CREATE TABLE patrol_feeds (
  id   TEXT PRIMARY KEY,   -- the public card whose shifts it tells
  mark BYTEA UNIQUE,       -- keyed hash of the secret address; null once it is given up
  made BIGINT NOT NULL
);
-- That there was work on a channel in a quarter of an hour. Not whose, not how much.
CREATE TABLE patrol_signs (
  channel TEXT NOT NULL,
  slot    BIGINT NOT NULL,
  PRIMARY KEY (channel, slot)
);
-- A week that is over: how many parts of promised time, in how many of them
-- there was work. A week in which one officer alone stood has neither.
CREATE TABLE patrol_presence (
  id      TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  week    TEXT NOT NULL,    -- its Monday
  minutes BIGINT NOT NULL,  -- promised
  parts   BIGINT NOT NULL,
  kept    BIGINT NOT NULL,
  alone   BOOLEAN NOT NULL,
  UNIQUE (channel, week)
);
CREATE TABLE patrol_events (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  title     TEXT NOT NULL,
  about     TEXT NOT NULL,
  rules     TEXT NOT NULL,     -- one a line
  language  TEXT NOT NULL,
  channel   TEXT NOT NULL,
  place     TEXT NOT NULL,
  url       TEXT NOT NULL,     -- shown to who accepted the rules
  starts    BIGINT NOT NULL,
  ends      BIGINT NOT NULL,
  officer   TEXT NOT NULL,     -- public card that leads it, or empty: the service
  second    TEXT NOT NULL,     -- public card that watches the chat
  chat      BOOLEAN NOT NULL,  -- people may write to each other
  public    BOOLEAN NOT NULL,  -- false: for those who booked it
  capacity  BIGINT NOT NULL,   -- 0: as many as come
  seats     BIGINT NOT NULL,   -- how often the rules were accepted
  state     TEXT NOT NULL CHECK (state IN ('draft', 'published', 'cancelled', 'held')),
  booking   TEXT NOT NULL,
  attended  BIGINT NOT NULL,
  contacts  BIGINT NOT NULL,
  advice    BIGINT NOT NULL,
  referred  BIGINT NOT NULL,
  reports   BIGINT NOT NULL,
  handed    BIGINT NOT NULL,
  made      BIGINT NOT NULL,
  changed   BIGINT NOT NULL
);
CREATE INDEX patrol_events_starts ON patrol_events (starts);
-- Forms that were sent, so that the same form counts once. Nobody is kept.
CREATE TABLE patrol_forms (
  about TEXT NOT NULL,   -- an event, or "booking"
  mark  BYTEA NOT NULL,  -- keyed hash of the form's one-time number
  at    BIGINT NOT NULL,
  PRIMARY KEY (about, mark)
);
CREATE TABLE patrol_bookings (
  id       TEXT PRIMARY KEY,
  code     BYTEA UNIQUE,      -- keyed hash of the return code; null once forgotten
  kind     TEXT NOT NULL,
  heads    BIGINT NOT NULL,   -- how many will listen, as told
  language TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('asked', 'offered', 'confirmed', 'declined', 'withdrawn', 'forgotten')),
  starts   BIGINT NOT NULL,   -- the date that is offered or confirmed
  ends     BIGINT NOT NULL,
  event    TEXT NOT NULL,
  received BIGINT NOT NULL,
  changed  BIGINT NOT NULL,
  unread   BOOLEAN NOT NULL,  -- they wrote and nobody has answered
  sealed   BYTEA,             -- who asks and what was written; null once forgotten
  gone     BOOLEAN NOT NULL   -- the key is destroyed
);
CREATE INDEX patrol_bookings_state ON patrol_bookings (state, changed);
