package desk

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible returns a text as it may be shown: line ends and letters stay, what
// would act unseen is spelled out (‹U+202E›), so that a message can neither
// turn the lines around it nor hide words. The kept text is never changed.
// HTML needs no care here: it is text, and the pages escape it.
func Visible(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == '\n' || r == '\t' || !acts(r) || joins(runes, i):
			b.WriteRune(r)
		case r == '\r':
			b.WriteByte('\n')
		default:
			fmt.Fprintf(&b, "‹U+%04X›", r)
		}
	}
	return b.String()
}

// acts reports characters that do something without being seen.
func acts(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029 || r == 0x3164 || r == 0xFFA0
}

// joins lets the joiners stay where a script or an emoji needs them: between
// two characters that are not ASCII. A mark of direction alone (Arabic and
// Hebrew keyboards leave them) turns nothing and stays too.
func joins(runes []rune, i int) bool {
	switch runes[i] {
	case 0x200C, 0x200D: // zero width non-joiner and joiner
		return i > 0 && i+1 < len(runes) && runes[i-1] > 0xFF && runes[i+1] > 0xFF && !acts(runes[i-1]) && !acts(runes[i+1])
	case 0x200E, 0x200F, 0x061C:
		return true
	}
	return false
}

// excerpt is the beginning of a text on one line.
func excerpt(text string) string {
	const most = 140
	line := []rune(strings.Join(strings.Fields(Visible(text)), " "))
	if len(line) <= most {
		return string(line)
	}
	return string(line[:most-1]) + "…"
}
