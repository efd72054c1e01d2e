// Package patrol says who the public patrol is, where and when, and answers
// the question "is this really the police?" (D 2.91–2.94).
//
// It owns the public cards of officers, the list of official accounts with the
// proofs that they are ours, the one-time codes by which an officer shows in a
// chat who they are, and the signed list that others mirror; the hours of each
// channel with the declared answer time (D 2.33), and the roster of shifts with
// holidays and absences from which public hours come (D 2.3, 2.51); events with
// their totals and the talks that schools ask for (D 2.55–2.58); the
// incidents that people report about impostors; rounds in counts, and the
// groups that were asked (D 2.18); the public texts that a second person reads
// first (D 2.52); the register of trainings (D 2.77); and what is each
// colleague's own: how heavy material is shown to them, and how long they
// looked (D 7.20, 7.21). It promises that an officer's
// card is made of public fields alone and refers to no staff account, that
// somebody who holds a hidden role is refused (promise 6, D 2.32), that whose
// a card is can be asked by its holder and read by nobody, that a
// withdrawn account is "not ours any more", that a look-alike is never called
// ours, that a correction names nobody, that what was promised and kept is
// measured by channel and week, never by person (promise 1), and that how long
// somebody looked is read by that person alone.
//
// It does not know who works here (people does), does not answer messages
// (desk does), does not search the networks (it fetches the proofs of its own
// accounts, nothing else), and does not say who is behind
// an impostor. It keeps no trace of what somebody checked.
package patrol
