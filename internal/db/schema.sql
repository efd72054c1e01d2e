-- The current schema, written by the schema test. Migrations lead to it.

CREATE TABLE casefile_cases (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,  -- year and running number, spoken aloud
  state      TEXT NOT NULL,         -- open, closed, erased
  unit       TEXT NOT NULL,
  lead       TEXT NOT NULL,         -- service handle of who answers for it
  from_kind  TEXT NOT NULL,         -- alert, conversation, none
  from_id    TEXT NOT NULL,
  mandate    TEXT NOT NULL,         -- mandate of the alert, or empty
  category   TEXT NOT NULL,         -- category of the alert, or of the report
  opened_at  BIGINT NOT NULL,
  closed_at  BIGINT NOT NULL,       -- 0 while open
  outcome    TEXT NOT NULL,         -- empty while open
  review_at  BIGINT NOT NULL,       -- periodic review (LED art. 5)
  container  TEXT NOT NULL,
  sealed     BYTEA                  -- title, basis, summary
);

CREATE UNIQUE INDEX casefile_cases_from ON casefile_cases (from_kind, from_id) WHERE from_kind <> 'none';

CREATE INDEX casefile_cases_unit ON casefile_cases (unit, state, opened_at);

CREATE TABLE casefile_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE casefile_notes (
  id        TEXT PRIMARY KEY,
  case_id   TEXT NOT NULL,
  at        BIGINT NOT NULL,
  author    TEXT NOT NULL,
  standing  TEXT NOT NULL,          -- fact or assessment (LED art. 7, D 4.24)
  container TEXT NOT NULL,
  sealed    BYTEA
);

CREATE INDEX casefile_notes_case ON casefile_notes (case_id, at);

CREATE TABLE casefile_team (
  case_id TEXT NOT NULL,
  handle  TEXT NOT NULL,
  stands  TEXT NOT NULL,            -- member, denied
  PRIMARY KEY (case_id, handle)
);

CREATE TABLE channel_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE channel_cursors (
  source   TEXT PRIMARY KEY,
  moved_at BIGINT NOT NULL,
  sealed   BYTEA NOT NULL
);

CREATE TABLE channel_health (
  source      TEXT PRIMARY KEY,
  received_at BIGINT NOT NULL,
  tried_at    BIGINT NOT NULL,
  failures    BIGINT NOT NULL,
  error       TEXT NOT NULL      -- message key, never a text from outside
);

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

CREATE TABLE channel_seen (
  source  TEXT NOT NULL,
  hash    BYTEA NOT NULL,
  expires BIGINT NOT NULL,
  PRIMARY KEY (source, hash)
);

CREATE INDEX channel_seen_expires ON channel_seen (expires);

CREATE TABLE db_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL);

CREATE TABLE desk_addresses (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  at           BIGINT NOT NULL,
  until        BIGINT NOT NULL,
  sealed       BYTEA NOT NULL
);

CREATE INDEX desk_addresses_conversation ON desk_addresses (conversation, at);

CREATE INDEX desk_addresses_until ON desk_addresses (until);

CREATE TABLE desk_arrivals (
  arrival      BYTEA PRIMARY KEY,  -- keyed hash of line, thread and the network's id
  conversation TEXT NOT NULL,
  message      TEXT NOT NULL,
  at           BIGINT NOT NULL
);

CREATE INDEX desk_arrivals_conversation ON desk_arrivals (conversation);

CREATE TABLE desk_autos (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  day          TEXT NOT NULL,
  PRIMARY KEY (conversation, day)
);

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

CREATE INDEX desk_calls_conversation ON desk_calls (conversation, state);

CREATE INDEX desk_calls_due ON desk_calls (state, due);

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

CREATE INDEX desk_conversations_changed ON desk_conversations (changed);

CREATE INDEX desk_conversations_head ON desk_conversations (head);

CREATE INDEX desk_conversations_holder ON desk_conversations (holder, state);

CREATE INDEX desk_conversations_inbox ON desk_conversations (state, danger, waiting);

