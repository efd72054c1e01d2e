package watch

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"ronde/lexicon"
)

//go:embed danger.txt
var dangerText string

// dangerWords is the hand-written list, folded: one word or a few words a
// line. Nothing is learned here (design 5).
var dangerWords = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(dangerText) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			out[words(line)] = line
		}
	}
	return out
})

// longestDanger is how many words an expression of the list has at most.
const longestDanger = 3

// words folds a text to its words, joined by single spaces.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(lexicon.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// dangers lists the post's own words of danger, each once, in their order.
func dangers(text string) []string {
	list, have := dangerWords(), strings.Fields(words(text))
	var out []string
	seen := map[string]bool{}
	for i := range have {
		for n := 1; n <= longestDanger && i+n <= len(have); n++ {
			w, ok := list[strings.Join(have[i:i+n], " ")]
			if ok && !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}
