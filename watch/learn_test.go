package watch

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

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
		if e, ok := now.Entry(code().entry()); !ok || len(e.Innocent) != 1 || now.Hash() == small().Hash() {
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
		for i := range FewVerdicts {
			a := w.raised(i + 1)
			v := VerdictOffer
			if i < 3 {
				v = VerdictHarmless
				must(t, w.Verdict(ctx, analyst, a.ID, VerdictUnclear, "à revoir"))
			}
			must(t, w.Verdict(ctx, analyst, a.ID, v, "vu de près"))
		}
		m, err := w.Measured(ctx)
		must(t, err)
		if len(m) != 1 || m[0].Name != "drugs-offer" || m[0].Verdicts != 10 || m[0].Share != 0.7 {
			t.Fatalf("%+v", m)
		}
		c.Move(200 * 24 * time.Hour)
		b, err := w.Bulletin(ctx, analyst)
		must(t, err)
		if len(b.Codes) < 2 || len(b.Stale) < 2 || b.Stale[0].Alerts != 10 || len(b.Categories) != 1 {
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
