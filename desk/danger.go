package desk

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"ronde/lexicon"
)

// Danger words are a list written by hand (design 5): they raise a human and
// do nothing else. All languages are looked for in every message, because
// people write in several at once.

//go:embed danger.toml
var dangerFile []byte

// Danger is one word of danger in a message.
type Danger struct {
	Word string // as it stands in the list
	Kind string // suicide, violence, abuse, held, weapon
	Lang string
}

// phrase is an entry made ready: its words folded, the last one perhaps only a
// beginning.
type phrase struct {
	Danger
	words []string
	open  bool   // the last word is a beginning: "tuer*"
	whole string // the words without anything between them
}

// dangers is the list by first word; those whose only word is a beginning
// stand apart.
type dangers struct {
	first map[string][]phrase
	open  []phrase
	all   []phrase
}

var dangerList = sync.OnceValue(func() *dangers {
	l, err := readDanger(dangerFile)
	if err != nil {
		panic(err) // the file is part of the program; a test reads it
	}
	return l
})

func readDanger(file []byte) (*dangers, error) {
	var tree map[string]map[string][]string
	if err := toml.Unmarshal(file, &tree); err != nil {
		return nil, fmt.Errorf("read danger words: %w", err)
	}
	l := &dangers{first: map[string][]phrase{}}
	for lang, kinds := range tree {
		for kind, entries := range kinds {
			for _, e := range entries {
				p := newPhrase(lang, kind, e)
				if len(p.words) == 0 || len(p.whole) < 3 && p.open {
					return nil, fmt.Errorf("read danger words: %s.%s: %q is too short", lang, kind, e)
				}
				l.add(p)
			}
		}
	}
	slices.SortFunc(l.all, func(a, b phrase) int { return strings.Compare(a.Lang+a.Word, b.Lang+b.Word) })
	return l, nil
}

func newPhrase(lang, kind, entry string) phrase {
	text, open := strings.CutSuffix(entry, "*")
	p := phrase{Danger: Danger{Word: text, Kind: kind, Lang: lang}, open: open}
	for _, t := range tokens(lexicon.Fold(text)) {
		p.words = append(p.words, t.word)
	}
	p.whole = squeeze(strings.Join(p.words, ""))
	return p
}

func (l *dangers) add(p phrase) {
	l.all = append(l.all, p)
	if p.open && len(p.words) == 1 {
		l.open = append(l.open, p)
		return
	}
	l.first[p.words[0]] = append(l.first[p.words[0]], p)
}

// FindDanger returns the danger words of a text, each once, in the order of
// the text. It sees through capitals, accents, digits for letters, letters of
// other scripts, repeated letters, signs between the letters and invisible
// characters.
func FindDanger(text string) []Danger {
	l := dangerList()
	toks := tokens(lexicon.Fold(text))
	var out []Danger
	found := func(p phrase) {
		if !slices.Contains(out, p.Danger) {
			out = append(out, p.Danger)
		}
	}
	for i, t := range toks {
		for _, p := range l.first[t.word] {
			if p.at(toks[i:]) {
				found(p)
			}
		}
		l.single(t.word, found)
	}
	for _, joined := range takenApart(toks) {
		l.inside(joined, found)
	}
	return out
}

// at reports whether the phrase stands at the beginning of toks.
func (p phrase) at(toks []token) bool {
	if len(toks) < len(p.words) {
		return false
	}
	last := len(p.words) - 1
	for i, w := range p.words {
		if toks[i].word != w && !(i == last && p.open && strings.HasPrefix(toks[i].word, w)) {
			return false
		}
	}
	return true
}

func (l *dangers) single(word string, found func(phrase)) {
	for _, p := range l.open {
		if strings.HasPrefix(word, p.words[0]) {
			found(p)
		}
	}
}

// inside looks for entries in letters that were written apart. Short entries
// must be the whole of it.
func (l *dangers) inside(joined string, found func(phrase)) {
	const longEnough = 5
	for _, p := range l.all {
		if p.whole == joined || p.open && strings.HasPrefix(joined, p.whole) || len(p.whole) >= longEnough && strings.Contains(joined, p.whole) {
			found(p)
		}
	}
}

// token is a folded word, and how it is parted from the one before.
type token struct {
	word  string
	glued bool // one sign and no space before it: "sui.cide"
}

// tokens cuts a folded text into words in canonical form. Signs that stand for
// letters count as letters inside a word.
func tokens(folded string) []token {
	var out []token
	var word []rune
	signs, spaces := 0, 1
	runes := []rune(folded)
	end := func() {
		if len(word) > 0 {
			out = append(out, token{canon(string(word)), signs == 1 && spaces == 0})
			word, signs, spaces = word[:0], 0, 0
		}
	}
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r), standsIn(runes, i, len(word) > 0):
			word = append(word, r)
		case unicode.IsSpace(r):
			end()
			spaces++
		default:
			end()
			signs++
		}
	}
	end()
	return out
}

// standsIn reports a sign between two letters that reads as one: "su!cide".
func standsIn(runes []rune, i int, inWord bool) bool {
	if !inWord || i+1 >= len(runes) || !unicode.IsLetter(runes[i+1]) {
		return false
	}
	return strings.ContainsRune("@$!|€", runes[i])
}

// canon is the form in which words are compared: what looks alike is alike,
// and a letter said twice is said once.
func canon(word string) string { return squeeze(lexicon.Skeleton(word)) }

func squeeze(s string) string { return string(slices.Compact([]rune(s))) }

// takenApart joins what was written apart: letters that stand alone (three at
// least), and words with one sign between them.
func takenApart(toks []token) []string {
	const fewest = 4
	var out []string
	for i := 0; i < len(toks); {
		j, letters := i, ""
		for j < len(toks) && len([]rune(toks[j].word)) == 1 {
			letters += toks[j].word
			j++
		}
		if j-i >= fewest {
			out = append(out, squeeze(letters))
		}
		i = max(j, i+1)
	}
	for i := 0; i < len(toks); {
		j, letters := i+1, toks[i].word
		for j < len(toks) && toks[j].glued && j-i < 40 {
			letters += toks[j].word
			j++
		}
		if j-i > 1 {
			out = append(out, squeeze(letters))
		}
		i = j
	}
	return out
}
