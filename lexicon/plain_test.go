package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What the engine does with hashes, tables and words of eight bytes, here with
// strings and maps, one plain step after the other: the tests compare.

// plainFold folds code point by code point and keeps for each folded byte the
// offset of the code point it came from.
func plainFold(s string) (buf []byte, off []int) {
	t := folding()
	add := func(text string, at int) {
		for i := range len(text) {
			buf, off = append(buf, text[i]), append(off, at)
		}
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			add(" ", i)
		case r == '\n':
			add("\n", i)
		case r < 32 || r == 127:
			add(" ", i)
		case r < utf8.RuneSelf:
			add(strings.ToLower(string(r)), i)
		default:
			add(t.to(r), i)
		}
		i += size
	}
	return buf, append(off, len(s))
}

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && !isEmoji(r) && !isMark(r)
}
func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// plainToken is a token and its text.
type plainToken struct {
	token
	text string
}

// plainTokens cuts folded text, code point by code point.
func plainTokens(text string) (toks []plainToken) {
	buf := plainText(text)
	spaced := false
	for i := 0; i < len(buf); {
		r, size := utf8.DecodeRuneInString(text[i:])
		t := plainToken{token: token{start: int32(i), spaced: spaced}}
		j := i + size
		switch {
		case r == ' ' || r == '\n':
			spaced = true
			i = j
			continue
		case isEmoji(r):
			t.kind = emoji
		case r == '@' && buf.begins(j):
			for j < len(buf) && (buf.begins(j) || strings.ContainsRune("_.-@", buf.at(j))) {
				j++
			}
			t.kind, t.handle, t.spaced = word, true, true
		case r == '#' && buf.begins(j):
			t.tag, t.spaced, t.start = true, true, int32(j)
			j = buf.word(&t, j)
		case isLetter(r) || isDigit(r):
			j = buf.word(&t, i)
		default:
			t.kind = mark
		}
		t.end, t.text = int32(j), text[t.start:j]
		toks = append(toks, t)
		spaced = false
		i = j
	}
	return toks
}

type plainText string

func (b plainText) at(i int) rune {
	if i < 0 || i >= len(b) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(string(b[i:]))
	return r
}

// begins says that an ASCII letter or a digit stands at i.
func (b plainText) begins(i int) bool {
	return b.at(i) < utf8.RuneSelf && (isLetter(b.at(i)) || isDigit(b.at(i)))
}

// beside is whether a sign has a letter at i beside it; each byte of what is
// beyond ASCII counts as one.
func (b plainText) beside(i int) bool {
	return i >= 0 && i < len(b) && (b[i] >= utf8.RuneSelf || isLetter(rune(b[i])))
}

// word cuts a word or number from j on and returns its end.
func (b plainText) word(t *plainToken, j int) int {
	letters, signs, digits := 0, 0, 0
loop:
	for j < len(b) {
		switch c := b.at(j); {
		case isLetter(c):
			letters++
			t.run = t.run || c < utf8.RuneSelf && j-2 >= int(t.start) && b[j-2] == b[j] && b[j-1] == b[j]
		case isDigit(c):
			digits++
			if letters == 0 {
				t.num++
			}
		case (c == '@' || c == '$') && letters > 0 && (b.beside(j-1) || b.beside(j+1)), (c == '!' || c == '*') && letters > 0 && b.beside(j+1):
			signs++
		case c == '_' && b.begins(j+1):
			t.handle = true
		case (c == '.' || c == ',') && digits > 0 && letters == 0 && isDigit(b.at(j+1)):
			t.num++
		default:
			break loop
		}
		j += utf8.RuneLen(b.at(j))
	}
	t.kind = word
	if t.num > 0 {
		t.kind = number
	}
	t.mixed = letters > 0 && digits+signs > 0
	return j
}

// plainIndex is a lexicon's words and patterns by their text.
type plainIndex struct {
	elements map[string]bool         // how and text
	squeezed map[string][]string     // how and squeezed text → how and text, of what has repeats
	reversed map[string]string       // a word backwards → how and text
	patterns map[string][]plainEntry // first element → entries
}

type plainEntry struct {
	elems []string
	entry int32
}

func squeeze(s string) string { return string(squeezeInto(nil, []byte(s))) }

// plainElements turns an entry's text into elements: how and text.
func plainElements(text string) (elems []string) {
	for _, field := range strings.Fields(text) {
		if field == "<n>" || field == ".." {
			elems = append(elems, field)
			continue
		}
		folded, _ := plainFold(strings.Trim(field, "*"))
		toks := slices.DeleteFunc(plainTokens(string(folded)), func(t plainToken) bool { return t.kind == mark })
		for i, t := range toks {
			how := "="
			if strings.HasSuffix(field, "*") && i == len(toks)-1 {
				how = "<"
			} else if strings.HasPrefix(field, "*") && i == 0 {
				how = ">"
			}
			elems = append(elems, how+t.text)
		}
	}
	return elems
}

func newPlainIndex(l *Lexicon) *plainIndex {
	x := &plainIndex{map[string]bool{}, map[string][]string{}, map[string]string{}, map[string][]plainEntry{}}
	var backwards []string
	for i := range int32(l.Len()) {
		text, _ := l.texts.at(i)
		elems := plainElements(canonical(string(text)))
		x.patterns[elems[0]] = append(x.patterns[elems[0]], plainEntry{elems, i})
		for _, e := range elems {
			if x.elements[e] {
				continue
			}
			x.elements[e] = true
			if how, t := e[:1], e[1:]; how != ">" && squeeze(t) != t {
				x.squeezed[how+squeeze(t)] = append(x.squeezed[how+squeeze(t)], e)
			}
		}
		if l.sectionOf(i).back {
			backwards = append(backwards, Fold(string(text)))
		}
	}
	for _, s := range backwards {
		if back := reverse(s); x.elements["="+s] && len(s) >= 4 && back != s && !x.elements["="+back] {
			x.reversed[back] = "=" + s
		}
	}
	return x
}

// stands is the elements that a spelling may stand for.
func (x *plainIndex) stands(s string) (elems []string) {
	add := func(e string) {
		if x.elements[e] {
			elems = append(elems, e)
		}
	}
	for n := minStem; n <= len(s); n++ {
		add("<" + s[:n])
	}
	add("=" + s)
	if len(s) > minStem {
		for n := range len(s) {
			add(">" + s[n:])
		}
	}
	return elems
}

// stretched is the elements for stretched letters.
func (x *plainIndex) stretched(s string) (elems []string) {
	q := squeeze(s)
	for n := minStem; n <= len(q); n++ {
		if x.elements["<"+q[:n]] {
			elems = append(elems, "<"+q[:n])
		}
		elems = append(elems, x.squeezed["<"+q[:n]]...)
	}
	if x.elements["="+q] {
		elems = append(elems, "="+q)
	}
	return append(elems, x.squeezed["="+q]...)
}

// leet is the elements for digits and signs read as letters.
func (x *plainIndex) leet(s string) (elems []string) {
	read := func(one string) string {
		return strings.NewReplacer("1", one, "!", one, "*", "", "€", "e", "0", "o", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "6", "g", "7", "t", "8", "b", "9", "g").Replace(s)
	}
	if elems = x.stands(read("i")); len(elems) == 0 {
		elems = x.stretched(read("i"))
	}
	if strings.ContainsAny(s, "1!") {
		elems = append(elems, x.stands(read("l"))...)
	}
	return elems
}
