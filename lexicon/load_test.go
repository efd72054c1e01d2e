package lexicon

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// small is a lexicon for tests of the loader.
func small(files map[string]string) fstest.MapFS {
	dir := fstest.MapFS{"sources.txt": &fstest.MapFile{Data: []byte("own U 2026-11 docs/lexicon.md\nbook A 2026-01 https://book.example\n")}}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

func TestLoadErrorsNameFileAndLine(t *testing.T) {
	for _, test := range []struct{ name, file, text, want string }{
		{"before a head", "entries/fr/drugs-offer.txt", "\nbeuh\n", "entries/fr/drugs-offer.txt:2: entry before the first [family]"},
		{"head", "entries/fr/drugs-offer.txt", "[product\n", "entries/fr/drugs-offer.txt:1: want [family]"},
		{"source", "entries/fr/drugs-offer.txt", "[product] source=hearsay\n", `:1: source "hearsay" is not in sources.txt`},
		{"attribute", "entries/fr/drugs-offer.txt", "# note\n[product] colour=red\n", `:2: unknown attribute "colour"`},
		{"weight", "entries/fr/drugs-offer.txt", "[product] weight=9\n", ":1: weight is a number from 0.1 to 3"},
		{"weight no number", "entries/fr/drugs-offer.txt", "[product] weight=NaN\n", ":1: weight is a number"},
		{"confidence", "entries/fr/drugs-offer.txt", "[product] confidence=total\n", ":1: confidence is high, medium or low"},
		{"twice", "entries/fr/drugs-offer.txt", "[product]\nbeuh\nshit, beuh\n", `:3: entry "beuh" stands also at line 2`},
		{"star", "entries/fr/drugs-offer.txt", "[product]\nab*\n", ":2: read \"ab\": a star needs at least 3 letters"},
		{"gap", "entries/fr/drugs-offer.txt", "[product]\n.. beuh\n", `".." stands between two words`},
		{"reading", "entries/fr/drugs-offer.txt", "[product]\nherbe\n! herbe jardin\n", ":3: want ! entry | reading: word, word"},
		{"reading of nothing", "entries/fr/drugs-offer.txt", "[product]\nherbe\n! foin | farm: vache\n", ":3: innocent reading of \"foin\""},
		{"not text", "entries/fr/drugs-offer.txt", "[product]\n\xff\xfe\n", ":2: not UTF-8"},
		{"language", "entries/xx/drugs-offer.txt", "[product]\n", `unknown language "xx"`},
		{"category", "entries/fr/spam.txt", "[product]\n", "entries/fr/spam.txt: unknown category"},
		{"weights", "weights.txt", "offer\tbias\tmuch\n", "weights.txt:1: want a number"},
		{"sources", "sources.txt", "own Z today nowhere\n", "sources.txt:1: want key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := small(map[string]string{"entries/fr/about.txt": "[news]\nprocès\n"})
			dir[test.file] = &fstest.MapFile{Data: []byte(test.text)}
			_, err := Load(dir)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	if _, err := Load(fstest.MapFS{}); err == nil {
		t.Error("an empty folder loads")
	}
}

func TestLoadedEntryTellsEverything(t *testing.T) {
	l, err := Load(small(map[string]string{"entries/fr/drugs-offer.txt": "[product herb] source=book confidence=high region=be platform=snapchat first=2025-01 last=2026-02 reviewer=ml weight=1.5\nherbe, beuh\n! herbe | jardin: pelouse, tondre\n"}))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := l.Entry("fr/drugs-offer/product/herbe")
	if !ok || e.Sense != "herb" || e.Reliability != "A" || e.SourceURL != "https://book.example" || e.Region != "be" || e.Platform != "snapchat" ||
		e.FirstSeen != "2025-01" || e.LastSeen != "2026-02" || e.Reviewer != "ml" || e.Strength != 1.5 || e.Line != 2 || e.Confidence != "high" {
		t.Errorf("entry %+v", e)
	}
	if len(e.Innocent) != 1 || e.Innocent[0].Reading != "jardin" || !slices.Equal(e.Innocent[0].Words, []string{"pelouse", "tondre"}) {
		t.Errorf("innocent readings %+v", e.Innocent)
	}
	if l.Len() != 4 || len(l.Hash()) != 64 {
		t.Errorf("%d entries, hash %q", l.Len(), l.Hash())
	}
	other, err := Load(small(map[string]string{"entries/fr/drugs-offer.txt": "[product herb] weight=1.4\nherbe, beuh\n"}))
	if err != nil || other.Hash() == l.Hash() {
		t.Error("another lexicon has the same hash", err)
	}
}
