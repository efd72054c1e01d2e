package app

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"ronde/channel"
)

// Every row that the operations page shows is one that the program takes.
func TestRowsOfTheOperationsPage(t *testing.T) {
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Channels\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var rows strings.Builder
	for i, part := range strings.Split(section, "```") {
		if text, ok := strings.CutPrefix(part, "toml\n"); ok && i%2 == 1 {
			rows.WriteString(text)
		}
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "channels.toml")
	if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var shown struct{ Channel []channel.Setting }
	if err := toml.Unmarshal([]byte(rows.String()), &shown); err != nil {
		t.Fatal(err)
	}
	for _, set := range shown.Channel {
		for _, name := range set.Secrets {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("a-secret"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	kinds := slices.Concat(ownChannels, slices.Collect(maps.Keys(makers)))
	sets, err := channel.ReadSettings(file, kinds)
	if err != nil {
		t.Fatal(err)
	}
	if len(sets) < 3 {
		t.Fatalf("the page shows %d rows", len(sets))
	}
	for _, set := range sets {
		if slices.Contains(ownChannels, set.Kind) {
			continue
		}
		if _, err := makers[set.Kind](set, set.Secret, channel.Means{}); err != nil {
			t.Errorf("%s: %v", set.Name, err)
		}
	}
}
