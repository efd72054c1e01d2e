-- Files that came with messages, or went with ours, and secure rooms. What a
-- file is called and its digest are sealed; its bytes are a sealed blob.
CREATE TABLE desk_files (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  message      TEXT NOT NULL,    -- message it came with
  incoming     BOOLEAN NOT NULL,
  handle       TEXT NOT NULL,    -- service handle of who sent it; "citizen"
  state        TEXT NOT NULL CHECK (state IN ('away', 'kept', 'guarded', 'refused')),
  class        TEXT NOT NULL,    -- picture, voice, video …, by its bytes
  type         TEXT NOT NULL,    -- media type by its bytes; empty while away
  size         BIGINT NOT NULL,  -- bytes; as claimed while away
  line         TEXT NOT NULL,    -- line it can be fetched from while away, or empty
  at           BIGINT NOT NULL,
  blob         TEXT NOT NULL,    -- name of the sealed bytes; empty while there are none
  blob_sum     BYTEA NOT NULL,   -- SHA-256 of the sealed bytes
  sealed       BYTEA NOT NULL    -- name, digest of the original, what the network calls it
);
CREATE INDEX desk_files_conversation ON desk_files (conversation, at);
CREATE INDEX desk_files_state ON desk_files (state);
-- Secure rooms: a link and a code word lead in, one browser at a time.
CREATE TABLE desk_rooms (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'ended')),
  link         BYTEA UNIQUE,     -- keyed hash of the link's secret; null once ended
  word         BYTEA NOT NULL,   -- keyed hash of the code word; empty once ended
  seat         BYTEA NOT NULL,   -- keyed hash of the one browser's secret; empty while nobody sits there
  tries        BIGINT NOT NULL,  -- wrong code words
  handle       TEXT NOT NULL,    -- service handle of who made it
  made         BIGINT NOT NULL,
  until        BIGINT NOT NULL,  -- when it ends by itself
  entered      BIGINT NOT NULL,  -- when the word was given first
  seen         BIGINT NOT NULL,  -- when the one in the room last looked
  ended        BIGINT NOT NULL,
  cause        TEXT NOT NULL     -- why it ended: officer, citizen, time, guesses, closed
);
CREATE INDEX desk_rooms_conversation ON desk_rooms (conversation, made);
CREATE INDEX desk_rooms_state ON desk_rooms (state, until);
-- Which messages were said in a room: nobody reads them by another door.
CREATE TABLE desk_said (
  message TEXT PRIMARY KEY,
  room    TEXT NOT NULL
);
CREATE INDEX desk_said_room ON desk_said (room);
