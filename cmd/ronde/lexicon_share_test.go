package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLexiconGoesOutAndComesIn: what one house exports another imports, once;
// a file with a refused object is done as far as it goes and exits with 1.
func TestLexiconGoesOutAndComesIn(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")
	if err := os.MkdirAll(filepath.Join(ours, "entries", "fr"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(ours, "sources.txt"), "own U 2026-11 docs/lexicon.md\n")
	write(t, filepath.Join(ours, "entries", "fr", "drugs-offer.txt"), "[product powder] weight=2\nzabriska*\n! zabriska* | jeu: console\n")
	stix := filepath.Join(dir, "out", "bundle.json")
	if err := (&LexiconExportCmd{Format: "stix", Out: stix, Date: "2026-11-22", Lexicon: ours}).Run(); err != nil {
		t.Fatal(err)
	}
	if err := (&LexiconExportCmd{Format: "misp", Out: filepath.Join(dir, "misp"), Date: "2026-11-22", Lexicon: ours}).Run(); err != nil {
		t.Fatal(err)
	}
	cluster := filepath.Join(dir, "misp", "clusters", "ronde-coded-offers.json")
	if _, err := os.Stat(filepath.Join(dir, "misp", "galaxies", "ronde-coded-offers.json")); err != nil {
		t.Error(err)
	}
	for i, c := range []LexiconImportCmd{{Format: "stix", File: stix}, {Format: "misp", File: cluster}} {
		c.Source, c.Dir, c.Date = "partner-x", theirs, "2026-11-22"
		if err := c.Run(); err != nil {
			t.Fatal(i, err)
		}
		got := read(t, filepath.Join(theirs, "entries", "fr", "drugs-offer.txt"))
		if strings.Count(got, "zabriska*\n") != 1 || strings.Contains(got, "weight=2") || !strings.Contains(got, "weight=0.3") || !strings.Contains(got, "! zabriska* | jeu: console") {
			t.Fatalf("import %d: %s", i, got)
		}
	}
	before := read(t, filepath.Join(theirs, "sources.txt"))
	bad, losses := filepath.Join(dir, "bad.json"), filepath.Join(dir, "losses.ndjson")
	write(t, bad, `{"values":[{"value":"zix","meta":{"category":"nonsense"}}]}`)
	err := (&LexiconImportCmd{Format: "misp", File: bad, Source: "partner-y", Dir: theirs, Losses: losses}).Run()
	var exit exitError
	if !errors.As(err, &exit) || exit.code != 1 || read(t, filepath.Join(theirs, "sources.txt")) != before {
		t.Errorf("a refused object: %v", err)
	}
	if got := read(t, losses); !strings.Contains(got, `unknown category \"nonsense\"`) {
		t.Errorf("the loss list: %s", got)
	}
	write(t, bad, "{")
	if err := (&LexiconImportCmd{Format: "stix", File: bad, Source: "partner-y", Dir: theirs}).Run(); !errors.As(err, &exit) || exit.code != 1 {
		t.Errorf("a broken file: %v", err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
