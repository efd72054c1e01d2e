package watch

import (
	"strings"
	"testing"

	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/lexicon"
)

// An entry that was shipped is retired by two, and comes back by two.
func TestRetireAnEntryThatWasShipped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		w.Files = smallFiles()
		const entry = "fr/drugs-offer/product/neige"
		n := 0
		flags := func(want int) {
			t.Helper()
			n++
			if r := w.judged(channel.Post{Text: "arrivage neige " + strings.Repeat("x", n), Lang: "fr"}); r.Flagged != want {
				t.Errorf("flagged %d, want %d", r.Flagged, want)
			}
		}
		flags(1)
		if _, err := w.ProposeRetirement(ctx, analyst, "fr/drugs-offer/product/rien", "aucune alerte juste"); errs.FieldOf(err) != "evidence" {
			t.Errorf("no such entry: %v", err)
		}
		if _, err := w.ProposeRetirement(ctx, analyst, entry, ""); errs.FieldOf(err) != "evidence" {
			t.Errorf("without evidence: %v", err)
		}
		id, err := w.ProposeRetirement(ctx, analyst, entry, "douze alertes sur douze anodines")
		must(t, err)
		if _, err := w.ProposeRetirement(ctx, second, entry, "moi aussi"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("proposed twice: %v", err)
		}
		flags(1)
		w.mustRefuse("its proposer retires it", w.Review(ctx, analyst, id, true, "vu hier"))
		must(t, w.Review(ctx, second, id, true, "vu aussi"))
		flags(0)
		now, err := w.Current(ctx)
		must(t, err)
		if _, there := now.Entry(entry); there || now.Len() >= small().Len() || now.Hash() == small().Hash() {
			t.Error("the entry is listed as live")
		}
		if _, err := w.Propose(ctx, analyst, Code{Language: "fr", Category: "drugs-offer", Family: "product", Sense: "powder", Text: "neige", Evidence: "revue"}); errs.FieldOf(err) != "text" {
			t.Errorf("proposed beside its retirement: %v", err)
		}
		b, err := w.Bulletin(ctx, lead)
		must(t, err)
		if len(b.Changes) != 1 || b.Changes[0].State != Retired {
			t.Errorf("%+v", b.Changes)
		}
		w.mustRefuse("its proposer brings it back", w.Retire(ctx, analyst, id, "revue"))
		must(t, w.Retire(ctx, second, id, "revue cette semaine"))
		flags(1)
		w.accounted()
	})
}

func TestCutOutKeepsTheRest(t *testing.T) {
	file := "# x\n[product powder] source=own\nneige,  poudre   blanche , blanche\n! neige | weather: ski\n! blanche | linen: drap\n\n[place spot]\nneige, gare\n"
	got := string(cutOut([]byte(file), []Code{{Family: "product", Text: "poudre blanche"}, {Family: "product", Text: "blanche"}, {Family: "product", Text: "neige"}}))
	for _, gone := range []string{"poudre", "blanche"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q stands in %q", gone, got)
		}
	}
	// The other family keeps its entry; the reading belonged to the first.
	if !strings.Contains(got, "neige, gare") || strings.Contains(got, "weather") {
		t.Errorf("%q", got)
	}
}

// Any entry of the shipped lexicon can be taken out alone, or is refused.
func TestShippedEntriesComeOutAlone(t *testing.T) {
	full, err := lexicon.Shipped()
	must(t, err)
	w := &Service{Parts: Parts{Lexicon: full}}
	n, tried := 0, 0
	for e := range full.Entries {
		if n++; n%3917 != 1 {
			continue
		}
		tried++
		if err := w.tryWithout(Code{Language: e.Language, Category: e.Category, Family: e.Family, Text: e.Text, Innocent: e.Innocent}); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
	}
	if tried < 3 {
		t.Errorf("%d tried", tried)
	}
}