CREATE TABLE desk_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE desk_drafts (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  sealed       BYTEA NOT NULL,
  PRIMARY KEY (conversation, handle)
);

CREATE TABLE desk_endings (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);

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

CREATE TABLE desk_handovers (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  giver        TEXT NOT NULL, -- service handle
  taker        TEXT NOT NULL,
  at           BIGINT NOT NULL,
  seen         BIGINT NOT NULL -- when the other opened it; 0: not yet
);

CREATE INDEX desk_handovers_conversation ON desk_handovers (conversation);

CREATE TABLE desk_lines (
  conversation TEXT PRIMARY KEY,
  line         TEXT NOT NULL
);

CREATE INDEX desk_lines_line ON desk_lines (line);

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

CREATE INDEX desk_looks_conversation ON desk_looks (conversation);

CREATE INDEX desk_looks_verdict ON desk_looks (verdict, at);

CREATE TABLE desk_marks (
  text         BYTEA PRIMARY KEY, -- keyed hash
  conversation TEXT NOT NULL,
  at           BIGINT NOT NULL
);

CREATE INDEX desk_marks_at ON desk_marks (at);

CREATE INDEX desk_marks_conversation ON desk_marks (conversation);

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

CREATE TABLE desk_messages (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  incoming     BOOLEAN NOT NULL,
  handle       TEXT NOT NULL, -- service handle of who answered; "citizen"
  at           BIGINT NOT NULL,
  sealed       BYTEA NOT NULL
);

CREATE INDEX desk_messages_conversation ON desk_messages (conversation, at);

CREATE TABLE desk_nonces (
  nonce        BYTEA PRIMARY KEY, -- keyed hash
  text         BYTEA NOT NULL,    -- keyed hash of what was sent with it
  conversation TEXT NOT NULL,
  at           BIGINT NOT NULL,
  shown        BOOLEAN NOT NULL   -- the return code was shown
);

CREATE INDEX desk_nonces_at ON desk_nonces (at);

CREATE INDEX desk_nonces_conversation ON desk_nonces (conversation);

CREATE TABLE desk_notes (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  sealed       BYTEA NOT NULL
);

CREATE INDEX desk_notes_conversation ON desk_notes (conversation, at);

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

CREATE INDEX desk_outbox_conversation ON desk_outbox (conversation, id);

CREATE INDEX desk_outbox_due ON desk_outbox (line, state, due);

CREATE TABLE desk_present (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  opened       BIGINT NOT NULL, -- when the page was last seen open
  typed        BIGINT NOT NULL, -- when something was last typed; 0: nothing
  PRIMARY KEY (conversation, handle)
);

CREATE INDEX desk_present_opened ON desk_present (opened);

CREATE TABLE desk_questions (
  conversation TEXT PRIMARY KEY REFERENCES desk_conversations (id),
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL
);

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

CREATE TABLE desk_said (
  message TEXT PRIMARY KEY,
  room    TEXT NOT NULL
);

CREATE INDEX desk_said_room ON desk_said (room);

CREATE TABLE desk_settings (
  id     TEXT PRIMARY KEY, -- name of the setting
  value  TEXT NOT NULL,
  handle TEXT NOT NULL,
  at     BIGINT NOT NULL
);

CREATE TABLE desk_steps (
  conversation TEXT NOT NULL REFERENCES desk_conversations (id),
  step         TEXT NOT NULL,
  handle       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (conversation, step)
);

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

CREATE TABLE desk_threads (
  thread       BYTEA PRIMARY KEY,  -- keyed hash of line and thread
  conversation TEXT NOT NULL,
  at           BIGINT NOT NULL
);

CREATE INDEX desk_threads_conversation ON desk_threads (conversation);

