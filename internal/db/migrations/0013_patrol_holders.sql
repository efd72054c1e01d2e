-- Whose a public card is, as a keyed hash of the service handle. It can be
-- asked ("is this card mine?") with the master key and read by nobody: no row
-- holds a public and a staff identity side by side (promise 6).
CREATE TABLE patrol_holders (
  id   TEXT PRIMARY KEY,  -- the public card
  mark BYTEA UNIQUE       -- null once the card is withdrawn or given on
);
