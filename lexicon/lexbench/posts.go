package lexbench

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// What a hundred posts are like.
const (
	withEmoji   = 35
	withEscapes = 25 // written with \u escapes, as many programs do
	offers      = 4  // have planted terms, half of them a price and a contact
	obfuscated  = 8  // have a word in disguise
)

// Sizes aimed at, in bytes.
const (
	textBytes = 212
	lineBytes = 513
)

// writer makes posts.
type writer struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words [][]string
	terms []string
	b     strings.Builder
}

// Posts writes n posts as NDJSON to raw and, when prepared is not nil, each
// text as one plain line to prepared.
func Posts(seed uint64, n int, terms []string, raw, prepared io.Writer) error {
	out := bufio.NewWriterSize(raw, 1<<18)
	var plain *bufio.Writer
	if prepared != nil {
		plain = bufio.NewWriterSize(prepared, 1<<18)
	}
	r := rand.New(rand.NewPCG(seed, 1<<33))
	w := &writer{r: r, zipf: rand.NewZipf(r, 1.15, 4, vocabulary-1), words: vocabularies(seed), terms: terms[:min(len(terms), Planted)]}
	for i := range n {
		lang, text := w.text()
		w.line(out, i, lang, text)
		if plain != nil {
			plain.WriteString(strings.ReplaceAll(text, "\n", " "))
			plain.WriteByte('\n')
		}
	}
	if plain != nil {
		if err := plain.Flush(); err != nil {
			return fmt.Errorf("write prepared text: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write posts: %w", err)
	}
	return nil
}

func (w *writer) percent(n int) bool { return w.r.IntN(100) < n }

func (w *writer) pick() (int, *script) {
	at := w.r.IntN(100)
	for i := range scripts {
		if at -= scripts[i].share; at < 0 {
			return i, &scripts[i]
		}
	}
	return 0, &scripts[0]
}

// text makes one post's text and its language.
func (w *writer) text() (lang, text string) {
	k, s := w.pick()
	lang = s.langs[w.r.IntN(len(s.langs))]
	w.b.Reset()
	goal := textBytes/3 + w.r.IntN(textBytes*4/3)
	emoji, offer, disguise := w.percent(withEmoji), w.percent(offers), w.percent(obfuscated)
	first := true
	for w.b.Len() < goal {
		word := w.words[k][w.zipf.Uint64()]
		if first && s.low > 0 {
			word, first = capital(word), false
		}
		w.b.WriteString(word)
		switch p := w.r.IntN(60); {
		case p < 4:
			w.b.WriteString(", ")
		case p < 7:
			w.b.WriteString(". ")
			first = true
		case p == 7:
			w.b.WriteByte('\n')
		case p == 8:
			fmt.Fprintf(&w.b, " %d ", 1+w.r.IntN(40))
		case p == 9:
			w.b.WriteString(" #")
		case s.apart:
			w.b.WriteByte(' ')
		}
		if emoji && w.r.IntN(12) == 0 {
			w.b.WriteString(emojis[w.r.IntN(len(emojis))] + " ")
		}
		if disguise && w.r.IntN(8) == 0 {
			w.b.WriteString(w.disguised(word) + " ")
		}
	}
	if offer && len(w.terms) > 0 {
		w.offer(disguise)
	}
	return lang, w.b.String()
}

// offer adds two planted terms, and to every second one a price and a contact.
func (w *writer) offer(disguise bool) {
	for range 2 {
		t := w.terms[w.r.IntN(len(w.terms))]
		if disguise {
			t = w.disguised(t)
		}
		w.b.WriteString(" " + t)
	}
	if w.percent(50) {
		fmt.Fprintf(&w.b, " %d€, dm @made_%d", 10*(1+w.r.IntN(30)), w.r.IntN(100_000))
	}
}

// disguised hides a word as posts do.
func (w *writer) disguised(s string) string {
	switch w.r.IntN(5) {
	case 0:
		return strings.NewReplacer("a", "4", "e", "3", "o", "0", "i", "1").Replace(s)
	case 1:
		return strings.Join(strings.Split(s, ""), ".")
	case 2:
		return strings.NewReplacer("a", "а", "e", "е", "o", "о").Replace(s) // Cyrillic look-alikes
	case 3:
		return strings.Join(strings.Split(s, ""), "\u200b")
	}
	_, size := utf8.DecodeRuneInString(s)
	return strings.Repeat(s[:size], 4) + s[size:]
}

func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

// line writes a post with the fields that a platform's export has.
func (w *writer) line(out *bufio.Writer, i int, lang, text string) {
	n := w.r.IntN(1 << 30)
	head := fmt.Sprintf(`{"id":"p%08d","at":"2026-%02d-%02dT%02d:%02d:00Z","lang":"%s","author":"made_%d","platform":"example","url":"https://place.example/p/%d","text":"`,
		i, 1+n%12, 1+n%28, n%24, n%60, lang, n%1_000_000, n)
	tail := fmt.Sprintf(`","replies":%d,"likes":%d,"reposts":%d,"place":null,"attached":[]`, n%40, n%900, n%90)
	body := escape(text, w.percent(withEscapes))
	out.WriteString(head)
	out.WriteString(body)
	out.WriteString(tail)
	if room := lineBytes - textBytes - len(head) - len(tail) - 54; room > 0 {
		out.WriteString(`,"client":"` + strings.Repeat("x", room) + `"`)
	}
	out.WriteString("}\n")
}

// escape writes a text inside JSON quotes; all says that everything beyond
// ASCII is written as \u escapes.
func escape(s string, all bool) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x80 || !all:
			b.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
