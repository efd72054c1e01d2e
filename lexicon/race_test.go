//go:build race

package lexicon

// underRace: the detector makes everything ten times slower, and what it looks
// for does not hide in the tenth thousand.
const underRace = true
