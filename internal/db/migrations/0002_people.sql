-- Who works here. Names and logins are sealed; a handle is all that others see.
CREATE TABLE people_units (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,     -- the unit's public name, not a person's
  regime  TEXT NOT NULL,     -- patrol, watch, investigation, …
  created BIGINT NOT NULL
);
CREATE TABLE people_accounts (
  id       TEXT PRIMARY KEY, -- also the key container of what is sealed
  handle   TEXT NOT NULL,    -- service handle, random
  regime   TEXT NOT NULL,
  roles    TEXT NOT NULL,    -- joined by spaces
  unit     TEXT NOT NULL,    -- people_units.id, or empty for guest seats and control
  state    TEXT NOT NULL,    -- invited, active, disabled
  login    BYTEA NOT NULL,   -- keyed hash of the folded login
  password BYTEA NOT NULL,   -- argon2id, sealed
  totp     BYTEA,            -- shared secret, sealed; null until enrolled
  sealed   BYTEA NOT NULL,   -- name, login, e-mail
  invited  BIGINT NOT NULL,  -- when the one-time password was made
  created  BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_accounts_handle ON people_accounts (handle);
CREATE UNIQUE INDEX people_accounts_login ON people_accounts (login);
CREATE INDEX people_accounts_unit ON people_accounts (unit);
-- The last code of each account that was accepted: none is accepted twice.
CREATE TABLE people_steps (
  account TEXT PRIMARY KEY,
  step    BIGINT NOT NULL
);
CREATE TABLE people_sessions (
  id      TEXT PRIMARY KEY,
  token   BYTEA NOT NULL,    -- keyed hash of the token
  account TEXT NOT NULL,
  step    TEXT NOT NULL,     -- totp or enrol while signing in, then full
  sealed  BYTEA,             -- the shared secret being enrolled
  created BIGINT NOT NULL,
  seen    BIGINT NOT NULL,   -- to the minute
  expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_sessions_token ON people_sessions (token);
CREATE INDEX people_sessions_account ON people_sessions (account);
CREATE INDEX people_sessions_expires ON people_sessions (expires);
CREATE TABLE people_throttle (
  bucket   BYTEA PRIMARY KEY, -- keyed hash of a login, an address or an account
  failures BIGINT NOT NULL,
  since    BIGINT NOT NULL
);
CREATE INDEX people_throttle_since ON people_throttle (since);
-- Opening the map from a handle to a person takes two people.
CREATE TABLE people_unmask (
  id        TEXT PRIMARY KEY,
  account   TEXT NOT NULL,   -- whose identity, and the key container of the reason
  asker     TEXT NOT NULL,
  confirmer TEXT NOT NULL,   -- empty until confirmed
  state     TEXT NOT NULL,   -- asked, confirmed, opened
  sealed    BYTEA NOT NULL,  -- the reason
  asked     BIGINT NOT NULL,
  expires   BIGINT NOT NULL
);
CREATE INDEX people_unmask_state ON people_unmask (state, asked);
