package lang

import (
	"slices"

	"golang.org/x/text/language"
)

// longestHeader bounds the work on an Accept-Language header, in bytes.
const longestHeader = 500

// A Choice is the languages that a door offers. It is safe for concurrent use.
type Choice struct {
	codes   []string
	whole   []string // without the easy versions
	matcher language.Matcher
}

// Offer makes a choice of languages, the first being the one to fall back on.
func Offer(codes ...string) *Choice {
	c := &Choice{codes: codes}
	var tags []language.Tag
	for _, code := range codes {
		if !slices.Contains(Easy, code) {
			c.whole = append(c.whole, code)
			tags = append(tags, language.MustParse(code))
		}
	}
	c.matcher = language.NewMatcher(tags)
	return c
}

// Codes lists them.
func (c *Choice) Codes() []string { return c.codes }

// Has reports whether a language is offered.
func (c *Choice) Has(code string) bool { return slices.Contains(c.codes, code) }

// Negotiate chooses a language code: the one chosen before (cookie), else the
// best of the browser's Accept-Language header, else the first. An easy
// version is given only to who chose it.
func (c *Choice) Negotiate(acceptLanguage, cookie string) string {
	if c.Has(cookie) {
		return cookie
	}
	if len(acceptLanguage) > longestHeader {
		return c.codes[0]
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return c.codes[0]
	}
	_, i, sure := c.matcher.Match(tags...)
	if sure == language.No {
		return c.codes[0]
	}
	return c.whole[i]
}
