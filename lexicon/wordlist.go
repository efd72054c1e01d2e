package lexicon

// Word is a word or a pictograph of a text, folded, with the bytes of the
// original where it stands.
type Word struct {
	Text       string
	Start, End int
	Emoji      bool
}

// Words cuts a text into words and pictographs as the engine reads them.
// Numbers, signs, handles and addresses are left out: they say who or where,
// not what.
func Words(text string) (words []Word) {
	var p page
	p.read(text)
	for i, t := range p.toks {
		if t.handle || t.kind == number || t.kind == mark || p.inAddress(i) {
			continue
		}
		from, to := p.span(t.start, t.end)
		words = append(words, Word{string(p.text(t)), from, to, t.kind == emoji})
	}
	return words
}

// inAddress says whether a token is part of a link: signs of one stand right
// before or after it.
func (p *page) inAddress(i int) bool {
	t := p.toks[i]
	before, after := byte(' '), byte(' ')
	if t.start > 0 {
		before = p.buf[t.start-1]
	}
	if int(t.end)+1 < len(p.buf) {
		after = p.buf[t.end]
		if next := p.buf[t.end+1]; after == '.' && (next == ' ' || next == '\n') {
			after = ' '
		}
	}
	return before == '/' || before == '@' || after == '/' || after == '@' || after == ':' && string(p.text(t)) == "https" ||
		after == '.' || before == '.' && t.start > 1 && p.buf[t.start-2] != ' ' && p.buf[t.start-2] != '.'
}
