// Package watch judges public posts under a mandate and keeps what is flagged
// until people decide.
//
// It owns the alerts, the verdicts on them, the way out of the watch, the
// purge certificates, and the counters of entries. It promises:
//
//   - a post is judged under a permit or not at all, and the permit is checked
//     against the one clock and the mandate's row at every batch;
//   - a post that does not match leaves no trace: no row, no line in a log, no
//     id; only totals (promise 3);
//   - a file is read from its front and held nowhere, and its cursor moves after
//     the verdict;
//   - the same text reposted is one alert with a count; a post sent twice is
//     not counted again;
//   - alerts are ordered by a human's mark "may be a recruited minor", then by
//     category, by the post's own words of danger, and by freshness: never by
//     who wrote it (promise 1);
//   - harmless erases the text at once; an alert that nobody decided lives 14
//     days, and none outlives its mandate unless a human confirmed it; what is
//     purged leaves a certificate with numbers and a hash;
//   - what leaves the watch takes two people, graded, and the second confirms
//     what they read; breaking the glass takes one, a reason, and another's
//     review within 24 hours;
//   - alerts of coded exploitation are for specialised staff: to everybody else
//     they are as nothing, in lists, numbers and verbs;
//   - no public figure shows a number below five, nor lets one be computed.
//
// It does not write to anybody, read pictures, look behind a log-in, know a
// case, or count anything about an author.
package watch
