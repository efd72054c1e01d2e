package watch

import (
	"strings"
	"testing"

	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/lexicon"
)

func TestLanguageOfAPostThatDoesNotSayIt(t *testing.T) {
	for want, entries := range map[string][]string{
		"fr": {"fr/drugs-offer/product/neige", "fr/shared/price/euro", "mul/drugs-offer/product/x", "en/shared/contact/dm"},
		"":   {"fr/a/b/c", "en/a/b/c", "mul/a/b/c"},
	} {
		var signals []lexicon.Signal
		for _, e := range entries {
			signals = append(signals, lexicon.Signal{Entry: e})
		}
		if got := spoken(signals); got != want {
			t.Errorf("%v: %q", entries, got)
		}
	}
	if got := spoken(nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	w.judged(channel.Post{Text: "arrivage neige numéro 7 "})
	list, err := w.List(ctx, analyst, Filter{})
	must(t, err)
	if len(list) != 1 || list[0].Language != "fr" {
		t.Errorf("%+v", list)
	}
}

// A plain word of a post that the weights know is no entry: it is counted
// nowhere, since the counters are in clear.
func TestWordsOfAPostAreNotCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			full, err := selectAlert(ctx, tx, a.ID)
			must(t, err)
			in, err := w.content(full)
			must(t, err)
			in.Signals = append(in.Signals, Signal{Signal: lexicon.Signal{Entry: "word:kanarimot/fr/x"}})
			must(t, w.noteEntries(ctx, tx, in.Signals))
			full.sealed, err = w.seal(full.ID, contentPurpose, in)
			must(t, err)
			return w.countEntries(ctx, tx, full, VerdictOffer)
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			uses, err := selectUses(ctx, tx)
			must(t, err)
			counts, err := w.EntryCounts(ctx, tx)
			must(t, err)
			if len(uses) != 2 || len(counts) != 2 {
				t.Errorf("%+v %+v", uses, counts)
			}
			for _, u := range uses {
				if strings.Contains(u.Entry, "kanarimot") {
					t.Errorf("%+v", u)
				}
			}
			return nil
		}))
	})
}
