package watch

import (
	"testing"

	"ronde/channel"
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
