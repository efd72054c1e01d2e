package watch

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/lexicon"
)

func code() Code {
	return Code{Language: "fr", Category: "drugs-offer", Family: "product", Sense: "powder", Text: "zibeline",
		Innocent: []lexicon.InnocentReading{{Reading: "fourrure", Words: []string{"manteau"}}}, Evidence: "trois alertes confirmées"}
}

func TestLearningInTheOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		w.Files = smallFiles()
		id, err := w.Propose(ctx, analyst, code())
		must(t, err)
		n := 0
		post := func(text string) Result {
			n++
			return w.judged(channel.Post{Text: text + " " + strings.Repeat("x", n), Lang: "fr"})
		}
		if r := post("arrivage zibeline"); r.Flagged != 0 {
			t.Fatal("a mere proposal flagged")
		}
		w.mustRefuse("its proposer lets it begin", w.Review(ctx, analyst, id, true, "vu hier"))
		must(t, w.Review(ctx, second, id, true, "vu aussi"))
		if r := post("arrivage zibeline"); r.Flagged != 0 {
			t.Fatal("a silent trial flagged")
		}
		post("manteau de zibeline")
		post("arrivage neige zibeline")
		if err := w.GoLive(ctx, second, id, "assez vu"); !errs.Is(err, errs.Conflict) {
			t.Fatalf("live after %v: %v", 0, err)
		}
		posts := make([]channel.Post, TrialPosts)
		for i := range posts {
			posts[i] = harmless(i)
		}
		w.judged(posts...)
		c.Move(8 * 24 * time.Hour)
		list, err := w.Proposals(ctx, lead)
		must(t, err)
		if got := list[0].Counts; got.Posts != TrialPosts+3 || got.Hits != 3 || got.Flagged != 1 || list[0].Text != "zibeline" {
			t.Fatalf("%+v", list[0])
		}
		if n := w.count("watch_alerts"); n != 1 {
			t.Fatalf("%d alerts", n)
		}
		w.mustRefuse("its proposer makes it live", w.GoLive(ctx, analyst, id, "assez vu"))
		must(t, w.GoLive(ctx, second, id, "assez vu"))
		if r := post("arrivage zibeline"); r.Flagged != 1 {
			t.Fatal("a live code does not flag")
		}
		now, err := w.Current(ctx)
		must(t, err)
		if e, ok := now.Entry(code().Entry()); !ok || len(e.Innocent) != 1 || now.Hash() == small().Hash() {
			t.Fatalf("%+v", e)
		}
		must(t, w.Retire(ctx, second, id, "ne se dit plus"))
		if r := post("arrivage zibeline"); r.Flagged != 0 {
			t.Fatal("a retired code flags")
		}
		w.accounted()
	})
}

