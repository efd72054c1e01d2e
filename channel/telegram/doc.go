// Package telegram is a line on Telegram: one bot, by the published Bot API.
//
// People write to the bot in private chats. Updates are fetched by long
// polling: getUpdates holds a question until something comes, and an update is
// gone from Telegram once a later one was asked for, which the line does only
// after take. The mark is the number of the next update and the time at which
// Telegram was last heard. Telegram keeps updates for 24 hours: a mark that is
// older is told as Forgotten, so that the gap is counted. Update numbers begin
// anew at random after a week without any; a number older than six days is
// therefore not used. A nil mark begins with what Telegram still holds: nobody
// has read that.
//
// It promises that an answer is one call, so that it stands whole or not at
// all; that conversations of a group stay the same when Telegram moves it to
// another number; and that the token, which is part of every address, is in no error.
//
// What it reads: texts, captions, links behind words, files, voice, stickers,
// places (as geo: addresses, RFC 5870) and contacts (as tel:, RFC 3966).
// Forwarded text is quoted with "> ". Polls, dice, stories and the like are
// told as lost. An album is as many messages as it has pictures, since each can
// be edited alone. A group is read only when the row names it, each person in it
// as a conversation of their own; from any other the bot takes its leave. What a
// bot is shown of a group is set with @BotFather: in privacy mode only what
// calls the bot or answers it.
//
// It does not know, because the Bot API does not say: deletions of private
// messages, what was read, and whether a message was sent twice (Telegram has
// no key of ours, and a bot cannot read what it wrote: an answer whose end
// nobody saw is sent again). An answer that no person wrote cannot be marked.
// It reads no channel posts, reactions or buttons, no business accounts (which
// would tell deletions), and it sets no webhook.
//
// The row:
//
//	kind = "telegram"
//	account: the bot's name, for people
//	options: groups  numbers of the groups that are read, with commas (none)
//	         server  https://api.telegram.org, or a Bot API server of one's own
//	secrets: token (from @BotFather)
//
// Written from the published reference; played by telegramtest; never met for
// real: the wording of rare errors, how soon updates are forgotten, and a
// group's move.
package telegram
