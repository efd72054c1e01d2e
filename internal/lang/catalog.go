package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
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

// A Catalog holds every language. It is safe for concurrent use.
type Catalog struct {
	langs map[string]*Lang
}

// New reads the embedded catalogues. An error means that a catalogue file
// cannot be read, which the tests exclude.
func New() (*Catalog, error) {
	c := &Catalog{langs: make(map[string]*Lang, len(Codes))}
	for _, code := range Codes {
		texts, err := read(files, code)
		if err != nil {
			return nil, err
		}
		l, err := build(code, texts)
		if err != nil {
			return nil, err
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

// A text is one message: a sentence, or a sentence with plural forms.
type text struct {
	one, other string
	plural     bool
}

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

// flatten walks a TOML table. A table of just "one" and "other" is a plural.
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
			one, isOne := v["one"].(string)
			other, isOther := v["other"].(string)
			if isOne && isOther && len(v) == 2 {
				texts[key] = text{one: one, other: other, plural: true}
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

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// build makes a language ready: typography, then go-i18n for what has
// placeholders or plurals, and a plain map for the rest.
func build(code string, texts map[string]text) (*Lang, error) {
	tag := language.MustParse(code)
	bundle := i18n.NewBundle(tag)
	l := &Lang{
		code: code, zone: time.UTC, numbers: message.NewPrinter(tag),
		plain: make(map[string]string), live: make(map[string]bool),
	}
	var live []*i18n.Message
	for key, t := range texts {
		t.one, t.other = typeset(code, t.one), typeset(code, t.other)
		if !t.plural && !placeholder.MatchString(t.other) {
			l.plain[key] = t.other
			continue
		}
		l.live[key] = true
		m := &i18n.Message{ID: key, Other: placeholder.ReplaceAllString(t.other, "{{.$1}}")}
		if t.plural {
			m.One = placeholder.ReplaceAllString(t.one, "{{.$1}}")
			m.Many = m.Other // French has "many" for whole millions; the words are the same
		}
		live = append(live, m)
	}
	if err := bundle.AddMessages(tag, live...); err != nil {
		return nil, fmt.Errorf("build language %s: %w", code, err)
	}
	l.localizer = i18n.NewLocalizer(bundle, code)
	return l, nil
}
