-- The logbook: where officers were met without a machine between, entered by
-- hand. Words stand sealed under the entry's own key until their term.
CREATE TABLE logbook_entries (
  id       TEXT PRIMARY KEY,   -- also the name of the key container
  place    TEXT NOT NULL,      -- minecraft, school, …
  unit     TEXT NOT NULL,
  handle   TEXT NOT NULL,      -- service handle of who wrote it
  at       BIGINT NOT NULL,    -- when it began
  minutes  BIGINT NOT NULL,
  talks    BIGINT NOT NULL,    -- conversations
  outcomes TEXT NOT NULL,      -- "advice=2 warning=1"
  handed   BIGINT NOT NULL,    -- conversations that went on at the desk
  made     BIGINT NOT NULL,
  changed  BIGINT NOT NULL,
  emptied  BIGINT NOT NULL,    -- when its words ended; 0: they stand
  sealed   BYTEA               -- our account there, and the note; null once emptied
);
CREATE INDEX logbook_entries_at ON logbook_entries (at);
CREATE INDEX logbook_entries_made ON logbook_entries (made);
-- Keys that have to die: written with the emptying, removed after the key.
CREATE TABLE logbook_endings (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);
-- Forms that were sent, for a day: a form counts once.
CREATE TABLE logbook_nonces (
  nonce BYTEA PRIMARY KEY,     -- keyed hash
  entry TEXT NOT NULL,
  at    BIGINT NOT NULL
);
