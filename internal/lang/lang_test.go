package lang

import (
	"testing"
	"time"
)

func newCatalog(t testing.TB) *Catalog {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSentences(t *testing.T) {
	c := newCatalog(t)
	for _, x := range []struct{ code, key, got, want string }{
		{"en", "plain", c.For("en").T("home.write"), "Write to us"},
		{"fr", "plain", c.For("fr").T("home.write"), "Nous écrire"},
		{"fr", "no-break spaces", c.For("fr").T("portal.danger.ask"), "En danger\u202f?"},
		{"en", "placeholder", c.For("en").T("portal.danger.call", "number", "112"), "Call 112"},
		{"en", "one", c.For("en").N("common.span.days", 1), "1 day"},
		{"en", "many", c.For("en").N("common.span.days", 1200), "1,200 days"},
		{"fr", "zero is singular", c.For("fr").N("common.span.days", 0), "0 jour"},
		{"fr", "million", c.For("fr").N("common.span.days", 1000000), "1\u00a0000\u00a0000 jours"},
		{"xx", "unknown language", c.For("xx").T("home.write"), "Nous écrire"},
		{"en", "missing", c.For("en").T("home.nothing"), "⟦home.nothing⟧"},
		{"en", "list", c.For("en").List([]string{"a", "b", "c"}), "a, b and c"},
		{"ar", "list", c.For("ar").List([]string{"أ", "ب", "ج"}), "أ، ب وج"},
		{"ar", "few days", c.For("ar").N("rights.days", 3), "نردّ خلال 3 أيام."},
		{"ar", "many days", c.For("ar").N("rights.days", 30), "نردّ خلال 30 يومًا."},
		{"fr", "short list", c.For("fr").List([]string{"a"}), "a"},
	} {
		if x.got != x.want {
			t.Errorf("%s %s: %q, want %q", x.code, x.key, x.got, x.want)
		}
	}
}

func TestDatesAreWrittenOutWithTheirZone(t *testing.T) {
	c := newCatalog(t)
	paris := time.FixedZone("CET", 3600)
	town, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 21, 5, 0, 0, time.UTC)
	for _, x := range []struct{ got, want string }{
		{c.For("fr").In(paris).Date(at), "1er mars 2026"},
		{c.For("en").In(paris).Date(at), "1 March 2026"},
		{c.For("fr").In(paris).DateTime(at), "1er mars 2026, 22\u00a0h\u00a005 CET"},
		{c.For("fr").In(town).Moment(at), "1er mars 2026, 22\u00a0h\u00a005 (heure de Paris)"},
		{c.For("en").In(town).Moment(at), "1 March 2026, 22:05 (Paris time)"},
		{c.For("en").In(paris).Moment(at), "1 March 2026, 22:05 CET"},
		{c.For("fr").Clock(at.Add(-5 * time.Minute)), "21\u00a0h"},
		{c.For("en").Clock(at.Add(-5 * time.Minute)), "21:00"},
		{c.For("en").DateTime(at), "1 March 2026, 21:05 UTC"},
		{c.For("en").In(paris).Day(at.Add(3 * time.Hour)), "Monday 2 March"},
		{c.For("en").Span(90 * time.Second), "1 minute"},
		{c.For("fr").Span(30 * time.Second), "moins d’une minute"},
		{c.For("en").Span(50 * time.Hour), "2 days"},
	} {
		if x.got != x.want {
			t.Errorf("%q, want %q", x.got, x.want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	house, city := Offer(Codes...), Offer("fr", "en", "fr-simple", "en-simple", "nb", "pl", "ar")
	for _, x := range []struct{ header, cookie, want string }{
		{"fr-CH", "", "fr"}, // the easy version is for who chose it
		{"de", "fr-simple", "fr-simple"},
		{"no", "", "nb"}, {"nn-NO,nn;q=0.9", "", "nb"}, {"da", "", "nb"}, // who reads one reads the other
		{"pl", "", "pl"}, {"ar-EG", "", "ar"}, {"ja", "", "fr"},
		{"", "de", "fr"}, // a language that is not offered
	} {
		if got := city.Negotiate(x.header, x.cookie); got != x.want {
			t.Errorf("the city negotiates %q, %q to %s, want %s", x.header, x.cookie, got, x.want)
		}
	}
	for _, x := range []struct{ header, cookie, want string }{
		{"en-GB,en;q=0.9", "", "en"},
		{"de,fr;q=0.5", "", "fr"},
		{"fr-CH", "en", "en"},
		{"", "", "fr"},
		{"pl", "xx", "fr"},
		{"q=;;;", "", "fr"},
	} {
		if got := house.Negotiate(x.header, x.cookie); got != x.want {
			t.Errorf("Negotiate(%q, %q) = %s, want %s", x.header, x.cookie, got, x.want)
		}
	}
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = ','
	}
	if got := house.Negotiate(string(long), ""); got != Codes[0] {
		t.Errorf("an endless header gives %s", got)
	}
}
