// Package lexicon finds coded offers in public posts and says why.
//
// It is a pure engine: no clock, no file, no network. It owns the lexicon's
// entries, the undoing of disguises, the recognisers, the weights, the score,
// and the exchange of entries as MISP galaxy and STIX 2.1. It promises:
//
//   - a flag needs two different families of evidence, one of them a family of
//     the flagged category, in words; its emoji stand for words only beside a
//     quantity and two more families; an emoji or a slang word alone never flags
//     (D 3.1–3.8);
//   - every flag lists its signals with offsets in bytes of the original text;
//   - a post costs linear time, bounded by MaxPostBytes, MaxTokens and MaxSignals;
//   - an exchange says what it did not carry, and takes no weight, reviewer or
//     source from outside;
//   - a post is judged, never a person: author, handle, platform and time are
//     no input (D 4.30).
//
// It does not decide anything, keeps nothing between two posts, does not read
// pictures, and does not know any language beyond the words in its files.
package lexicon
