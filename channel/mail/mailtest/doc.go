// Package mailtest starts a real mail server for tests: Dovecot for IMAP and
// LMTP, Exim for submission, on free ports of 127.0.0.1, in a folder of its own.
//
// Exim signs people in against the same list as Dovecot, delivers to it by LMTP,
// and writes a bounce when nobody is there. Several may run side by side. tools/setup
// installs both; without them the test fails, it is not skipped.
//
// It does not deliver anything to another machine: whatever the address, mail
// goes to this Dovecot.
package mailtest
