package app

import (
	"testing"

	"ronde/internal/lang"
)

// A translation is offered only when somebody vouches for it (design 7).
func TestATranslationNobodyReadStaysOff(t *testing.T) {
	for _, code := range lang.Translations {
		c := plain(t)
		if err := c.settle(); err != nil {
			t.Fatal(err)
		}
		if c.languages().Has(code) {
			t.Errorf("%s is offered, and nobody has read it", code)
		}
		c.Translations = []string{code + "=Service des langues, 2026-11-30"}
		if err := c.settle(); err != nil || !c.languages().Has(code) {
			t.Errorf("%s was read and is not offered: %v", code, err)
		}
		c = plain(t)
		if c.Drafts = true; !c.languages().Has(code) {
			t.Errorf("the demo does not show %s", code)
		}
	}
	if c := plain(t); !c.languages().Has("fr-simple") || !c.languages().Has("en") {
		t.Errorf("offered without any translation: %v", c.languages().Codes())
	}
	for _, row := range []string{"tlh=Marc", "fr=Service", "nb", "nb= ", "="} {
		c := plain(t)
		if c.Translations = []string{row}; c.settle() == nil {
			t.Errorf("%q is taken for a translation that was read", row)
		}
	}
}
