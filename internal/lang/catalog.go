package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed catalog
var files embed.FS

// Codes are the complete languages, the first being the one to fall back on.
var Codes = []string{"fr", "en"}

// Easy are the easy-language versions of the key texts, and Translations the
// languages into which the portal is translated. What an easy version leaves
// out stands there in the language itself; what a translation leaves out is of
// the workbench, and stands there in English.
var (
	Easy         = []string{"fr-simple", "en-simple"} // BCP 47 variant "simple"
	Translations = translated()
)

// endonyms are the languages in their own words.
var endonyms = []struct{ code, name string }{
	{"fr", "Français"}, {"fr-simple", "Français facile"}, {"en", "English"}, {"en-simple", "Easy English"},
	{"ar", "العربية"}, {"da", "Dansk"}, {"de", "Deutsch"}, {"et", "Eesti"}, {"nb", "Norsk"}, {"pl", "Polski"}, {"ru", "Русский"}, {"sv", "Svenska"},
}

// Endonym is the name of a language in itself; the code where we know none.
func Endonym(code string) string {
	for _, e := range endonyms {
		if e.code == code {
			return e.name
		}
	}
	return code
}

// translated are the languages with a catalogue beside those of Codes and Easy.
func translated() (codes []string) {
	for _, e := range endonyms {
		if _, err := fs.Stat(files, "catalog/"+e.code); err == nil && !slices.Contains(Codes, e.code) && !slices.Contains(Easy, e.code) {
			codes = append(codes, e.code)
		}
	}
	return codes
}

// InOrder sorts codes as they are offered to people.
func InOrder(codes []string) []string {
	place := func(code string) int {
		return slices.IndexFunc(endonyms, func(e struct{ code, name string }) bool { return e.code == code })
	}
	out := slices.Clone(codes)
	slices.SortStableFunc(out, func(a, b string) int { return place(a) - place(b) })
	return out
}

// A Catalog holds every language. It is safe for concurrent use.
type Catalog struct {
	langs map[string]*Lang
}

// New reads the embedded catalogues. An error means that a catalogue file
// cannot be read, which the tests exclude.
func New() (*Catalog, error) {
	c := &Catalog{langs: make(map[string]*Lang)}
	for _, code := range slices.Concat(Codes, Easy, Translations) {
		texts, err := read(files, code)
		if err != nil {
			return nil, err
		}
		l, err := build(code, texts)
		if err != nil {
			return nil, err
		}
		switch {
		case slices.Contains(Easy, code):
			l.behind = c.langs[l.Base()]
		case slices.Contains(Translations, code):
			l.behind = c.langs["en"]
		}
		c.langs[code] = l
	}
	return c, nil
}

// For returns the language of a code ("fr", "en"); an unknown code gets the
// first language of [Codes].
func (c *Catalog) For(code string) *Lang {
	if l, ok := c.langs[code]; ok {
		return l
	}
	return c.langs[Codes[0]]
}

// Keys returns every key, sorted.
func (c *Catalog) Keys() []string {
	l := c.langs[Codes[0]]
	keys := make([]string, 0, len(l.plain)+len(l.live))
	for k := range l.plain {
		keys = append(keys, k)
	}
	for k := range l.live {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// A text is one message: a sentence, or a sentence with the plural forms of
// its language (CLDR cardinal categories).
type text struct {
	other string
	forms map[string]string // "one", "few", …; nil when it does not count
}

func (t text) plural() bool { return t.forms != nil }

// categories are CLDR's, and with them the keys of a table that is a plural.
var categories = []string{"zero", "one", "two", "few", "many", "other"}

// read flattens the TOML files of a language to key → text.
func read(fsys fs.FS, code string) (map[string]text, error) {
	names, err := fs.Glob(fsys, path.Join("catalog", code, "*.toml"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("read catalogue %s: %d files: %w", code, len(names), err)
	}
	texts := make(map[string]text)
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(raw, &tree); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		if err := flatten(texts, "", tree); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
	}
	return texts, nil
}

// flatten walks a TOML table. A table of plural forms alone, "other" among
// them, is one text.
func flatten(texts map[string]text, prefix string, tree map[string]any) error {
	for name, v := range tree {
		key := prefix + name
		switch v := v.(type) {
		case string:
			if _, twice := texts[key]; twice {
				return fmt.Errorf("key %s is there twice", key)
			}
			texts[key] = text{other: v}
		case map[string]any:
			if forms := pluralForms(v); forms != nil {
				texts[key] = text{other: forms["other"], forms: forms}
				continue
			}
			if err := flatten(texts, key+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("key %s is not a text", key)
		}
	}
	return nil
}

func pluralForms(table map[string]any) map[string]string {
	if len(table) < 2 || table["other"] == nil {
		return nil
	}
	forms := make(map[string]string, len(table))
	for name, v := range table {
		s, ok := v.(string)
		if !ok || !slices.Contains(categories, name) {
			return nil
		}
		forms[name] = s
	}
	return forms
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// build makes a language ready: typography, then go-i18n for what has
// placeholders or plurals, and a plain map for the rest.
func build(code string, texts map[string]text) (*Lang, error) {
	tag := language.MustParse(code)
	bundle := i18n.NewBundle(tag)
	l := &Lang{
		code: code, zone: time.UTC, numbers: message.NewPrinter(numerals(tag)),
		plain: make(map[string]string), live: make(map[string]bool),
	}
	var live []*i18n.Message
	for key, t := range texts {
		if !t.plural() && !placeholder.MatchString(t.other) {
			l.plain[key] = typeset(l.Base(), t.other)
			continue
		}
		l.live[key] = true
		live = append(live, t.message(l.Base(), key))
	}
	if err := bundle.AddMessages(tag, live...); err != nil {
		return nil, fmt.Errorf("build language %s: %w", code, err)
	}
	l.localizer = i18n.NewLocalizer(bundle, code)
	return l, nil
}

// numerals writes numbers with the digits that telephones and clocks show: a
// number to dial must look the same everywhere on a page.
func numerals(tag language.Tag) language.Tag {
	with, err := tag.SetTypeForKey("nu", "latn")
	if err != nil {
		return tag
	}
	return with
}

// message is the text as go-i18n takes it. A form that is not given is that of
// "other": French has "many" for whole millions, with the same words.
func (t text) message(base, key string) *i18n.Message {
	m := &i18n.Message{ID: key}
	for name, to := range map[string]*string{"zero": &m.Zero, "one": &m.One, "two": &m.Two, "few": &m.Few, "many": &m.Many, "other": &m.Other} {
		s, ok := t.forms[name]
		switch {
		case !t.plural() && name != "other":
			continue
		case !ok:
			s = t.other
		}
		*to = placeholder.ReplaceAllString(typeset(base, s), "{{.$1}}")
	}
	return m
}
