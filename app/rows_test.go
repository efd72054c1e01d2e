package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/channel"
)

// The rows in the manual are what people copy: each must make a line.
func TestRowsOfTheManualMakeLines(t *testing.T) {
	text, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Channels\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(section, -1)
	dir := t.TempDir()
	var rows strings.Builder
	for _, b := range blocks {
		rows.WriteString(b[1] + "\n")
	}
	file := filepath.Join(dir, "channels.toml")
	write(t, file, rows.String())
	for _, m := range regexp.MustCompile(`(?m)^\w+\s*=\s*"([a-z]+\.[a-z]+)"`).FindAllStringSubmatch(rows.String(), -1) {
		write(t, filepath.Join(dir, m[1]), "a-word-of-many-letters")
	}
	kinds := slices.Clone(ownChannels)
	for kind := range makers {
		kinds = append(kinds, kind)
	}
	sets, err := channel.ReadSettings(file, kinds)
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for _, set := range sets {
		met[set.Kind] = true
		if slices.Contains(ownChannels, set.Kind) {
			continue
		}
		if _, err := makers[set.Kind](set, set.Secret, channel.Means{Now: func() int64 { return time.Now().UnixMicro() }}); err != nil {
			t.Errorf("%s: %v", set.Name, err)
		}
	}
	for kind := range makers {
		if !met[kind] {
			t.Errorf("the manual has no row of kind %s", kind)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
