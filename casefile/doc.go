// Package casefile keeps dossiers: what is looked into, on which basis, with
// which exhibits.
//
// It owns cases, their team and their notes. It promises that a case pulls
// from an alert or a conversation in one transaction and keeps only kind and
// id of where it came from; that an alert becomes a case only after two people
// let it leave the watch; that facts and assessments are kept apart (LED art.
// 7, D 4.24); that nothing is overwritten; and that a case not yours is
// answered like one that does not exist.
//
// It does not watch, talk to citizens or capture: it calls watch, desk and
// evidence below. It keeps no picture of a person across cases.
package casefile
