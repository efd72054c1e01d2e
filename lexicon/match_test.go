package lexicon

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// engineHits is what the engine finds, in the words of plainReader.
func engineHits(l *Lexicon, j *judge, text string, mask uint16) (lines []string) {
	j.scan(text)
	j.match(l, mask)
	for _, h := range j.hits {
		from, to := j.span(h.start, h.end)
		lines = append(lines, fmt.Sprintf("%s %d..%d %v", l.id(h.entry), from, to, h.undo.names()))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// disguises are ways of writing a text so that it is harder to find.
var disguises = []func(r *rand.Rand, s string) string{
	func(_ *rand.Rand, s string) string { return s },
	func(_ *rand.Rand, s string) string { return strings.ToUpper(s) },
	func(_ *rand.Rand, s string) string { return "#" + s },
	func(_ *rand.Rand, s string) string { return "#" + strings.ReplaceAll(s, " ", "") },
	func(_ *rand.Rand, s string) string { return `"` + s + `"` },
	func(_ *rand.Rand, s string) string { return "@" + s },
	func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("e", "3", "o", "0", "a", "4", "i", "1").Replace(s)
	},
	func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("a", "@", "s", "$", "e", "€", "l", "!").Replace(s)
	},
	func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("a", "а", "e", "е", "o", "ο").Replace(s)
	},
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), ".") },
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), " ") },
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), "_") },
	func(_ *rand.Rand, s string) string { return reverse(s) },
	func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("a", "ɐ", "e", "ǝ", "t", "ʇ").Replace(reverse(s))
	},
	func(r *rand.Rand, s string) string { k := r.IntN(len(s) + 1); return s[:k] + "🥶" + s[k:] },
	func(r *rand.Rand, s string) string {
		k := r.IntN(len(s))
		return s[:k] + strings.Repeat(s[k:k+1], 3) + s[k:]
	},
	func(r *rand.Rand, s string) string { return fmt.Sprint(1+r.IntN(90)) + s },
	func(_ *rand.Rand, s string) string { return s + "ment" },
	func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, " ", " un deux ") },
}

// madePost strings disguised entries, words, figures and signs together.
func madePost(r *rand.Rand, entries, words []string) string {
	var b strings.Builder
	for range 2 + r.IntN(12) {
		s := words[r.IntN(len(words))]
		if r.IntN(2) == 0 {
			s = strings.NewReplacer("*", []string{"", "s", "en"}[r.IntN(3)], "..", "un", "<n>", "20").Replace(entries[r.IntN(len(entries))])
			if s != "" && r.IntN(2) == 0 {
				s = disguises[r.IntN(len(disguises))](r, s)
			}
		}
		b.WriteString(s)
		b.WriteString([]string{" ", " ", " ", ", ", "\n", "", "/", " – ", "! ", " \xff ", "️", "...", "-"}[r.IntN(13)])
	}
	return b.String()
}

// The engine finds what the plain reading finds: in the development posts, and
// in posts made of disguised entries.
func TestFindsWhatPlainReadingFinds(t *testing.T) {
	l := shippedForTest(t)
	r := plainReader{x: newPlainIndex(l)}
	j := l.pool.New().(*judge)
	found := 0
	compare := func(text, lang string) {
		t.Helper()
		mask := languageMask(lang)
		if mask == allLanguages { // then a guess leaves out hits, which is not tried here
			mask = languageMask("fr")
		}
		r.read(text)
		want := r.hits(l, mask)
		got := engineHits(l, j, text, mask)
		found += len(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%s %q\n found %q\n plain %q", lang, text, got, want)
		}
	}
	_, files := postsForTest(t)
	var words []string
	for n, posts := range files {
		for i, p := range posts {
			if i%7 == n%7 {
				compare(p.Text, p.Lang)
				words = append(words, strings.Fields(p.Text)...)
			}
		}
	}
	if found < 10_000 {
		t.Errorf("only %d entries found in the development posts", found)
	}
	var entries []string
	for e := range l.Entries {
		entries = append(entries, e.Text)
	}
	random := rand.New(rand.NewPCG(3, 5))
	found = 0
	for range 6000 {
		compare(madePost(random, entries, words), languages[random.IntN(len(languages)-1)])
	}
	if found < 6000 {
		t.Errorf("only %d entries found in the made posts", found)
	}
}
