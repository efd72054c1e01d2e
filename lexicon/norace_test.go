//go:build !race

package lexicon

const underRace = false
