package lexicon

import "unicode/utf8"

// Limits of one post. What lies beyond is not read, and the verdict says so.
const (
	MaxPostBytes = 64 << 10 // bytes of text judged
	MaxTokens    = 8192     // words, numbers and signs judged
	MaxSignals   = 256      // signals listed in a verdict
)

type kind uint8

const (
	word   kind = iota // letters, perhaps with digits and signs that stand for letters
	number             // digits first; a unit may follow without a space
	emoji              // one pictograph
	mark               // any other sign
)

// token is a piece of the folded text.
type token struct {
	start, end int32 // in the folded text
	num        int32 // length of the leading digits of a number
	kind       kind
	mixed      bool // letters with digits or signs among them: perhaps leet
	run        bool // a letter three times in a row
	tag        bool // after #
	handle     bool // after @, or words joined by _
	quoted     bool
	spaced     bool // a space or line end stands before it
}

// page is one post being judged: a scratch that is used again.
type page struct {
	src  string
	buf  []byte
	off  []int32
	toks []token
}

type class uint8

const (
	other class = iota
	letter
	digit
	space
	joiner // may stand for a letter inside a word: @ $ ! *
)

var asciiClass = func() (t [128]class) {
	for i := range t {
		c := byte(i)
		switch {
		case c >= 'a' && c <= 'z':
			t[i] = letter
		case c >= '0' && c <= '9':
			t[i] = digit
		case c == ' ' || c == '\n':
			t[i] = space
		case c == '@' || c == '$' || c == '!' || c == '*':
			t[i] = joiner
		}
	}
	return
}()

// read folds and cuts a text. It reports whether a limit cut it short.
func (p *page) read(text string) (cut bool) {
	if len(text) > MaxPostBytes {
		end := MaxPostBytes
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text, cut = text[:end], true
	}
	p.src = text
	p.buf, p.off = folding().fold(text, p.buf[:0], p.off[:0])
	p.toks = p.toks[:0]
	var quote, spaced bool
	quoteFrom := 0
	for i := 0; i < len(p.buf); {
		if len(p.toks) >= MaxTokens {
			return true
		}
		c := p.buf[i]
		if c < utf8.RuneSelf {
			switch asciiClass[c] {
			case space:
				spaced = true
				i++
				continue
			case letter, digit:
				i = p.word(i, spaced)
				spaced = false
				continue
			}
			if c == '"' {
				quote, quoteFrom = p.quote(quote, quoteFrom)
			}
			if c == '#' || c == '@' {
				if n := p.afterSign(i, c); n > i {
					i = n
					spaced = false
					continue
				}
			}
			p.toks = append(p.toks, token{start: int32(i), end: int32(i + 1), kind: mark, spaced: spaced})
			spaced = false
			i++
			continue
		}
		r, size := utf8.DecodeRune(p.buf[i:])
		if c == 0xE2 && r == '€' {
			p.toks = append(p.toks, token{start: int32(i), end: int32(i + size), kind: mark, spaced: spaced})
			spaced = false
			i += size
			continue
		}
		if isEmoji(r) {
			p.toks = append(p.toks, token{start: int32(i), end: int32(i + size), kind: emoji, spaced: spaced})
			spaced = false
			i += size
			continue
		}
		i = p.word(i, spaced)
		spaced = false
	}
	return cut
}

// quote opens or closes a quotation; on closing it marks the tokens inside,
// when they are enough words to be somebody's speech and not a nickname.
func (p *page) quote(open bool, from int) (bool, int) {
	const speech = 4
	if !open {
		return true, len(p.toks)
	}
	if len(p.toks)-from >= speech {
		for i := from; i < len(p.toks); i++ {
			p.toks[i].quoted = true
		}
	}
	return false, 0
}

