-- What officers need around conversations. Whatever was typed about somebody is
-- sealed under the conversation's key and dies with it.
-- Who has a conversation open or writes an answer, for half a minute.
CREATE TABLE desk_present (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  opened       BIGINT NOT NULL, -- when the page was last seen open
  typed        BIGINT NOT NULL, -- when something was last typed; 0: nothing
  PRIMARY KEY (conversation, handle)
);
CREATE INDEX desk_present_opened ON desk_present (opened);
-- Answers that are not sent yet.
CREATE TABLE desk_drafts (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  sealed       BYTEA NOT NULL,
  PRIMARY KEY (conversation, handle)
);
-- Conversations of a child who only asked something: never joined with others.
CREATE TABLE desk_questions (
  conversation TEXT PRIMARY KEY REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL
);
-- Threads of one writer shown as one, by an officer's hand.
CREATE TABLE desk_merges (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL, -- shown under the other
  head         TEXT NOT NULL, -- under which it is shown
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  undone       BIGINT NOT NULL -- 0: in force
);
CREATE INDEX desk_merges_conversation ON desk_merges (conversation, undone);
CREATE INDEX desk_merges_head ON desk_merges (head, undone);
-- Conversations given to a colleague, until they have looked.
CREATE TABLE desk_handovers (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  giver        TEXT NOT NULL, -- service handle
  taker        TEXT NOT NULL,
  at           BIGINT NOT NULL,
  seen         BIGINT NOT NULL -- when the other opened it; 0: not yet
);
CREATE INDEX desk_handovers_conversation ON desk_handovers (conversation);
-- Covered identities that two people open.
CREATE TABLE desk_reveals (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  asker        TEXT NOT NULL, -- service handle
  person       TEXT NOT NULL, -- account of the asker, who never confirms
  at           BIGINT NOT NULL,
  second       TEXT NOT NULL, -- service handle of who agreed or refused
  state        TEXT NOT NULL CHECK (state IN ('asked', 'agreed', 'refused', 'opened')),
  decided      BIGINT NOT NULL,
  sealed       BYTEA NOT NULL -- the reason
);
CREATE INDEX desk_reveals_conversation ON desk_reveals (conversation, at);
CREATE INDEX desk_reveals_state ON desk_reveals (state, at);
-- The organisation's own choices.
CREATE TABLE desk_settings (
  id     TEXT PRIMARY KEY, -- name of the setting
  value  TEXT NOT NULL,
  handle TEXT NOT NULL,
  at     BIGINT NOT NULL
);
-- Whom to ring when danger was written and nobody looks, in order; and where
-- an officer wants a word that something waits.
CREATE TABLE desk_contacts (
  id     TEXT PRIMARY KEY,
  handle TEXT NOT NULL,    -- whose own; empty: of the on-call list
  place  BIGINT NOT NULL,  -- in the order of ringing
  way    TEXT NOT NULL CHECK (way IN ('mail', 'hook', 'sms')),
  room   BOOLEAN NOT NULL, -- a room that is staffed round the clock
  wait   BIGINT NOT NULL,  -- microseconds until the next is rung
  sealed BYTEA NOT NULL    -- label and address, under a key of its own
);
CREATE INDEX desk_contacts_place ON desk_contacts (handle, place);
-- Something that waits for somebody to look: due-rows.
CREATE TABLE desk_calls (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('danger', 'handed', 'added')),
  target       TEXT NOT NULL,   -- the one officer it is for; empty: the on-call list
  at           BIGINT NOT NULL,
  due          BIGINT NOT NULL, -- when the next is rung
  step         BIGINT NOT NULL, -- how many were rung
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'ended')),
  answered     BIGINT NOT NULL,
  handle       TEXT NOT NULL    -- who looked
);
CREATE INDEX desk_calls_due ON desk_calls (state, due);
CREATE INDEX desk_calls_conversation ON desk_calls (conversation, state);
-- Every ring, with what came of it.
CREATE TABLE desk_rings (
  id      TEXT PRIMARY KEY,
  call    TEXT NOT NULL, -- empty: a test
  contact TEXT NOT NULL,
  at      BIGINT NOT NULL,
  ended   BIGINT NOT NULL, -- 0: not known how it ended
  result  TEXT NOT NULL CHECK (result IN ('', 'sent', 'refused', 'unreachable', 'unknown'))
);
CREATE INDEX desk_rings_call ON desk_rings (call, at);
CREATE INDEX desk_rings_contact ON desk_rings (contact, at);
-- Steps of a protocol that were done.
CREATE TABLE desk_steps (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  step         TEXT NOT NULL,
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (conversation, step)
);
-- Addresses kept in danger to life, where the organisation says so beforehand.
CREATE TABLE desk_addresses (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  at           BIGINT NOT NULL,
  until        BIGINT NOT NULL,
  sealed       BYTEA NOT NULL
);
CREATE INDEX desk_addresses_conversation ON desk_addresses (conversation, at);
CREATE INDEX desk_addresses_until ON desk_addresses (until);
-- People sent on to a helpline or a service, and whether it took over.
CREATE TABLE desk_referrals (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  service      TEXT NOT NULL, -- number or short name in the legal profile
  consent      TEXT NOT NULL CHECK (consent IN ('writer', 'guardian', 'danger')),
  giver        TEXT NOT NULL, -- service handle
  at           BIGINT NOT NULL,
  taken        BIGINT NOT NULL, -- when it was taken over; 0: not yet
  receiver     TEXT NOT NULL,   -- service handle of who wrote the receipt down
  sealed       BYTEA NOT NULL   -- what was passed on, who took over
);
CREATE INDEX desk_referrals_conversation ON desk_referrals (conversation, at);
CREATE INDEX desk_referrals_taken ON desk_referrals (taken, at);
-- What was closed without action and drawn for a second look.
CREATE TABLE desk_looks (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  closer       TEXT NOT NULL, -- service handle
  person       TEXT NOT NULL, -- account of the closer, who never looks again
  unit         TEXT NOT NULL,
  at           BIGINT NOT NULL,
  verdict      TEXT NOT NULL, -- "": not yet
  handle       TEXT NOT NULL, -- who looked
  looked       BIGINT NOT NULL
);
CREATE INDEX desk_looks_verdict ON desk_looks (verdict, at);
CREATE INDEX desk_looks_conversation ON desk_looks (conversation);
-- Texts that were agreed on, to answer with. Nothing personal stands in them.
CREATE TABLE desk_texts (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  lang     TEXT NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('reply', 'away')), -- away: outside hours, by itself
  body     TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'refused', 'retired')),
  drafter  TEXT NOT NULL, -- service handle
  person   TEXT NOT NULL, -- account of the drafter, who never approves
  at       BIGINT NOT NULL,
  approver TEXT NOT NULL,
  decided  BIGINT NOT NULL,
  changed  BIGINT NOT NULL
);
CREATE INDEX desk_texts_state ON desk_texts (state, lang, name);
-- Automatic answers, one a conversation and day.
CREATE TABLE desk_autos (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  day          TEXT NOT NULL,
  PRIMARY KEY (conversation, day)
);
