package lexicon

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// testLexicon is a few entries whose disguises are tried.
func testLexicon(t testing.TB) *Lexicon {
	t.Helper()
	l, err := Load(small(map[string]string{
		"entries/fr/drugs-offer.txt": "[product] backwards\ncocaine, shit, beuh, lemon haze, amnes*\n",
		"entries/fr/shared.txt": "[delivery]\nlivraison\n[unit-currency]\nballes, euros\n[unit-weight]\ngramme, kg\n[unit-piece]\npièce\n" +
			"[unit-each]\npour, la\n[unit-clock]\nh, heures\n[unit-until]\njusqu'à\n",
		"entries/fr/about.txt": "[collocation]\nnoix de shit\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Each disguise is undone, named, and the signal lies on the bytes as written.
func TestDisguises(t *testing.T) {
	l := testLexicon(t)
	for _, test := range []struct{ name, written, entry, undone string }{
		{"plain", "cocaine", "cocaine", ""},
		{"upper case", "COCAINE", "cocaine", ""},
		{"accents", "còcâïné", "cocaine", ""},
		{"marks stacked", "c̸o̷c̶a̵i̴n̸e̷", "cocaine", "styled letters"},
		{"Cyrillic letters", "сосаіnе", "cocaine", "look-alike letters"},
		{"Greek letters", "cοcαine", "cocaine", "look-alike letters"},
		{"full width", "ＣＯＣＡＩＮＥ", "cocaine", "styled letters"},
		{"mathematical", "𝗰𝗼𝗰𝗮𝗶𝗻𝗲", "cocaine", "styled letters"},
		{"circled", "ⓒⓞⓒⓐⓘⓝⓔ", "cocaine", "styled letters"},
		{"squared", "🅲🅾🅲🅰🅸🅽🅴", "cocaine", ""},
		{"small capitals", "ᴄᴏᴄᴀɪɴᴇ", "cocaine", ""},
		{"zero-width", "co\u200bca\u200cine", "cocaine", "invisible characters"},
		{"soft hyphen", "co\u00adcaine", "cocaine", ""},
		{"bidi controls", "\u202ecocaine\u202c", "cocaine", ""},
		{"leet", "c0c41n3", "cocaine", "digits for letters"},
		{"signs for letters", "c0c@ine", "cocaine", "digits for letters"},
		{"stretched", "beuuuuuh", "beuh", "repeated letters"},
		{"spaced", "c o c a i n e", "cocaine", "letters apart"},
		{"dotted", "c.o.c.a.i.n.e", "cocaine", "letters apart"},
		{"hyphens", "s-h-i-t", "shit", "letters apart"},
		{"stars", "s*h*i*t", "shit", ""},
		{"underscores", "s_h_i_t", "shit", "letters apart"},
		{"spaced leet", "c 0 c 4 i n e", "cocaine", "letters apart"},
		{"split by emoji", "co🥶caï🥶ne", "cocaine", "split by signs"},
		{"backwards", "eniacoc", "cocaine", "written backwards"},
		{"upside down", "ǝuᴉɐɔoɔ", "cocaine", "turned letters"},
		{"hashtag", "#cocaine", "cocaine", ""},
		{"words run together", "#livraisoncocaine", "cocaine", "words run together"},
		{"two words", "Ｌｅｍｏｎ　haze", "lemon haze", ""},
		{"beginning", "amnésia", "amnes*", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "🎁 dispo " + test.written + " ce soir"
			v := l.Judge(text, "fr")
			checkSignals(t, text, v)
			i := slices.IndexFunc(v.Signals, func(s Signal) bool { return s.Entry == "fr/drugs-offer/product/"+test.entry })
			if i < 0 {
				t.Fatalf("%q is not read; signals %+v", text, v.Signals)
			}
			s := v.Signals[i]
			if !strings.Contains(test.written, s.Text) && !strings.Contains(s.Text, test.written) {
				t.Errorf("the signal lies on %q", s.Text)
			}
			if test.undone != "" && !slices.Contains(s.Undoings, test.undone) {
				t.Errorf("undoings %v, want %q", s.Undoings, test.undone)
			}
		})
	}
}

// Decoration is no evidence, and words that only look near are not read.
func TestNoDisguise(t *testing.T) {
	l := testLexicon(t)
	for _, text := range []string{"𝓑𝓸𝓷𝓳𝓸𝓾𝓻 ✨ 𝓫𝓲𝓸", "a b c d e f", "shiitake", "cocaïer", "b-r-a-v-o", "1 2 3"} {
		if v := l.Judge(text, "fr"); len(v.Signals) != 0 || v.Flagged {
			t.Errorf("%q shows %+v", text, v.Signals)
		}
	}
}

func TestLongerPhraseHidesTheShortOne(t *testing.T) {
	l := testLexicon(t)
	for _, s := range l.Judge("un sac de noix de shit", "fr").Signals {
		if s.Entry == "fr/drugs-offer/product/shit" {
			t.Error("a word inside an everyday phrase counts")
		}
	}
}

func TestRecognisers(t *testing.T) {
	l := shippedForTest(t)
	for _, test := range []struct{ lang, text, want string }{
		{"fr", "70 € le g", "price"}, {"fr", "60balles", "price"}, {"en", "£40 each", "price"}, {"sv", "800 kr", "price"}, {"pl", "45 zł", "price"},
		{"fi", "20 euroa", "price"}, {"et", "15 eurot", "price"}, {"da", "1.500 kr.", "price"}, {"no", "900 kr", "price"},
		{"de", "5 Gramm", "quantity"}, {"es", "10 gramos", "quantity"}, {"it", "2 grammi", "quantity"}, {"nl", "3 gram", "quantity"}, {"pt", "2 quilo", "quantity"},
		{"fr", "10/20/50", "price-ladder"}, {"en", "1=70 2=130 3=180", "price-ladder"},
		{"fr", "25 % du prix", "percentage"},
		{"fr", "18h-2h", "hours"}, {"fr", "18h-2h", "night-hours"}, {"en", "24/7", "hours"}, {"de", "bis 4 Uhr", "night-hours"}, {"en", "till 5", "night-hours"},
		{"fr", "06 39 98 14 72", "phone"}, {"en", "+44 7700 900123", "phone"},
		{"fr", "@menu_exemple", "handle"}, {"fr", "93/94", "area-code"}, {"en", "14-17", "young-age"}, {"de", "4.000 Euro", "large-sum"},
	} {
		v := l.Judge(test.text, test.lang)
		if !slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Entry == "recogniser/"+test.want }) {
			t.Errorf("%s: %q shows no %s: %+v", test.lang, test.text, test.want, v.Signals)
		}
		checkSignals(t, test.text, v)
	}
	for _, text := range []string{"le 14 juillet 2031", "chapitre 3", "v1.2.3", "10:30"} {
		for _, s := range l.Judge(text, "fr").Signals {
			if s.Entry == "recogniser/price" || s.Entry == "recogniser/price-ladder" || s.Entry == "recogniser/phone" {
				t.Errorf("%q shows a %s", text, s.Entry)
			}
		}
	}
}

// A hostile post costs linear time: ten times the bytes, about ten times the
// time, and never more than a bound for the longest that is read.
func TestHostilePosts(t *testing.T) {
	l := shippedForTest(t)
	for name, piece := range map[string]string{
		"combining marks": "e\u0301\u0302\u0303\u0304", "emoji": "❄️💊", "letters apart": "a b ", "dots": "c.o.k.", "digits": "1/2/3/", "not UTF-8": "\xff\xc0a",
		"hashtag": "#cokebeuhshit", "leet": "c0c41n3 ", "gaps": "un deux trois ", "quotes": `"a" `, "bidi": "\u202ea", "entry": "livraison cocaine 70 euros ", "underscores": "a_b_",
		"turned": "ǝuᴉɐ", "runs": "aaaaab", "handles": "@a.b-", "one word": "x", "numbers": "9",
	} {
		text := strings.Repeat(piece, (2<<20)/len(piece))
		start := time.Now()
		v := l.Judge(text, "fr")
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: two megabytes take %v", name, took)
		}
		if !v.Cut {
			t.Errorf("%s: the verdict does not say that it read only a part", name)
		}
		checkSignals(t, text, v)
	}
}

