package lexicon

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shippedForTest returns the shipped lexicon.
func shippedForTest(t testing.TB) *Lexicon {
	t.Helper()
	l, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// posts reads all development posts, a file at a time.
func postsForTest(t testing.TB) (names []string, files [][]Labelled) {
	t.Helper()
	names, err := filepath.Glob("posts/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatal("no development posts", err)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		posts, err := ReadLabelled(f)
		f.Close()
		if err != nil {
			t.Fatal(name, err)
		}
		files = append(files, posts)
	}
	return names, files
}

func TestEveryShippedEntryIsSourced(t *testing.T) {
	l := shippedForTest(t)
	languages := map[string]int{}
	for e := range l.Entries {
		languages[e.Language]++
		if e.SourceURL == "" || !strings.Contains("ABCU", e.Reliability) || len(e.Reliability) != 1 {
			t.Errorf("%s:%d: %s has no source", e.File, e.Line, e.ID)
		}
		if e.Sense == "" || e.Family == "" || e.FirstSeen == "" || e.File == "" || e.Line == 0 {
			t.Errorf("%s:%d: %s is incomplete", e.File, e.Line, e.ID)
		}
		if e.Strength < 0.1 || e.Strength > 3 {
			t.Errorf("%s:%d: %s has strength %g", e.File, e.Line, e.ID, e.Strength)
		}
	}
	for _, lang := range Languages() {
		if languages[lang] < 500 {
			t.Errorf("%s has only %d entries", lang, languages[lang])
		}
	}
}

func TestExploitationShipsOnlyThePublicSign(t *testing.T) {
	for e := range shippedForTest(t).Entries {
		if e.Category == ExploitationCoded.String() && (e.Text != "🍕" || e.Reliability != "B") {
			t.Errorf("%s: only the publicly warned sign ships (D 3.8)", e.ID)
		}
	}
}

// An emoji alone never flags, however many, however placed.
func TestEmojiAloneNeverFlags(t *testing.T) {
	l := shippedForTest(t)
	var signs []string
	i := 0
	for e := range l.Entries {
		if l.meta(int32(i)).symbol {
			signs = append(signs, e.Text)
		}
		i++
	}
	if len(signs) < 50 {
		t.Fatalf("only %d signs ship", len(signs))
	}
	check := func(text string) {
		for _, lang := range []string{"", "fr", "fi"} {
			if v := l.Judge(text, lang); v.Flagged {
				t.Errorf("%q (%s) is flagged: %+v", text, lang, v.Categories)
			}
		}
	}
	for i, s := range signs {
		check(s)
		check(strings.Repeat(s, 20))
		check(s + " 10 20 50 " + signs[(i*7)%len(signs)] + " 18-02")
	}
	check(strings.Join(signs, " "))
}

// Whatever is flagged shows two kinds of evidence: one of the category, one in
// words, in two places.
func TestFlagNeedsTwoFamilies(t *testing.T) {
	l := shippedForTest(t)
	_, files := postsForTest(t)
	flagged := 0
	for _, posts := range files {
		for _, p := range posts {
			v := l.Judge(p.Text, p.Lang)
			for _, c := range v.Categories {
				flagged++
				families := map[string]bool{}
				own, inWords := false, false
				for _, s := range v.Signals {
					if s.Category == c.Name || s.Category == Shared.String() {
						families[s.Category+"/"+s.Family] = true
						inWords = inWords || s.Family != "emoji"
					}
					own = own || s.Category == c.Name
				}
				if len(families) < 2 || !own || !inWords {
					t.Errorf("%s flagged as %s by %v alone", p.ID, c.Name, families)
				}
			}
		}
	}
	if flagged < 500 {
		t.Errorf("only %d flags: the test shows nothing", flagged)
	}
}

func TestSignalsLieInTheOriginalText(t *testing.T) {
	l := shippedForTest(t)
	_, files := postsForTest(t)
	for _, posts := range files {
		for _, p := range posts {
			checkSignals(t, p.Text, l.Judge(p.Text, p.Lang))
		}
	}
}

func checkSignals(t testing.TB, text string, v Verdict) {
	t.Helper()
	if len(v.Signals) > MaxSignals {
		t.Errorf("%d signals", len(v.Signals))
	}
	for _, s := range v.Signals {
		if s.Start < 0 || s.End > len(text) || s.Start >= s.End || text[s.Start:s.End] != s.Text {
			t.Errorf("signal %s at %d..%d does not lie in %q", s.Entry, s.Start, s.End, text)
		}
	}
	if v.Score < 0 || v.Score > 1 || v.Flagged != (len(v.Categories) > 0) {
		t.Errorf("verdict %+v contradicts itself", v)
	}
}

// A person is no input: author, handle, platform and time change nothing.
func TestOnlyTextAndLanguageAreRead(t *testing.T) {
	l := shippedForTest(t)
	line := func(more string) string {
		return `{"id":"x","lang":"fr","text":"frappe dispo 70 le g, livraison 18h-2h secteur 93, mp"` + more + "}\n"
	}
	want := scanText(t, l, line(""), ScanOptions{All: true})
	for _, more := range []string{
		`,"author":"@dealer_exemple","platform":"snapchat","at":"2031-02-16T02:05:08+01:00"`,
		`,"author":"@police_exemple","platform":"church","at":"1970-01-01T00:00:00Z","url":"https://x.example","followers":9}`[:60] + `"`,
	} {
		if got := scanText(t, l, line(more), ScanOptions{All: true}); got != want {
			t.Errorf("%s changes the verdict:\n%s\n%s", more, got, want)
		}
	}
}

func scanText(t testing.TB, l *Lexicon, in string, opt ScanOptions) string {
	t.Helper()
	var out, errs strings.Builder
	if _, err := l.Scan(strings.NewReader(in), &out, &errs, opt); err != nil {
		t.Fatal(err)
	}
	return out.String() + errs.String()
}

func TestScanContract(t *testing.T) {
	l := shippedForTest(t)
	in := strings.Join([]string{
		`{"id":"a","text":"Arrivage frappe et coke, 70 le g, 3 pour 190, livraison Paris 18h-2h, cash, mp","lang":"fr","x":1}`,
		``,
		`not json`,
		`{"id":7,"text":"Le chat dort."}`,
		`{"id":"b"}`,
		`{"id":"c","text":5}`,
	}, "\n")
	var out, errs strings.Builder
	stats, err := l.Scan(strings.NewReader(in), &out, &errs, ScanOptions{All: true})
	if err != nil {
		t.Fatal(err)
	}
	if stats.Lines != 6 || stats.Posts != 2 || stats.Flagged != 1 || stats.Bad != 3 {
		t.Errorf("stats %+v\n%s", stats, errs.String())
	}
	for _, n := range []string{"line 3: ", "line 5: ", "line 6: "} {
		if !strings.Contains(errs.String(), n) {
			t.Errorf("%s is not named in\n%s", n, errs.String())
		}
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var got struct {
		ID         any
		Line       int
		Score      float64
		Categories []CategoryScore
		Signals    []map[string]any
	}
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != "a" || got.Line != 1 || len(got.Categories) == 0 || got.Categories[0].Name != "drugs-offer" || got.Score < got.Categories[0].Score-0.001 {
		t.Errorf("verdict %+v", got)
	}
	for _, key := range []string{"entry", "sense", "family", "start", "end", "text", "weight"} {
		if _, ok := got.Signals[0][key]; !ok {
			t.Errorf("a signal has no %q: %v", key, got.Signals[0])
		}
	}
	if want := `{"id":7,"line":4,"score":0,"categories":[],`; !strings.HasPrefix(lines[1], want) {
		t.Errorf("harmless post is written as %s, want %s…", lines[1], want)
	}
	if out := scanText(t, l, in[strings.Index(in, `{"id":7`):strings.Index(in, `{"id":"b"`)], ScanOptions{}); out != "" {
		t.Errorf("a harmless post is written without --all: %s", out)
	}
}

// The anatomy of an offer as the sources describe it (D 3.18) flags, and the
// same frame around an everyday thing does not.
func TestTextbookPosts(t *testing.T) {
	l := shippedForTest(t)
	for _, test := range []struct {
		lang, text string
		want       bool
	}{
		{"fr", "❄️🔌 dispo 24/7 livraison 30min 75 et 93, 1g 60€ 2g 110€, dm telegram exemple_livreur", true},
		{"en", "❄️ fresh drop 🔥 1g 60 2g 110 dm me on telegram example_plug fast delivery", true},
		{"fr", "Arrivage coke et shit, 60 le g, 3g 150, livraison Paris 18h-2h, cash, telegram exemple_livreur", true},
		{"de", "Frisches Koks 80 das Gramm, drei für 200, Lieferung Berlin bis 4 Uhr, schreib auf Telegram", true},
		{"fr", "Cherche guetteur, 100 par jour, payé le soir, débutant accepté, pas de questions, mp", true},
		{"en", "Fake passports and driving licences, no test, registered, 900, half upfront, message on Signal", true},
		{"fr", "🎈 Ballons d'anniversaire gonflés, 2€ pièce, livraison le samedi matin, mp", false},
		{"en", "❄️ fresh snow on the slopes, day pass 60, two days 110, buses every hour", false},
		{"fr", "🍫 Tablettes artisanales 100 g 6€, 3 pour 15€, livraison le samedi, marché de Noël", false},
	} {
		if v := l.Judge(test.text, test.lang); v.Flagged != test.want {
			t.Errorf("%q: flagged %v with score %.3f", test.text, v.Flagged, v.Score)
		}
	}
}

func TestMinScoreReplacesTheThreshold(t *testing.T) {
	l := shippedForTest(t)
	in := `{"id":1,"lang":"fr","text":"shit et beuh 10 le g, mp"}`
	all := scanText(t, l, in, ScanOptions{MinScore: 0.001})
	if !strings.Contains(all, "drugs-offer") {
		t.Errorf("a low --min-score does not flag: %q", all)
	}
	if none := scanText(t, l, in, ScanOptions{MinScore: 1}); none != "" {
		t.Errorf("--min-score 1 flags: %s", none)
	}
}

func TestWeightsAreReadAsWritten(t *testing.T) {
	w := shippedForTest(t).Weights()
	var a, b strings.Builder
	if _, err := w.WriteTo(&a); err != nil {
		t.Fatal(err)
	}
	again, err := ParseWeights([]byte(a.String()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.WriteTo(&b); err != nil || a.String() != b.String() {
		t.Error("weights change when written and read", err)
	}
	if len(w.Notes) < 10 || w.Threshold <= 0.05 {
		t.Errorf("shipped weights have %d notes and threshold %g", len(w.Notes), w.Threshold)
	}
}

func TestFitIsReproducible(t *testing.T) {
	l := shippedForTest(t)
	_, files := postsForTest(t)
	var few [][]Labelled
	for _, f := range files[len(files)-3:] {
		few = append(few, f[:min(len(f), 120)])
	}
	opt := DefaultFit
	opt.Sweeps = 4
	names := []string{"a", "b", "c"}
	var out [2]strings.Builder
	for i := range out {
		w, err := Fit(l, names, few, opt)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.WriteTo(&out[i]); err != nil {
			t.Fatal(err)
		}
	}
	if out[0].String() != out[1].String() {
		t.Error("two fits on the same posts differ")
	}
	if !strings.Contains(out[0].String(), "held out") || !strings.Contains(out[0].String(), "offer\tbias\t") {
		t.Errorf("weights say too little:\n%.300s", out[0].String())
	}
	if _, err := Fit(l, names[:1], few[:1], opt); err == nil {
		t.Error("a fit on one file has no held-out threshold, yet it succeeds")
	}
}

// The corpus and the verdict add up the same numbers.
func TestFitAndVerdictAgree(t *testing.T) {
	l := shippedForTest(t)
	_, files := postsForTest(t)
	posts := files[2][:200]
	c := newCorpus(l, [][]Labelled{posts})
	f := &fitted{make([]headWeights, len(c.names))}
	for i, name := range c.names {
		for h := range f.by[i] {
			f.by[i][h] = float32(l.Weights().Heads[h][name])
		}
	}
	for i, s := range c.score(0, f) {
		top := 0.0
		for _, cs := range l.Scores(posts[i].Text, posts[i].Lang) {
			top = max(top, cs.Score)
		}
		if d := top - s.score; d > 1e-3 || d < -1e-3 {
			t.Errorf("%s: verdict %.5f, corpus %.5f", posts[i].ID, top, s.score)
		}
	}
}
