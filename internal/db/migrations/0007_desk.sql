-- Conversations with the public. Nothing that was written, no name and no
-- contact stands in a column: they are sealed under the conversation's key.
CREATE TABLE desk_conversations (
  id       TEXT PRIMARY KEY,  -- also the name of the key container
  code     BYTEA UNIQUE,      -- keyed hash of the return code; null once erased
  channel  TEXT NOT NULL,
  lang     TEXT NOT NULL,     -- language of the answer
  identify TEXT NOT NULL CHECK (identify IN ('named', 'confidential', 'anonymous')),
  state    TEXT NOT NULL CHECK (state IN ('new', 'taken', 'answered', 'added', 'closed')),
  danger   BOOLEAN NOT NULL,  -- a danger word was written; which one is sealed
  holder   TEXT NOT NULL,     -- service handle of who has it, or empty
  unit     TEXT NOT NULL,     -- unit that has taken it, or empty
  head     TEXT NOT NULL,     -- conversation it is shown under: the same text in a flood
  same     BIGINT NOT NULL,   -- how many are shown under this one
  received BIGINT NOT NULL,
  waiting  BIGINT NOT NULL,   -- since when somebody waits for us; 0: nobody
  last     TEXT NOT NULL,     -- newest message of who wrote
  unread   BIGINT NOT NULL,
  seen     BIGINT NOT NULL,   -- when who wrote last looked
  closed   BIGINT NOT NULL,
  outcome  TEXT NOT NULL,
  asked    BIGINT NOT NULL,   -- when erasure was asked for
  held     BOOLEAN NOT NULL,  -- restricted: kept as evidence
  basis    TEXT NOT NULL,     -- of the restriction or erasure
  erased   BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  changed  BIGINT NOT NULL,
  sealed   BYTEA              -- name, contact, link, age, danger words; null once erased
);
CREATE INDEX desk_conversations_inbox ON desk_conversations (state, danger, waiting);
CREATE INDEX desk_conversations_holder ON desk_conversations (holder, state);
CREATE INDEX desk_conversations_head ON desk_conversations (head);
CREATE INDEX desk_conversations_changed ON desk_conversations (changed);
CREATE TABLE desk_messages (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  incoming     BOOLEAN NOT NULL,
  handle       TEXT NOT NULL, -- service handle of who answered; "citizen"
  at           BIGINT NOT NULL,
  sealed       BYTEA NOT NULL
);
CREATE INDEX desk_messages_conversation ON desk_messages (conversation, at);
CREATE TABLE desk_notes (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  sealed       BYTEA NOT NULL
);
CREATE INDEX desk_notes_conversation ON desk_notes (conversation, at);
-- Forms that were sent, for a day: a form counts once.
CREATE TABLE desk_nonces (
  nonce        BYTEA PRIMARY KEY, -- keyed hash
  text         BYTEA NOT NULL,    -- keyed hash of what was sent with it
  conversation TEXT NOT NULL,
  at           BIGINT NOT NULL,
  shown        BOOLEAN NOT NULL   -- the return code was shown
);
CREATE INDEX desk_nonces_conversation ON desk_nonces (conversation);
CREATE INDEX desk_nonces_at ON desk_nonces (at);
-- Texts that just came, for ten minutes: a flood is one line.
CREATE TABLE desk_marks (
  text         BYTEA PRIMARY KEY, -- keyed hash
  conversation TEXT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX desk_marks_conversation ON desk_marks (conversation);
CREATE INDEX desk_marks_at ON desk_marks (at);
-- Keys that have to die: written with the erasure, removed after the key.
CREATE TABLE desk_endings (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);
CREATE TABLE desk_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
