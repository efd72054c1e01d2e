-- Who does a piece of background work, and until when.
CREATE TABLE jobs_leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until  BIGINT NOT NULL
);