CREATE TABLE evidence_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE evidence_exhibits (
  id          TEXT PRIMARY KEY,
  number      BIGINT NOT NULL,      -- within its case, from 1
  case_id     TEXT NOT NULL,
  kind        TEXT NOT NULL,        -- post, message
  state       TEXT NOT NULL,        -- sealed, restricted, destroyed
  permit      TEXT NOT NULL,        -- mandate it was taken under; empty for what was sent to us
  captured_at BIGINT NOT NULL,      -- when it was seen at its source
  sealed_at   BIGINT NOT NULL,
  sealed_by   TEXT NOT NULL,        -- service handle
  size        BIGINT NOT NULL,      -- bytes of the original
  blob        TEXT NOT NULL,        -- name of the sealed bytes; empty once destroyed
  blob_sum    BYTEA NOT NULL,       -- SHA-256 of the sealed bytes
  container   TEXT NOT NULL,        -- key container
  sealed      BYTEA                 -- SHA-256 of the original, media type, source
);

CREATE UNIQUE INDEX evidence_exhibits_case ON evidence_exhibits (case_id, number);

CREATE TABLE jobs_leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until  BIGINT NOT NULL
);

CREATE TABLE ledger_checkpoints (
  size BIGINT PRIMARY KEY,
  at   BIGINT NOT NULL,
  note BYTEA NOT NULL
);

CREATE TABLE ledger_events (
  id        TEXT PRIMARY KEY,
  at        BIGINT NOT NULL,
  verb      TEXT NOT NULL,
  object    TEXT NOT NULL,   -- table/id, or a kind when the event is a list view
  handle    TEXT NOT NULL,   -- service handle of who acted; "machine", "citizen"
  permit    TEXT NOT NULL,   -- mandate under which it was done, or empty
  detail    TEXT NOT NULL,   -- public words: counts, states, article; never a person's
  state     BYTEA,           -- SHA-256 of the object's row after the change; null when it is gone or only read
  mac       BYTEA,           -- HMAC(salt, personal part); null when there is none
  container TEXT NOT NULL,   -- key container of the personal part, or empty
  sealed    BYTEA,           -- salt and personal part; null once blanked
  sealed_sum BYTEA,          -- SHA-256 of sealed, so that a changed byte is found without any key
  leaf      BIGINT           -- position in the tree; null until sequenced
);

CREATE INDEX ledger_events_at ON ledger_events (at);

CREATE UNIQUE INDEX ledger_events_leaf ON ledger_events (leaf);

CREATE INDEX ledger_events_object ON ledger_events (object, id);

CREATE INDEX ledger_events_unsequenced ON ledger_events (id) WHERE leaf IS NULL;

CREATE TABLE ledger_hashes (
  position BIGINT PRIMARY KEY,
  hash     BYTEA NOT NULL
);

CREATE TABLE ledger_head (
  id   TEXT PRIMARY KEY,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL
);

CREATE TABLE logbook_endings (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);

CREATE TABLE logbook_entries (
  id       TEXT PRIMARY KEY,   -- also the name of the key container
  place    TEXT NOT NULL,      -- minecraft, school, …
  unit     TEXT NOT NULL,
  handle   TEXT NOT NULL,      -- service handle of who wrote it
  at       BIGINT NOT NULL,    -- when it began
  minutes  BIGINT NOT NULL,
  talks    BIGINT NOT NULL,    -- conversations
  outcomes TEXT NOT NULL,      -- "advice=2 warning=1"
  handed   BIGINT NOT NULL,    -- conversations that went on at the desk
  made     BIGINT NOT NULL,
  changed  BIGINT NOT NULL,
  emptied  BIGINT NOT NULL,    -- when its words ended; 0: they stand
  sealed   BYTEA               -- our account there, and the note; null once emptied
);

CREATE INDEX logbook_entries_at ON logbook_entries (at);

CREATE INDEX logbook_entries_made ON logbook_entries (made);

CREATE TABLE logbook_nonces (
  nonce BYTEA PRIMARY KEY,     -- keyed hash
  entry TEXT NOT NULL,
  at    BIGINT NOT NULL
);

CREATE TABLE mandate_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE mandate_holds (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  object    TEXT NOT NULL,
  basis     TEXT NOT NULL,      -- article or act, public words
  handle    TEXT NOT NULL,
  placed_at BIGINT NOT NULL,
  lifted_at BIGINT NOT NULL     -- 0 while it holds
);

