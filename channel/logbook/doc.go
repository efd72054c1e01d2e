// Package logbook is the channel for places without a door for machines: a
// game server, a short-video app, a school visit, a street.
//
// It owns the logbook's entries: where, when, which account of ours, how many
// conversations, what came of them, and how many went on at the desk. It
// promises that an entry is quick to write and counts once however often its
// form is sent; that what was typed in words is sealed under a key of its own
// and ends 180 days after it was written, while the numbers stay; and that only
// who wrote an entry changes it, within seven days.
//
// It is the only channel with tables of its own: nobody else brings what it
// keeps. It has no line to a network, sends nothing, and knows no person who was
// met: whoever should be answered is handed to the desk (desk.FromLogbook),
// with a code to come back with. It counts nothing about an officer (promise 1).
package logbook
