// Package bluesky is a line on Bluesky: the direct messages of one account, or
// its public mentions, by the published XRPC lexicons of the AT Protocol.
//
// It owns the session with the account's server (PDS) and the form of messages
// and posts. Direct messages are read from the log of conversations, whose
// cursor is the mark; mentions, replies and quotes from the list of
// notifications, of which the mark is the last moment. Both are asked every
// poll seconds: there is no stream for one account. A restart repeats nothing
// and loses nothing.
//
// It promises that a session is renewed by itself and a wrong password is not
// tried again for a minute; that lengths are counted as the network does, in
// grapheme clusters (Unicode Standard Annex 29); that the same key is one post,
// since its record key is made of it; that a message, which has no key, is
// looked for before it is tried a second time; and that the bytes of a file are
// those that its content identifier (CID) names, from whatever server they come.
//
// Direct messages tell neither edits nor deletions nor reading, and hold no
// files; group conversations are passed over. Posts are never edited; a
// deletion is noticed by looking again at the last 50 mentions, twice, within
// 7 days. It likes, follows and reports nothing. No answer is marked as
// automatic: its text says so.
//
// The row:
//
//	kind = "bluesky"
//	account: the handle, which signs in (needed)
//	options: read   messages (default) | mentions: two rows for both
//	         server https://bsky.social, or the account's own PDS
//	         plc    https://plc.directory, where identifiers are looked up
//	         poll   seconds between two looks, 1 to 300 (10)
//	secrets: password: an app password; for messages with access to them
//
// For messages of strangers the account must allow them ("Allow new messages
// from everyone").
//
// Written from the lexicons and played by blueskytest. Signing in, posting,
// keys, files, mentions, answers, deletions and blocks also met a real PDS,
// directory and AppView (testdata/pds.cjs, TestReal…). Never met for real: the
// chat service, which is not published as a program, with its wording when
// somebody blocks or closes their messages, and its keeping of old cursors.
package bluesky