CREATE INDEX mandate_holds_object ON mandate_holds (kind, object);

CREATE TABLE mandate_mandates (
  id           TEXT PRIMARY KEY,
  unit         TEXT NOT NULL,
  law          TEXT NOT NULL,   -- code of the legal profile
  basis        TEXT NOT NULL,   -- act of that profile
  regime       TEXT NOT NULL,
  categories   TEXT NOT NULL,   -- names, joined by commas
  languages    TEXT NOT NULL,
  excluded     TEXT NOT NULL,   -- subjects that are never watched
  daily_volume BIGINT NOT NULL, -- posts a day
  starts       BIGINT NOT NULL,
  ends         BIGINT NOT NULL,
  review       BIGINT NOT NULL,
  renewal_of   TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'suspended', 'refused')), -- lapsed is computed
  drafter      TEXT NOT NULL,   -- service handle
  drafter_key  BYTEA NOT NULL,  -- keyed hash of the person, for the two-person rule
  decider      TEXT NOT NULL,
  decider_key  BYTEA,
  drafted_at   BIGINT NOT NULL,
  decided_at   BIGINT NOT NULL,
  sealed       BYTEA NOT NULL,  -- purpose, references, necessity, proportionality, territory
  CHECK (decider_key IS NULL OR decider_key <> drafter_key)
);

CREATE INDEX mandate_mandates_ends ON mandate_mandates (ends);

CREATE TABLE mandate_reading (
  mandate  TEXT NOT NULL,
  source   TEXT NOT NULL,
  day      TEXT NOT NULL,
  taken    BIGINT NOT NULL,     -- posts read
  left_out BIGINT NOT NULL,     -- posts that were offered and not read
  PRIMARY KEY (mandate, source, day)
);

CREATE TABLE mandate_sources (
  id       TEXT PRIMARY KEY,
  mandate  TEXT NOT NULL,
  kind     TEXT NOT NULL,
  key_hash BYTEA,               -- keyed hash of a stream's key
  removed  BIGINT NOT NULL,     -- 0 while it is read
  sealed   BYTEA NOT NULL       -- name and address
);

CREATE UNIQUE INDEX mandate_sources_key ON mandate_sources (key_hash) WHERE key_hash IS NOT NULL;

CREATE INDEX mandate_sources_mandate ON mandate_sources (mandate);

CREATE TABLE oversight_certificates (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,        -- purge, expiry, erasure
  subject TEXT NOT NULL,        -- mandate, request or kind it is about
  at      BIGINT NOT NULL,
  n       BIGINT NOT NULL,      -- how many were destroyed
  digest  BYTEA NOT NULL,       -- SHA-256 of the sorted identifiers
  basis   TEXT NOT NULL,        -- public words: article, term
  maker   TEXT NOT NULL         -- service handle
);

CREATE TABLE oversight_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE oversight_endings (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);

CREATE TABLE oversight_requests (
  id          TEXT PRIMARY KEY,
  asks        TEXT NOT NULL,    -- access, erase, rectify, restrict
  about_kind  TEXT NOT NULL,    -- conversation, or none when no return code was given
  about_id    TEXT NOT NULL,
  state       TEXT NOT NULL,    -- received, prepared, decided, done
  decision    TEXT NOT NULL,    -- erase, restrict, refuse, answer; empty until prepared
  ground      TEXT NOT NULL,    -- article of the legal profile; empty until prepared
  received_at BIGINT NOT NULL,
  due_at      BIGINT NOT NULL,
  prepared_by TEXT NOT NULL,    -- service handle
  decided_by  TEXT NOT NULL,
  decided_at  BIGINT NOT NULL,
  done_at     BIGINT NOT NULL,
  code        BYTEA NOT NULL,   -- keyed hash of the receipt code
  container   TEXT NOT NULL,
  sealed      BYTEA             -- the person's words, contact, our reasons
);

CREATE UNIQUE INDEX oversight_requests_code ON oversight_requests (code);

