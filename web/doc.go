// Package web is the two doors people walk through: the portal for everyone,
// the workbench for staff.
//
// It owns routes (all of a door on one screen: portal.go, workbench.go), forms,
// sign-in cookies and the words an error becomes; one file an action. It
// promises that the portal works without JavaScript, account or lasting
// cookie; that what one may not know is answered like what does not exist;
// that a form counts once; that no page is kept by a cache.
//
// It decides nothing: the rooms below do, and they check again. It touches no
// database, key or bus.
package web