// afterSign reads a hashtag or a handle that begins at i.
func (p *page) afterSign(i int, sign byte) int {
	j := i + 1
	if j >= len(p.buf) || p.buf[j] >= utf8.RuneSelf || asciiClass[p.buf[j]] != letter && asciiClass[p.buf[j]] != digit {
		return i
	}
	if sign == '#' {
		end := p.word(j, true)
		p.toks[len(p.toks)-1].tag = true
		return end
	}
	for j < len(p.buf) && handleByte(p.buf[j]) {
		j++
	}
	p.toks = append(p.toks, token{start: int32(i), end: int32(j), kind: word, handle: true, spaced: true})
	return j
}

func handleByte(c byte) bool {
	return c < utf8.RuneSelf && (asciiClass[c] == letter || asciiClass[c] == digit || c == '_' || c == '.' || c == '-' || c == '@')
}

// word cuts a word or a number at i and returns its end.
func (p *page) word(i int, spaced bool) int {
	t := token{start: int32(i), kind: word, spaced: spaced}
	letters, digits, signs, same := 0, 0, 0, 1
	j := i
loop:
	for j < len(p.buf) {
		c := p.buf[j]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(p.buf[j:])
			if r == '€' && (letters == 0 || !p.letterAt(j+size)) || isEmoji(r) || isMark(r) {
				break
			}
			if r == '€' {
				signs++
			}
			letters++
			j += size
			continue
		}
		switch asciiClass[c] {
		case letter:
			letters++
		case digit:
			if letters == 0 {
				t.num++
			}
			digits++
		case joiner:
			if letters == 0 || !p.letterAt(j-1) && !p.letterAt(j+1) || c != '@' && c != '$' && !p.letterAt(j+1) {
				break loop
			}
			signs++
		case other:
			if c == '_' && p.wordAt(j+1) {
				t.handle = true
				break
			}
			if digits > 0 && letters == 0 && (c == '.' || c == ',') && p.digitAt(j+1) {
				t.num++
				break
			}
			break loop
		default:
			break loop
		}
		if j > i && p.buf[j-1] == c {
			same++
			t.run = t.run || same >= 3 && asciiClass[c] == letter
		} else {
			same = 1
		}
		j++
	}
	if j == i { // a sign of another script
		_, size := utf8.DecodeRune(p.buf[i:])
		p.toks = append(p.toks, token{start: int32(i), end: int32(i + size), kind: mark, spaced: spaced})
		return i + size
	}
	t.end = int32(j)
	if t.num > 0 {
		t.kind = number
	}
	t.mixed = letters > 0 && digits+signs > 0
	p.toks = append(p.toks, t)
	return j
}

func (p *page) letterAt(i int) bool {
	return i >= 0 && i < len(p.buf) && (p.buf[i] >= utf8.RuneSelf || asciiClass[p.buf[i]] == letter)
}

func (p *page) digitAt(i int) bool {
	return i < len(p.buf) && p.buf[i] < utf8.RuneSelf && asciiClass[p.buf[i]] == digit
}

func (p *page) wordAt(i int) bool {
	return i < len(p.buf) && p.buf[i] < utf8.RuneSelf && (asciiClass[p.buf[i]] == letter || asciiClass[p.buf[i]] == digit)
}

// text returns the folded text of a token.
func (p *page) text(t token) []byte { return p.buf[t.start:t.end] }

// span returns where folded bytes lie in the original text. Invisible
// characters that follow belong to what they follow.
func (p *page) span(start, end int32) (int, int) {
	from, to := int(p.off[start]), int(p.off[end])
	for to > from && (p.src[to-1] == ' ' || p.src[to-1] == '\n') {
		to--
	}
	return from, to
}

func isEmoji(r rune) bool {
	return r >= 0x1F000 || r >= 0x2600 && r <= 0x27BF || r >= 0x2B05 && r <= 0x2B55 ||
		r >= 0x231A && r <= 0x23FF || r >= 0x25AA && r <= 0x25FE
}

// isMark says that a code point is neither a letter nor an emoji: general
// punctuation, currency, arrows, mathematics, boxes, CJK punctuation.
func isMark(r rune) bool {
	return r >= 0x80 && r <= 0xBF || r >= 0x2000 && r <= 0x25FF || r >= 0x2900 && r <= 0x2BFF || r >= 0x3000 && r <= 0x303F || r == utf8.RuneError
}
