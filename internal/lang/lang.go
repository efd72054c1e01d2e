package lang

import (
	"fmt"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/message"
)

// A Lang speaks one language, and shows times in one zone (UTC until [Lang.In]).
type Lang struct {
	code      string
	zone      *time.Location
	numbers   *message.Printer
	plain     map[string]string
	live      map[string]bool
	localizer *i18n.Localizer
	behind    *Lang // has what this one leaves out; nil for a complete language
}

// Code returns the tag of the language: "fr", "en-simple", "ar".
func (l *Lang) Code() string { return l.code }

// Base returns the language without its variant: "en" for "en-simple".
func (l *Lang) Base() string {
	base, _, _ := strings.Cut(l.code, "-")
	return base
}

// Dir returns the direction of the script, "ltr" or "rtl".
func (l *Lang) Dir() string {
	if l.Base() == "ar" {
		return "rtl"
	}
	return "ltr"
}

// In returns the same language with times shown in another zone.
func (l *Lang) In(zone *time.Location) *Lang {
	other := *l
	other.zone = zone
	return &other
}

// Has reports whether the key exists.
func (l *Lang) Has(key string) bool {
	return l.own(key) || l.behind != nil && l.behind.own(key)
}

func (l *Lang) own(key string) bool {
	_, plain := l.plain[key]
	return plain || l.live[key]
}

// T returns the sentence of a key; args are name and value in turn, for the
// placeholders. A key that is missing returns itself in ⟦ ⟧.
func (l *Lang) T(key string, args ...any) string {
	if l.behind != nil && !l.own(key) {
		return l.behind.T(key, args...)
	}
	if s, ok := l.plain[key]; ok {
		return s
	}
	return l.localize(key, nil, pairs(args))
}

// N is T for a sentence that counts: it takes the plural form of n and fills
// the placeholder {n} with it, written as the language writes numbers.
func (l *Lang) N(key string, n int, args ...any) string {
	if l.behind != nil && !l.own(key) {
		return l.behind.N(key, n, args...)
	}
	if s, ok := l.plain[key]; ok {
		return s
	}
	data := pairs(args)
	data["n"] = l.Num(n)
	return l.localize(key, n, data)
}

// Num writes a whole number with the language's separators.
func (l *Lang) Num(n int) string { return l.numbers.Sprintf("%d", n) }

// Dec writes a number with two decimals: "1.20", "1,20".
func (l *Lang) Dec(x float64) string { return l.numbers.Sprintf("%.2f", x) }

// List joins words: "a, b and c", "أ، ب وج".
func (l *Lang) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	if l.Base() == "ar" { // its own comma, and "and" belongs to the word behind it
		return strings.Join(words[:last], "، ") + " " + l.T("common.and") + words[last]
	}
	return strings.Join(words[:last], ", ") + " " + l.T("common.and") + " " + words[last]
}

func (l *Lang) localize(key string, count any, data map[string]any) string {
	if !l.live[key] {
		return "⟦" + key + "⟧"
	}
	s, err := l.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: data})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return s
}

// pairs turns name, value, name, value into a map; an odd end is dropped.
func pairs(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return data
}
