// Package whatsapp is a line on WhatsApp: one business phone number, by Meta's
// published Cloud API.
//
// It owns the form of that API's webhooks and messages. Everything comes by
// webhook: WhatsApp has no history to ask, but calls again for up to seven days
// until it is answered well, so a program that was down loses nothing. Receive
// therefore only looks once whether the number answers, and waits.
//
// It promises that nothing of a webhook is believed before its signature was
// checked; that events of another number are passed over; that nothing is sent
// outside the 24-hour window, which only their next message opens again; and
// that the bytes of a file are those whose SHA-256 the message named.
//
// A conversation is known by the business-scoped user id, which WhatsApp gives
// since 2026 and which outlives a number, else by the phone number. The number,
// where it is told, stands in Author.Address.
//
// It sends text, and at most one file with a caption. It sends no templates,
// which alone may be written outside the window; it does not mark as read; it
// has no keys: a try whose end nobody knows may be sent twice. Groups and calls
// are passed over, a poll or an order is told as lost. Edits and deletions are
// followed where the number is also used in the Business app: elsewhere
// WhatsApp does not tell them.
//
// The row:
//
//	kind = "whatsapp"
//	account: the number, for people
//	options: id       the phone number's id (needed), not the number itself
//	         app      the app's id: the token's end is watched
//	         version  of the Graph API (v25.0) · server (https://graph.facebook.com)
//	secrets: token (of a system user), app_secret, verify (the word for the handshake)
//
// The app's webhook is the portal's /hooks/NAME/, with the field messages, and
// smb_message_echoes for a number that is also used in the Business app.
//
// Written from the published reference; played by whatsapptest; never met for
// real: the order of real webhooks, user names in the wild, and which of the
// undeliverable reasons hide behind 131026.
package whatsapp
