-- Lines to the public: how each does. It names our own account there and no
-- person. A row lives as long as its line is configured.
CREATE TABLE channel_lines (
  name        TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  account     TEXT NOT NULL,     -- who we are there, as the network says
  began_at    BIGINT NOT NULL,   -- when a copy of the program last began to run it
  received_at BIGINT NOT NULL,   -- when somebody last really wrote; 0: never
  alive_at    BIGINT NOT NULL,   -- when it was last known to listen
  tested_at   BIGINT NOT NULL,   -- when a self-test was last tried
  passed_at   BIGINT NOT NULL,   -- when one last came back
  expires     BIGINT NOT NULL,   -- when the credential ends; 0: not said
  failures    BIGINT NOT NULL,   -- to receive or to pass, in a row
  failing_at  BIGINT NOT NULL,   -- since when; 0: it does not fail
  why         TEXT NOT NULL      -- a word of ours, never a text from outside
);
-- Threads of the networks and the conversation that each leads to.
CREATE TABLE desk_threads (
  thread       BYTEA PRIMARY KEY,  -- keyed hash of line and thread
  conversation TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX desk_threads_conversation ON desk_threads (conversation);
-- By which line a conversation came; one without a row came by the portal.
CREATE TABLE desk_lines (
  conversation TEXT PRIMARY KEY,
  line         TEXT NOT NULL
);
CREATE INDEX desk_lines_line ON desk_lines (line);
-- What a network calls each message, theirs and ours: one that is delivered
-- twice is one, and an edit, a deletion or a receipt finds it.
CREATE TABLE desk_arrivals (
  arrival      BYTEA PRIMARY KEY,  -- keyed hash of line, thread and the network's id
  conversation TEXT NOT NULL,
  message      TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX desk_arrivals_conversation ON desk_arrivals (conversation);
-- Answers on their way to a network. The text leaves the row once it is sent.
CREATE TABLE desk_outbox (
  id           TEXT PRIMARY KEY,   -- also the key under which it is sent
  message      TEXT NOT NULL,
  conversation TEXT NOT NULL,
  line         TEXT NOT NULL,
  part         BIGINT NOT NULL,    -- of a long answer, from 1
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'read', 'refused')),
  why          TEXT NOT NULL,      -- of a refusal, or of waiting longer: a word of ours
  tries        BIGINT NOT NULL,
  tried        BIGINT NOT NULL,    -- when sending was first tried without knowing how it ended; 0: never
  made         BIGINT NOT NULL,
  due          BIGINT NOT NULL,    -- not before
  done         BIGINT NOT NULL,    -- when it was sent or refused
  seen         BIGINT NOT NULL,    -- when it was read
  sealed       BYTEA               -- text and what it answers; null once it is sent or refused
);
CREATE INDEX desk_outbox_due ON desk_outbox (line, state, due);
CREATE INDEX desk_outbox_conversation ON desk_outbox (conversation, id);
