-- How the patrol shows that it is the patrol, and what it does on its rounds.

-- One-time codes that an officer gives in a chat. A code that was used, or is
-- over, is deleted: nothing is left to compare.
CREATE TABLE patrol_codes (
  id       TEXT PRIMARY KEY,       -- cod_…
  mark     BYTEA NOT NULL UNIQUE,  -- keyed hash of the code
  card     TEXT NOT NULL,          -- public card of who gives it
  platform TEXT NOT NULL,          -- where it is given
  made     BIGINT NOT NULL,
  ends     BIGINT NOT NULL
);
CREATE INDEX patrol_codes_ends ON patrol_codes (ends);

-- What the last look at an account's proof found. Written by the clock.
CREATE TABLE patrol_proofs (
  id     TEXT PRIMARY KEY,  -- the account
  result TEXT NOT NULL CHECK (result IN ('waiting', 'proven', 'missing', 'unreachable')),
  good   BIGINT NOT NULL,   -- when it was last proven
  tried  BIGINT NOT NULL,   -- when it was last looked for
  due    BIGINT NOT NULL    -- when it is looked for again
);
CREATE INDEX patrol_proofs_due ON patrol_proofs (due);

-- What was done about an impostor at its platform.
CREATE TABLE patrol_notices (
  id    TEXT PRIMARY KEY,  -- the incident
  told  BIGINT NOT NULL,   -- when the platform was told
  again BIGINT NOT NULL,   -- when to look again; 0: never
  state TEXT NOT NULL CHECK (state IN ('told', 'still-there', 'gone'))
);

-- Groups whose administrators were asked for admission (D 2.18, 2.51).
CREATE TABLE patrol_admissions (
  id       TEXT PRIMARY KEY,  -- adm_…
  platform TEXT NOT NULL,
  card     TEXT NOT NULL,     -- public card of who asked
  state    TEXT NOT NULL CHECK (state IN ('asked', 'admitted', 'refused', 'left')),
  asked    BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  sealed   BYTEA              -- the group's name and address; null once forgotten
);

-- Rounds on a channel, in counts.
CREATE TABLE patrol_rounds (
  id        TEXT PRIMARY KEY,  -- rnd_…
  platform  TEXT NOT NULL,
  admission TEXT NOT NULL,     -- the group, or empty
  card      TEXT NOT NULL,
  purpose   TEXT NOT NULL,     -- a word
  shown     BOOLEAN NOT NULL,  -- the public page says that we are there
  started   BIGINT NOT NULL,
  ended     BIGINT NOT NULL,
  contacts  BIGINT NOT NULL,
  outcomes  TEXT NOT NULL      -- "advice=2,forwarded=1"
);
CREATE INDEX patrol_rounds_ended ON patrol_rounds (ended, started);

-- Campaigns, corrections and standard introductions: texts that a second
-- person reads before they are public. No column names who said what is
-- corrected, and none ever does (D 2.90).
CREATE TABLE patrol_campaigns (
  id        TEXT PRIMARY KEY,  -- cam_…
  kind      TEXT NOT NULL CHECK (kind IN ('campaign', 'correction', 'introduction')),
  title     TEXT NOT NULL,
  aim       TEXT NOT NULL,
  audience  TEXT NOT NULL,
  claim     TEXT NOT NULL,     -- of a correction: the statement of fact
  sources   TEXT NOT NULL,     -- of a correction: one a line
  state     TEXT NOT NULL CHECK (state IN ('draft', 'review', 'published', 'withdrawn')),
  drafter   TEXT NOT NULL,     -- person
  author    TEXT NOT NULL,     -- service handle of the drafter
  reviewer  TEXT NOT NULL,     -- service handle of who read it, or empty
  remark    TEXT NOT NULL,     -- what the reviewer asked to change
  revision  BIGINT NOT NULL,
  made      BIGINT NOT NULL,
  published BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL
);
CREATE INDEX patrol_campaigns_state ON patrol_campaigns (state, published);
CREATE TABLE patrol_texts (
  id       TEXT PRIMARY KEY,  -- txt_…
  campaign TEXT NOT NULL,
  platform TEXT NOT NULL,
  language TEXT NOT NULL,
  title    TEXT NOT NULL,
  body     TEXT NOT NULL,
  UNIQUE (campaign, platform, language)
);
CREATE TABLE patrol_reaches (
  campaign TEXT NOT NULL,
  platform TEXT NOT NULL,
  n        BIGINT NOT NULL,
  noted    BIGINT NOT NULL,
  PRIMARY KEY (campaign, platform)
);

-- Training and habilitation by service handle: no row knows a public card.
CREATE TABLE patrol_trainings (
  id     TEXT PRIMARY KEY,  -- trn_…
  handle TEXT NOT NULL,
  name   TEXT NOT NULL,     -- a word
  given  BIGINT NOT NULL,
  ends   BIGINT NOT NULL,
  gone   BIGINT NOT NULL    -- when it was taken back, or 0
);
CREATE INDEX patrol_trainings_handle ON patrol_trainings (handle);
CREATE TABLE patrol_needs (
  id       TEXT PRIMARY KEY,  -- the act
  training TEXT NOT NULL      -- what it asks for; empty: nothing
);

-- How somebody wants heavy material shown, and how long they looked: for that
-- person alone. The id is a keyed hash; nothing tells whose a row is.
CREATE TABLE patrol_welfare (
  id     TEXT PRIMARY KEY,
  sealed BYTEA NOT NULL
);
