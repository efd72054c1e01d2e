// Package discord is a line on Discord: one bot, by the published API v10.
//
// People write to the bot in direct messages; the row may also name channels
// of servers, in which each person is a conversation of their own, in public. What happens comes
// through the gateway, a WebSocket with heartbeats. The mark is the gateway's
// session and number, so that a restart of a few minutes is resumed with
// nothing missing, edits and deletions included; and the newest message of each
// conversation, so that after a longer absence REST is asked for what was
// written since. What REST cannot tell then (a stranger's first message, since
// a bot is shown no list of its conversations; edits; deletions) is a gap:
// once all else is fetched, Receive returns Forgotten, and the caller counts it.
//
// It promises that the token goes to Discord's own hosts only; that an answer
// carries a nonce made from its key, which Discord compares for some minutes,
// and that after that the line looks whether the answer stands already; that
// nobody is notified by an answer but whom it answers; and that a rate limit is
// obeyed before Discord has to say so twice.
//
// What it reads: texts, files, voice messages, forwarded messages (quoted with
// "> "), stickers and polls (told as lost). What our own bot wrote is passed
// over. Discord does not say who wrote what is deleted from a channel: there,
// deletions are followed among the last 2,000 messages. What it needs: for direct messages nothing; for channels of servers the
// privileged intent "Message Content", View Channel, Read Message History and
// Send Messages. Threads below a channel are read only when they are named.
//
// Discord does not tell a bot what was read, and an answer that no person wrote
// cannot be marked. The line adds no commands, buttons or reactions, and opens
// no conversation by itself.
//
// The row:
//
//	kind = "discord"
//	account: the bot's name, for people
//	options: channels  numbers of the servers' channels that are read, with commas (none)
//	         hear      all (default) | called: of those channels only what
//	                   mentions or answers the bot is passed on
//	         server    https://discord.com
//	secrets: token (of the bot)
//
// Written from the published reference; played by discordtest; never met for
// real: how long a session can be resumed, the buckets of rate limits, and
// Cloudflare in front of it all.
package discord
