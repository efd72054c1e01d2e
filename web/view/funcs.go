package view

import (
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/internal/lang"
)

// parse makes the template set of one language. A page is named by its path
// without the ending, a part or layout by its {{define}}.
func parse(l *lang.Lang, dirs ...string) (*template.Template, error) {
	set := template.New("").Funcs(funcs(l))
	for _, dir := range dirs {
		names, err := fs.Glob(templates, dir+"/*.html")
		if err != nil {
			return nil, fmt.Errorf("list templates: %w", err)
		}
		for _, name := range names {
			raw, err := templates.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("read template: %w", err)
			}
			if _, err := set.New(strings.TrimSuffix(name, ".html")).Parse(string(raw)); err != nil {
				return nil, fmt.Errorf("parse template: %w", err)
			}
		}
	}
	return set, nil
}

// funcs are the words of the templates, bound to one language.
func funcs(l *lang.Lang) template.FuncMap {
	return template.FuncMap{
		"T": l.T,
		"N": l.N,
		"month": func(t time.Time) string {
			return l.T("common.month."+strconv.Itoa(int(t.Month()))) + " " + strconv.Itoa(t.Year())
		},
		"word":     func(group, word string) string { return word1(l, group, word) },
		"W":        func(group, word string) string { return word1(l, group, word) },
		"date":     l.Date,
		"datetime": l.DateTime,
		"day":      l.Day,
		"moment":   l.Moment,
		"clock":    l.Clock,
		"time":     l.Time,
		"span":     l.Span,
		"num":      l.Num,
		"dec":      l.Dec,
		"list":     l.List,
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"title":    func(p Page) string { return title(l, p) },
		"langname": func(code string) string { return word1(l, "language", code) },
		"others":   func() []string { return others(l.Code()) },
		"endonym":  lang.Endonym,
		"dir":      dirOf,
		"asset":    asset,
		"icon":     icon,
		"input":    newInput,
		"choice":   newChoice,
		"options":  func(group string, names ...string) []Option { return options(l, group, names) },
		"here":     here,
		"initials": initials,
		"address":  address,
		"steps":    func(n int) [4]bool { return [4]bool{n > 0, n > 1, n > 2, n > 3} },
		"join":     strings.Join,
		"int":      func(n int64) int { return int(n) },
		"bytes":    func(n int64) string { return l.N("common.bytes", int(n)) },
		"filesize": func(n int64) string { return filesize(l, n) },
		"marked":   marked,
		"hue":      hue,
		"tongues":  func(codes []string) string { return tongues(l, codes) },
		"writing":  func(codes []string) string { return writing(l, codes) },
		"years":    func(said string) string { return years(l, said) },

		"channelIcon": channelIcon,
		"asktaken":    func(talk, csrf, message string, f Form) askTaken { return askTaken{talk, csrf, message, f} },
	}
}

// openGroups hold words that come from data, not from the code: the families
// of a lexicon, the names of networks. A new one is shown as it is written.
var openGroups = []string{"family", "channel", "language", "category"}

// word1 translates a word of the code ("taken" of the group "outcome"); the
// empty word stays empty.
func word1(l *lang.Lang, group, word string) string {
	key := "word." + group + "." + word
	switch {
	case word == "":
		return ""
	case !l.Has(key) && slices.Contains(openGroups, group):
		return word
	}
	return l.T(key)
}

// options are the words of a group as the choices of a field.
func options(l *lang.Lang, group string, names []string) []Option {
	out := make([]Option, len(names))
	for i, n := range names {
		out[i] = Option{Value: n, Label: word1(l, group, n)}
	}
	return out
}

// A page about one thing names it before its kind in the browser's title.
type subject interface{ Subject() string }

func title(l *lang.Lang, p Page) string {
	t := l.T("title." + strings.ReplaceAll(p.Template(), "/", "."))
	if s, ok := p.(subject); ok && s.Subject() != "" {
		return s.Subject() + " – " + t
	}
	return t
}

