// Package e2e holds the stories: what people do with the whole program, told
// as prose in *.txtar and played against the real binary.
//
// It owns the people of the stories (citizen, officer, lead, analyst, …), who
// act only through the doors, over HTTP, with the forms that the pages hold: a
// field that is not on the page cannot be filled in, a button that is not there
// cannot be pressed. It promises that after every story the ledger proves
// itself with `ronde verify` and that no canary lies in clear in any file or
// table. Each story is played on SQLite and on PostgreSQL.
//
// It has no code of the product and imports none but the test database; time
// moves through a clock that only a binary built with the tag "story" reads.
package e2e
