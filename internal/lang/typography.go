package lang

import "strings"

const (
	thin = "\u202f" // narrow no-break space, before ; ! ? in French
	hard = "\u00a0" // no-break space, before : and inside « »
)

var french = strings.NewReplacer(
	" ;", thin+";", " !", thin+"!", " ?", thin+"?", " :", hard+":",
	"« ", "«"+hard, " »", hard+"»", " %", hard+"%", " €", hard+"€", "'", "’",
)

var english = strings.NewReplacer("'", "’")

// typeset puts in the spaces and apostrophes of the language, so that a line
// never begins with a question mark and translators need no special keys.
func typeset(code, s string) string {
	if code == "fr" {
		return french.Replace(s)
	}
	return english.Replace(s)
}
