// Package access says who may do what: one decision for one act, one row scope
// for one list.
//
// It owns the roles, the verbs and the policies in policies/*.cedar, which are
// written to be read by a lawyer: each rule has a name and a sentence that says
// why. It promises that what no rule permits is refused, that a refusal says
// whether the asker may even know of the thing (design 6), that a decision
// names its rules, and that scope and decision never disagree (a property test
// compares them for every role, verb and resource). The committed table
// docs/access.md is made from the same rules.
//
// It is pure: no rows, no clock, no sign-in. It does not load what it judges:
// a room describes its row as a [Resource].
package access
