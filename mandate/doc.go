// Package mandate says what may be watched, by whose decision, and until when.
//
// It owns the mandates and their sources, the legal profiles (law as data, in
// the folder law), the holds that keep material from erasure, the permits that
// every act of collection takes, and the totals of what was read and what was
// not. It promises:
//
//   - nobody else can make a [Permit]: its fields are its own, and the empty one
//     permits nothing;
//   - a permit works only between the start and the end of an approved mandate,
//     and [Service.Check] reads the row again, so a suspension works at once;
//   - a mandate whose end has come has lapsed, whatever its row says: the state
//     is computed from the one clock at every check (D 2.71, 2.86);
//   - a mandate is approved by an authority that the legal profile names and
//     never by its drafter, in the policy and once more in the SQL;
//   - an approved mandate is never widened: what is not in it takes a renewal,
//     which is a new draft;
//   - opinions, protests, the press and faith are refused at drafting by the
//     profile (D 2.90).
//
// It does not read a post, fetch anything, or know an alert or a case.
package mandate
