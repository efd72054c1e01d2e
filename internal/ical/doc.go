// Package ical reads and writes calendars as others exchange them (RFC 5545).
//
// It owns folding, escaping, dates and times with their zones, and the part of
// recurrence that timetables use: daily, weekly and yearly rules with INTERVAL,
// COUNT, UNTIL, WKST, plain weekdays, EXDATE, and single instances that were
// moved (RECURRENCE-ID). It promises that an event it cannot represent is
// named in [Calendar.Skipped] with the reason and never guessed at; that what
// it writes it reads back; that a local time which a change of the clock
// repeats or leaves out is read as RFC 5545 §3.3.5 says; and that no input
// makes it work without end.
//
// It knows events alone: tasks, journals and free-busy times are passed over.
// Zones are asked of the caller by name; a VTIMEZONE is not computed. It reads
// no clock, file or network.
package ical
