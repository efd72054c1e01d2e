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
	spaced     bool   // a space or line end stands before it
	hash       uint64 // of its text; not of marks
}

// page is one post being judged: a scratch that is used again.
type page struct {
	src    string
	buf    []byte
	marks  []foldMark
	turned bool // there are letters upside down
	broken bool // there are bytes that are no UTF-8
	toks   []token

	figures   bool // there are numbers or handles
	quoteFrom int  // the token after an open quotation mark, or -1
	spaced    bool // a space stands before what comes
}

type class uint8

const (
	other class = iota
	letter
	digit
	space
	joiner // may stand for a letter inside a word: @ $ ! *
	beyond // begins a letter of two bytes
	wide   // begins any other code point beyond ASCII
)

// byteClass is the class of a folded byte that begins a code point.
var byteClass = func() (t [256]class) {
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
		case c >= 0xC3 && c <= 0xDF: // 0xC2 begins signs of Latin 1
			t[i] = beyond
		case c >= utf8.RuneSelf:
			t[i] = wide
		}
	}
	return
}()

// endsWord says which bytes end a word of letters whatever follows.
var endsWord = func() (t [256]bool) {
	for i, c := range byteClass {
		t[i] = c == space || c == other && i != '_'
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
	p.fold(folding())
	p.toks, p.quoteFrom, p.spaced, p.figures = p.toks[:0], -1, false, false
	for i := 0; i < len(p.buf); {
		if len(p.toks) >= MaxTokens {
			return true
		}
		c := p.buf[i]
		switch byteClass[c] {
		case space:
			p.spaced = true
			i++
		case letter, digit, beyond:
			i = p.word(i)
		case wide:
			i = p.sign(i)
		default:
			i = p.asciiSign(i, c)
		}
	}
	return cut
}

// push adds a token of a kind and returns it.
func (p *page) push(kind kind, start, end int) *token {
	n := len(p.toks)
	if n == cap(p.toks) {
		p.toks = append(p.toks, token{})
	}
	p.toks = p.toks[:n+1]
	t := &p.toks[n]
	*t = token{start: int32(start), end: int32(end), kind: kind, spaced: p.spaced}
	p.spaced = false
	return t
}

// asciiSign reads what stands behind a sign that is no letter or digit.
func (p *page) asciiSign(i int, c byte) int {
	if c == '"' {
		p.quote()
	}
	if c == '#' || c == '@' {
		if n := p.afterSign(i, c); n > i {
			return n
		}
	}
	p.push(mark, i, i+1)
	return i + 1
}

// sign reads a code point that may be an emoji, a mark or a letter.
func (p *page) sign(i int) int {
	r, size := utf8.DecodeRune(p.buf[i:])
	end := i + size
	switch {
	case r == '€' || isMark(r) && !isEmoji(r):
		p.push(mark, i, end)
	case isEmoji(r):
		p.push(emoji, i, end).hash = wordHash(p.buf[i:end])
	default:
		return p.word(i)
	}
	return end
}

// quote opens or closes a quotation; on closing it marks the tokens inside,
// when they are enough words to be somebody's speech and not a nickname.
func (p *page) quote() {
	const speech = 4
	from := p.quoteFrom
	if from < 0 {
		p.quoteFrom = len(p.toks)
		return
	}
	if len(p.toks)-from >= speech {
		for i := from; i < len(p.toks); i++ {
			p.toks[i].quoted = true
		}
	}
	p.quoteFrom = -1
}

// afterSign reads a hashtag or a handle that begins at i.
func (p *page) afterSign(i int, sign byte) int {
	j := i + 1
	if !p.wordAt(j) {
		return i
	}
	if sign == '#' {
		p.spaced = true
		end := p.word(j)
		p.toks[len(p.toks)-1].tag = true
		return end
	}
	for j < len(p.buf) && handleByte(p.buf[j]) {
		j++
	}
	p.spaced = true
	t := p.push(word, i, j)
	t.handle, t.hash, p.figures = true, wordHash(p.buf[i:j]), true
	return j
}

func handleByte(c byte) bool {
	return c < utf8.RuneSelf && (byteClass[c] == letter || byteClass[c] == digit || c == '_' || c == '.' || c == '-' || c == '@')
}

func (p *page) letterAt(i int) bool {
	return i >= 0 && i < len(p.buf) && (p.buf[i] >= utf8.RuneSelf || byteClass[p.buf[i]] == letter)
}

func (p *page) digitAt(i int) bool {
	return i < len(p.buf) && p.buf[i] < utf8.RuneSelf && byteClass[p.buf[i]] == digit
}

func (p *page) wordAt(i int) bool {
	return i < len(p.buf) && p.buf[i] < utf8.RuneSelf && (byteClass[p.buf[i]] == letter || byteClass[p.buf[i]] == digit)
}

// text returns the folded text of a token.
func (p *page) text(t token) []byte { return p.buf[t.start:t.end] }

func isEmoji(r rune) bool {
	return r >= 0x1F000 || r >= 0x2600 && r <= 0x27BF || r >= 0x2B05 && r <= 0x2B55 ||
		r >= 0x231A && r <= 0x23FF || r >= 0x25AA && r <= 0x25FE
}

// isMark says that a code point is neither a letter nor an emoji: general
// punctuation, currency, arrows, mathematics, boxes, CJK punctuation.
func isMark(r rune) bool {
	return r >= 0x80 && r <= 0xBF || r >= 0x2000 && r <= 0x25FF || r >= 0x2900 && r <= 0x2BFF || r >= 0x3000 && r <= 0x303F || r == utf8.RuneError
}
