// Package people is who works here: units, accounts, sign-in and sessions.
//
// It owns the tables people_…, the service handles (P- patrol, W- watch, I-
// investigation, M- authorities, D- data protection, L- liaison, G- guests,
// A- control), and the map from a handle to a person. It promises that a name
// or a login stands nowhere in clear, that the map is opened only by two
// people, once, and for a day; that a wrong login costs an attacker the same
// time as a wrong password; that a code is accepted once; that an ended
// session has ended with the next request; and that the first administrator
// is made only while there is none.
//
// It does not decide what somebody may do (package access does), does not
// know cookies or pages, and does not publish officers: that is the patrol's
// own table, because public and hidden identities never share a row.
package people