func TestCodesThatCannotStandInAFile(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	w.Files = smallFiles()
	for field, change := range map[string]func(*Code){
		"language": func(c *Code) { c.Language = "tlh" },
		"category": func(c *Code) { c.Category = "about" },
		"family":   func(c *Code) { c.Family = "product] x=1" },
		"sense":    func(c *Code) { c.Sense = "a b" },
		"text":     func(c *Code) { c.Text = "a\n[product x]\nb" },
		"evidence": func(c *Code) { c.Evidence = "" },
		"innocent": func(c *Code) { c.Innocent[0].Words = nil },
	} {
		bad := code()
		change(&bad)
		if _, err := w.Propose(ctx, analyst, bad); errs.FieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	twice := code()
	twice.Text = "neige"
	if _, err := w.Propose(ctx, analyst, twice); errs.FieldOf(err) != "text" {
		t.Errorf("what the lexicon has: %v", err)
	}
	id, err := w.Propose(ctx, analyst, code())
	must(t, err)
	_, err = w.Propose(ctx, second, code())
	if key, _ := errs.Message(err); key != "err.lexicon.proposed" {
		t.Errorf("proposed twice: %v", err)
	}
	must(t, w.Review(ctx, second, id, false, "trop courant"))
	_, err = w.Propose(ctx, second, code())
	must(t, err)
	w.mustRefuse("an officer proposes", func() error { _, err := w.Propose(ctx, officer, code()); return err }())
}

func TestPrecisionSaysHowSure(t *testing.T) {
	for _, c := range []struct {
		right, n  int64
		low, high float64
	}{{0, 0, 0, 1}, {1, 1, 0.2065, 1}, {8, 10, 0.4902, 0.9433}, {80, 100, 0.7112, 0.8666}, {0, 10, 0, 0.2775}} {
		low, high := wilson(c.right, c.n)
		if math.Abs(low-c.low) > 0.0005 || math.Abs(high-c.high) > 0.0005 {
			t.Errorf("%d of %d: %.4f to %.4f", c.right, c.n, low, high)
		}
	}
	got := precisions([]EntryCount{{"a", "fr", "drugs-offer", VerdictOffer, 8}, {"a", "fr", "drugs-offer", VerdictHarmless, 2},
		{"a", "fr", "drugs-offer", VerdictUnclear, 5}, {"b", "fr", "drugs-offer", VerdictHarmless, 3}})
	if len(got) != 2 || got[0].Entry != "b" || got[1].Right != 8 || got[1].Harmless != 2 || got[1].Unclear != 5 || got[1].Share != 0.8 {
		t.Errorf("%+v", got)
	}
}

func TestBulletinTellsOfWordsOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		for i := range 2 * FewVerdicts {
			a := w.raised(i + 1)
			v := VerdictOffer
			if i < 6 {
				v = VerdictHarmless
				must(t, w.Verdict(ctx, analyst, a.ID, VerdictUnclear, "à revoir"))
			}
			must(t, w.Verdict(ctx, analyst, a.ID, v, "vu de près"))
		}
		m, err := w.Measured(ctx)
		must(t, err)
		if len(m.Categories) != 0 {
			t.Fatalf("figures of today are public: %+v", m)
		}
		c.Move(200 * 24 * time.Hour)
		m, err = w.Measured(ctx)
		must(t, err)
		if len(m.Categories) != 1 || m.Categories[0].Name != "drugs-offer" || m.Categories[0].Verdicts != 20 || m.Categories[0].Share != 0.7 ||
			len(m.Languages) != 1 || m.Languages[0].Name != "fr" {
			t.Fatalf("%+v", m)
		}
		b, err := w.Bulletin(ctx, analyst)
		must(t, err)
		if len(b.Codes) < 2 || len(b.Stale) < 2 || b.Stale[0].Alerts != 20 || len(b.Categories) != 1 {
			t.Fatalf("%+v", b)
		}
		text, err := json.Marshal(b)
		must(t, err)
		for _, word := range []string{"@invente", "numéro", "place.example", w.man} {
			if strings.Contains(string(text), word) {
				t.Errorf("the bulletin tells %q", word)
			}
		}
		if _, err := w.Bulletin(ctx, officer); err == nil {
			t.Error("an officer read the bulletin")
		}
	})
}

// A newer program may ship what analysts had found before: the watch goes on.
func TestShippedLaterThanProposed(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	w.Files = smallFiles()
	for _, text := range []string{"zibeline", "hermine"} {
		c := code()
		c.Text = text
		id, err := w.Propose(ctx, analyst, c)
		must(t, err)
		must(t, w.Review(ctx, second, id, true, "vu aussi"))
	}
	newer := smallFiles().(fstest.MapFS)
	newer["entries/fr/drugs-offer.txt"].Data = append(newer["entries/fr/drugs-offer.txt"].Data, "\n[product powder] source=own weight=1\nzibeline\n"...)
	var err error
	w.Files = newer
	w.Lexicon, err = lexicon.Load(newer)
	must(t, err)
	must(t, w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE watch_proposals SET state = 'live'")
		return err
	}))
	if r := w.judged(channel.Post{Text: "arrivage zibeline", Lang: "fr"}, channel.Post{Text: "arrivage hermine", Lang: "fr"}); r.Flagged != 2 {
		t.Errorf("%+v", r)
	}
}

func TestFiguresOfTheWatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		w.Files = smallFiles()
		first, second1, third := w.raised(1), w.raised(2), w.raised(3)
		must(t, w.Verdict(ctx, analyst, first.ID, VerdictUnclear, "à revoir"))
		c.Move(7 * 24 * time.Hour)
		must(t, w.Verdict(ctx, analyst, first.ID, VerdictOffer, "prix"))
		must(t, w.Verdict(ctx, analyst, second1.ID, VerdictHarmless, "bulletin météo"))
		must(t, w.Verdict(ctx, analyst, third.ID, VerdictOffer, "prix"))
		f, err := w.Figures(ctx, lead)
		must(t, err)
		if len(f.Categories) != 1 || f.Categories[0].Category != "drugs-offer" || f.Categories[0].Right != 2 || f.Categories[0].Harmless != 1 || f.Categories[0].Unclear != 0 ||
			len(f.Languages) != 1 || f.Languages[0].Language != "fr" || f.Languages[0].Low <= 0 || f.Languages[0].High >= 1 {
			t.Errorf("%+v %+v", f.Categories, f.Languages)
		}
		m, err := w.Mandates.Open(ctx, deciding, w.man)
		must(t, err)
		sum, err := w.Totals(ctx, deciding, m)
		must(t, err)
		if sum.Judged.Right != 2 || sum.Judged.Harmless != 1 || sum.Judged.Unclear != 0 || sum.Confirmed != 2 || sum.Judged.Low <= 0 {
			t.Errorf("%+v", sum)
		}
		r, err := w.Record(ctx)
		must(t, err)
		if r.Entries != small().Len() || r.Lexicon != small().Hash() || len(r.Languages) != 1 || len(r.Categories) != 4 || r.Categories[0] != "violence-for-hire" || len(r.Measured.Categories) != 0 {
			t.Errorf("%+v", r)
		}
		last, before := f.Weeks[FigureWeeks-1], f.Weeks[FigureWeeks-2]
		if len(f.Weeks) != FigureWeeks || last.Monday.Weekday() != time.Monday || last.Verdicts[VerdictOffer] != 2 || last.Verdicts[VerdictHarmless] != 1 ||
			before.Verdicts[VerdictUnclear] != 1 || before.Monday.AddDate(0, 0, 7) != last.Monday {
			t.Errorf("%+v", f.Weeks)
		}
		all, err := w.Standings(ctx, analyst)
		must(t, err)
		if st := all["fr/drugs-offer/product/neige"]; st.Alerts != 3 || st.Right != 2 || st.Stale || st.FirstDay == "" {
			t.Errorf("%+v", st)
		}
		c.Move(181 * 24 * time.Hour)
		all, err = w.Standings(ctx, analyst)
		must(t, err)
		if st := all["fr/drugs-offer/product/neige"]; !st.Stale {
			t.Errorf("half a year later: %+v", st)
		}
		if f, err = w.Figures(ctx, lead); err != nil || len(f.Stale) < 2 {
			t.Errorf("%+v %v", f.Stale, err)
		}
		_, err = w.Figures(ctx, officer)
		w.mustRefuse("an officer reads figures", err)
	})
}

// Numbers of alerts for specialised staff stand in no figure of the others.
func TestFiguresKeepToTheirReaders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w, id := openGuarded(t, d, c)
		expert := trained(second, "per_s")
		must(t, w.Verdict(ctx, expert, id, VerdictOffer, "signe connu"))
		for name, look := range map[string]struct {
			by   access.Actor
			want int
		}{"an analyst": {analyst, 0}, "specialised staff": {expert, 1}, "the authority": {deciding, 1}} {
			f, err := w.Figures(ctx, look.by)
			must(t, err)
			p, err := w.Precisions(ctx, look.by)
			must(t, err)
			given := 0
			for _, week := range f.Weeks {
				given += int(week.Verdicts[VerdictOffer])
			}
			if len(f.Categories) != look.want || len(f.Entries) != 2*look.want || len(p) != 2*look.want || given != look.want {
				t.Errorf("%s reads %+v %+v", name, f, p)
			}
		}
	})
}

// No public figure shows a number below five, nor can one be computed from the
// sums that are public elsewhere.
func TestPublicFiguresHideFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Precision
		var sum Precision
		for i := range rapid.IntRange(0, 7).Draw(t, "rows") {
			p := Precision{Category: string(rune('a' + i)), Right: rapid.Int64Range(0, 30).Draw(t, "right"), Harmless: rapid.Int64Range(0, 30).Draw(t, "harmless"), Unclear: 2}
			sum.Right, sum.Harmless = sum.Right+p.Right, sum.Harmless+p.Harmless
			all = append(all, p)
		}
		shown := publishable(all)
		few := func(n int64) bool { return n > 0 && n < fewPublic }
		rest, left := sum, 0
		for _, p := range all {
			if p.Right+p.Harmless > 0 {
				left++
			}
		}
		for _, p := range shown {
			if p.Right+p.Harmless < FewVerdicts || few(p.Right) || few(p.Harmless) || p.Unclear != 0 {
				t.Fatalf("shown: %+v", p)
			}
			rest.Right, rest.Harmless, left = rest.Right-p.Right, rest.Harmless-p.Harmless, left-1
		}
		if len(shown) > 0 && left > 0 && (left == 1 || few(rest.Right) || few(rest.Harmless)) {
			t.Fatalf("the rest %+v of %d rows can be computed", rest, left)
		}
	})
}
