// Package channel is the contract with what lies outside: sources that bring
// the watch public posts, and lines on which people write to us and we answer.
//
// A [Line] is one account of ours on one network; each protocol is a package
// of its own below this one, and channeltest says what every one of them must
// do: a restart repeats nothing and loses nothing, an answer has a receipt,
// edits and deletions are followed, a network's limits are obeyed.
//
// It owns the form of a public post and its limits, the cursor of each source
// (where reading goes on), the keyed hashes of what a source has already
// given, and the health of each source. It promises that a post which passes
// [Clean] is bounded, valid UTF-8 and not from the future; that a refusal says
// why in one word; that cursors are sealed and seen-lists are keyed hashes
// with an expiry, so that neither tells what was read (promise 3); and that
// gaps are counted by kind and day, to be published.
//
// It does not fetch, judge or keep a post, and it moves no cursor by itself:
// whoever read moves it, after the verdict.
package channel
