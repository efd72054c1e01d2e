package lang

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// citizens is everything from which a page of the portal takes its words: its
// templates, their parts, its actions, and the refusals of what it calls.
var citizens = []string{
	"../../web/view/portal/*.html", "../../web/view/layout/portal.html",
	"../../web/view/parts/forms.html", "../../web/view/parts/people.html", "../../web/view/parts/portal.html",
	"../../web/portal*.go",
	"../../desk/receive.go", "../../desk/conversation.go", "../../desk/citizen.go", "../../desk/room_citizen.go", "../../desk/file*.go",
	"../../patrol/check.go", "../../patrol/code.go", "../../patrol/impostor.go", "../../patrol/incident.go",
}

// beyond are words that the same files use on the workbench alone.
var beyond = []string{"word.family.", "word.sense.", "word.detail.", "work.", "inbox.", "title.work."}

// shared are the words of the parts that the portal has in common with the
// workbench: charts, proofs, letters, the register. A translation may have them;
// where it has not, they stand there in English.
var shared = []string{
	"book.us", "book.you", "chart.csv", "chart.desc", "chart.table",
	"event.attended", "event.fact", "event.few", "event.fewof",
	"precision.from", "precision.judged", "precision.percent", "precision.share", "precision.to",
	"proof.last", "proof.never", "proof.proven", "proof.seen",
	"register.measured", "register.measured_until", "register.unmeasured", "rounds.public", "rounds.since",
	"square.alt", "square.file", "square.title", "square.what", "word.booking.", "word.came.",
}

func isShared(key string) bool {
	return slices.ContainsFunc(shared, func(s string) bool { return key == s || strings.HasSuffix(s, ".") && strings.HasPrefix(key, s) })
}

// portalKeys are the keys that every translation of the portal must have.
func portalKeys(t *testing.T, texts map[string]text) (keys []string) {
	t.Helper()
	u := &uses{literals: make(map[string]bool)}
	for _, glob := range citizens {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", glob, len(names), err)
		}
		for _, name := range names {
			read := u.goFile
			if strings.HasSuffix(name, ".html") {
				read = u.template
			}
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			if err := read(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for key := range texts {
		if (u.used(key) || isShared(key) || key == "home.in" || strings.HasPrefix(key, "common.") || strings.HasPrefix(key, "word.language.")) && !slices.ContainsFunc(beyond, func(p string) bool { return strings.HasPrefix(key, p) }) {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

// needs are the plural forms of whole numbers, by language (CLDR).
var needs = map[string][]string{"pl": {"one", "few", "many", "other"}, "ru": {"one", "few", "many", "other"},
	"ar": {"zero", "one", "two", "few", "many", "other"}}

func TestTranslationsHaveWhatCitizensRead(t *testing.T) {
	first, err := read(files, "en")
	if err != nil {
		t.Fatal(err)
	}
	keys := portalKeys(t, first)
	for _, code := range Translations {
		other, err := read(files, code)
		if err != nil {
			t.Fatal(err)
		}
		forms := needs[code]
		if forms == nil {
			forms = []string{"one", "other"}
		}
		for _, key := range keys {
			if _, there := other[key]; !there && isShared(key) {
				continue
			}
			compare(t, code, key, first, other)
			for _, name := range forms {
				if _, ok := other[key].forms[name]; first[key].plural() && !ok {
					t.Errorf("%s %s has no form %q", code, key, name)
				}
			}
		}
		for key := range other {
			if !slices.Contains(keys, key) {
				t.Errorf("%s has %s, which no citizen reads", code, key)
			}
		}
	}
}

func TestEasyVersionsSayNothingElse(t *testing.T) {
	for _, code := range Easy {
		own, err := read(files, code)
		if err != nil {
			t.Fatal(err)
		}
		base, err := read(files, strings.TrimSuffix(code, "-simple"))
		if err != nil {
			t.Fatal(err)
		}
		for key := range own {
			if _, ok := base[key]; !ok {
				t.Errorf("%s has %s, which the language itself has not", code, key)
				continue
			}
			compare(t, code, key, base, own)
		}
	}
}

// RONDE_WORDS=file writes what a translation must have, in English and French,
// for who translates.
func TestWriteWordsToTranslate(t *testing.T) {
	name := os.Getenv("RONDE_WORDS")
	if name == "" {
		return // nobody asked
	}
	var b strings.Builder
	en, err := read(files, "en")
	if err != nil {
		t.Fatal(err)
	}
	fr, err := read(files, "fr")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range portalKeys(t, en) {
		fmt.Fprintf(&b, "%s\n", key)
		for _, form := range []string{"one", "other"} {
			if !en[key].plural() {
				fmt.Fprintf(&b, "  en %s\n  fr %s\n", en[key].other, fr[key].other)
				break
			}
			fmt.Fprintf(&b, "  %s en %s\n  %s fr %s\n", form, en[key].forms[form], form, fr[key].forms[form])
		}
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
