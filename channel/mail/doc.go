// Package mail is a mailbox on which people write to us: IMAP to read it
// (RFC 9051, 3501; IDLE, RFC 2177), SMTP submission to answer (RFC 6409).
//
// It owns what a mail means: whose conversation it belongs to, what a person
// wrote in it, whether a machine did, and which message of ours a bounce is
// about. It promises:
//
//   - Nothing is lost or doubled: the mark is the mailbox's UIDVALIDITY and the
//     last UID. When a server numbers a mailbox anew, the mails of the last days
//     are read again; they have the same IDs, which are their Message-IDs.
//   - A conversation is the sender together with the first mail of the chain.
//     Whoever forges References enters a conversation of their own. Our own
//     Message-IDs carry a proof (HMAC) for whom they were made, so that an answer
//     finds its conversation also when a client drops References. A mail that the
//     receiving server found to be forged (option authserv) enters none. One with
//     a Reply-To elsewhere is a person of its own.
//   - Text comes from the plain part, or from HTML without loading anything;
//     where a link leads elsewhere than it says, both are shown. What repeats a
//     mail of ours is folded off and told as lost; anything else stays.
//   - Nothing is sent or read without TLS, except to a loopback address; no
//     certificate is believed that does not verify.
//   - No error holds an address, a text or a secret: of a server's answer the
//     code is kept.
//   - A personal name leaves only when the option name says one.
//
// What lay in the mailbox before the line first ran is not read.
//
// It does not decrypt (PGP and S/MIME are told as unreadable), check signatures,
// follow a link, sort spam, or answer a machine by itself. What one sends twice
// under one Message-ID is one mail. It does not proof senders: SMTP cannot; set
// authserv where the mail server checks DMARC. It sends one mail at a time, to
// one person, in plain text.
//
// # Settings
//
// account is our address. Options:
//
//	imap      imaps://mail.example:993, or imap://mail.example:143 (then STARTTLS)
//	smtp      smtps://mail.example:465, or smtp://mail.example:587 (then STARTTLS)
//	user      who signs in, when it is not the account
//	folder    what is read; INBOX
//	sent      where copies of our answers lie; the folder marked \Sent (RFC 6154)
//	copy      "yes": a copy is put there; "no": the server does so itself
//	name      shown beside our address: the name of the service
//	plus      "yes": answers come back to account+proof@…, where the server
//	          has sub-addresses (RFC 5233); finds the conversation of any client
//	days      after so many days mails that were taken, and copies of answers, are
//	          removed from the mailbox; 0: never. Erasing a conversation in Ronde
//	          does not reach a mailbox: set it.
//	poll      seconds between looks at a server without IDLE; 60
//	authserv  the name under which our own server writes Authentication-Results
//	          (RFC 8601); a mail that failed DMARC there enters no conversation
//	ca        file with certificates that are trusted besides the system's
//	most      bytes of all files of one answer; 18874368 (18 MiB)
//	oauth     https address where an access token is fetched (RFC 6749); with it
//	client    the client's id, and
//	scope     what is asked for
//
// Secrets: password; or token, an access token that something else renews; or,
// with oauth, client (its secret) and perhaps refresh (a refresh token; without
// it the client's own grant is used). threads, at least 16 letters made by
// chance, proves our Message-IDs; without it the proof hangs on the password and
// ends with it.
package mail
