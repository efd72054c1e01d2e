// Package desk is where messages to the patrol arrive and are answered.
//
// It owns conversations, their messages and notes, the return code, the danger
// words, and the counts of what came of it. It promises:
//
//   - a message is committed before its receipt is shown, and a form sent
//     twice is one message (crash point message.kept);
//   - what somebody chose not to give is not kept: an anonymous conversation
//     has no name or contact, whatever the form held (D 7.4–7.7);
//   - text, name and contact lie sealed under one key a conversation; erasing
//     destroys the key;
//   - a danger word puts a conversation on top and is never muted, collapsed
//     or slowed down (D 2.91);
//   - nobody answers twice: whoever has taken a conversation answers, and an
//     answer to an older state is refused (D 2.34);
//   - an answer is signed with the published name of who answers or by the
//     service, never with a colleague's;
//   - an outcome counts as a measure only when something was done (D 2.42);
//   - a wrong return code learns nothing, and guessing is slowed down;
//   - a file is what its bytes say; its original is sealed and leaves only as an
//     exhibit, what is shown of a picture is made from its pixels, one look at a
//     time, and kept nowhere; of a suspected abuse image nothing is shown (D 7.14);
//   - a secure room is entered with link and code word by one browser at a time,
//     and is read by no other door; after its end nothing opens it (D 2.14–2.16);
//   - danger that nobody looks at rings staff until somebody does, at least
//     once and without a word of what was written;
//   - a name or contact is covered on every page; opening it takes a reason, and
//     a second person where the organisation says so;
//   - threads are joined by an officer's hand alone, never a child's question.
//
// It keeps no address of anybody, except in danger to life for the hours that
// the organisation says before a word is written; the throttle lives in memory. It does not
// judge who writes: the danger words are a hand-written list about a text. It
// does not know cases: casefile pulls from here. It does not know which
// channel a message came through beyond the channel's name.
package desk
