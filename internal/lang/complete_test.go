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
		for key, a := range first {
			b, ok := other[key]
			switch {
			case !ok:
				t.Errorf("%s has no %s", code, key)
			case a.plural != b.plural:
				t.Errorf("%s: a plural in one language only", key)
			case !slices.Equal(holes(a), holes(b)):
				t.Errorf("%s: placeholders %v and %v", key, holes(a), holes(b))
			case strings.TrimSpace(b.other) == "":
				t.Errorf("%s %s is empty", code, key)
			}
		}
		for key := range other {
			if _, ok := first[key]; !ok {
				t.Errorf("%s has no %s", Codes[0], key)
			}
		}
	}
}

// holes are the placeholders of all forms, sorted.
func holes(x text) []string {
	seen := make(map[string]bool)
	for _, form := range []string{x.one, x.other} {
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
