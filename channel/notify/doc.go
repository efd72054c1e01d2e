// Package notify sends staff a word that something waits: by mail, by a signed
// webhook, or through an SMS gateway.
//
// It owns no state. It promises that a message holds what it is given and
// nothing else (a reference and a link; the rooms give no content), that a
// ring is named, so that a receiver can drop the second copy of it, that a
// webhook is signed over its time and body, that no answer is read beyond a
// few bytes and no redirect followed, and that a mail is marked as written by
// a machine (RFC 3834). Where it may send is said by whoever runs the house,
// in a file; nobody at the desk can name an address of a webhook.
//
// It does not decide whom to ring or when, does not try again, and receives
// nothing.
package notify