// others are the languages one can change to.
func others(code string) []string {
	var rest []string
	for _, c := range lang.Codes {
		if c != code {
			rest = append(rest, c)
		}
	}
	return rest
}

// dirOf is the direction in which a language is written.
func dirOf(code string) string {
	if code == "ar" {
		return "rtl"
	}
	return "ltr"
}

// here reports whether a path lies under a door's address.
func here(path, door string) bool {
	path, _, _ = strings.Cut(path, "?")
	return path == door || door != "/" && strings.HasPrefix(path, door+"/")
}

// initials are the first letters of at most two words of a name.
func initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(name) {
		if len(out) < 2 {
			out = append(out, []rune(w)[0])
		}
	}
	return strings.ToUpper(string(out))
}

// icon is a picture from the sprite, hidden from readers of the page: the word
// always stands beside it.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` +
		asset("img/icons.svg") + `#` + template.HTMLEscapeString(name) + `"></use></svg>`)
}

// tongues names languages: "French, English and Arabic".
func tongues(l *lang.Lang, codes []string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = word1(l, "language", c)
	}
	return l.List(names)
}

// writing names the languages one may write in: "en français et en anglais".
func writing(l *lang.Lang, codes []string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = l.T("home.in", "language", word1(l, "language", c))
	}
	return l.List(names)
}

// years is what somebody says of their age: a number of years, else their own
// words in quotes, so that nobody reads them as a number.
func years(l *lang.Lang, said string) string {
	if n, err := strconv.Atoi(said); err == nil && n > 0 && n < oldest {
		return l.N("inbox.years", n)
	}
	return l.T("inbox.quote", "words", said)
}

// oldest is the first age that is no age of a person.
const oldest = 130

// channelIcon is the picture of a channel; an unknown one talks.
func channelIcon(name string) string {
	switch name {
	case "mail":
		return "mail"
	case "portal":
		return "chat"
	case "feed", "api":
		return "feed"
	case "pasted":
		return "clip"
	}
	return "chat"
}

// address lets the links of an organisation's data through: pages, telephone
// numbers and mail. Anything else leads nowhere.
func address(href string) template.URL {
	for _, scheme := range []string{"https://", "http://", "tel:", "mailto:"} {
		if strings.HasPrefix(href, scheme) {
			return template.URL(href)
		}
	}
	if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
		return template.URL(href)
	}
	return "#"
}

// marked cuts a text into spans so that the given words stand out, whatever
// their case.
func marked(text string, words []string) []Span {
	var spans []Span
	for text != "" {
		at, size := len(text), 0
		for _, w := range words {
			if i := foldIndex(text, w); i >= 0 && i < at {
				at, size = i, len(w)
			}
		}
		if at > 0 {
			spans = append(spans, Span{Text: text[:at]})
		}
		if size > 0 {
			spans = append(spans, Span{Text: text[at : at+size], Numbers: []int{1}})
		}
		text = text[at+size:]
	}
	return spans
}

// foldIndex finds a word of the same length in bytes, ignoring case.
func foldIndex(text, word string) int {
	if word == "" {
		return -1
	}
	for i := range text {
		if end := i + len(word); end <= len(text) && strings.EqualFold(text[i:end], word) {
			return i
		}
	}
	return -1
}

// hues is how many colours, each with its own line, tell families of signals
// apart.
const hues = 6

// hue is the class of a family's colour, the same everywhere. The usual
// families have one of their own, others one by their name.
func hue(family string) string {
	usual := []string{"product", "price", "contact", "delivery", "call"}
	if i := slices.Index(usual, family); i >= 0 {
		return fmt.Sprintf("hue-%d", i)
	}
	h := fnv.New32a()
	h.Write([]byte(family))
	return fmt.Sprintf("hue-%d", h.Sum32()%hues)
}
