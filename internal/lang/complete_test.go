package lang

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"testing"
)

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	first, err := read(files, Codes[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range Codes[1:] {
		other, err := read(files, code)
		if err != nil {
			t.Fatal(err)
		}
		for key := range first {
			compare(t, code, key, first, other)
		}
		for key := range other {
			if _, ok := first[key]; !ok {
				t.Errorf("%s has no %s", Codes[0], key)
			}
		}
	}
}

// compare says what is wrong with the text of a key beside that of another language.
func compare(t *testing.T, code, key string, first, other map[string]text) {
	t.Helper()
	a, b := first[key], other[key]
	switch {
	case b.other == "" && !b.plural():
		t.Errorf("%s has no %s", code, key)
	case a.plural() != b.plural():
		t.Errorf("%s %s: a plural in one language only", code, key)
	case !slices.Equal(holes(a), holes(b)):
		t.Errorf("%s %s: placeholders %v, want %v", code, key, holes(b), holes(a))
	}
	for name, s := range b.forms {
		if strings.TrimSpace(s) == "" {
			t.Errorf("%s %s: the form %s is empty", code, key, name)
		}
	}
}

// holes are the placeholders of all forms, sorted.
func holes(x text) []string {
	seen := make(map[string]bool)
	for _, form := range append(slices.Collect(maps.Values(x.forms)), x.other) {
		for _, m := range placeholder.FindAllStringSubmatch(form, -1) {
			seen[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestEveryKeyInUseExistsAndNoneIsLeftOver(t *testing.T) {
	texts, err := read(files, Codes[0])
	if err != nil {
		t.Fatal(err)
	}
	u := usesOf(t, "../..")
	for _, c := range u.calls {
		x, ok := texts[c.key]
		if !ok {
			t.Errorf("%s uses %s, which is in no catalogue", c.where, c.key)
			continue
		}
		if c.names != nil && !slices.Equal(c.names, holes(x)) {
			t.Errorf("%s fills %v of %s, which has %v", c.where, c.names, c.key, holes(x))
		}
	}
	var left []string
	for key := range texts {
		if !u.used(key) {
			left = append(left, key)
		}
	}
	sort.Strings(left)
	for _, key := range left {
		t.Errorf("%s is used nowhere", key)
	}
}
