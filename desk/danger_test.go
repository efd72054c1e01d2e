package desk

import (
	"strings"
	"testing"
)

func TestDangerWordsInEveryLanguage(t *testing.T) {
	for _, c := range []struct{ text, word, lang string }{
		{"J'ai envie de mourir.", "envie de mourir", "fr"},
		{"Je pense au SUICIDE tous les soirs", "suicid", "fr"},
		{"mon copain m'a étranglée hier", "étrangl", "fr"},
		{"i want to die", "want to die", "en"},
		{"he has a gun", "has a gun", "en"},
		{"jeg vil ta livet av meg", "ta livet av meg", "nb"},
		{"Jeg vil tage livet af mig", "tage livet af mig", "da"},
		{"han har våldtagit mig", "våldtag", "sv"},
		{"Er schlägt mich jeden Tag", "schlägt mich", "de"},
		{"chcę umrzeć", "chcę umrzeć", "pl"},
		{"ta peksab mind", "peksab mind", "et"},
		{"он бьёт меня", "бьёт меня", "ru"},
		{"أريد أن أموت", "أريد أن أموت", "ar"},
		// simple disguises
		{"su1c1de", "suicid", "fr"},
		{"s u i c i d e", "suicid", "fr"},
		{"s.u.i.c.i.d.e", "suicid", "fr"},
		{"sui-cide", "suicid", "fr"},
		{"su!cide", "suicid", "fr"},
		{"ѕuіcіde", "suicid", "fr"}, // Cyrillic letters
		{"sui\u200bcide", "suicid", "fr"},
		{"ｓｕｉｃｉｄｅ", "suicid", "fr"},
		{"suuuiiicide", "suicid", "fr"},
		{"il me fr4ppe", "me frappe", "fr"},
		{"k.i.l.l m.y.s.e.l.f", "kill myself", "en"},
	} {
		found := FindDanger(c.text)
		ok := false
		for _, d := range found {
			ok = ok || d.Word == c.word && (d.Lang == c.lang || c.lang == "fr" && d.Word == "suicid")
		}
		if !ok {
			t.Errorf("%q: found %v, want %s (%s)", c.text, found, c.word, c.lang)
		}
	}
}

func TestOrdinaryMessagesAreNoDanger(t *testing.T) {
	for _, text := range []string{
		"Bonjour, comment devenir policier en ligne ?",
		"Est-ce que ce compte Instagram est vraiment le vôtre ?",
		"On m'a volé mon vélo devant le lycée, que faire ?",
		"La batterie est à plat et l'enveloppe aussi.",
		"Hello, when is the next stream? I love your service.",
		"Someone made a fake account with my photos.",
		"My API key leaked, who can help?",
		"Når er neste strøm på Twitch?",
		"Wann habt ihr wieder Sprechstunde?",
		"Kiedy następny stream?",
		"Когда следующий стрим?",
		"متى البث القادم؟",
		"", "🎮🎮🎮", strings.Repeat("a ", 5000),
	} {
		if found := FindDanger(text); len(found) > 0 {
			t.Errorf("%.40q: %v", text, found)
		}
	}
}

func TestDangerListIsWhole(t *testing.T) {
	langs := map[string]map[string]int{}
	for _, p := range dangerList().all {
		if langs[p.Lang] == nil {
			langs[p.Lang] = map[string]int{}
		}
		langs[p.Lang][p.Kind]++
		if found := FindDanger("x " + p.Word + " x"); len(found) == 0 {
			t.Errorf("%s: %q does not find itself", p.Lang, p.Word)
		}
	}
	for _, lang := range []string{"fr", "en", "nb", "da", "sv", "de", "pl", "et", "ru", "ar"} {
		for _, kind := range []string{"suicide", "violence", "abuse", "held", "weapon"} {
			if langs[lang][kind] == 0 {
				t.Errorf("%s has no word of %s", lang, kind)
			}
		}
	}
	for _, bad := range []string{"fr = 1", "[fr]\nx = [\"\"]", "[fr]\nx = [\"a*\"]"} {
		if _, err := readDanger([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzDanger(f *testing.F) {
	f.Add("s u i c i d e @ $")
	f.Fuzz(func(t *testing.T, text string) {
		FindDanger(text)
		Visible(text)
		excerpt(text)
	})
}

func BenchmarkDanger(b *testing.B) {
	text := strings.Repeat("Bonjour, je vous écris parce que mon voisin fait du bruit. ", 170)
	for b.Loop() {
		FindDanger(text)
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"ligne\r\nligne\rligne": "ligne\nligne\nligne",
		"a\u202eb":              "a‹U+202E›b",
		"a\u200bb\u2066c":       "a‹U+200B›b‹U+2066›c",
		"nul\x00 bell\x07":      "nul‹U+0000› bell‹U+0007›",
		"<b>gras</b>":           "<b>gras</b>",
		"👩\u200d👧":              "👩\u200d👧",
		"a\u200db":              "a‹U+200D›b",
		"می\u200cخواهم":         "می\u200cخواهم",
		"\u200fسلام":            "\u200fسلام",
		"\ufefftext":            "‹U+FEFF›text",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if e := excerpt(strings.Repeat("mot\n", 100)); len([]rune(e)) != 140 || strings.Contains(e, "\n") {
		t.Errorf("%q", e)
	}
}
