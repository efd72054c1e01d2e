package lexicon

import "strings"

// skeletonPairs are the ASCII look-alikes that UTS 39 unites; letters that a
// reader takes for one another in a handle.
var skeletonPairs = strings.NewReplacer(
	"0", "o", "1", "l", "i", "l", "|", "l", "!", "l", "3", "e", "4", "a", "@", "a",
	"5", "s", "$", "s", "6", "b", "7", "t", "8", "b", "9", "g",
	"rn", "m", "vv", "w", "cl", "d",
)

// Skeleton returns the confusable skeleton of s (UTS 39, and digits that stand
// for letters): two names that look alike have the same skeleton. It is made
// for comparing, not for showing.
func Skeleton(s string) string {
	return skeletonPairs.Replace(Fold(s))
}

// HandleKey returns the skeleton of a handle without the signs that platforms
// let people sprinkle in: a leading @, dots, underscores, hyphens and spaces.
func HandleKey(handle string) string {
	var b strings.Builder
	for _, r := range Fold(handle) {
		switch r {
		case '@', '.', '_', '-', ' ', '\n', '\'':
		default:
			b.WriteRune(r)
		}
	}
	return skeletonPairs.Replace(b.String())
}
