package lang

import "golang.org/x/text/language"

// longestHeader bounds the work on an Accept-Language header, in bytes.
const longestHeader = 500

var matcher = func() language.Matcher {
	tags := make([]language.Tag, len(Codes))
	for i, code := range Codes {
		tags[i] = language.MustParse(code)
	}
	return language.NewMatcher(tags)
}()

// Negotiate chooses a language code: the one chosen before (cookie), else the
// best of the browser's Accept-Language header, else the first of [Codes].
func Negotiate(acceptLanguage, cookie string) string {
	for _, code := range Codes {
		if cookie == code {
			return code
		}
	}
	if len(acceptLanguage) > longestHeader {
		return Codes[0]
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Codes[0]
	}
	_, i, _ := matcher.Match(tags...)
	return Codes[i]
}
