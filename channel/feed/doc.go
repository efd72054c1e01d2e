// Package feed reads RSS, Atom and JSON feeds of public posts.
//
// It owns the HTTP client that reaches outside, and the guard on it. It
// promises that no connection leads inside: the address that is dialled, at
// the first request and at each of at most three redirects, is a public one
// or stands in the exact allow-list of address and port; that a reading ends
// in bounded time and memory whatever the other side sends (slow or endless
// bodies, compression bombs, entity tricks, deep nesting, countless items);
// that an item becomes plain text without a picture, a link target or a
// script; and that nothing is written anywhere: the caller keeps the cursor.
//
// It does not log in, send a cookie, run a script, follow what an item links
// to, or read robots.txt: the mandate names each feed one by one.
package feed
