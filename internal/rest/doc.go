// Package rest makes one bounded call to somebody else's web API.
//
// It owns how such an answer is read: at most [MaxAnswer] bytes, in at most
// [Timeout]. It promises that no error of it holds an address, a query, a
// header or a body, since those carry tokens and what people wrote; that a
// context which ends is recognisable in the error; and that a call never
// follows a redirect, so that no credential leaves for another host and no
// answer comes from where nobody asked.
//
// It does not guard addresses (the client it is given does), repeat a call,
// or know what a status means: each network says that differently.
package rest