CREATE INDEX oversight_requests_state ON oversight_requests (state, due_at);

CREATE TABLE patrol_absences (
  id      TEXT PRIMARY KEY,
  officer TEXT NOT NULL,   -- public card; why they are away is asked nowhere
  first   TEXT NOT NULL,   -- days, both included
  last    TEXT NOT NULL
);

CREATE TABLE patrol_accounts (
  id        TEXT PRIMARY KEY,
  platform  TEXT NOT NULL,
  handle    TEXT NOT NULL,
  url       TEXT NOT NULL,
  proof     TEXT NOT NULL,   -- how it is shown to be ours
  proof_at  TEXT NOT NULL,   -- where the proof is found
  proven    BIGINT NOT NULL,
  officer   TEXT NOT NULL,   -- public card it belongs to, or empty
  state     TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
  published BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL
);

CREATE TABLE patrol_admissions (
  id       TEXT PRIMARY KEY,  -- adm_…
  platform TEXT NOT NULL,
  card     TEXT NOT NULL,     -- public card of who asked
  state    TEXT NOT NULL CHECK (state IN ('asked', 'admitted', 'refused', 'left')),
  asked    BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  sealed   BYTEA              -- the group's name and address; null once forgotten
);

CREATE TABLE patrol_bookings (
  id       TEXT PRIMARY KEY,
  code     BYTEA UNIQUE,      -- keyed hash of the return code; null once forgotten
  kind     TEXT NOT NULL,
  heads    BIGINT NOT NULL,   -- how many will listen, as told
  language TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('asked', 'offered', 'confirmed', 'declined', 'withdrawn', 'forgotten')),
  starts   BIGINT NOT NULL,   -- the date that is offered or confirmed
  ends     BIGINT NOT NULL,
  event    TEXT NOT NULL,
  received BIGINT NOT NULL,
  changed  BIGINT NOT NULL,
  unread   BOOLEAN NOT NULL,  -- they wrote and nobody has answered
  sealed   BYTEA,             -- who asks and what was written; null once forgotten
  gone     BOOLEAN NOT NULL   -- the key is destroyed
);

CREATE INDEX patrol_bookings_state ON patrol_bookings (state, changed);

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

CREATE TABLE patrol_codes (
  id       TEXT PRIMARY KEY,       -- cod_…
  mark     BYTEA NOT NULL UNIQUE,  -- keyed hash of the code
  card     TEXT NOT NULL,          -- public card of who gives it
  platform TEXT NOT NULL,          -- where it is given
  made     BIGINT NOT NULL,
  ends     BIGINT NOT NULL
);

CREATE INDEX patrol_codes_ends ON patrol_codes (ends);

CREATE TABLE patrol_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE patrol_events (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  title     TEXT NOT NULL,
  about     TEXT NOT NULL,
  rules     TEXT NOT NULL,     -- one a line
  language  TEXT NOT NULL,
  channel   TEXT NOT NULL,
  place     TEXT NOT NULL,
  url       TEXT NOT NULL,     -- shown to who accepted the rules
  starts    BIGINT NOT NULL,
  ends      BIGINT NOT NULL,
  officer   TEXT NOT NULL,     -- public card that leads it, or empty: the service
  second    TEXT NOT NULL,     -- public card that watches the chat
  chat      BOOLEAN NOT NULL,  -- people may write to each other
  public    BOOLEAN NOT NULL,  -- false: for those who booked it
  capacity  BIGINT NOT NULL,   -- 0: as many as come
  seats     BIGINT NOT NULL,   -- how often the rules were accepted
  state     TEXT NOT NULL CHECK (state IN ('draft', 'published', 'cancelled', 'held')),
  booking   TEXT NOT NULL,
  attended  BIGINT NOT NULL,
  contacts  BIGINT NOT NULL,
  advice    BIGINT NOT NULL,
  referred  BIGINT NOT NULL,
  reports   BIGINT NOT NULL,
  handed    BIGINT NOT NULL,
  made      BIGINT NOT NULL,
  changed   BIGINT NOT NULL
);

