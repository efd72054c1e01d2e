package view

import "testing"

// What somebody says of their age is a number of years or their own words.
func TestYearsOrOwnWords(t *testing.T) {
	cat := mustCatalog()
	for said, want := range map[string]string{"14": "14 years", "1": "1 year", "fourteen": `“fourteen”`, "0": `“0”`, "300": `“300”`} {
		if got := years(cat.For("en"), said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
