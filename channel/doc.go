// Package channel is the contract between the watch and what brings it posts.
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
