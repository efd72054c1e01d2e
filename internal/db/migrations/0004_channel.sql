-- Sources that bring public posts: where reading goes on, and how they do.
-- There is no row about a post: seen-lists are keyed hashes with an expiry.
CREATE TABLE channel_cursors (
  source   TEXT PRIMARY KEY,
  moved_at BIGINT NOT NULL,
  sealed   BYTEA NOT NULL
);
CREATE TABLE channel_seen (
  source  TEXT NOT NULL,
  hash    BYTEA NOT NULL,
  expires BIGINT NOT NULL,
  PRIMARY KEY (source, hash)
);
CREATE INDEX channel_seen_expires ON channel_seen (expires);
CREATE TABLE channel_health (
  source      TEXT PRIMARY KEY,
  received_at BIGINT NOT NULL,
  tried_at    BIGINT NOT NULL,
  failures    BIGINT NOT NULL,
  error       TEXT NOT NULL      -- message key, never a text from outside
);
CREATE TABLE channel_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
