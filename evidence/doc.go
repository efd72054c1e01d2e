// Package evidence seals what may one day be shown to a court.
//
// It owns exhibits: the bytes as they were seen, their SHA-256, time, source,
// who sealed them and under which permit (D 4.57–4.59). It promises that the
// original never changes, that each look at it is accounted for, that its
// bytes are on disk only encrypted under a key of their own, and that a
// destroyed exhibit is unreadable at once while its number, times and reason
// stay.
//
// It does not capture pages, stamp times with an outside authority, or decide
// what is kept: casefile and oversight call it. Custody is read from the
// ledger, which holds every event of an exhibit.
package evidence
