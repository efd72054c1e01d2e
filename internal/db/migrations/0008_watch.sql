-- Alerts: public posts that were flagged under a mandate. The post, its
-- signals and what people wrote are sealed in the alert's own container.
CREATE TABLE watch_alerts (
  id           TEXT PRIMARY KEY,
  mandate      TEXT NOT NULL,
  unit         TEXT NOT NULL,
  source       TEXT NOT NULL,
  category     TEXT NOT NULL,
  categories   TEXT NOT NULL,   -- names, joined by commas
  language     TEXT NOT NULL,
  lexicon      TEXT NOT NULL,   -- hash of the lexicon that flagged it
  severity     BIGINT NOT NULL, -- of the category, the same for everybody
  danger       BOOLEAN NOT NULL,-- the post's own words say danger
  minor        BOOLEAN NOT NULL,-- a human: may be a recruited minor
  blur         BOOLEAN NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('open', 'leaving', 'left', 'taken', 'harmless')),
  verdict      TEXT NOT NULL CHECK (verdict IN ('', 'offer', 'recruitment', 'unclear', 'harmless')),
  posted_at    BIGINT NOT NULL,
  raised_at    BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  text_hash    BYTEA NOT NULL,  -- keyed, of the folded text: a repost is no second alert
  decider      TEXT NOT NULL,
  leave_to     TEXT NOT NULL,
  grade        TEXT NOT NULL,
  asker        TEXT NOT NULL,
  asker_key    BYTEA,
  confirmer    TEXT NOT NULL,
  confirmer_key BYTEA,
  glass        BOOLEAN NOT NULL,
  review_by    BIGINT NOT NULL,
  reviewed_at  BIGINT NOT NULL,
  sealed       BYTEA,           -- null once erased
  reasons      BYTEA,           -- null until somebody wrote one, and once erased
  CHECK (confirmer_key IS NULL OR asker_key IS NULL OR confirmer_key <> asker_key)
);
CREATE UNIQUE INDEX watch_alerts_text ON watch_alerts (mandate, text_hash);
CREATE INDEX watch_alerts_expiry ON watch_alerts (expires_at);
CREATE TABLE watch_reposts (
  alert   TEXT PRIMARY KEY,
  n       BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);
-- Keyed hashes of flagged posts: one that is sent again is not counted again.
CREATE TABLE watch_copies (
  hash  BYTEA PRIMARY KEY,
  alert TEXT NOT NULL
);
CREATE INDEX watch_copies_alert ON watch_copies (alert);
CREATE TABLE watch_purges (
  id       TEXT PRIMARY KEY,
  at       BIGINT NOT NULL,
  mandate  TEXT NOT NULL,
  reason   TEXT NOT NULL,     -- "lapse" or "expiry"
  alerts   BIGINT NOT NULL,
  first_at BIGINT NOT NULL,   -- when the oldest was raised
  last_at  BIGINT NOT NULL,
  ids_sum  BYTEA NOT NULL     -- SHA-256 of the destroyed ids, sorted, one a line
);
-- Containers whose key is to be destroyed after the commit that erased them.
CREATE TABLE watch_doomed (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);
CREATE TABLE watch_entry_counts (
  entry    TEXT NOT NULL,
  language TEXT NOT NULL,
  category TEXT NOT NULL,
  verdict  TEXT NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (entry, language, category, verdict)
);
CREATE TABLE watch_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);
-- Proposed entries of the lexicon: proposed → trial → live → retired, or
-- refused; each step by somebody other than the proposer.
CREATE TABLE watch_proposals (
  id           TEXT PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('proposed', 'trial', 'live', 'retired', 'refused')),
  language     TEXT NOT NULL,
  category     TEXT NOT NULL,
  family       TEXT NOT NULL,
  proposer     TEXT NOT NULL,   -- service handle
  proposer_key BYTEA NOT NULL,
  reviewer     TEXT NOT NULL,
  reviewer_key BYTEA,
  proposed_at  BIGINT NOT NULL,
  trial_at     BIGINT NOT NULL,
  live_at      BIGINT NOT NULL,
  ended_at     BIGINT NOT NULL,
  sealed       BYTEA NOT NULL,  -- the code, its sense, source and innocent readings
  CHECK (reviewer_key IS NULL OR reviewer_key <> proposer_key)
);
-- Silent trials count and keep nothing else.
CREATE TABLE watch_trials (
  proposal TEXT NOT NULL,
  day      TEXT NOT NULL,
  posts    BIGINT NOT NULL,     -- read while the trial ran
  hits     BIGINT NOT NULL,     -- of them, with the code
  flagged  BIGINT NOT NULL,     -- of the hits, flagged by the live lexicon
  PRIMARY KEY (proposal, day)
);
-- When an entry last stood in a new alert: one that went stale is looked at.
CREATE TABLE watch_entries (
  entry     TEXT PRIMARY KEY,
  alerts    BIGINT NOT NULL,
  first_day TEXT NOT NULL,
  last_day  TEXT NOT NULL
);
