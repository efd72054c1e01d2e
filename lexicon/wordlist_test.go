package lexicon

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	var got []string
	text := "Arrivage de ＺＥＢＲＡ 🦓, 50 € : voir @vendeur_exemple ou https://zebra.example/menu. Bonne soirée. Zèbre"
	for _, w := range Words(text) {
		got = append(got, w.Text)
		if w.Start < 0 || w.End > len(text) || w.Start >= w.End {
			t.Errorf("%+v", w)
		}
	}
	want := []string{"arrivage", "de", "zebra", "🦓", "voir", "ou", "bonne", "soiree", "zebre"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