func FuzzJudge(f *testing.F) {
	l := shippedForTest(f)
	for _, s := range []string{"c0k€ 70 le g", "s_h_i_t #livraisoncoke", "c.o.k.e 18h-2h", "co🥶caïne", "ǝʞoɔ", "\xff\xfe", "10/20/50 @a_b", "«\u202eekoc\u202c»", "1=70 2=130"} {
		f.Add(s, "fr")
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		v := l.Judge(text, lang)
		checkSignals(t, text, v)
		if w := l.Judge(text, lang); w.Score != v.Score || len(w.Signals) != len(v.Signals) {
			t.Error("the same post is judged differently the second time")
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Ａ", "𝗰", "ß", "ﬁ", "\u200b", "İ", "ΟΣ", "\xf0\x9f", "①"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := page{src: s}
		p.fold(folding())
		buf, off := plainFold(s)
		if !bytes.Equal(p.buf, buf) || p.broken == utf8.ValidString(s) {
			t.Fatalf("%q folds to %q, want %q", s, p.buf, buf)
		}
		for i, want := range off {
			if at := p.at(int32(i)); at != want {
				t.Fatalf("byte %d of folded %q comes from %d, want %d", i, s, at, want)
			}
		}
		if once := Fold(s); Fold(once) != once && len(once) < 200 {
			if Fold(Fold(once)) != Fold(once) {
				t.Errorf("folding %q never settles", s)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	for _, s := range []string{"[product]\nbeuh, shit", "[a b] source=own weight=1\nx y\n! x y | z: w", "[p] backwards\n<n> .. abc*", "# c\n[q]\n*abc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Load(small(map[string]string{"entries/fr/drugs-offer.txt": text, "entries/fr/about.txt": "[news]\nprocès\n", "weights.txt": "threshold\t0.5\n"}))
		if err != nil {
			if !strings.Contains(err.Error(), "entries/fr/drugs-offer.txt") {
				t.Errorf("error does not name the file: %v", err)
			}
			return
		}
		checkSignals(t, text, l.Judge(text, "fr"))
	})
}

func FuzzScan(f *testing.F) {
	l := shippedForTest(f)
	for _, s := range []string{"{\"text\":\"coke 70\"}\n{", "[]\n\n{\"id\":[1],\"text\":\"\\ud83d\"}", "{\"text\":\"a\",\"text\":\"b\"}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var out, errs strings.Builder
		stats, err := l.Scan(strings.NewReader(in), &out, &errs, ScanOptions{All: true})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "\n"); n != stats.Posts {
			t.Errorf("%d posts, %d lines", stats.Posts, n)
		}
		if n := strings.Count(errs.String(), "line "); n < stats.Bad {
			t.Errorf("%d unreadable lines, %d named", stats.Bad, n)
		}
	})
}
