package view

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"
	"time"

	"ronde/internal/lang"
)

//go:embed layout/*.html parts/*.html portal/*.html work/*.html
var templates embed.FS

// A Page is a struct that says which template shows it ("portal/home").
type Page interface {
	Template() string
}

// Views holds the templates of every language, parsed once. It is safe for
// concurrent use.
type Views struct {
	sets map[string]*template.Template
	room sync.Pool
}

// A Setting changes how views are made.
type Setting func(*settings)

type settings struct{ zone *time.Location }

// In shows every time in this zone; without it, in UTC.
func In(zone *time.Location) Setting { return func(s *settings) { s.zone = zone } }

// New parses the templates for each language of the catalogue.
func New(cat *lang.Catalog, with ...Setting) (*Views, error) {
	s := settings{zone: time.UTC}
	for _, o := range with {
		o(&s)
	}
	v := &Views{sets: make(map[string]*template.Template)}
	v.room.New = func() any { return new(bytes.Buffer) }
	for _, code := range slices.Concat(lang.Codes, lang.Easy, lang.Translations) {
		dirs := []string{"layout", "parts", "portal"}
		if slices.Contains(lang.Codes, code) {
			dirs = append(dirs, "work") // the workbench speaks the languages of the house
		}
		set, err := parse(cat.For(code).In(s.zone), dirs...)
		if err != nil {
			return nil, err
		}
		v.sets[code] = set
	}
	return v, nil
}

// Render writes a page in a language. The page is made in memory first, so an
// error leaves w untouched and the caller can still answer with another page.
func (v *Views) Render(w io.Writer, code string, page Page) error {
	set, ok := v.sets[code]
	if !ok {
		set = v.sets[lang.Codes[0]]
	}
	buf := v.room.Get().(*bytes.Buffer)
	defer v.room.Put(buf)
	buf.Reset()
	if err := set.ExecuteTemplate(buf, page.Template(), page); err != nil {
		return fmt.Errorf("render %s: %w", page.Template(), err)
	}
	if _, err := buf.WriteTo(w); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}
