// Package twitch is a line on the chat of one Twitch channel: read through
// Twitch's IRC, with IRCv3 tags, over a WebSocket; written through the API's
// Send Chat Message, which gives the receipt that IRC does not.
//
// Each person in the chat is a conversation of their own, in public: an answer
// stands under their message and is read by everybody. What is said while nobody listens is
// gone; Twitch keeps no chat for us. So every lost connection, and every start
// from a mark, is told once as Forgotten and counted as a gap; the mark is only
// the time until which we listened. When Twitch asks to connect anew
// (RECONNECT), the new connection stands before the old one is left, and
// nothing is missed.
//
// It promises that the token goes to Twitch alone; that a line of IRC which
// cannot be read is passed over; that what our account answered somebody on
// twitch.tv is told as ours, and what this line sent is not told at all; and
// that messages which a moderator removed are told as deleted, as far as they
// are among the last 2,000 (on Twitch nobody can take back a message of their
// own).
//
// It does not read whispers (Twitch does not offer them to new bots), what was
// said in another channel's chat during a shared chat, nor who comes and goes.
// An answer cannot be edited, carries no file, and cannot be marked as written
// by no person. An answer whose end nobody saw is looked for among what the
// line has seen in the chat since its start.
//
// The row:
//
//	kind = "twitch"
//	account: the bot's name, for people
//	options: channel  whose chat, by login name (that of the bot itself)
//	         hear     all (default) | called: only what names the bot or the
//	                  channel with @, or answers a message of ours, is passed on
//	         client   the app's id; needed with refresh
//	         server   another server that plays all of Twitch (Twitch's own)
//	secrets: token          of the bot's account, with the scopes chat:read and user:write:chat
//	         refresh        the refresh token that came with it, and
//	         client_secret  the app's: then a token that ended is renewed in memory
//
// A refresh token must be one of a confidential app: that of a public app is
// good once, and this line writes nothing to a disk.
//
// Twitch recommends EventSub for new bots and keeps IRC; both tell the same of a
// chat (decision 0015). Written from the published reference; played by
// twitchtest; never met for real: rare notices, and what is dropped for which
// reason.
package twitch
