// Package meta is a line on Messenger or on Instagram's messages: one page or
// one professional account, by Meta's published Graph API.
//
// It owns the form of these networks' webhooks and of the calls that answer.
// What people write comes by webhook. Every sweep minutes, and at every start,
// Receive also asks the Conversations API for what was written since its mark,
// so that a webhook that never came is no message lost; the desk knows by the
// id what it already has. The mark is a time.
//
// It promises that nothing of a webhook is believed before its signature was
// checked; that events of another page, however signed, are passed over; that
// an answer later than 24 hours carries the HUMAN_AGENT tag only when a person
// wrote it and the row allows it, and later than 7 days is not tried; and that
// a file's address, which Meta signs and lets expire, is asked anew when an
// officer wants the file.
//
// It sends text only: files go through the secure room. It does not mark as
// read, type, react, send templates, or look up a name unless the row asks for
// it. Reactions and delivery notices are passed over. Messenger tells edits,
// Instagram tells deletions and edits.
//
// The row:
//
//	kind = "meta"
//	account: how the page is called, for people
//	options: id       our page's id, or that of the Instagram account (needed)
//	         network  messenger (default) | instagram
//	         app      the app's id: the token's end is watched, our own answers are known
//	         human_agent  no (default) | yes: the app has the permission "Human Agent"
//	         names    no (default) | yes: ask for the name of who writes
//	         sweep    minutes between two looks at what was missed, 1 to 60 (10)
//	         version  of the Graph API (v25.0) · server (https://graph.facebook.com)
//	secrets: token (of the page), app_secret, verify (the word for the handshake)
//
// The app's webhook is the portal's /hooks/NAME/, with the fields messages,
// messaging_postbacks, message_echoes, message_edits, message_reads (Instagram:
// messages, messaging_postbacks, messaging_seen, message_edit).
//
// Written from the published reference; played by metatest; never met for
// real: the order and delay of real webhooks, the wording of rare subcodes, and
// whether every attachment of a webhook stands in the message's own record.
package meta
