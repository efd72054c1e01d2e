package watch

import (
	"fmt"
	"slices"
	"testing"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
)

// Offers say "zebre" beside known codes; other alerts do not. The word is
// shown with what it rests on; a handle, a number, a word that all posts have
// and one of two posts are not.
func TestNewCodesAreFoundBesideKnownOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		var posts []channel.Post
		for i := range 6 {
			posts = append(posts, channel.Post{ID: fmt.Sprint("o", i), Lang: "fr", Author: fmt.Sprint("a", i),
				Text: fmt.Sprintf("arrivage neige zebre 🦓 demande @vendeur_exemple 5%d numéro %c", i, 'a'+i)})
			posts = append(posts, channel.Post{ID: fmt.Sprint("h", i), Lang: "fr", Author: fmt.Sprint("b", i),
				Text: fmt.Sprintf("arrivage de neige demande à la station, piste %c", 'a'+i)})
		}
		posts = append(posts, channel.Post{ID: "r", Lang: "fr", Text: "arrivage neige okapi girafe"}, channel.Post{ID: "s", Lang: "fr", Text: "arrivage neige okapi gazelle"})
		if r := w.judged(posts...); r.Flagged != len(posts) {
			t.Fatalf("%+v", r)
		}
		list, err := w.List(ctx, analyst, Filter{})
		must(t, err)
		for _, a := range list {
			v, err := w.Open(ctx, analyst, a.ID)
			must(t, err)
			if v.Post.ID[0] != 'h' {
				must(t, w.Verdict(ctx, analyst, a.ID, VerdictOffer, "offre"))
			}
		}
		got, err := w.Candidates(ctx, analyst)
		must(t, err)
		var texts []string
		for _, c := range got {
			texts = append(texts, c.Text)
			if c.Category != "drugs-offer" || c.Language != "fr" || c.Offers != 6 || c.OfOffers != 8 || c.Others != 0 || c.OfOthers != 6 || c.Surprise < surprise ||
				!slices.Equal(c.Beside, []string{"freshness", "product"}) {
				t.Errorf("%+v", c)
			}
		}
		slices.Sort(texts)
		if !slices.Equal(texts, []string{"numero", "zebre", "🦓"}) {
			t.Errorf("%q", texts)
		}
		if _, err := w.Candidates(ctx, lead); !errs.Is(err, errs.Denied) {
			t.Errorf("a lead, who proposes nothing: %v", err)
		}
		far := access.Actor{Person: "per_far", Handle: "W-9", Unit: "uni_far", Roles: []access.Role{access.WatchAnalyst}}
		if got, err := w.Candidates(ctx, far); err != nil || len(got) != 0 {
			t.Errorf("another unit's analyst: %+v %v", got, err)
		}
		w.accounted()
	})
}

func TestDunning(t *testing.T) {
	for _, c := range []struct {
		a, n, b, m int
		least      float64
		most       float64
	}{{10, 10, 10, 10, 0, 0}, {1, 10, 5, 10, 0, 0}, {0, 0, 1, 2, 0, 0}, {3, 3, 0, 0, 0, 0}, {6, 8, 0, 6, 6.63, 12}, {110, 110 + 2442, 111, 111 + 29114, 270.7, 270.8} /* the published example */} {
		if g := dunning(c.a, c.n, c.b, c.m); g < c.least || g > c.most {
			t.Errorf("%+v: %f", c, g)
		}
	}
}
