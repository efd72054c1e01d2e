-- Keys of answered requests that have to die: written with the end of the
-- words, removed after the key.
CREATE TABLE oversight_endings (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);
