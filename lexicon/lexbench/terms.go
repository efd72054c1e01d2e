package lexbench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Planted is how many terms, the first of every lexicon, stand in posts on
// purpose; the others occur only by chance.
const Planted = 500

// Terms returns n different terms of about 20 bytes: words, phrases of two and
// three words, and some with an emoji. A shorter list begins a longer one.
func Terms(seed uint64, n int) []string {
	r := rand.New(rand.NewPCG(seed, 1<<32))
	common := vocabularies(seed)
	seen := make(map[string]bool, n)
	terms := make([]string, 0, n)
	for len(terms) < n {
		t := term(r, common)
		if !seen[t] {
			seen[t] = true
			terms = append(terms, t)
		}
	}
	return terms
}

func term(r *rand.Rand, common [][]string) string {
	k := 0
	if r.IntN(10) == 0 {
		k = 1 + r.IntN(4) // another script that writes words apart
	}
	s := &scripts[k]
	rare := func(syllables int) string {
		var b strings.Builder
		for range syllables {
			b.WriteString(s.syllables[r.IntN(len(s.syllables))])
		}
		return b.String()
	}
	switch kind := r.IntN(20); {
	case kind < 7:
		return rare(6 + r.IntN(3))
	case kind < 15:
		return rare(4) + " " + rare(4+r.IntN(2))
	case kind < 18: // a common word beside a rare one
		return common[k][r.IntN(2000)] + " " + rare(4) + " " + rare(3)
	default:
		return rare(5) + " " + emojis[r.IntN(len(emojis))]
	}
}

// sections are the files and families that terms are spread over; the names
// are those of the shipped lexicon, so that its weights fit.
var sections = []struct{ category, family string }{
	{"drugs-offer", "product"}, {"drugs-offer", "quality"}, {"fraud-offer", "document"}, {"crime-recruitment", "task"},
	{"shared", "delivery"}, {"shared", "contact"}, {"shared", "loyalty"}, {"cybercrime-service", "service"},
}

var termLangs = []string{"fr", "en", "de", "nl", "es", "it", "pl", "mul"}

// Families are the families that terms stand in, as "category/family".
func Families() []string {
	var all []string
	for _, s := range sections {
		all = append(all, s.category+"/"+s.family)
	}
	return all
}

// Lexicon returns the files of a lexicon with these terms, by name. It has no
// weights: whoever measures adds some that flag what has two terms.
func Lexicon(terms []string) map[string][]byte {
	type place struct{ lang, section int }
	texts := map[place]*strings.Builder{}
	for i, t := range terms {
		at := place{i % len(termLangs), i / len(termLangs) % len(sections)}
		if texts[at] == nil {
			texts[at] = &strings.Builder{}
		}
		fmt.Fprintln(texts[at], t)
	}
	files := map[string]*strings.Builder{}
	for l, lang := range termLangs {
		for s, sec := range sections {
			body := texts[place{l, s}]
			if body == nil {
				continue
			}
			name := "entries/" + lang + "/" + sec.category + ".txt"
			if files[name] == nil {
				files[name] = &strings.Builder{}
			}
			fmt.Fprintf(files[name], "[%s made] source=made\n%s", sec.family, body.String())
		}
	}
	out := map[string][]byte{"sources.txt": []byte("made U 2026-01 ronde-bench\n")}
	for name, b := range files {
		out[name] = []byte(b.String())
	}
	return out
}