CREATE INDEX patrol_events_starts ON patrol_events (starts);

CREATE TABLE patrol_feeds (
  id   TEXT PRIMARY KEY,   -- the public card whose shifts it tells
  mark BYTEA UNIQUE,       -- keyed hash of the secret address; null once it is given up
  made BIGINT NOT NULL
);

CREATE TABLE patrol_forms (
  about TEXT NOT NULL,   -- an event, or "booking"
  mark  BYTEA NOT NULL,  -- keyed hash of the form's one-time number
  at    BIGINT NOT NULL,
  PRIMARY KEY (about, mark)
);

CREATE TABLE patrol_holders (
  id   TEXT PRIMARY KEY,  -- the public card
  mark BYTEA UNIQUE       -- null once the card is withdrawn or given on
);

CREATE TABLE patrol_holidays (
  id   TEXT PRIMARY KEY,
  day  TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
);

CREATE TABLE patrol_hours (
  id          TEXT PRIMARY KEY,
  channel     TEXT NOT NULL UNIQUE,
  week        TEXT NOT NULL,
  answer_days BIGINT NOT NULL
);

CREATE TABLE patrol_incidents (
  id       TEXT PRIMARY KEY,
  platform TEXT NOT NULL,
  mark     BYTEA UNIQUE,     -- keyed hash of the reported account; null once closed
  reports  BIGINT NOT NULL,
  first    BIGINT NOT NULL,
  last     BIGINT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  outcome  TEXT NOT NULL,
  sealed   BYTEA             -- the account as it was seen; null once closed
);

CREATE INDEX patrol_incidents_state ON patrol_incidents (state, last);

CREATE TABLE patrol_needs (
  id       TEXT PRIMARY KEY,  -- the act
  training TEXT NOT NULL      -- what it asks for; empty: nothing
);

CREATE TABLE patrol_notices (
  id    TEXT PRIMARY KEY,  -- the incident
  told  BIGINT NOT NULL,   -- when the platform was told
  again BIGINT NOT NULL,   -- when to look again; 0: never
  state TEXT NOT NULL CHECK (state IN ('told', 'still-there', 'gone'))
);

CREATE TABLE patrol_officers (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,   -- service name or number
  unit      TEXT NOT NULL,   -- the unit's name as text, not its key
  photo     TEXT NOT NULL,   -- blob of the re-encoded picture, or empty
  languages TEXT NOT NULL,   -- codes joined by commas
  channels  TEXT NOT NULL,   -- names joined by commas
  hours     TEXT NOT NULL,   -- timetable as text
  state     TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
  published BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL
);

CREATE TABLE patrol_presence (
  id      TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  week    TEXT NOT NULL,    -- its Monday
  minutes BIGINT NOT NULL,  -- promised
  parts   BIGINT NOT NULL,
  kept    BIGINT NOT NULL,
  alone   BOOLEAN NOT NULL,
  UNIQUE (channel, week)
);

CREATE TABLE patrol_proofs (
  id     TEXT PRIMARY KEY,  -- the account
  result TEXT NOT NULL CHECK (result IN ('waiting', 'proven', 'missing', 'unreachable')),
  good   BIGINT NOT NULL,   -- when it was last proven
  tried  BIGINT NOT NULL,   -- when it was last looked for
  due    BIGINT NOT NULL    -- when it is looked for again
);

CREATE INDEX patrol_proofs_due ON patrol_proofs (due);

CREATE TABLE patrol_reaches (
  campaign TEXT NOT NULL,
  platform TEXT NOT NULL,
  n        BIGINT NOT NULL,
  noted    BIGINT NOT NULL,
  PRIMARY KEY (campaign, platform)
);

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

