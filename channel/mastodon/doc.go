// Package mastodon is a line on Mastodon: one account on one server, by the
// published REST and streaming APIs. Servers that speak the same API (Pleroma,
// GoToSocial) may work.
//
// It owns the form of these APIs and how a status becomes plain text. Private
// mentions of one person are one conversation, public mentions another: an
// answer goes out as private as the question was, and never to anybody but who
// asked. The stream only wakes the line up: mentions are then read from the
// list of notifications, of which the mark is the last, so that a restart
// loses nothing and repeats nothing. Filtered notifications are read too:
// since version 4.3 a server hides private mentions of strangers by default,
// and strangers are who writes to the police.
//
// A server tells an edit or a deletion only to those who follow. The mark
// therefore also holds the last 40 mentions, and the line looks at them again
// every minute for 7 days.
//
// It promises that a word with an @ in an answer adds no reader to it; that an
// answer which reached nobody is taken back and told as gone; that the same key
// is the same status (Idempotency-Key, an hour long; later by looking); and that
// markup becomes text without a picture or a script, a link's hidden target
// included.
//
// It does not follow, boost, favourite, vote or read any time line. Polls and
// quoted posts are told as lost. Mastodon marks no automatic answer: its text
// says so.
//
// The row:
//
//	kind = "mastodon"
//	account: the handle, for people
//	options: server   https://brume.example (needed)
//	         mentions all (default) | private: public mentions are passed over
//	         answers  unlisted (default) | public: how a public mention is answered
//	secrets: token, with the scopes read:accounts read:notifications read:statuses
//	         read:follows write:statuses write:media
//
// Written from the published documentation; played by mastodontest; never met
// for real: servers of other makers, and how soon a deletion elsewhere reaches
// our server.
package mastodon