CREATE TABLE patrol_shifts (
  id        TEXT PRIMARY KEY,
  day       TEXT NOT NULL,    -- on which it begins, "2026-11-23"
  begins    BIGINT NOT NULL,  -- minutes after midnight, as the clock on the wall shows them
  ends      BIGINT NOT NULL,  -- may lie past midnight
  channel   TEXT NOT NULL,
  languages TEXT NOT NULL,    -- codes joined by commas
  purpose   TEXT NOT NULL,
  officer   TEXT NOT NULL,    -- public card, or empty
  unit      TEXT NOT NULL,    -- the unit's public name where no card is named
  holiday   BOOLEAN NOT NULL, -- stands on holidays too
  offered   BOOLEAN NOT NULL, -- its officer looks for somebody to take it over
  made      BIGINT NOT NULL
);

CREATE INDEX patrol_shifts_day ON patrol_shifts (day);

CREATE TABLE patrol_signs (
  channel TEXT NOT NULL,
  slot    BIGINT NOT NULL,
  PRIMARY KEY (channel, slot)
);

CREATE TABLE patrol_templates (
  id    TEXT PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  lines TEXT NOT NULL      -- the shifts of a week, one a line
);

CREATE TABLE patrol_texts (
  id       TEXT PRIMARY KEY,  -- txt_…
  campaign TEXT NOT NULL,
  platform TEXT NOT NULL,
  language TEXT NOT NULL,
  title    TEXT NOT NULL,
  body     TEXT NOT NULL,
  UNIQUE (campaign, platform, language)
);

CREATE TABLE patrol_trainings (
  id     TEXT PRIMARY KEY,  -- trn_…
  handle TEXT NOT NULL,
  name   TEXT NOT NULL,     -- a word
  given  BIGINT NOT NULL,
  ends   BIGINT NOT NULL,
  gone   BIGINT NOT NULL    -- when it was taken back, or 0
);

CREATE INDEX patrol_trainings_handle ON patrol_trainings (handle);

CREATE TABLE patrol_welfare (
  id     TEXT PRIMARY KEY,
  sealed BYTEA NOT NULL
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

CREATE INDEX people_sessions_account ON people_sessions (account);

CREATE INDEX people_sessions_expires ON people_sessions (expires);

CREATE UNIQUE INDEX people_sessions_token ON people_sessions (token);

CREATE TABLE people_steps (
  account TEXT PRIMARY KEY,
  step    BIGINT NOT NULL
);

CREATE TABLE people_throttle (
  bucket   BYTEA PRIMARY KEY, -- keyed hash of a login, an address or an account
  failures BIGINT NOT NULL,
  since    BIGINT NOT NULL
);

CREATE INDEX people_throttle_since ON people_throttle (since);

CREATE TABLE people_units (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,     -- the unit's public name, not a person's
  regime  TEXT NOT NULL,     -- patrol, watch, investigation, …
  created BIGINT NOT NULL
);

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

CREATE INDEX watch_alerts_expiry ON watch_alerts (expires_at);

CREATE UNIQUE INDEX watch_alerts_text ON watch_alerts (mandate, text_hash);

CREATE TABLE watch_copies (
  hash  BYTEA PRIMARY KEY,
  alert TEXT NOT NULL
);

CREATE INDEX watch_copies_alert ON watch_copies (alert);

CREATE TABLE watch_counts (
  day  TEXT NOT NULL,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (day, name)
);

CREATE TABLE watch_doomed (
  container TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);

CREATE TABLE watch_entries (
  entry     TEXT PRIMARY KEY,
  alerts    BIGINT NOT NULL,
  first_day TEXT NOT NULL,
  last_day  TEXT NOT NULL
);

CREATE TABLE watch_entry_counts (
  entry    TEXT NOT NULL,
  language TEXT NOT NULL,
  category TEXT NOT NULL,
  verdict  TEXT NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (entry, language, category, verdict)
);

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

CREATE TABLE watch_reposts (
  alert   TEXT PRIMARY KEY,
  n       BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

CREATE TABLE watch_trials (
  proposal TEXT NOT NULL,
  day      TEXT NOT NULL,
  posts    BIGINT NOT NULL,     -- read while the trial ran
  hits     BIGINT NOT NULL,     -- of them, with the code
  flagged  BIGINT NOT NULL,     -- of the hits, flagged by the live lexicon
  PRIMARY KEY (proposal, day)
);
